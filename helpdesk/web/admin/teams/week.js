// The week of a team: several times a day, typed as people type them.

import { say } from "../api.js";

const week = document.getElementById("week");
const days = [...week.querySelectorAll("[data-day]")];
let changed = () => {};

/** Make the buttons work; `noteChange` is called when a time comes, goes or is copied. */
export function startWeek(noteChange) {
  changed = noteChange;
  for (const day of days) {
    day.querySelector(".add").addEventListener("click", () => {
      drawSpan(day, nextSpan(day)).querySelector("input").focus();
      changed();
    });
  }
  document.getElementById("copy-week").addEventListener("click", () => {
    const monday = spansOf(days[0]);
    for (const day of days.slice(1, 5)) drawDay(day, monday);
    changed();
  });
}

export function drawWeek(hours) {
  for (const day of days) drawDay(day, hours[day.dataset.day] ?? []);
}

/** Every day's times as they stand there; a day without any is closed. */
export function readWeek() {
  return Object.fromEntries(days.map((day) => [day.dataset.day, spansOf(day)]));
}

function spansOf(day) {
  return [...day.querySelectorAll(".span")].map((span) =>
    [...span.querySelectorAll("input")].map((field) => asTime(field.value)),
  );
}

function drawDay(day, spans) {
  day.querySelector(".spans").replaceChildren();
  for (const span of spans) drawSpan(day, span);
  number(day);
}

function drawSpan(day, [from, to]) {
  const span = document.createElement("div");
  const dash = document.createElement("span");
  const remove = document.createElement("button");
  span.className = "span";
  dash.textContent = "–";
  dash.setAttribute("aria-hidden", "true");
  Object.assign(remove, { type: "button", className: "button plain remove", textContent: "×" });
  remove.addEventListener("click", () => {
    span.remove();
    number(day);
    day.querySelector(".add").focus();
    changed();
  });
  span.append(timeField(from), dash, timeField(to), remove);
  day.querySelector(".spans").append(span);
  number(day);
  return span;
}

function timeField(value) {
  const field = document.createElement("input");
  Object.assign(field, { value, inputMode: "numeric", maxLength: 20, autocomplete: "off", placeholder: "09:00" });
  field.setAttribute("aria-describedby", "hours-hint");
  field.addEventListener("change", () => {
    field.value = asTime(field.value);
  });
  return field;
}

/** Names for everybody who can't see where a field stands; and "closed" where there is none. */
function number(day) {
  const name = day.querySelector(".day-name").textContent;
  const spans = [...day.querySelectorAll(".span")];
  spans.forEach((span, index) => {
    const [from, to] = span.querySelectorAll("input");
    const values = { day: name, number: index + 1 };
    from.setAttribute("aria-label", say("teams_from_of", values));
    to.setAttribute("aria-label", say("teams_to_of", values));
    span.querySelector("button").setAttribute("aria-label", say("teams_remove_time_of", values));
  });
  const box = day.querySelector(".spans");
  box.querySelector(".shut")?.remove();
  if (!spans.length)
    box.append(
      Object.assign(document.createElement("span"), { className: "shut muted", textContent: say("teams_closed") }),
    );
}

/** After what is there already, or the usual day. */
function nextSpan(day) {
  const last = spansOf(day).at(-1)?.[1];
  if (!last) return ["09:00", "17:00"];
  const hour = Number(last.slice(0, 2));
  return Number.isFinite(hour) && hour < 22
    ? [asTime(String(hour + 1)), asTime(String(Math.min(hour + 4, 24)))]
    : ["", ""];
}

/** "9", "930", "9.30" and "17 Uhr" in the form that is kept; what is no time stays as it was typed. */
export function asTime(text) {
  const found = text.trim().match(/^(\d{1,2})(?:[:.h]?(\d{2}))?\s*(?:uhr)?$/i);
  return found ? `${found[1].padStart(2, "0")}:${found[2] ?? "00"}` : text.trim();
}
