// The rules of the handoff: one table, what it does in words while it is changed, and putting it in force.

import { Refused } from "../../shared/calls.js";
import { byId, find, findAll, notify, within } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { tick, tickedOf } from "../chips.js";
import { attempt, confirmed, listenToChords, openPage, tellNext, tellTrouble, whatWasTold } from "../page.js";
import { isEqual, UnsavedChanges } from "../unsaved.js";
import { RuleTrials } from "./rule-trials.js";
import { SensitiveTopics } from "./sensitive-topics.js";

/** @import { AdminPage } from "../page.js" */
/** @import { Numbers, Rule, RuleFacts, Rules } from "./types.js" */

const DESCRIBE_AFTER_MS = 250;
/** Fields of the form that are no part of the rules. */
const OTHERS = new Set(["touch-text", "topic-new"]);

class RuleEditor {
  #calls;
  #form = byId("rules", HTMLFormElement);
  #status = byId("rules-status");
  #problem = byId("rules-problem");
  #conflict = byId("rules-conflict");
  #reset = byId("reset");
  #rows = findAll(this.#form, "[data-kind]");
  #loop = byId("loop");
  #sameAgent = find(this.#loop, "[name=same_agent]", HTMLInputElement);
  /** The rules in force. @type {RuleFacts} */
  #facts = JSON.parse(byId("facts").textContent ?? "");
  #topics;
  #unsaved;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #describing;
  #asked = 0;

  /** @param {AdminPage} page */
  constructor(page) {
    const rules = () => this.#read();
    this.#calls = page.calls;
    this.#unsaved = new UnsavedChanges(page.drafts, { key: "rules", part: "rules" }, rules);
    this.#topics = new SensitiveTopics(page, { rules, onChange: () => this.#noteChange() });
    this.#write(this.#facts.rules);
    new RuleTrials(page, rules).listen();
  }

  start() {
    this.#offerRescue();
    const told = whatWasTold();
    if (told) this.#status.textContent = say(told);
    this.#form.addEventListener("input", ({ target }) => {
      if (!(target instanceof HTMLElement)) return;
      link(target);
      if (!OTHERS.has(target.id)) this.#noteChange();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    this.#reset.addEventListener("click", () => {
      this.#write(this.#facts.rules);
      this.#settle();
      this.#describe();
    });
    this.#conflict.addEventListener("click", (event) => this.#settleConflict(event));
    for (const button of this.#restoreButtons) button.addEventListener("click", () => this.#restore(button));
    listenToChords({
      s: (event) => {
        event.preventDefault();
        this.#save();
      },
    });
  }

  get #restoreButtons() {
    return findAll(document, "[data-restore]", HTMLButtonElement);
  }

  /**
   * The rules as they stand on the page, in the form in which they are kept.
   * @returns {Rules}
   */
  #read() {
    return {
      rules: Object.fromEntries(this.#rows.map((row) => [row.dataset.kind, readRule(row)])),
      sensitive: this.#topics.read(),
      person_categories: tickedOf(this.#form, "category"),
      loop: { ...readNumbers(this.#loop), same_agent: this.#sameAgent.checked },
    };
  }

  /** @param {Rules} rules */
  #write(rules) {
    for (const row of this.#rows) {
      const rule = rules.rules[row.dataset.kind ?? ""];
      find(row, "[name=on]", HTMLInputElement).checked = rule.on;
      find(row, "[name=does]", HTMLSelectElement).value = rule.does;
      writeNumbers(row, rule);
      row.classList.toggle("off", !rule.on);
    }
    writeNumbers(this.#loop, rules.loop);
    this.#sameAgent.checked = rules.loop.same_agent;
    tick(this.#form, "category", rules.person_categories);
    this.#topics.draw(rules.sensitive);
  }

  #noteChange() {
    const isChanged = !isEqual(this.#read(), this.#facts.rules);
    this.#reset.hidden = !isChanged;
    this.#status.textContent = isChanged ? say("rules_unsaved") : "";
    if (isChanged) this.#unsaved.note();
    else this.#unsaved.settle();
    clearTimeout(this.#describing);
    this.#describing = setTimeout(() => this.#describe(), DESCRIBE_AFTER_MS);
  }

  /** Each rule's line says what it does as it is set now; an answer that comes after a newer question is dropped. */
  async #describe() {
    const mine = ++this.#asked;
    /** @type {{ problem: string | null, sentences?: Record<string, string> } | null} */
    const told = await this.#calls.post("/admin/api/handoff/describe", { rules: this.#read() }).then(
      (found) => /** @type {{ problem: string | null, sentences?: Record<string, string> }} */ (found),
      () => null,
    );
    if (!told || mine !== this.#asked) return;
    notify(this.#problem, told.problem);
    for (const [kind, sentence] of Object.entries(told.sentences ?? {})) byId(`explain-${kind}`).textContent = sentence;
  }

  async #save() {
    if (!this.#unsaved.isChanged && this.#conflict.hidden) this.#noteChange();
    if (!this.#unsaved.isChanged) {
      this.#status.textContent = say("rules_nothing_changed");
      return;
    }
    await this.#run(async () => {
      await this.#calls.post("/admin/api/handoff/save", { rules: this.#read(), seen: this.#facts.revision });
      this.#leave("rules_saved");
    });
  }

  /** @param {HTMLElement} button */
  async #restore(button) {
    if (!(await confirmed(say("rules_restore_sure")))) return;
    await this.#run(async () => {
      const body = { revision: Number(button.dataset.restore), seen: this.#facts.revision };
      await this.#calls.post("/admin/api/handoff/restore", body);
      this.#leave("rules_saved");
    });
  }

  /** @param {() => Promise<unknown>} work */
  async #run(work) {
    const buttons = [...findAll(this.#form, ".bar button", HTMLButtonElement), ...this.#restoreButtons];
    const onTrouble = async (/** @type {unknown} */ error) => {
      if (error instanceof Refused && error.code === "rules_changed")
        await this.#openConflict().catch((trouble) => tellTrouble(this.#problem, trouble));
      else tellTrouble(this.#problem, error, "center");
    };
    await attempt({ buttons, notice: this.#problem, onTrouble }, work);
  }

  async #openConflict() {
    this.#facts = await this.#calls.get("/admin/api/handoff");
    find(this.#conflict, "p").textContent = say("rules_conflict", { name: this.#facts.author });
    this.#conflict.hidden = false;
    this.#conflict.scrollIntoView({ block: "center" });
  }

  /** @param {Event} event */
  #settleConflict(event) {
    const choice = within(event, "[data-conflict]")?.dataset.conflict;
    if (!choice) return;
    this.#conflict.hidden = true;
    if (choice === "mine") this.#save();
    else this.#leave();
  }

  /**
   * The page anew, with its history; what was typed is kept or given up by now.
   * @param {string} [told]
   */
  #leave(told) {
    this.#settle();
    if (told) tellNext(told);
    location.reload();
  }

  #settle() {
    this.#unsaved.settle();
    this.#reset.hidden = true;
    this.#status.textContent = "";
  }

  #offerRescue() {
    this.#unsaved.offer({
      notice: "rules-rescued",
      word: "rules_rescued",
      isSame: (kept) => isEqual(kept, this.#facts.rules),
      onTake: (kept) => {
        this.#write(kept);
        this.#noteChange();
      },
    });
  }
}

/**
 * @param {HTMLElement} row
 * @returns {Rule}
 */
function readRule(row) {
  return {
    on: find(row, "[name=on]", HTMLInputElement).checked,
    does: find(row, "[name=does]", HTMLSelectElement).value,
    ...readNumbers(row),
  };
}

/**
 * The name of a number's field ends with the name of the number.
 * @param {HTMLElement} field
 */
const numberOf = (field) => (field.dataset.number ?? "").split(".")[1];

/**
 * @param {HTMLElement} box
 * @returns {Numbers}
 */
function readNumbers(box) {
  const fields = findAll(box, "[data-number]", HTMLInputElement);
  return Object.fromEntries(fields.map((field) => [numberOf(field), field.value === "" ? null : Number(field.value)]));
}

/**
 * @param {HTMLElement} box
 * @param {Record<string, unknown>} values
 */
function writeNumbers(box, values) {
  for (const field of findAll(box, "[data-number]", HTMLInputElement)) {
    field.value = String(values[numberOf(field)] ?? "");
    link(field);
  }
}

/**
 * Slider and number are two hands on one value; a rule that is off is pale.
 * @param {HTMLElement} field
 */
function link(field) {
  if (!(field instanceof HTMLInputElement)) return;
  const dial = field.closest(".dial");
  if (dial && field.type === "range") find(dial, "[data-number]", HTMLInputElement).value = field.value;
  if (dial && field.type === "number" && field.value !== "")
    find(dial, "[type=range]", HTMLInputElement).value = field.value;
  if (field.name === "on") field.closest("tr")?.classList.toggle("off", !field.checked);
}

new RuleEditor(openPage()).start();
