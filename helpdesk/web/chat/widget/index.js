/** `<staffel-chat>` joins the chat, the view, the page's wishes and the browser's events. */
import { createChat } from "./chat.js";
import { createMemory } from "./memory.js";
import { sheet } from "./styles.js";
import { createView } from "./view.js";
import { fileOf, languageOf, loadWords } from "./words.js";

/** A loss shorter than this is not worth a word, in ms. */
const GRACE = 1_500;

/** @type {Clock} */
const CLOCK = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (id) => clearTimeout(id),
};

export class StaffelChat extends HTMLElement {
  static observedAttributes = ["data-language", "data-accent", "data-title", "data-address", "data-identity"];

  /** @type {Chat|null} */
  #chat = null;
  /** @type {ReturnType<typeof createView>|null} */
  #view = null;
  /** @type {Memory|null} */
  #memory = null;
  /** @type {ChatState|null} */
  #state = null;
  /** @type {AbortController|null} */
  #listening = null;
  /** @type {Promise<SuggestionList>|null} */
  #suggestions = null;
  /** @type {CustomerIdentity|null} */
  #identity = null;
  /** @type {Promise<FileTray>|null} */
  #files = null;
  /** @type {FileTray|null} */
  #tray = null;
  #accent = new CSSStyleSheet();
  #language = "en";
  /** @type {Words|null} */
  #words = null;
  /** Of the words that are here or on their way. */
  #file = "";
  #heard = "";
  #isOpen = false;
  #isLost = false;
  #isDrawing = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #grace;

  /** The address of the Staffel server; where the script came from unless `data-server` says otherwise. */
  get server() {
    return new URL(this.dataset.server ?? new URL("../..", import.meta.url).href, document.baseURI);
  }

  async connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const account = this.dataset.account ?? "";
    this.#memory = createMemory({ server: this.server.host + this.server.pathname, account });
    this.#language = this.#memory.language() ?? this.#pageLanguage();
    await Promise.all([this.#fetchWords(), this.#paintAccent(), this.#followIdentity()]);
    if (!signal.aborted) this.#begin(this.#memory, account, signal);
  }

  /**
   * Everything that is shown needs words, so nothing is before they are here.
   * @type {(memory: Memory, account: string, signal: AbortSignal) => void}
   */
  #begin(memory, account, signal) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(), this.#accent];
    this.#view = createView(this.#handlers());
    this.#chat = createChat(
      {
        address: socketAddress(this.server),
        memory,
        clock: CLOCK,
        language: () => this.#language,
        account: account || undefined,
        formality: this.dataset.address,
        page: () => location.origin + location.pathname,
        identity: () => this.#identity,
        onLapse: () => {
          this.#tray?.clear();
          this.#view?.composer.set(memory.draft());
        },
        onSuggestions: (frame) => this.#suggestions?.then((list) => list.hear(frame)),
      },
      (state) => this.#take(state),
    );
    root.replaceChildren(this.#view.element);
    this.#listen(signal);
    this.#chat.refresh();
    this.#wake();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.#chat?.remember();
    this.#chat?.close();
  }

  attributeChangedCallback() {
    if (!this.#view) return;
    this.#followIdentity();
    if (!this.#memory?.language()) this.#language = this.#pageLanguage();
    this.#paintAccent();
    this.#draw();
  }

  /** Opens the chat; the first time this is what connects and lets the browser remember the visitor. */
  open({ focus = true, draft = "" } = {}) {
    if (!this.#view || !this.#chat || !this.#memory) return;
    this.#isOpen = true;
    this.#memory.keepOpen(true);
    this.#chat.open();
    this.#chat.hurry();
    this.#draw();
    this.#view.composer.set(draft || this.#memory.draft());
    this.#view.toEnd();
    this.#chat.markSeen();
    if (focus) this.#rest();
  }

  /** @param {string} token of the site's customer; the same as setting `data-identity` */
  identify(token) {
    this.dataset.identity = token;
  }

  signOut() {
    this.dataset.identity = "";
  }

  async #followIdentity() {
    const memory = this.#memory;
    if (!memory || this.dataset.identity === undefined) return;
    const { createIdentity } = await import("./identity.js");
    this.#identity ??= createIdentity({ memory, server: this.server, element: this });
    this.#identity.follow(this.dataset.identity, this.#chat);
    this.#view?.composer.set(memory.draft());
  }

  close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#memory?.keepOpen(false);
    this.#chat?.typed(false);
    this.#draw();
    this.#view?.launcher.focus();
  }

  /** Where the focus waits for the next word; on a phone that must not bring up the keyboard. */
  #rest() {
    (matchMedia("(pointer: coarse)").matches ? this.#view?.panel : this.#view?.composer.input)?.focus();
  }

  #wake() {
    const isWished = (this.dataset.open ?? "false") !== "false";
    if (this.#memory?.isOpen() ?? isWished) this.open({ focus: false });
    else if (this.#chat?.isAwaited()) this.#chat.open();
  }

  #pageLanguage() {
    const wish = this.dataset.language || document.documentElement.lang || navigator.language || "en";
    return languageOf(wish);
  }

  /** @returns {Handlers} */
  #handlers() {
    return {
      onToggle: () => (this.#isOpen ? this.close() : this.open()),
      onClose: () => this.close(),
      onLanguage: (language) => this.#switchLanguage(language),
      onSend: (text) => {
        this.#memory?.keepDraft("");
        this.#hush();
        this.#chat?.send(text, this.#tray?.take());
      },
      onType: (text) => {
        this.#memory?.keepDraft(text);
        this.#chat?.typed(text.trim() !== "");
      },
      onPerson: () => {
        if (this.#words) this.#chat?.askPerson(this.#words.askPerson);
        this.#rest();
      },
      onFiles: (list) => {
        const files = [...list];
        if (files.length) this.#withFiles((tray) => tray.add(files));
      },
      drawFiles: (place, files) => this.#withFiles((tray) => tray.draw(place, files)),
      onEmail: (email) => this.#leaveEmail(email),
      onReconnect: () => this.#chat?.hurry(),
      onChoose: (seq, choice, title) => {
        this.#chat?.choose(seq, choice, title);
        this.#rest();
      },
      onRetry: (clientId) => this.#chat?.retry(clientId),
      onDiscard: (clientId) => this.#chat?.discard(clientId),
    };
  }

  /** Suggestions are loaded when somebody is about to write, so that a page that is only read does not pay for them. */
  #suggest() {
    const { input, element: place, set } = this.#view?.composer ?? {};
    if (this.#suggestions || !input || !place || this.dataset.suggestions === "off") return;
    this.#suggestions = import("./suggestions.js").then(({ createSuggestions }) =>
      createSuggestions({
        root: /** @type {ShadowRoot} */ (this.shadowRoot),
        input,
        place,
        clock: CLOCK,
        ask: (frame) => this.#chat?.tell(frame),
        pick: (article, question) => {
          set?.("");
          this.#memory?.keepDraft("");
          this.#chat?.pick(article, question);
          this.#rest();
        },
        isWanted: () => this.#isBots,
        words: () => /** @type {Words} */ (this.#words),
      }),
    );
    this.#suggestions.catch(() => {}); // the chat does without
  }

  /** @param {(tray: FileTray) => void} use */
  #withFiles(use) {
    if (this.#tray) return use(this.#tray);
    this.#files ??= import("./files.js").then(({ createFiles }) =>
      createFiles({
        host: this,
        composer: /** @type {any} */ (this.#view).composer,
        token: () => this.#memory?.token() ?? null,
        language: () => this.#language,
        wordsFile: () => this.#file,
      }),
    );
    this.#files.then(
      (tray) => use((this.#tray = tray)),
      () => (this.#files = null),
    );
  }

  #hush() {
    this.#suggestions?.then((list) => list.clear());
  }

  get #isBots() {
    const status = this.#state?.log.status;
    return status === "bot" || status === "resolved";
  }

  /** @param {string} language */
  #switchLanguage(language) {
    this.#language = language;
    this.#memory?.keepLanguage(this.#language);
    this.#chat?.restart();
    this.#draw();
  }

  /** @param {string} email */
  #leaveEmail(email) {
    const wrong = this.#state?.log.pending.find((one) => one.type === "email");
    if (wrong) this.#chat?.discard(wrong.clientId);
    this.#chat?.leaveEmail(email);
    this.#rest();
  }

  /** Loads the words of the language that holds now, and draws with them. */
  async #fetchWords() {
    const file = fileOf(this.#language, this.dataset.address);
    if (file === this.#file) return;
    this.#file = file;
    const words = await loadWords(file).catch(() => null);
    if (file !== this.#file) return;
    if (!words)
      this.#file = ""; // the next drawing tries again
    else this.#words = words;
    if (words) this.#draw();
  }

  /** @param {ChatState} state */
  #take(state) {
    this.#state = state;
    this.#followLanguage(state.log.language);
    this.#followLoss(state.connection);
    if (!this.#isBots) this.#hush();
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    queueMicrotask(() => {
      this.#isDrawing = false;
      this.#draw();
      if (this.#isOpen && !document.hidden && this.#state && this.#state.log.lastSeq > this.#state.seen)
        this.#chat?.markSeen();
    });
  }

  /**
   * The conversation's language changes when the customer's words do; the widget goes along, then.
   * @param {string|null} language
   */
  #followLanguage(language) {
    if (!language || language === this.#heard) return;
    const isChange = this.#heard !== "" || !this.#memory?.language();
    this.#heard = language;
    if (isChange) this.#language = language;
  }

  /** @param {ConnectionState} connection */
  #followLoss(connection) {
    const isWell = connection === "live" || connection === "idle";
    if (isWell) {
      clearTimeout(this.#grace);
      this.#grace = undefined;
      this.#isLost = false;
    } else if (this.#grace === undefined) {
      this.#grace = setTimeout(() => {
        this.#isLost = true;
        this.#draw();
      }, GRACE);
    }
  }

  #draw() {
    this.#fetchWords();
    const words = this.#words;
    if (!this.#view || !this.#state || !words) return;
    this.#view.render(this.#state, {
      words,
      language: this.#language,
      title: this.dataset.title || words.title,
      isOpen: this.#isOpen,
      isLost: this.#isLost,
      now: Date.now(),
    });
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    /** @type {(target: EventTarget, name: string, run: (event: any) => void) => void} */
    const on = (target, name, run) => target.addEventListener(name, run, { signal });
    on(window, "online", () => this.#chat?.hurry());
    on(window, "offline", () => this.#chat?.drop());
    on(window, "pagehide", () => this.#chat?.remember());
    on(window, "pageshow", () => this.#chat?.hurry());
    on(window, "storage", (event) => event.key?.startsWith(this.#memory?.prefix ?? " ") && this.#chat?.follow());
    on(document, "visibilitychange", () => this.#turn());
    on(document, "click", (event) => this.#invited(event));
    if (this.#view) on(this.#view.panel, "keydown", (event) => this.#press(event));
    if (this.#view) on(this.#view.composer.input, "focus", () => this.#suggest());
    if (window.visualViewport)
      for (const name of ["resize", "scroll"]) on(window.visualViewport, name, () => this.#fit());
  }

  #turn() {
    if (document.hidden) return this.#chat?.remember();
    this.#chat?.hurry();
    if (this.#isOpen) this.#chat?.markSeen();
  }

  /**
   * Any element of the page with `data-staffel-open` opens the chat; its value is what the customer may send.
   * @param {Event} event
   */
  #invited(event) {
    const link = event.target instanceof Element ? event.target.closest("[data-staffel-open]") : null;
    if (!link) return;
    event.preventDefault();
    this.open({ draft: link.getAttribute("data-staffel-open") ?? "" });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    this.close();
  }

  /** The keyboard of a phone covers the page without resizing it: the sheet follows what is left to see. */
  #fit() {
    const seen = window.visualViewport;
    if (!seen || !this.#view) return;
    this.#view.panel.style.setProperty("--seen-height", `${seen.height}px`);
    this.#view.panel.style.setProperty("--seen-top", `${seen.offsetTop}px`);
  }

  async #paintAccent() {
    const wish = this.dataset.accent ?? "";
    if (!CSS.supports("color", wish)) return this.#accent.replaceSync("");
    const { rulesFor } = await import("./accent.js");
    this.#accent.replaceSync(rulesFor(wish));
  }
}

/** @param {string|URL} server */
function socketAddress(server) {
  const address = new URL("webchat/ws", server);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

/**
 * Puts the chat on the page: the page's own `<staffel-chat>` or a new one, with the script tag's wishes.
 * @param {Record<string, string|undefined>} wishes the script's data attributes
 */
export function start(wishes) {
  const element = document.querySelector("staffel-chat") ?? document.createElement("staffel-chat");
  for (const [name, value] of Object.entries(wishes)) {
    const own = /** @type {HTMLElement} */ (element).dataset;
    own[name] ??= value;
  }
  if (!customElements.get("staffel-chat")) customElements.define("staffel-chat", StaffelChat);
  if (!element.isConnected) document.body.append(element);
}
