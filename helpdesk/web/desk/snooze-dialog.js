// Putting a conversation off: until a time, or until the customer writes.

import { byId, fieldOf, find, findAll, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { fieldValue, later } from "./moments.js";

/** @import { DeskPage } from "./types.js" */

/** Belongs to the conversation that it was opened for. */
export class SnoozeDialog {
  #page;
  #dialog = byId("snooze-dialog", HTMLDialogElement);
  #form = byId("snooze-form", HTMLFormElement);
  #problem = byId("snooze-problem");
  #id = "";

  /**
   * @param {DeskPage} page
   * @param {(id: string, until: Date) => Promise<boolean>} onSnooze
   */
  constructor(page, onSnooze) {
    this.#page = page;
    const send = (/** @type {Date} */ until) => {
      this.#dialog.close();
      onSnooze(this.#id, until);
    };
    for (const button of findAll(this.#form, "[data-later]", HTMLButtonElement))
      button.addEventListener("click", () => send(later(button.dataset.later ?? "", page.clock.now())));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const until = new Date(fieldOf(this.#form, "until").value);
      if (Number.isNaN(until.getTime())) notify(this.#problem, say("desk_promise_when_missing"));
      else send(until);
    });
  }

  /** @param {string} id */
  open(id) {
    this.#id = id;
    const now = this.#page.clock.now();
    const isMondayTomorrow = Number(later("monday", now)) === Number(later("tomorrow", now));
    find(this.#form, '[data-later="monday"]').hidden = isMondayTomorrow;
    notify(this.#problem, null);
    fieldOf(this.#form, "until").value = fieldValue(later("tomorrow", now));
    this.#dialog.showModal();
  }
}
