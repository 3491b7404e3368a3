// One team: what is typed is never lost, neither by an error nor by a colleague who was quicker.

import { Refused, sentenceOf } from "../../shared/calls.js";
import { byId, fieldOf, find, findAll, make, notify, within } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { OpenChips, tick, tickedOf } from "../chips.js";
import { attempt, confirmed, listenToChords, openPage, tellTrouble } from "../page.js";
import { asLocal } from "../times.js";
import { isEqual, UnsavedChanges } from "../unsaved.js";
import { ClosedDays } from "./closed-days.js";
import { Week } from "./week.js";

/** @import { FieldProblem } from "../../shared/types.js" */
/** @import { AdminPage } from "../page.js" */
/** @import { TeamFacts, TeamForm, TeamPreview } from "./types.js" */

const PREVIEW_AFTER_MS = 350;
const FIELDS = /** @type {const} */ (["name", "topics", "members", "hours", "time_zone", "region", "closed_on"]);

class TeamEditor {
  #calls;
  #form = byId("team", HTMLFormElement);
  #name = fieldOf(this.#form, "name");
  #zone = fieldOf(this.#form, "time_zone");
  #region = fieldOf(this.#form, "region", HTMLSelectElement);
  #status = byId("team-status");
  #problem = byId("team-problem");
  #conflict = byId("team-conflict");
  #topics = new OpenChips(byId("topics"), "topics");
  #week = new Week(() => this.#noteChange());
  #closed = new ClosedDays(() => this.#noteChange());
  /** The team as the server has it. @type {TeamFacts} */
  #facts = JSON.parse(byId("facts").textContent ?? "");
  #unsaved;
  #address = `/admin/api/teams/${this.#form.dataset.id}`;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #previewing;
  #asked = 0;

  /** @param {AdminPage} page */
  constructor(page) {
    this.#calls = page.calls;
    this.#unsaved = new UnsavedChanges(page.drafts, { key: `team.${this.#form.dataset.id}`, part: "team" }, () =>
      this.#read(),
    );
  }

  start() {
    this.#write(this.#facts);
    this.#offerRescue();
    this.#preview();
    for (const name of ["input", "change"]) this.#form.addEventListener(name, () => this.#noteChange());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    this.#topics.listen({ field: "topic-more", button: "topic-add", onAdd: () => this.#noteChange() });
    const archive = document.getElementById("archive");
    archive?.addEventListener("click", async () => {
      if (await confirmed(archive.dataset.sure)) this.#step("archive");
    });
    document.getElementById("restore")?.addEventListener("click", () => this.#step("restore"));
    this.#conflict.addEventListener("click", (event) => this.#settleConflict(event));
    listenToChords({
      s: (event) => {
        event.preventDefault();
        this.#save();
      },
    });
  }

  /**
   * The team as the form has it.
   * @returns {TeamForm}
   */
  #read() {
    return {
      name: this.#name.value,
      topics: tickedOf(this.#form, "topics"),
      members: tickedOf(this.#form, "members"),
      hours: this.#isAlways ? null : this.#week.read(),
      time_zone: this.#zone.value,
      region: this.#region.value,
      closed_on: this.#closed.read(),
      private: tickedOf(this.#form, "private").length > 0,
    };
  }

  /** @param {TeamForm} team */
  #write(team) {
    this.#name.value = team.name;
    for (const topic of team.topics) this.#topics.ensure(topic);
    tick(this.#form, "topics", team.topics);
    tick(this.#form, "members", team.members);
    tick(this.#form, "when", [team.hours ? "fixed" : "always"]);
    if (team.hours) this.#week.draw(team.hours);
    this.#zone.value = team.time_zone;
    this.#region.value = team.region;
    this.#closed.draw(team.closed_on);
    tick(this.#form, "private", team.private ? ["yes"] : []);
    this.#week.show(!this.#isAlways);
  }

  get #isAlways() {
    return tickedOf(this.#form, "when")[0] === "always";
  }

  #noteChange() {
    this.#week.show(!this.#isAlways);
    this.#status.textContent = say("teams_unsaved");
    this.#unsaved.note();
    clearTimeout(this.#previewing);
    this.#previewing = setTimeout(() => this.#preview(), PREVIEW_AFTER_MS);
  }

  /** An answer that comes after a newer question is dropped. */
  async #preview() {
    const mine = ++this.#asked;
    const box = byId("preview");
    /** @type {TeamPreview | null} */
    const shown = await this.#calls.post("/admin/api/teams/preview", this.#read()).then(
      (preview) => /** @type {TeamPreview} */ (preview),
      () => null,
    );
    if (!shown || mine !== this.#asked) return;
    this.#tellProblems(shown.problems.filter(({ field }) => field !== "name" || this.#name.value));
    if (shown.html) {
      box.innerHTML = shown.html; // made and escaped by our own templates
      tellHours(box);
    } else if (!box.querySelector(".broken"))
      box.prepend(make("p", { class: "hint broken" }, say("teams_preview_broken")));
  }

  /**
   * Each sentence goes to its field; of a day's times the nearest box that there is.
   * @param {FieldProblem[]} problems
   */
  #tellProblems(problems) {
    for (const place of findAll(this.#form, "[data-problem]")) notify(place, null);
    for (const field of findAll(this.#form, "[aria-invalid]")) field.removeAttribute("aria-invalid");
    for (const { field, sentence } of problems) {
      const place = this.#placeOf(field);
      notify(place, [place.textContent, sentence].filter(Boolean).join(" "));
      for (const box of this.#boxesOf(field)) box.setAttribute("aria-invalid", "true");
    }
  }

  /** @param {string} field "hours.mon.1", or a name */
  #placeOf(field) {
    const [name, day] = field.split(".");
    const exact = this.#form.querySelector(`[data-problem="${name}.${day}"]`);
    return exact instanceof HTMLElement ? exact : find(this.#form, `[data-problem="${name}"]`);
  }

  /** @param {string} field as `#placeOf` */
  #boxesOf(field) {
    const [name, day, place] = field.split(".");
    if (name !== "hours") {
      const box = this.#form.elements.namedItem(name);
      return box instanceof HTMLElement ? [box] : [];
    }
    const span = place === undefined ? undefined : findAll(this.#form, `[data-day=${day}] .span`)[Number(place)];
    return span ? findAll(span, "input") : [];
  }

  async #save() {
    await this.#run(async () => {
      const { id } = this.#form.dataset;
      const body = { ...this.#read(), version: this.#facts.version };
      /** @type {TeamFacts} */
      const kept = await this.#calls.post(id ? `${this.#address}/save` : "/admin/api/teams", body);
      this.#unsaved.settle();
      if (!id) {
        location.assign(`/admin/teams/${kept.id}`);
        return;
      }
      this.#facts = kept;
      this.#settle();
      this.#status.textContent = say("teams_saved");
      find(document, "h1").textContent = kept.name;
    });
  }

  /** @param {"archive" | "restore"} verb */
  async #step(verb) {
    await this.#run(async () => {
      await this.#calls.post(`${this.#address}/${verb}`, { version: this.#facts.version });
      this.#unsaved.settle();
      location.assign("/admin/teams");
    });
  }

  /** The form has what the server has. */
  #settle() {
    const { changed_by: name, changed_at: at } = this.#facts;
    this.#unsaved.settle();
    this.#tellProblems([]);
    this.#status.textContent = say("teams_by", { name, time: asLocal(at) });
  }

  /** @param {() => Promise<unknown>} work */
  async #run(work) {
    const buttons = findAll(this.#form, ".bar button", HTMLButtonElement);
    const onTrouble = async (/** @type {unknown} */ error) => {
      if (error instanceof Refused && error.code === "team_changed")
        await this.#openConflict().catch((trouble) => tellTrouble(this.#problem, trouble));
      else this.#refuse(error);
    };
    await attempt({ buttons, notice: this.#problem, onTrouble }, work);
  }

  /** @param {unknown} error */
  #refuse(error) {
    const problems = error instanceof Refused ? error.problems : [];
    this.#tellProblems(problems);
    notify(this.#problem, sentenceOf(error));
    if (!problems.length) return;
    const [box] = this.#boxesOf(problems[0].field);
    (box ?? this.#placeOf(problems[0].field)).scrollIntoView({ block: "center" });
    box?.focus();
  }

  /** A colleague was quicker: say what differs, and let the admin choose. */
  async #openConflict() {
    this.#facts = await this.#calls.get(this.#address);
    const mine = this.#read();
    const differ = FIELDS.filter((name) => !isEqual(sorted(mine[name]), sorted(this.#facts[name])));
    const fields = differ.map((name) => say(`teams_field_${name}`)).join(", ") || say("teams_conflict_same");
    find(this.#conflict, "p").textContent = say("teams_conflict", { name: this.#facts.changed_by, fields });
    this.#conflict.hidden = false;
    this.#conflict.scrollIntoView({ block: "center" });
  }

  /** @param {Event} event */
  #settleConflict(event) {
    const choice = within(event, "[data-conflict]")?.dataset.conflict;
    if (!choice) return;
    this.#conflict.hidden = true;
    if (choice === "mine") {
      this.#save();
      return;
    }
    this.#write(this.#facts);
    this.#settle();
    this.#preview();
  }

  #offerRescue() {
    this.#unsaved.offer({
      notice: "team-rescued",
      word: "teams_rescued",
      isSame: (kept) => isEqual(kept, this.#read()),
      onTake: (kept) => {
        this.#write({ ...this.#facts, ...kept });
        this.#noteChange();
      },
    });
  }
}

/**
 * A screen reader gets the sentences when they change, not the fourteen days.
 * @param {HTMLElement} box
 */
function tellHours(box) {
  const said = byId("preview-said");
  const text = findAll(box, ".said li")
    .map((item) => item.textContent)
    .join(" ");
  if (said.textContent !== text) said.textContent = text;
}

/**
 * In one order, so that the same is equal however it was entered; a day without times says nothing.
 * @param {TeamForm[keyof TeamForm]} value
 */
function sorted(value) {
  if (Array.isArray(value)) return [...value].sort();
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, times]) => times.length)
      .sort(),
  );
}

new TeamEditor(openPage()).start();
