// What somebody takes: topics, languages, how many at once, and their teams.

import { sentenceOf } from "../../shared/calls.js";
import { byId, fieldOf, find, findAll, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { OpenChips, tick, tickedOf } from "../chips.js";

/** @import { AdminPage } from "../page.js" */

/** @typedef {{ skills: string[], languages: string[], teams: string[], capacity: number }} Work */

const LISTS = /** @type {const} */ (["skills", "languages", "teams"]);

/** The dialog in which it is changed. */
export class WorkDialog {
  #page;
  #dialog = byId("work", HTMLDialogElement);
  #form = find(this.#dialog, "form", HTMLFormElement);
  #capacity = fieldOf(this.#form, "capacity");
  /** Whose work it is. */
  #agent = "";

  /** @param {AdminPage} page */
  constructor(page) {
    this.#page = page;
  }

  listen() {
    for (const button of findAll(document, "[data-work-of]")) {
      const row = button.closest("tr");
      if (row) button.addEventListener("click", () => this.#open(row));
    }
    byId("work-cancel").addEventListener("click", () => this.#dialog.close());
    new OpenChips(byId("skills"), "skills").listen({ field: "skill-more", button: "skill-add" });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
  }

  /** @param {HTMLElement} row */
  #open({ dataset: { agent = "", name, work } }) {
    /** @type {Work} */
    const kept = JSON.parse(work ?? "");
    this.#agent = agent;
    byId("work-title").textContent = say("agents_work_title", { name });
    for (const list of LISTS) tick(this.#form, list, kept[list]);
    this.#capacity.value = String(kept.capacity);
    notify(byId("work-problem"), null);
    this.#dialog.showModal();
  }

  async #save() {
    const lists = Object.fromEntries(LISTS.map((list) => [list, tickedOf(this.#form, list)]));
    const work = { ...lists, capacity: Number(this.#capacity.value) };
    try {
      await this.#page.calls.post(`/admin/api/agents/${this.#agent}/work`, work);
      location.reload();
    } catch (error) {
      notify(byId("work-problem"), sentenceOf(error));
    }
  }
}
