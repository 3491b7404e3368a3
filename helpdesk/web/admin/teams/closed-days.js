// The days on which a team is closed beside holidays: entered as stretches, kept as dates.

import { byId, find, make, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

/** The list of them, and the fields that bring another. Dates are YYYY-MM-DD. */
export class ClosedDays {
  #onChange;
  #list = byId("closed");
  #first = byId("closed-first", HTMLInputElement);
  #last = byId("closed-last", HTMLInputElement);
  #problem = find(document, "[data-problem=closed_on]");
  /** @type {string[]} */
  #dates = [];

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    byId("closed-add").addEventListener("click", () => this.#add());
  }

  read() {
    return [...this.#dates];
  }

  /** @param {string[]} dates */
  draw(dates) {
    this.#dates = [...new Set(dates)].sort();
    const stretches = inStretches(this.#dates).map((stretch) => this.#drawStretch(stretch));
    const none = make("li", { class: "muted" }, say("teams_closed_none"));
    this.#list.replaceChildren(...(stretches.length ? stretches : [none]));
  }

  #add() {
    notify(this.#problem, null);
    if (!this.#first.value) {
      this.#first.focus();
      return;
    }
    const from = asNumber(this.#first.value);
    const to = this.#last.value ? asNumber(this.#last.value) : from;
    if (to < from || to - from >= MAX_DAYS) {
      notify(this.#problem, say(to < from ? "teams_closed_order" : "teams_closed_too_long"));
      this.#last.focus();
      return;
    }
    const added = Array.from({ length: to - from + 1 }, (_, ahead) => asDate(from + ahead));
    this.draw([...this.#dates, ...added]);
    this.#first.value = this.#last.value = "";
    this.#onChange();
  }

  /** @param {[from: string, to: string]} stretch */
  #drawStretch([from, to]) {
    const label = from === to ? asWords(from) : `${asWords(from)} – ${asWords(to)}`;
    const remove = () => {
      this.draw(this.#dates.filter((date) => date < from || date > to));
      this.#first.focus();
      this.#onChange();
    };
    const name = say("teams_closed_remove", { day: label });
    const look = { type: "button", class: "button plain remove", "aria-label": name };
    return make("li", { class: "chip" }, make("span", {}, label), make("button", { ...look, onclick: remove }, "×"));
  }
}

/**
 * Dates that follow on one another as pairs of the first and the last.
 * @param {string[]} sorted
 */
export function inStretches(sorted) {
  /** @type {[from: string, to: string][]} */
  const found = [];
  for (const date of sorted) {
    const open = found.at(-1);
    if (open && asNumber(date) === asNumber(open[1]) + 1) open[1] = date;
    else found.push([date, date]);
  }
  return found;
}

/** @param {string} date */
const asNumber = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);

/** @param {number} number of days since 1970 */
const asDate = (number) => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** @param {string} date */
function asWords(date) {
  const shape = /** @type {const} */ ({ timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
  return new Date(`${date}T00:00:00Z`).toLocaleDateString(document.documentElement.lang, shape);
}
