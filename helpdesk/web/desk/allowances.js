// What may be offered in the open conversation, as buttons that write the sentence.

import { byId, make } from "../shared/elements.js";

/** @import { Allowance, DeskPage } from "./types.js" */

/** Fetches what may be offered once for each conversation and topic. */
export class Allowances {
  #page;
  #onInsert;
  #of = "";
  /** @type {Allowance[]} */
  #all = [];

  /**
   * @param {DeskPage} page
   * @param {(words: string) => void} onInsert puts a sentence into the answer
   */
  constructor(page, onInsert) {
    this.#page = page;
    this.#onInsert = onInsert;
  }

  /** @returns {readonly Allowance[]} those of the open conversation, if it is mine to answer */
  get all() {
    return this.#page.state.isMine && this.#of === this.#key ? this.#all : [];
  }

  /** Follow the open conversation. */
  async follow() {
    const key = this.#key;
    if (this.#of === key) {
      this.#draw();
      return;
    }
    this.#of = key;
    this.#all = [];
    this.#draw();
    if (!this.#page.state.isMine) return;
    try {
      const path = `conversations/${this.#page.state.id}/allowances`;
      /** @type {{ allowances: Allowance[] }} */
      const { allowances } = await this.#page.calls.get(path);
      if (this.#of !== key) return;
      this.#all = allowances;
      this.#draw();
    } catch {
      if (this.#of === key) this.#of = ""; // asked again with the next news
    }
  }

  /**
   * A button that writes the sentence.
   * @param {Allowance} allowance
   */
  button({ name, text }) {
    const insert = () => this.#onInsert(text);
    return make("button", { type: "button", class: "button small", title: text, onclick: insert }, name);
  }

  get #key() {
    const { current, isMine } = this.#page.state;
    return current ? `${current.card.id} ${current.card.topic} ${current.card.language} ${isMine}` : "";
  }

  #draw() {
    byId("allowances-part").hidden = !this.all.length;
    byId("allowances").replaceChildren(...this.all.map((allowance) => make("li", {}, this.button(allowance))));
  }
}
