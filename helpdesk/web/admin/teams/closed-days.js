// The days on which a team is closed beside holidays: entered as stretches, kept as dates.

import { say } from "../api.js";

const list = document.getElementById("closed");
const first = document.getElementById("closed-first");
const last = document.getElementById("closed-last");
const problem = document.querySelector("[data-problem=closed_on]");
const DAY = 86_400_000;
const MOST = 366;
let dates = [];
let changed = () => {};

export function readClosed() {
  return [...dates];
}

export function drawClosed(given, noteChange) {
  changed = noteChange;
  dates = [...new Set(given)].sort();
  const stretches = inStretches(dates);
  list.replaceChildren(...(stretches.length ? stretches.map(drawStretch) : [empty()]));
}

document.getElementById("closed-add").addEventListener("click", () => {
  problem.hidden = true;
  if (!first.value) {
    first.focus();
    return;
  }
  const from = asNumber(first.value);
  const to = last.value ? asNumber(last.value) : from;
  if (to < from) {
    tell("teams_closed_order");
    return;
  }
  if (to - from >= MOST) {
    tell("teams_closed_too_long");
    return;
  }
  drawClosed([...dates, ...Array.from({ length: to - from + 1 }, (_, ahead) => asDate(from + ahead))], changed);
  first.value = last.value = "";
  changed();
});

function tell(key) {
  problem.textContent = say(key);
  problem.hidden = false;
  last.focus();
}

function drawStretch([from, to]) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  const remove = document.createElement("button");
  const label = from === to ? asWords(from) : `${asWords(from)} – ${asWords(to)}`;
  item.className = "chip";
  text.textContent = label;
  Object.assign(remove, { type: "button", className: "button plain remove", textContent: "×" });
  remove.setAttribute("aria-label", say("teams_closed_remove", { day: label }));
  remove.addEventListener("click", () => {
    drawClosed(
      dates.filter((date) => date < from || date > to),
      changed,
    );
    document.getElementById("closed-first").focus();
    changed();
  });
  item.append(text, remove);
  return item;
}

function empty() {
  return Object.assign(document.createElement("li"), { className: "muted", textContent: say("teams_closed_none") });
}

/** Dates that follow on one another as pairs of the first and the last. */
function inStretches(sorted) {
  const found = [];
  for (const date of sorted) {
    const open = found.at(-1);
    if (open && asNumber(date) === asNumber(open[1]) + 1) open[1] = date;
    else found.push([date, date]);
  }
  return found;
}

const asNumber = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
const asDate = (number) => new Date(number * DAY).toISOString().slice(0, 10);
const asWords = (date) =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString(document.documentElement.lang, {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "numeric",
  });
