// What Markdown becomes, in the place of the field.

import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { troubleOfOpen } from "./problem.js";

/** @import { DeskPage } from "./types.js" */

/** Shown and hidden by its button; whoever writes on closes it. */
export class MarkdownPreview {
  #calls;
  #text;
  #state;
  #box = byId("preview");
  #toggle = byId("preview-toggle");
  #asked = 0;

  /**
   * @param {DeskPage} page
   * @param {HTMLTextAreaElement} text the field
   */
  constructor({ calls, state }, text) {
    this.#calls = calls;
    this.#text = text;
    this.#state = state;
    this.#toggle.addEventListener("click", () => (this.#text.hidden ? this.close() : this.#open()));
  }

  close() {
    this.#asked += 1;
    this.#show(false);
  }

  async #open() {
    const mine = ++this.#asked;
    this.#box.replaceChildren();
    this.#show(true);
    if (!this.#text.value.trim()) {
      this.#box.textContent = say("desk_preview_empty");
      return;
    }
    const showTroubleHere = troubleOfOpen(this.#state);
    try {
      /** @type {{ html: string }} */
      const { html } = await this.#calls.post("preview", { text: this.#text.value });
      if (mine === this.#asked) this.#box.innerHTML = html; // sanitised by the server
    } catch (error) {
      if (mine === this.#asked) showTroubleHere(error);
    }
  }

  /** @param {boolean} on */
  #show(on) {
    this.#toggle.setAttribute("aria-pressed", String(on));
    this.#text.hidden = on;
    this.#box.hidden = !on;
  }
}
