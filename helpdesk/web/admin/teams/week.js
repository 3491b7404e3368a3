// The week of a team: several times a day, typed as people type them.

import { byId, find, findAll, make } from "../../shared/elements.js";
import { say } from "../../shared/words.js";

/** @import { Hours, Span } from "./types.js" */

const WORKDAYS = 5;
const LAST_HOUR = 22;
/** @type {Span} */
const USUAL = ["09:00", "17:00"];

/** The days with their times. */
export class Week {
  #onChange;
  #box = byId("week");
  #days = findAll(this.#box, "[data-day]");

  /** @param {() => void} onChange called when a time comes, goes or is copied */
  constructor(onChange) {
    this.#onChange = onChange;
    for (const day of this.#days)
      find(day, ".add").addEventListener("click", () => {
        find(this.#addSpan(day, nextSpan(spansOf(day))), "input").focus();
        onChange();
      });
    byId("copy-week").addEventListener("click", () => {
      const monday = spansOf(this.#days[0]);
      for (const day of this.#days.slice(1, WORKDAYS)) this.#drawDay(day, monday);
      onChange();
    });
  }

  /** @param {Hours} hours */
  draw(hours) {
    for (const day of this.#days) this.#drawDay(day, hours[day.dataset.day ?? ""] ?? []);
  }

  /**
   * Every day's times as they stand there; a day without any is closed.
   * @returns {Hours}
   */
  read() {
    return Object.fromEntries(this.#days.map((day) => [day.dataset.day, spansOf(day)]));
  }

  /** @param {boolean} isShown */
  show(isShown) {
    this.#box.hidden = !isShown;
  }

  /**
   * @param {HTMLElement} day
   * @param {Span[]} spans
   */
  #drawDay(day, spans) {
    find(day, ".spans").replaceChildren();
    for (const span of spans) this.#addSpan(day, span);
    number(day);
  }

  /**
   * @param {HTMLElement} day
   * @param {Span} span
   */
  #addSpan(day, [from, to]) {
    const remove = () => {
      box.remove();
      number(day);
      find(day, ".add").focus();
      this.#onChange();
    };
    const box = make(
      "div",
      { class: "span" },
      drawTime(from),
      make("span", { "aria-hidden": "true" }, "–"),
      drawTime(to),
      make("button", { type: "button", class: "button plain remove", onclick: remove }, "×"),
    );
    find(day, ".spans").append(box);
    number(day);
    return box;
  }
}

/**
 * @param {HTMLElement} day
 * @returns {Span[]}
 */
function spansOf(day) {
  return findAll(day, ".span").map((span) => {
    const [from, to] = findAll(span, "input", HTMLInputElement).map((field) => asTime(field.value));
    return [from, to];
  });
}

/** @param {string} value */
function drawTime(value) {
  const look = { inputmode: "numeric", maxlength: 20, autocomplete: "off", placeholder: "09:00" };
  const field = make("input", { ...look, "aria-describedby": "hours-hint" });
  field.value = value;
  field.addEventListener("change", () => {
    field.value = asTime(field.value);
  });
  return field;
}

/**
 * Names for everybody who can't see where a field stands; and "closed" where there is none.
 * @param {HTMLElement} day
 */
function number(day) {
  const spans = findAll(day, ".span");
  for (const [place, span] of spans.entries()) {
    const values = { day: find(day, ".day-name").textContent, number: place + 1 };
    const [from, to] = findAll(span, "input");
    from.setAttribute("aria-label", say("teams_from_of", values));
    to.setAttribute("aria-label", say("teams_to_of", values));
    find(span, "button").setAttribute("aria-label", say("teams_remove_time_of", values));
  }
  const box = find(day, ".spans");
  box.querySelector(".shut")?.remove();
  if (!spans.length) box.append(make("span", { class: "shut muted" }, say("teams_closed")));
}

/**
 * After what is there already, or the usual day.
 * @param {Span[]} spans
 * @returns {Span}
 */
export function nextSpan(spans) {
  const last = spans.at(-1)?.[1];
  if (!last) return USUAL;
  const hour = Number(last.slice(0, 2));
  if (!Number.isFinite(hour) || hour >= LAST_HOUR) return ["", ""];
  return [asTime(String(hour + 1)), asTime(String(Math.min(hour + 4, 24)))];
}

/**
 * "9", "930", "9.30" and "17 Uhr" in the form that is kept; what is no time stays as it was typed.
 * @param {string} text
 */
export function asTime(text) {
  const found = text.trim().match(/^(\d{1,2})(?:[:.h]?(\d{2}))?\s*(?:uhr)?$/i);
  return found ? `${found[1].padStart(2, "0")}:${found[2] ?? "00"}` : text.trim();
}
