/** Where the customer writes. */
import { icon, make } from "./elements.js";

/** docs/protocol.md: 1 to 4,000 characters, counted as code points. */
export const LIMIT = 4_000;
const NEAR_LIMIT = 400;
const TALLEST = 140;

/**
 * @param {string} text
 * @returns {string} what is sent: without control characters, half characters and outer white space
 */
export function tidy(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]|\p{Cs}/gu, "")
    .trim();
}

/** Without HEIC, so that iPhones hand over a JPEG. */
const ACCEPT = "image/jpeg,image/png,image/webp,image/gif,application/*,text/*";

/** @param {Pick<Handlers, "onSend"|"onType"|"onPerson"|"onFiles">} handlers */
export function createComposer({ onSend, onType, onPerson, onFiles }) {
  const input = make("textarea", {
    rows: "1",
    id: "input",
    enterkeyhint: "send",
    autocomplete: "off",
    "aria-describedby": "left",
    oninput: () => changed(true),
    onkeydown: press,
  });
  const send = make("button", { class: "send", type: "submit" }, icon("send"));
  const left = make("p", { class: "left", id: "left" });
  const person = make("button", { class: "person", type: "button", onclick: onPerson });
  const picker = make("input", { type: "file", class: "sr", multiple: true, accept: ACCEPT, onchange: pick });
  const box = make("div", { class: "box" }, make("label", { class: "tool" }, picker, icon("clip")), input, send);
  const element = make(
    "form",
    { class: "composer", onsubmit: submit },
    box,
    make("div", { class: "foot" }, person, left),
  );
  /** @type {Words|null} */
  let words = null;
  let held = 0;
  let isWanted = false; // to be sent as soon as its files are there

  function pick() {
    onFiles(picker.files ?? []);
    picker.value = "";
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    submit(event);
  }

  /** @param {Event} [event] */
  function submit(event) {
    event?.preventDefault();
    const text = tidy(input.value);
    isWanted = held < 0;
    if (send.disabled) return;
    set("");
    onSend(text);
    input.focus();
  }

  /** @param {boolean} byHand */
  function changed(byHand) {
    grow();
    count();
    if (!byHand) return;
    isWanted = false;
    onType(input.value);
  }

  function grow() {
    input.style.setProperty("height", "auto");
    input.style.setProperty("height", `${Math.min(input.scrollHeight, TALLEST)}px`);
  }

  function count() {
    const text = tidy(input.value);
    const room = remaining(text);
    send.disabled = (text === "" && !held) || room < 0 || held < 0;
    left.classList.toggle("over", room < 0);
    left.setAttribute("aria-live", room < 0 ? "polite" : "off");
    input.setAttribute("aria-invalid", String(room < 0));
    const note = room > NEAR_LIMIT || !words ? "" : room < 0 ? words.over(-room) : words.left(room);
    if (left.textContent !== note) left.textContent = note;
  }

  /** @param {string} text */
  function set(text) {
    input.value = text;
    changed(false);
  }

  return {
    element,
    input,
    set,
    /** @type {(files: number, isFailed?: boolean) => void} */
    hold(files, isFailed) {
      held = files;
      count();
      if (isFailed) isWanted = false;
      if (isWanted && held > 0) submit();
    },
    /** @type {(next: Words, offersPerson: boolean) => void} */
    render(next, offersPerson) {
      words = next;
      input.placeholder = words.placeholder;
      input.setAttribute("aria-label", words.input);
      send.setAttribute("aria-label", words.send);
      picker.setAttribute("aria-label", words.attach);
      if (person.textContent !== words.person) person.replaceChildren(icon("person"), words.person);
      person.hidden = !offersPerson;
      count();
    },
  };
}

/** @param {string} text */
function remaining(text) {
  return LIMIT - [...text].length;
}
