// What dialogs have in common.

/**
 * Have something done once a dialog is closed. The event comes a moment later: whoever has opened it again by then sees
 * what it was opened with.
 * @param {HTMLDialogElement} dialog
 * @param {() => void} act
 */
export function onClosed(dialog, act) {
  dialog.addEventListener("close", () => {
    if (!dialog.open) act();
  });
}

/**
 * What is typed in a dialog, for the conversation that it opened for. Cancelling empties it; what was sent and refused
 * comes up there again, and never in another customer's.
 */
export class ConversationNote {
  #field;
  #id = "";
  /** What is on its way, by conversation. @type {Map<string, string>} */
  #notes = new Map();

  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLTextAreaElement} field
   */
  constructor(dialog, field) {
    this.#field = field;
    onClosed(dialog, () => {
      field.value = "";
      this.#id = "";
    });
  }

  /** @param {string} id of the conversation that the dialog opens for */
  open(id) {
    this.#id = id;
    this.#field.value = this.#notes.get(id) ?? "";
  }

  /** It is being sent: returns the words. */
  send() {
    const text = this.#field.value.trim();
    this.#notes.set(this.#id, this.#field.value);
    return text;
  }

  /**
   * It was sent.
   * @param {string} id
   */
  drop(id) {
    this.#notes.delete(id);
  }
}
