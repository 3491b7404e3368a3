// A file is looked at first; only then, and only as shown, it is brought in.

import { byId, fieldOf, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, openPage } from "../page.js";

/** @import { AdminPage } from "../page.js" */

/** @typedef {{ new: number, changed: number, archived: number, refused: number }} Counts */
/** @typedef {{ html: string, revision: string, counts: Counts }} Plan what a file would do, and to which articles */
/** @typedef {Record<string, number> & { left: string[] }} Done */

class ImportForm {
  #page;
  #form = byId("import", HTMLFormElement);
  #plan = byId("plan");
  #look = byId("look", HTMLButtonElement);
  #go = byId("go", HTMLButtonElement);
  #problem = byId("import-problem");
  #done = byId("import-done");
  /** What the admin has looked at. @type {Plan | null} */
  #seen = null;

  /** @param {AdminPage} page */
  constructor(page) {
    this.#page = page;
  }

  listen() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run(this.#look, (file) => this.#preview(file));
    });
    this.#form.addEventListener("change", () => {
      this.#plan.hidden = true;
      notify(this.#done, null);
    });
    this.#go.addEventListener("click", () => this.#run(this.#go, (file) => this.#bringIn(file)));
  }

  /**
   * @param {string} path
   * @param {File} file
   * @param {Record<string, string>} more
   */
  #address(path, file, more = {}) {
    const asked = new URLSearchParams({ name: file.name, ...more });
    for (const name of ["format", "language"]) {
      const { value } = fieldOf(this.#form, name, HTMLSelectElement);
      if (value) asked.set(name, value);
    }
    for (const name of ["replace", "drafts"]) if (fieldOf(this.#form, name).checked) asked.set(name, "yes");
    return `${path}?${asked}`;
  }

  /** @param {File} file */
  async #preview(file) {
    /** @type {Plan} */
    const seen = await this.#page.calls.send(this.#address("/admin/api/import/preview", file), file);
    const { counts } = seen;
    this.#seen = seen;
    byId("plan-shown").innerHTML = seen.html; // made and escaped by our own templates
    this.#go.hidden = !(counts.new + counts.changed + counts.archived);
    this.#go.textContent = say(counts.refused ? "import_go_others" : "import_go");
    this.#plan.hidden = false;
    this.#plan.focus();
  }

  /** @param {File} file */
  async #bringIn(file) {
    if (!this.#seen) return;
    const { revision, counts } = this.#seen;
    const address = this.#address("/admin/api/import", file, { revision, ...(counts.refused ? { skip: "yes" } : {}) });
    /** @type {Done} */
    const { left, ...done } = await this.#page.calls.send(address, file);
    this.#plan.hidden = true;
    const others = left.length ? ` ${say("import_left", { keys: left.join(", ") })}` : "";
    notify(this.#done, say("import_done", done) + others);
  }

  /**
   * @param {HTMLButtonElement} button says meanwhile what is being waited for
   * @param {(file: File) => Promise<void>} work
   */
  async #run(button, work) {
    const file = fieldOf(this.#form, "file").files?.[0];
    const { megabytes = "" } = this.#form.dataset;
    if (!file) return;
    notify(this.#problem, null);
    notify(this.#done, null);
    if (file.size > Number(megabytes) * 2 ** 20) {
      notify(this.#problem, say("import_too_big", { megabytes }));
      return;
    }
    const label = button.textContent;
    button.textContent = say("import_looking");
    await attempt({ buttons: [button], notice: this.#problem }, () => work(file));
    if (button.textContent === say("import_looking")) button.textContent = label;
  }
}

new ImportForm(openPage()).listen();
