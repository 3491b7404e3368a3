// Giving a conversation back to the bot, or closing it: what is typed stays with its conversation.

import { byId, fieldOf } from "../shared/elements.js";
import { ConversationNote } from "./dialogs.js";

/** @import { TimelineLine } from "./types.js" */

/** "Back to the bot", with what was done for the customer. */
export class ReturnDialog {
  #dialog = byId("return-dialog", HTMLDialogElement);
  #note = new ConversationNote(
    this.#dialog,
    fieldOf(byId("return-form", HTMLFormElement), "note", HTMLTextAreaElement),
  );
  #id = "";
  #seq = 0;

  /** @param {(id: string, note: string, seq: number) => Promise<boolean>} onReturn returns whether it went well */
  constructor(onReturn) {
    byId("return-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const id = this.#id;
      const text = this.#note.send();
      this.#dialog.close();
      if (await onReturn(id, text, this.#seq)) this.#note.drop(id);
    });
  }

  /**
   * @param {string} id of the conversation
   * @param {number} seq of the last line that the agent has read; what comes while they type is news to them
   */
  open(id, seq) {
    this.#id = id;
    this.#seq = seq;
    this.#note.open(id);
    this.#dialog.showModal();
  }
}

/** "Resolve", where the customer wrote last: with the reason, which colleagues read as a note. */
export class ResolveDialog {
  #dialog = byId("resolve-dialog", HTMLDialogElement);
  #form = byId("resolve-form", HTMLFormElement);
  #id = "";
  #seq = 0;

  /** @param {(id: string, reason: string, seq: number) => void} onResolve */
  constructor(onResolve) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = String(new FormData(this.#form).get("reason"));
      this.#dialog.close();
      onResolve(this.#id, reason, this.#seq);
    });
  }

  /**
   * @param {string} id of the conversation
   * @param {TimelineLine} last what the customer wrote
   */
  open(id, last) {
    this.#id = id;
    this.#seq = last.seq;
    this.#form.reset();
    byId("resolve-last").textContent = last.text;
    this.#dialog.showModal();
  }
}
