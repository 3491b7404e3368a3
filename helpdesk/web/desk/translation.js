// Translation as an aid: lines in the agent's language below the original, a draft in the customer's before it is sent.

import { Refused } from "../shared/calls.js";
import { byId, findAll, make } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";

/** @import { Composer } from "./composer.js" */
/** @import { DeskPage, TranslatedText } from "./types.js" */

const MAX_LINES = 30;
const KEY = "translate.";

/** The button above the answer, and what it opens. Nothing leaves before it is pressed in a conversation. */
export class Translation {
  #page;
  #composer;
  #button = byId("translate", HTMLButtonElement);
  #box = byId("translation");
  #of = "";
  /** What is there of the open conversation, by seq. @type {Map<number, TranslatedText>} */
  #lines = new Map();
  /** @type {Set<number>} */
  #asked = new Set();
  #original = "";

  /**
   * @param {DeskPage} page
   * @param {Composer} composer
   */
  constructor(page, composer) {
    this.#page = page;
    this.#composer = composer;
    this.#button.addEventListener("click", () => this.#toggle());
    new MutationObserver(() => this.#draw()).observe(byId("lines"), { childList: true });
    this.follow();
  }

  /** Follow the open conversation. */
  follow() {
    const { current, isMine } = this.#page.state;
    const id = current?.card.id ?? "";
    this.#button.hidden = !current || !isMine || this.#target === this.#page.me.language;
    if (this.#of === id) return;
    this.#of = id;
    this.#lines.clear();
    this.#asked.clear();
    this.#original = "";
    this.#draw();
  }

  get #target() {
    const card = this.#page.state.current?.card;
    return card?.foreign_language ?? card?.language ?? "";
  }

  get #isOn() {
    return !this.#button.hidden && this.#page.drafts.read(KEY + this.#of) === "on";
  }

  #toggle() {
    this.#page.drafts.keep(KEY + this.#of, this.#isOn ? "" : "on");
    this.#asked = new Set(this.#lines.keys()); // what could not be had is asked for again
    for (const each of findAll(byId("lines"), ".translated")) each.remove();
    this.#draw();
  }

  #draw() {
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
    this.#box.hidden = !this.#isOn;
    if (!this.#isOn) return;
    if (!this.#box.childElementCount || this.#box.dataset.of !== this.#of) this.#offer();
    const waiting = [];
    for (const item of findAll(byId("lines"), ".line-item:not(.note)").slice(-MAX_LINES)) {
      const seq = Number(item.id.replace("line-", ""));
      const known = this.#lines.get(seq);
      if (known && !item.querySelector(".translated")) item.append(drawTranslated(known));
      if (!known && !this.#asked.has(seq)) waiting.push(seq);
    }
    if (waiting.length) this.#fetch(waiting);
  }

  /** @param {number[]} seqs */
  async #fetch(seqs) {
    const of = this.#of;
    for (const seq of seqs) this.#asked.add(seq);
    try {
      /** @type {{ lines: (TranslatedText & { seq: number })[] }} */
      const { lines } = await this.#page.calls.post(`conversations/${of}/translations/lines`, { seqs });
      if (this.#of !== of) return;
      for (const line of lines) this.#lines.set(line.seq, line);
      this.#draw();
    } catch (error) {
      if (this.#of === of) this.#tell(error);
    }
  }

  /** The button that shows the draft in the customer's language. */
  #offer() {
    this.#box.dataset.of = this.#of;
    const language = sayOr(`desk_language_${this.#target}`, this.#target) ?? "";
    const small = { type: "button", class: "button small", onclick: () => this.#show() };
    const back = { type: "button", class: "button plain small", onclick: () => this.#replace(this.#original) };
    this.#box.replaceChildren(
      make("button", small, say("translate_draft", { language })),
      ...(this.#original ? [make("button", back, say("translate_back"))] : []),
    );
  }

  async #show() {
    const of = this.#of;
    const text = this.#composer.answer.trim();
    if (!text) {
      byId("text").focus();
      return;
    }
    try {
      /** @type {TranslatedText} */
      const found = await this.#page.calls.post(`conversations/${of}/translations/draft`, { text });
      if (this.#of === of) this.#preview(text, found);
    } catch (error) {
      if (this.#of === of) this.#tell(error);
    }
  }

  /**
   * @param {string} original
   * @param {TranslatedText} found
   */
  #preview(original, found) {
    const insert = () => {
      if (this.#composer.answer.trim() !== original) {
        this.#show(); // written on meanwhile: what is new would be lost
        return;
      }
      this.#original = original;
      this.#replace(found.text);
    };
    const small = { type: "button", class: "button small" };
    this.#box.replaceChildren(
      make("p", { class: "as-written", dir: "auto" }, found.text),
      ...drawLosses(found),
      make(
        "p",
        { class: "row" },
        make("button", { ...small, onclick: insert }, say("translate_insert")),
        make("button", { ...small, class: "button plain small", onclick: () => this.#offer() }, say("translate_leave")),
      ),
    );
  }

  /** @param {string} words */
  #replace(words) {
    byId("text", HTMLTextAreaElement).select();
    this.#composer.put(words, this.#of);
    if (words === this.#original) this.#original = "";
    this.#offer();
  }

  /** @param {unknown} error */
  #tell(error) {
    const words = error instanceof Refused ? error.message : say("desk_failed");
    this.#box.prepend(make("p", { class: "notice warn" }, words));
  }
}

/** @param {TranslatedText} translated */
function drawTranslated(translated) {
  return make(
    "div",
    { class: "translated" },
    make("p", { class: "as-written", dir: "auto" }, translated.text),
    ...drawLosses(translated),
  );
}

/** @param {TranslatedText} translated */
function drawLosses({ losses }) {
  if (!losses.length) return [];
  const found = losses.map(([, written]) => written).join(", ");
  return [make("p", { class: "hint warn-text" }, say("translate_losses", { found }))];
}
