/** What is on the screen for a state of the chat. */
import { createComposer } from "./composer.js";
import { baton, icon, make } from "./elements.js";
import { isSlow } from "./log.js";
import { createMessages } from "./messages.js";
import { transcribe } from "./transcript.js";
import { LANGUAGES } from "./words/index.js";

/** @param {Handlers} handlers */
export function createView(handlers) {
  const launcher = createLauncher(handlers);
  const header = createHeader(handlers);
  const status = make("p", { class: "status", role: "status", hidden: true });
  const banner = createBanner(handlers);
  const messages = createMessages(handlers);
  const place = make("div", { hidden: true });
  /** @type {Promise<EmailForm>|undefined} */
  let email;
  const composer = createComposer(handlers);
  const privacy = make("a", { class: "privacy", target: "_blank", rel: "noopener", hidden: true });
  /** @param {any} event */
  const take = (event) => {
    const { types, files } = event.clipboardData ?? event.dataTransfer;
    if (!types.includes("Files") || types.includes("text/plain")) return;
    event.preventDefault();
    handlers.onFiles(files);
  };
  const panel = make(
    "div",
    {
      class: "panel",
      id: "panel",
      role: "dialog",
      tabindex: "-1",
      hidden: true,
      onpaste: take,
      ondragover: take,
      ondrop: take,
    },
    header.element,
    status,
    banner.element,
    messages.element,
    place,
    composer.element,
    privacy,
  );
  const element = make("div", { class: "staffel" }, panel, launcher.element);

  return {
    element,
    panel,
    launcher: launcher.element,
    composer,
    toEnd: messages.toEnd,
    /** @type {(state: ChatState, shown: Shown) => void} */
    render(state, shown) {
      const { words, isOpen } = shown;
      const { log } = state;
      element.setAttribute("lang", words.language);
      element.classList.toggle("open", isOpen);
      panel.hidden = !isOpen;
      privacy.hidden = !log.privacy;
      if (log.privacy) {
        privacy.setAttribute("href", log.privacy.address);
        privacy.textContent = log.privacy.text || words.privacy;
      }
      panel.setAttribute("aria-label", shown.title);
      launcher.render(state.unread, shown);
      if (!isOpen) return;
      header.render(log, shown);
      say(status, describe(log, words));
      banner.render(state, shown);
      import("./save.js").then((it) => it.drawSave(header.element, shown, log, handlers));
      const need = emailNeed(state);
      if (need.isOpen)
        email ??= import("./email.js").then(({ createEmailForm }) => createEmailForm(place, handlers.onEmail));
      email?.then(
        (form) => form.render(words, need),
        () => (email = undefined),
      );
      composer.render(words, log.status === "bot" || log.status === "resolved");
      if (!log.replaying)
        messages.render(transcribe(log, { now: shown.now, isLive: !shown.isLost, words }), {
          words,
          progress: progress(log, shown),
        });
    },
  };
}

/** @type {(element: HTMLElement, text: string) => void} */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === "";
}

/** @type {(log: Log, words: Words) => string} */
function describe(log, words) {
  if (log.status === "queued") return words.queue(log.queue);
  if (log.status === "assigned" && log.agent) return words.joined(log.agent.name);
  return log.status === "resolved" ? words.resolved : "";
}

/** @type {(log: Log, shown: Shown) => string} who is typing, or that it is slow */
function progress(log, { words, isLost, now }) {
  if (!isLost && isSlow(log, now)) return words.slow;
  const { bot, agent } = log.typing;
  const typists = [bot && (bot.name || words.bot), agent?.name].filter((name) => typeof name === "string");
  return typists.map(words.typing).join(" ");
}

/** @param {ChatState} state */
function emailNeed({ log }) {
  const left = log.pending.find((one) => one.type === "email");
  const isAlone = log.status === "queued" && log.queue?.agents_online === 0 && !log.queue.email_known;
  const isWrong = left?.state === "failed";
  return { isOpen: isAlone && !log.emailed && (!left || isWrong), isWrong };
}

/** @param {Pick<Handlers, "onToggle">} handlers */
function createLauncher({ onToggle }) {
  const badge = make("span", { class: "badge", "aria-hidden": "true", hidden: true });
  const face = make("span", { class: "face chat-face" }, icon("chat"));
  const shut = make("span", { class: "face close-face" }, icon("down"));
  const element = make(
    "button",
    {
      class: "launcher",
      type: "button",
      "aria-controls": "panel",
      "aria-expanded": "false",
      onclick: onToggle,
    },
    face,
    shut,
    badge,
  );
  return {
    element,
    /** @type {(unread: number, shown: Shown) => void} */
    render(unread, { words, isOpen }) {
      const note = unread > 0 && !isOpen ? words.unread(unread) : "";
      badge.hidden = note === "";
      badge.textContent = unread > 9 ? "9+" : String(unread);
      element.setAttribute("aria-expanded", String(isOpen));
      element.setAttribute("aria-label", [isOpen ? words.close : words.open, note].filter(Boolean).join(", "));
    },
  };
}

/** @param {Pick<Handlers, "onClose"|"onLanguage">} handlers */
function createHeader({ onClose, onLanguage }) {
  const face = make("span", { class: "mark", "aria-hidden": "true" }, baton());
  const title = make("h2", { class: "title" });
  const role = make("p", { class: "role" });
  const code = make("span", { "aria-hidden": "true" });
  const language = make(
    "select",
    { onchange: (event) => onLanguage(event.target.value) },
    ...Object.entries(LANGUAGES).map(([value, name]) => make("option", { value, lang: value }, name)),
  );
  const close = make("button", { class: "tool", type: "button", onclick: onClose }, icon("close"));
  return {
    element: make(
      "div",
      { class: "header" },
      face,
      make("div", { class: "who" }, title, role),
      make("label", { class: "tool language" }, code, language),
      close,
    ),
    /** @type {(log: Log, shown: Shown) => void} */
    render(log, { words, language: wanted, title: text }) {
      const agent = log.status === "assigned" ? log.agent?.name : undefined;
      const initial = agent ? [...agent][0].toUpperCase() : "";
      if (face.textContent !== initial) face.replaceChildren(initial || baton());
      face.classList.toggle("agent", Boolean(agent));
      title.textContent = agent ?? text;
      role.textContent = agent ? words.agentNote : words.bot;
      code.textContent = wanted.toUpperCase();
      language.value = wanted;
      language.setAttribute("aria-label", words.chooseLanguage);
      close.setAttribute("aria-label", words.close);
    },
  };
}

/** @param {Pick<Handlers, "onReconnect">} handlers */
function createBanner({ onReconnect }) {
  const text = make("span");
  const again = make("button", { type: "button", onclick: onReconnect });
  const element = make("div", { class: "banner", role: "status", hidden: true }, icon("alert"), text, again);
  return {
    element,
    /** @type {(state: ChatState, shown: Shown) => void} */
    render({ connection, wasLive, notice }, { words, isLost }) {
      const isGone = connection === "unavailable";
      const lost = isLost ? words.lost : "";
      const waiting = !wasLive && connection === "connecting" ? words.connecting : "";
      say(text, isGone ? words.unavailable : lost || waiting || notice);
      element.hidden = text.textContent === "";
      element.classList.toggle("calm", Boolean(waiting) && !lost && !isGone);
      again.textContent = words.retry;
      again.hidden = !isGone;
    },
  };
}
