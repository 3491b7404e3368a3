// Blocking the contact of the open conversation, with a reason, and letting them in again.

import { sentenceOf } from "../shared/calls.js";
import { byId, fieldOf, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { onClosed } from "./dialogs.js";
import { troubleOfOpen } from "./problem.js";

/** @import { ConversationDetail, DeskPage } from "./types.js" */

/** The part of the contact that says so. Whoever may not block has no button. */
export class BlockPart {
  #page;
  #onChange;
  #button = document.getElementById("contact-block");
  #undo = document.getElementById("contact-unblock");
  #dialog = byId("block-dialog", HTMLDialogElement);
  #form = byId("block-form", HTMLFormElement);
  #problem = byId("block-problem");
  #id = "";

  /**
   * @param {DeskPage} page
   * @param {() => void} onChange
   */
  constructor(page, onChange) {
    this.#page = page;
    this.#onChange = onChange;
    this.#button?.addEventListener("click", () => this.#open());
    this.#undo?.addEventListener("click", () => this.#letIn());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#block();
    });
    onClosed(this.#dialog, () => {
      this.#form.reset();
      this.#id = "";
    });
    page.state.onLeave(() => this.#dialog.close());
  }

  /** @param {ConversationDetail} detail */
  draw({ block }) {
    const { clock } = this.#page;
    const told = block && say("desk_blocked", { name: block.agent_name, time: clock.moment(block.at) });
    notify(byId("contact-blocked"), block ? `${told}: ${block.reason}` : null);
    if (this.#button) this.#button.hidden = Boolean(block);
    if (this.#undo) this.#undo.hidden = !block;
  }

  #open() {
    const { id, isSwitching } = this.#page.state;
    if (!id || isSwitching) return;
    this.#id = id;
    this.#form.reset();
    this.#form.inert = false;
    notify(this.#problem, null);
    this.#dialog.showModal();
  }

  async #block() {
    const id = this.#id;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    const reason = fieldOf(this.#form, "reason", HTMLTextAreaElement).value.trim();
    notify(this.#problem, reason ? null : say("desk_block_why"));
    if (!reason) return;
    this.#form.inert = true;
    try {
      await this.#page.calls.post(`conversations/${id}/block`, { reason });
      if (this.#id === id) this.#dialog.close();
      byId("said").textContent = say("desk_block_done");
      this.#onChange();
    } catch (error) {
      if (this.#id === id) notify(this.#problem, sentenceOf(error, say("desk_failed")));
      else showTroubleHere(error);
    } finally {
      if (this.#id === id) this.#form.inert = false;
    }
  }

  async #letIn() {
    const { id, isSwitching } = this.#page.state;
    if (!id || isSwitching) return;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    try {
      await this.#page.calls.post(`conversations/${id}/unblock`);
      byId("said").textContent = say("desk_unblock_done");
      this.#onChange();
    } catch (error) {
      if (this.#page.state.shows(id)) notify(byId("contact-problem"), sentenceOf(error, say("desk_failed")));
      else showTroubleHere(error);
    }
  }
}
