// The coach below the answer: one quiet line after a pause, its reasons on demand. It never holds up what is sent.

import { byId, draw, find, findAll, make } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { isOpen } from "./promises.js";

/** @import { Allowances } from "./allowances.js" */
/** @import { CoachHint, DeskPage, FoundPromise } from "./types.js" */

const PAUSE_MS = 700;
const LONG_PAUSE_MS = 2200;
const MIN_LENGTH = 12;
const MAX_LENGTH = 10_000;
const SAME_TIME_MS = 60_000;
const MAX_OFFERS = 3;

/** Reads the draft when the agent pauses, and shows what there is to say of it. */
export class Coach {
  #page;
  #allowances;
  #onRecord;
  #line = byId("noticed");
  #more = byId("coach-more");
  #dialog = byId("coach-dialog", HTMLDialogElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #conversation = "";
  #asked = "";
  /** @type {CoachHint[]} */
  #hints = [];
  /** What is on the screen, so that a screen reader hears a hint once. */
  #shown = "";
  #isOpen = false;
  /** @type {Set<string>} */
  #refused = new Set();

  /**
   * @param {DeskPage} page
   * @param {{ allowances: Allowances, onRecord: (promise: FoundPromise) => void }} parts `onRecord` is called when the
   *   agent wants a promise on record
   */
  constructor(page, { allowances, onRecord }) {
    this.#page = page;
    this.#allowances = allowances;
    this.#onRecord = onRecord;
    byId("coach-settings").addEventListener("click", () => this.#openSettings());
    byId("coach-form", HTMLFormElement).addEventListener("change", () => this.#saveSettings());
  }

  /** Forget what was seen and refused in another conversation. */
  follow() {
    const id = this.#page.state.id ?? "";
    if (id === this.#conversation) return;
    this.#conversation = id;
    this.#refused.clear();
    this.drop();
  }

  /** @param {string} draft */
  read(draft) {
    clearTimeout(this.#due);
    if (draft.trim().length < MIN_LENGTH) {
      this.#asked = "";
      this.#keepPromise();
      return;
    }
    if (draft === this.#asked) return;
    this.#due = setTimeout(() => this.#look(draft.slice(0, MAX_LENGTH), false), PAUSE_MS);
  }

  drop() {
    clearTimeout(this.#due);
    this.#asked = "";
    this.#show([]);
  }

  /** What was written is sent: only a promise can still be recorded. */
  #keepPromise() {
    this.#show(this.#hints.filter(({ kind }) => kind === "promise"));
  }

  /**
   * @param {string} text
   * @param {boolean} article whether an article is looked for, too
   */
  async #look(text, article) {
    const { id, isMine } = this.#page.state;
    if (!id || !isMine) return;
    this.#asked = text;
    try {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
      /** @type {{ hints: CoachHint[] }} */
      const { hints } = await this.#page.calls.post(`conversations/${id}/coach`, { text, zone, article });
      if (this.#page.state.id !== id || this.#asked !== text) return;
      this.#show(hints.filter((hint) => !this.#isSettled(hint)));
      if (!article && /\d/.test(text)) this.#due = setTimeout(() => this.#look(text, true), LONG_PAUSE_MS - PAUSE_MS);
    } catch {
      /* a hint that doesn't come costs nothing */
    }
  }

  /**
   * Refused before, or a promise for a time that is on record already.
   * @param {CoachHint} hint
   */
  #isSettled(hint) {
    if (this.#refused.has(keyOf(hint))) return true;
    const { due } = hint;
    if (hint.kind !== "promise" || !due) return false;
    const isSame = (/** @type {string} */ at) => Math.abs(Date.parse(at) - Date.parse(due)) < SAME_TIME_MS;
    return this.#page.state.open.promises.some((promise) => isOpen(promise) && isSame(promise.due_at));
  }

  /** @param {CoachHint[]} hints */
  #show(hints) {
    this.#hints = hints;
    const key = hints.map(keyOf).join("\n");
    if (key === this.#shown) return;
    this.#shown = key;
    if (!hints.length) this.#isOpen = false;
    this.#line.hidden = !hints.length;
    byId("composer").classList.toggle("has-hint", hints.length > 0);
    this.#line.replaceChildren(...(hints.length ? this.#drawLine(hints) : []));
    this.#drawMore();
  }

  /** @param {CoachHint[]} hints */
  #drawLine(hints) {
    const [first] = hints;
    const label = hints.length > 1 ? say("coach_more_count", { count: hints.length - 1 }) : say("coach_why");
    const toggle = make(
      "button",
      {
        type: "button",
        class: "button plain small why-button",
        "aria-expanded": String(this.#isOpen),
        "aria-controls": "coach-more",
        onclick: () => this.#toggle(),
      },
      label,
    );
    return [
      drawSign(),
      make("span", { class: "coach-words", dir: "auto" }, sentenceOf(first)),
      ...this.#actions(first).slice(0, 1),
      toggle,
    ];
  }

  #toggle() {
    this.#isOpen = !this.#isOpen;
    find(this.#line, ".why-button").setAttribute("aria-expanded", String(this.#isOpen));
    this.#drawMore();
  }

  #drawMore() {
    this.#more.hidden = !this.#isOpen;
    this.#more.replaceChildren(...(this.#isOpen ? this.#hints.map((hint) => this.#drawHint(hint)) : []));
  }

  /** @param {CoachHint} hint */
  #drawHint(hint) {
    const plain = { type: "button", class: "button plain small" };
    return make(
      "li",
      {},
      make("p", { class: "coach-words", dir: "auto" }, sentenceOf(hint)),
      make("p", { class: "hint" }, say(`coach_reason_${hint.kind}`)),
      make(
        "p",
        { class: "row" },
        ...this.#actions(hint),
        make("button", { ...plain, onclick: () => this.#refuse(hint) }, say("coach_dismiss")),
        make("button", { ...plain, onclick: () => this.#switchOff(hint) }, say("coach_never")),
      ),
    );
  }

  /**
   * What can be done about it, the likeliest first.
   * @param {CoachHint} hint
   */
  #actions(hint) {
    const small = { type: "button", class: "button small" };
    if (hint.kind === "promise") {
      const promise = { words: hint.found, due: hint.due };
      const record = { ...small, class: "button small keeps", onclick: () => this.#onRecord(promise) };
      return [make("button", record, say("desk_promise_save"))];
    }
    if (hint.kind === "refusal")
      return this.#allowances.all.slice(0, MAX_OFFERS).map((each) => this.#allowances.button(each));
    return [];
  }

  /** @param {CoachHint} hint */
  #refuse(hint) {
    this.#refused.add(keyOf(hint));
    this.#show(this.#hints.filter((each) => each !== hint));
    byId("text").focus();
  }

  /** @param {CoachHint} hint */
  async #switchOff(hint) {
    this.#show(this.#hints.filter((each) => each.kind !== hint.kind));
    byId("text").focus();
    try {
      /** @type {{ off: string[] }} */
      const { off } = await this.#page.calls.get("coach");
      await this.#page.calls.post("coach", { off: [...new Set([...off, hint.kind])] });
      byId("said").textContent = say("coach_switched_off");
    } catch {
      /* it shows again next time */
    }
  }

  async #openSettings() {
    byId("help-dialog", HTMLDialogElement).close();
    try {
      /** @type {{ off: string[] }} */
      const { off } = await this.#page.calls.get("coach");
      for (const box of this.#boxes) box.checked = !off.includes(box.name);
      this.#dialog.showModal();
    } catch {
      byId("said").textContent = say("desk_failed");
    }
  }

  async #saveSettings() {
    const off = this.#boxes.filter((box) => !box.checked).map((box) => box.name);
    try {
      await this.#page.calls.post("coach", { off });
    } catch {
      byId("said").textContent = say("desk_failed");
    }
  }

  get #boxes() {
    return findAll(byId("coach-form"), "input[type=checkbox]", HTMLInputElement);
  }
}

/** @param {CoachHint} hint */
const keyOf = ({ kind, found }) => `${kind}: ${found}`;

/** A light bulb. */
function drawSign() {
  const shape = "M9 18h6M10 21h4M12 3a6 6 0 0 0-4 10.5c.7.7 1 1.5 1 2.5h6c0-1 .3-1.8 1-2.5A6 6 0 0 0 12 3z";
  return draw("svg", { viewBox: "0 0 24 24", class: "coach-sign", "aria-hidden": "true" }, draw("path", { d: shape }));
}

/** @param {CoachHint} hint */
function sentenceOf({ kind, found, instead, due }) {
  if (kind === "promise" && due) return say("desk_promise_noticed", { words: found });
  if (kind === "address") return say(`coach_address_${instead}`, { found });
  if (kind === "language") return say("coach_language", { language: say(`desk_language_${instead}`) });
  return say(`coach_${kind}`, { found, instead });
}
