// Naming a colleague in a note: "@" opens a list of them, the keyboard chooses.

import { byId, make } from "../shared/elements.js";
import { say, sayCount } from "../shared/words.js";
import { fold, isBegun } from "./names.js";

/** @import { Composer } from "./composer.js" */
/** @import { Colleague, Colleagues, DeskPage } from "./types.js" */

const MAX_SHOWN = 8;
/** Who is there changes; the list is read again after so long. */
const KNOWN_FOR_MS = 30_000;
/** What is being written of a name, up to the cursor. */
const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}._-]{0,40}(?: [\p{L}\p{N}._-]{1,40})?)$/u;
const ORDER = ["online", "paused", "looking", "offline"];

/** The list at the field of the note. */
export class MentionList {
  #page;
  #composer;
  #text = byId("text", HTMLTextAreaElement);
  #box = byId("mention-list");
  /** @type {Colleague[]} */
  #colleagues = [];
  #readAt = Number.NEGATIVE_INFINITY;
  /** @type {Colleague[]} */
  #shown = [];
  #chosen = 0;
  /** Where the "@" stands that was answered with Escape; the list stays away from it. */
  #declined = -1;

  /**
   * @param {DeskPage} page
   * @param {Composer} composer
   */
  constructor(page, composer) {
    this.#page = page;
    this.#composer = composer;
    this.#text.addEventListener("input", () => this.#follow());
    this.#text.addEventListener("keydown", (event) => this.#press(event), { capture: true });
    this.#text.addEventListener("blur", () => this.#hide());
    this.#box.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the cursor
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) this.#take(this.#shown[[...this.#box.children].indexOf(option)]);
    });
    page.state.onLeave(() => this.#hide());
  }

  /** Ask a colleague inside: the note, with an "@" and the list. */
  ask() {
    this.#composer.focus("note");
    const { selectionStart: at, value } = this.#text;
    if (!this.#composer.writesNote || this.#text.readOnly) return;
    const gap = at && !/\s/.test(value[at - 1]) ? " " : "";
    this.#text.setRangeText(`${gap}@`, at, this.#text.selectionEnd, "end");
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** What is written of a name at the cursor, and where its "@" stands; null where none is begun. */
  #begun() {
    const { selectionStart: at, selectionEnd, value, readOnly } = this.#text;
    if (!this.#composer.writesNote || readOnly || at !== selectionEnd) return null;
    const found = BEGUN.exec(value.slice(0, at));
    return found ? { words: found[1], start: at - found[1].length - 1 } : null;
  }

  async #follow() {
    const begun = this.#begun();
    if (!begun || begun.start === this.#declined) {
      if (!begun) this.#declined = -1;
      this.#hide();
      return;
    }
    await this.#load();
    const now = this.#begun();
    if (now?.start === begun.start) this.#draw(now.words);
  }

  async #load() {
    if (Date.now() - this.#readAt < KNOWN_FOR_MS) return;
    this.#readAt = Date.now();
    try {
      /** @type {Colleagues} */
      const { agents } = await this.#page.calls.get("agents");
      this.#colleagues = agents.toSorted(byPresence);
    } catch {
      this.#readAt = Number.NEGATIVE_INFINITY; // a name can be written without the list
    }
  }

  /** @param {string} words */
  #draw(words) {
    const wanted = fold(words);
    this.#shown = this.#colleagues.filter(({ name }) => isBegun(fold(name), wanted)).slice(0, MAX_SHOWN);
    if (!this.#shown.length) {
      this.#hide();
      return;
    }
    const wasHidden = this.#box.hidden;
    this.#box.replaceChildren(...this.#shown.map((colleague, place) => drawOption(colleague, place)));
    this.#box.hidden = false;
    this.#text.setAttribute("aria-controls", this.#box.id);
    this.#choose(0);
    if (wasHidden) byId("said").textContent = sayCount("desk_mention_found", this.#shown.length);
  }

  /** @param {number} place */
  #choose(place) {
    this.#chosen = (place + this.#shown.length) % this.#shown.length;
    for (const [at, option] of [...this.#box.children].entries())
      option.setAttribute("aria-selected", String(at === this.#chosen));
    const option = this.#box.children[this.#chosen];
    this.#text.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (this.#box.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowDown: () => this.#choose(this.#chosen + 1),
      ArrowUp: () => this.#choose(this.#chosen - 1),
      Enter: () => this.#take(this.#shown[this.#chosen]),
      Tab: () => this.#take(this.#shown[this.#chosen]),
      Escape: () => this.#decline(),
    };
    const act = event.shiftKey ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }

  #decline() {
    this.#declined = this.#begun()?.start ?? -1;
    this.#hide();
  }

  /** @param {Colleague | undefined} colleague */
  #take(colleague) {
    const begun = this.#begun();
    this.#hide();
    if (!colleague || !begun) return;
    this.#text.setRangeText(`@${colleague.name} `, begun.start, this.#text.selectionStart, "end");
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
    this.#hide();
  }

  #hide() {
    this.#box.hidden = true;
    this.#text.removeAttribute("aria-controls");
    this.#text.removeAttribute("aria-activedescendant");
  }
}

/** @type {(one: Colleague, other: Colleague) => number} */
const byPresence = (one, other) =>
  ORDER.indexOf(one.availability) - ORDER.indexOf(other.availability) || one.name.localeCompare(other.name);

/**
 * @param {Colleague} colleague
 * @param {number} place
 */
function drawOption({ name, availability }, place) {
  return make(
    "div",
    { id: `mention-${place}`, role: "option", class: "mention between" },
    make("strong", { dir: "auto" }, name),
    make("span", { class: `badge ${availability === "online" ? "ok" : ""}` }, say(`desk_${availability}`)),
  );
}
