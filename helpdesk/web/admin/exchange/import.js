// A file is looked at first; only then, and only as shown, it is brought in.

import { Refused, sentenceOf } from "../../shared/calls.js";
import { byId, fieldOf, find, findAll, notify } from "../../shared/elements.js";
import { say, sayCount } from "../../shared/words.js";
import { openPage } from "../page.js";
import { readMappings } from "./columns.js";

/** @import { AdminPage } from "../page.js" */
/** @import { ColumnMapping } from "./columns.js" */

/** @typedef {{ new: number, changed: number, unchanged: number, archived: number, refused: number }} Counts */
/** @typedef {{ html: string, tables: string, revision: number, counts: Counts, held: number }} Preview */
/** @typedef {{ html: string, live: boolean }} Report */
/** @typedef {{ stage: string, done: number, total: number }} Stage */

const UNTIL_SHOWN_MS = 400;
/** What is said of each preview to whoever doesn't see it. @type {(keyof Counts)[]} */
const TOLD = ["new", "changed", "unchanged", "refused"];

/** @param {string} kind */
const tablesIn = (kind) => findAll(byId("tables-shown"), `${kind}[data-table]`);

class ImportPage {
  #page;
  #form = byId("import", HTMLFormElement);
  #problem = byId("import-problem");
  /** What was chosen, dropped or pasted. @type {File | null} */
  #file = null;
  /** What the admin has said of the columns; before that the server proposes. @type {Record<string, ColumnMapping> | null} */
  #mapping = null;
  /** What the admin has looked at. @type {Preview | null} */
  #seen = null;
  #round = 0;

  /** @param {AdminPage} page */
  constructor(page) {
    this.#page = page;
  }

  listen() {
    const input = fieldOf(this.#form, "file");
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("change", (event) => {
      if (event.target === input) this.#choose(input);
      else if (!(event.target instanceof HTMLTextAreaElement)) this.#lookAgain();
    });
    byId("look").addEventListener("click", () => this.#paste());
    byId("tables-shown").addEventListener("change", () => {
      this.#mapping = readMappings(byId("tables-shown"));
      this.#lookAgain();
    });
    byId("publish").addEventListener("click", () => this.#bringIn(false));
    byId("keep").addEventListener("click", () => this.#bringIn(true));
    this.#listenToDrops();
    this.#choose(input); // somebody was quicker than this script
  }

  /** A file may be dropped anywhere on the page: beside the frame the browser would leave for it. */
  #listenToDrops() {
    const frame = byId("drop");
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      frame.classList.add("over");
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) frame.classList.remove("over");
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      frame.classList.remove("over");
      const [file, ...others] = event.dataTransfer?.files ?? [];
      if (others.length) notify(this.#problem, say("import_one_file"));
      else if (file) this.#take(file);
    });
  }

  /** @param {HTMLInputElement} input */
  #choose(input) {
    const [file] = input.files ?? [];
    if (file) this.#take(file);
    input.value = ""; // so that the same file, put right, can be chosen again
  }

  #paste() {
    const { value } = fieldOf(this.#form, "pasted", HTMLTextAreaElement);
    if (value.trim()) this.#take(new File([value], "", { type: "text/plain" }));
  }

  /**
   * What it holds now is kept: it is brought in as it was looked at, even if it is saved anew in the meantime.
   * @param {File} file
   */
  async #take(file) {
    const { megabytes = "" } = this.#form.dataset;
    this.#file = this.#mapping = this.#seen = null;
    this.#hideSteps();
    notify(this.#problem, null);
    notify(byId("chosen"), file.name || say("import_pasted"));
    if (file.size > Number(megabytes) * 2 ** 20) {
      notify(this.#problem, say("import_too_big", { megabytes }));
      return;
    }
    const round = ++this.#round;
    const raw = await file.arrayBuffer().catch(() => null);
    if (round !== this.#round) return;
    if (!raw) notify(this.#problem, say("import_unreadable"));
    else {
      this.#file = new File([raw], file.name);
      await this.#look({ isFirst: true });
    }
  }

  #lookAgain() {
    if (this.#seen) this.#look({ isFirst: false });
  }

  /** @param {{ isFirst: boolean }} how */
  async #look({ isFirst }) {
    const round = ++this.#round;
    const seen = await this.#work(say("import_reading"), () =>
      this.#page.calls.send("/admin/api/import/preview", this.#body()),
    );
    if (round !== this.#round) return; // a newer look is under way
    if (seen) this.#show(/** @type {Preview} */ (seen), isFirst);
    else this.#hideSteps();
  }

  /**
   * @param {Preview} seen
   * @param {boolean} isFirst
   */
  #show(seen, isFirst) {
    const { id } = document.activeElement ?? { id: "" };
    this.#seen = seen;
    byId("tables").hidden = !seen.tables;
    const unfolded = new Set(tablesIn("details[open]").map(({ dataset }) => dataset.table));
    byId("tables-shown").innerHTML = seen.tables; // made and escaped by our own templates
    for (const table of tablesIn("details")) if (unfolded.has(table.dataset.table)) table.setAttribute("open", "");
    byId("plan-shown").innerHTML = seen.html;
    byId("plan").hidden = false;
    this.#offer(seen);
    byId("plan-told").textContent = TOLD.map((name) => `${seen.counts[name]} ${say(`import_${name}`)}`).join(", ");
    if (!isFirst) document.getElementById(id)?.focus({ preventScroll: true });
    else if (seen.tables) byId("tables").scrollIntoView({ block: "start" });
    else byId("plan").focus();
  }

  /** @param {Preview} seen what can be done with it */
  #offer({ counts, held }) {
    const all = counts.new + counts.changed;
    const publish = byId("publish");
    publish.hidden = !(all - held + counts.archived);
    publish.textContent = all - held ? sayCount("import_publish", all - held) : say("import_publish_nothing_else");
    byId("keep").hidden = !all;
    byId("keep").textContent = sayCount("import_keep", all);
    notify(byId("go-hint"), held && all - held ? sayCount("import_held_hint", held) : null);
    byId("go").hidden = !(all + counts.archived);
  }

  /** @param {boolean} asDrafts */
  async #bringIn(asDrafts) {
    if (!this.#seen) return;
    const body = this.#body({
      revision: String(this.#seen.revision),
      stream: "yes",
      ...(asDrafts ? { drafts: "yes" } : {}),
    });
    const buttons = [byId("publish", HTMLButtonElement), byId("keep", HTMLButtonElement)];
    for (const button of buttons) button.disabled = true;
    const report = await this.#work(say("import_reading"), () => this.#follow(body), {
      isShownAtOnce: true,
      onTrouble: (error) => this.#isOutdated(error),
    });
    for (const button of buttons) button.disabled = false;
    if (report) this.#finish(/** @type {Report} */ (report));
  }

  /** @param {FormData} body */
  async #follow(body) {
    /** @type {Report | null} */
    let report = null;
    /** @type {AsyncGenerator<Stage | Report | { error: string }, void, void>} */
    const lines = this.#page.calls.lines("/admin/api/import", body, new AbortController().signal);
    for await (const line of lines) {
      if ("error" in line) throw new Refused(200, { error: { message: line.error } }, "");
      if ("stage" in line) this.#tell(line);
      else report = line;
    }
    return report;
  }

  /** @param {unknown} error */
  #isOutdated(error) {
    if (!(error instanceof Refused) || error.code !== "plan_old") return false;
    this.#look({ isFirst: false }).then(() => notify(this.#problem, say("import_changed_meanwhile")));
    return true;
  }

  /** @param {Report} report */
  #finish({ html, live }) {
    this.#hideSteps();
    this.#seen = this.#file = null;
    notify(byId("chosen"), null);
    byId("done-shown").innerHTML = html; // made and escaped by our own templates
    byId("done").hidden = false;
    byId("try").hidden = !live;
    byId(live ? "ask-text" : "done").focus();
    byId("done").scrollIntoView({ block: "start" });
  }

  /** @param {Stage} stage */
  #tell({ stage, done, total }) {
    const bar = find(byId("import-progress"), "progress", HTMLProgressElement);
    if (total) {
      bar.max = total;
      bar.value = done;
    } else bar.removeAttribute("value");
    byId("import-stage").textContent = say(`import_stage_${stage}`, { done, total });
  }

  /**
   * What `work` gives, or null when it went wrong, which is said; meanwhile the page says what is being done.
   * @template T
   * @param {string} what
   * @param {() => Promise<T>} work
   * @param {{ isShownAtOnce?: boolean, onTrouble?: (error: unknown) => boolean }} how
   * @returns {Promise<T | null>}
   */
  async #work(what, work, { isShownAtOnce = false, onTrouble = () => false } = {}) {
    notify(this.#problem, null);
    byId("import-stage").textContent = what;
    find(byId("import-progress"), "progress").removeAttribute("value");
    const showing = setTimeout(() => this.#showProgress(), isShownAtOnce ? 0 : UNTIL_SHOWN_MS);
    try {
      return await work();
    } catch (error) {
      if (!onTrouble(error)) this.#complain(error);
      return null;
    } finally {
      clearTimeout(showing);
      byId("import-progress").hidden = true;
    }
  }

  #showProgress() {
    byId("import-progress").hidden = false;
    byId("import-progress").scrollIntoView({ block: "nearest" });
  }

  /** @param {unknown} error */
  #complain(error) {
    notify(this.#problem, sentenceOf(error));
    this.#problem.scrollIntoView({ block: "nearest" });
  }

  /** @param {Record<string, string>} more */
  #body(more = {}) {
    const body = new FormData();
    if (this.#file) body.append("file", this.#file, this.#file.name || "pasted.txt");
    const { value } = fieldOf(this.#form, "language", HTMLSelectElement);
    if (value) body.append("language", value);
    if (fieldOf(this.#form, "replace").checked) body.append("replace", "yes");
    if (this.#mapping) body.append("mapping", JSON.stringify(this.#mapping));
    for (const [name, said] of Object.entries(more)) body.append(name, said);
    return body;
  }

  #hideSteps() {
    for (const id of ["tables", "plan", "go", "done"]) byId(id).hidden = true;
  }
}

new ImportPage(openPage()).listen();
