// A supervisor's note that the agent who has the conversation is told of at once.

import { newId, sentenceOf } from "../shared/calls.js";
import { byId, fieldOf, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { onClosed } from "./dialogs.js";
import { troubleOfOpen } from "./problem.js";

/** @import { DeskPage } from "./types.js" */

/** Belongs to the conversation that it was opened for, and is empty whenever it is closed. */
export class WhisperDialog {
  #page;
  #onSent;
  #dialog = byId("whisper-dialog", HTMLDialogElement);
  #form = byId("whisper-form", HTMLFormElement);
  #problem = byId("whisper-problem");
  #id = "";
  #clientId = "";

  /**
   * @param {DeskPage} page
   * @param {() => void} onSent
   */
  constructor(page, onSent) {
    this.#page = page;
    this.#onSent = onSent;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    onClosed(this.#dialog, () => {
      this.#form.reset();
      this.#id = "";
    });
  }

  /** @param {string} id of the conversation */
  open(id) {
    this.#id = id;
    this.#clientId = newId();
    this.#form.reset();
    this.#form.inert = false;
    notify(this.#problem, null);
    this.#dialog.showModal();
  }

  async #send() {
    const id = this.#id;
    const text = fieldOf(this.#form, "text", HTMLTextAreaElement).value.trim();
    if (!text) return;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    this.#form.inert = true;
    try {
      await this.#page.calls.post(`conversations/${id}/whisper`, { text, client_id: this.#clientId });
      if (this.#id === id) this.#dialog.close();
      byId("said").textContent = say("desk_whispered");
      this.#onSent();
    } catch (error) {
      if (this.#id === id) notify(this.#problem, sentenceOf(error, say("desk_failed")));
      else showTroubleHere(error);
    } finally {
      if (this.#id === id) this.#form.inert = false;
    }
  }
}
