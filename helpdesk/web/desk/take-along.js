// The conversation as the customer saw it: to keep as a file, or sent to the address that they have left.

import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { showProblem, troubleOfOpen } from "./problem.js";

/** @import { DeskPage } from "./types.js" */

/** The link and the button below the contact. */
export class TakeAlong {
  #page;
  #file = byId("transcript", HTMLAnchorElement);
  #send = byId("transcript-send", HTMLButtonElement);
  #label = this.#send.textContent;
  /** The conversation that the button is about. */
  #shown = "";

  /** @param {DeskPage} page */
  constructor(page) {
    this.#page = page;
    this.#send.addEventListener("click", () => this.#mail());
  }

  draw() {
    const { card, contact_email: email } = this.#page.state.open;
    if (this.#shown !== card.id) {
      this.#shown = card.id;
      this.#send.textContent = this.#label;
      this.#send.disabled = false;
    }
    this.#file.href = `/desk/conversations/${card.id}/transcript`;
    this.#send.hidden = !email || !this.#page.state.has(card);
  }

  async #mail() {
    const { calls, state } = this.#page;
    const { card } = state.open;
    const showTroubleHere = troubleOfOpen(state);
    showProblem(null);
    this.#send.disabled = true;
    try {
      await calls.post(`conversations/${card.id}/transcript`);
      byId("said").textContent = say("desk_transcript_sent");
      if (this.#shown === card.id) this.#send.textContent = say("desk_transcript_sent");
    } catch (error) {
      showTroubleHere(error);
    }
    if (this.#shown === card.id) this.#send.disabled = false;
  }
}
