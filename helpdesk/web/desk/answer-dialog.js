// Correcting or taking back an answer that the customer has already.

import { sentenceOf } from "../shared/calls.js";
import { byId, fieldOf, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { onClosed } from "./dialogs.js";

/** @import { DeskPage, TimelineLine } from "./types.js" */

/** Belongs to the answer that it was opened for, and is empty whenever it is closed. */
export class AnswerDialog {
  #page;
  #onChange;
  #dialog = byId("answer-dialog", HTMLDialogElement);
  #form = byId("answer-form", HTMLFormElement);
  #problem = byId("answer-problem");
  #words = fieldOf(this.#form, "text", HTMLTextAreaElement);
  #place = "";

  /**
   * @param {DeskPage} page
   * @param {() => void} onChange
   */
  constructor(page, onChange) {
    this.#page = page;
    this.#onChange = onChange;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send("correct", { text: this.#words.value });
    });
    byId("answer-take-back").addEventListener("click", () => this.#send("take-back"));
    onClosed(this.#dialog, () => {
      this.#form.reset();
      this.#place = "";
    });
    page.state.onLeave(() => this.#dialog.close());
  }

  /**
   * @param {string} conversation its id
   * @param {TimelineLine} line
   */
  open(conversation, line) {
    this.#place = `conversations/${conversation}/lines/${line.seq}`;
    this.#form.reset();
    this.#wait(false);
    notify(this.#problem, null);
    this.#words.value = line.text;
    this.#words.closest("label")?.toggleAttribute("hidden", !line.text);
    byId("answer-correct").hidden = !line.text;
    byId("answer-mailed").hidden = line.delivery !== "mailed";
    this.#dialog.showModal();
  }

  /**
   * @param {string} what
   * @param {{ text?: string }} [words]
   */
  async #send(what, words = {}) {
    const place = this.#place;
    const keeps = !fieldOf(this.#form, "erase", HTMLInputElement).checked;
    notify(this.#problem, null);
    this.#wait(true);
    try {
      await this.#page.calls.post(`${place}/${what}`, { ...words, keeps_words: keeps });
      if (this.#place === place) this.#dialog.close();
      byId("said").textContent = say(what === "correct" ? "desk_answer_corrected" : "desk_answer_taken_back");
      this.#onChange();
    } catch (error) {
      if (this.#place === place) notify(this.#problem, sentenceOf(error, say("desk_failed")));
    } finally {
      if (this.#place === place) this.#wait(false);
    }
  }

  /** @param {boolean} isUnderWay pressing twice sends once */
  #wait(isUnderWay) {
    this.#form.inert = isUnderWay;
  }
}
