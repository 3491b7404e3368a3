// What has been written is kept as a canned reply: a title, a shortcut, and for whom.

import { sentenceOf } from "../shared/calls.js";
import { byId, fieldOf, make, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { onClosed } from "./dialogs.js";

/** @import { Choice, DeskPage } from "./types.js" */

/** Belongs to the conversation in which it was opened, and is empty whenever it opens. */
export class ReplyDialog {
  #page;
  #dialog = byId("reply-dialog", HTMLDialogElement);
  #form = byId("reply-form", HTMLFormElement);
  #problem = byId("reply-problem");
  #conversation = "";

  /** @param {DeskPage} page */
  constructor(page) {
    this.#page = page;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    onClosed(this.#dialog, () => this.#form.reset());
  }

  /**
   * @param {string} conversation id
   * @param {string} text
   */
  async open(conversation, text) {
    this.#conversation = conversation;
    this.#form.reset();
    notify(this.#problem, null);
    fieldOf(this.#form, "text", HTMLTextAreaElement).value = text;
    this.#drawScopes([], false);
    this.#dialog.showModal();
    try {
      /** @type {{ teams: Choice[], everybody: boolean }} */
      const { teams, everybody } = await this.#page.calls.get("replies/scopes");
      this.#drawScopes(teams, everybody);
    } catch (error) {
      notify(this.#problem, sentenceOf(error, say("desk_failed")));
    }
  }

  /**
   * @param {Choice[]} teams
   * @param {boolean} everybody
   */
  #drawScopes(teams, everybody) {
    const scopes = [
      { id: "me", name: say("desk_reply_scope_me") },
      ...teams,
      ...(everybody ? [{ id: "everybody", name: say("desk_reply_scope_everybody") }] : []),
    ];
    const options = scopes.map(({ id, name }) => make("option", { value: id }, name));
    fieldOf(this.#form, "scope", HTMLSelectElement).replaceChildren(...options);
  }

  async #save() {
    const read = (/** @type {string} */ name) => fieldOf(this.#form, name, HTMLInputElement).value;
    const shortcut = read("shortcut").trim().replace(/^\//, "");
    const reply = {
      title: read("title"),
      shortcut,
      text: fieldOf(this.#form, "text", HTMLTextAreaElement).value,
      scope: fieldOf(this.#form, "scope", HTMLSelectElement).value,
    };
    try {
      await this.#page.calls.post(`conversations/${this.#conversation}/replies`, reply);
      this.#dialog.close();
      byId("said").textContent = say("desk_reply_saved", { shortcut });
    } catch (error) {
      notify(this.#problem, sentenceOf(error, say("desk_failed")));
    }
  }
}
