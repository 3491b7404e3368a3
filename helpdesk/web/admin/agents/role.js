// What somebody may do: the dialog in which a role is chosen.

import { sentenceOf } from "../../shared/calls.js";
import { byId, fieldOf, find, findAll, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";

/** @import { AdminPage } from "../page.js" */

/** The dialog in which it is changed. */
export class RoleDialog {
  #page;
  #dialog = byId("role", HTMLDialogElement);
  #form = find(this.#dialog, "form", HTMLFormElement);
  /** Whose role it is. */
  #agent = "";

  /** @param {AdminPage} page */
  constructor(page) {
    this.#page = page;
  }

  listen() {
    for (const button of findAll(document, "[data-role-of]")) {
      const row = button.closest("tr");
      if (row) button.addEventListener("click", () => this.#open(row, button.dataset.roleOf ?? ""));
    }
    byId("role-cancel").addEventListener("click", () => this.#dialog.close());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
  }

  /**
   * @param {HTMLElement} row
   * @param {string} role
   */
  #open({ dataset: { agent = "", name } }, role) {
    this.#agent = agent;
    byId("role-title").textContent = say("agents_role_title", { name });
    fieldOf(this.#form, "role", RadioNodeList).value = role;
    notify(byId("role-problem"), null);
    this.#dialog.showModal();
  }

  async #save() {
    const role = fieldOf(this.#form, "role", RadioNodeList).value;
    try {
      await this.#page.calls.post(`/admin/api/agents/${this.#agent}/role`, { role });
      location.reload();
    } catch (error) {
      notify(byId("role-problem"), sentenceOf(error));
    }
  }
}
