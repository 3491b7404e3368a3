// One team: what is typed is never lost, neither by an error nor by a colleague who was quicker.

import { post, say, show, sure } from "../api.js";
import { asLocal } from "../times.js";
import { drawClosed, readClosed } from "./closed-days.js";
import { drawWeek, readWeek, startWeek } from "./week.js";

const form = document.getElementById("team");
const fields = form.elements;
const status = document.getElementById("team-status");
const conflict = document.getElementById("team-conflict");
const rescued = document.getElementById("team-rescued");
const KEPT = ["name", "topics", "members", "hours", "time_zone", "region", "closed_on"];
const shelf = `staffel.team.${form.dataset.id}`;
const address = `/admin/api/teams/${form.dataset.id}`;
let facts = JSON.parse(document.getElementById("facts").textContent);
let changed = false;
let soon = 0;
let asked = 0;

startWeek(noteChange);
write(facts);
offerRescue();
preview();
form.addEventListener("input", noteChange);
form.addEventListener("change", noteChange);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("#topic-more")) {
    event.preventDefault();
    addTopic();
  }
});
document.getElementById("topic-add").addEventListener("click", addTopic);
document.getElementById("archive")?.addEventListener("click", async (event) => {
  if (await sure(event.target.dataset.sure)) step("archive");
});
document.getElementById("restore")?.addEventListener("click", () => step("restore"));
conflict.addEventListener("click", (event) => {
  const choice = event.target.dataset.conflict;
  if (choice === "mine") {
    conflict.hidden = true;
    save();
  }
  if (choice === "theirs") {
    conflict.hidden = true;
    write(facts);
    settle();
    preview();
  }
});
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    save();
  }
});

/** The team as the form has it. */
function written() {
  const chosen = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);
  return {
    name: fields.name.value,
    topics: chosen("topics"),
    members: chosen("members"),
    hours: fields.when.value === "always" ? null : readWeek(),
    time_zone: fields.time_zone.value,
    region: fields.region.value,
    closed_on: readClosed(),
  };
}

function write(team) {
  fields.name.value = team.name;
  for (const topic of team.topics) if (!boxOf("topics", topic)) drawTopic(topic);
  for (const name of ["topics", "members"])
    for (const box of form.querySelectorAll(`[name=${name}]`)) box.checked = team[name].includes(box.value);
  fields.when.value = team.hours ? "fixed" : "always";
  if (team.hours) drawWeek(team.hours);
  fields.time_zone.value = team.time_zone;
  fields.region.value = team.region;
  drawClosed(team.closed_on, noteChange);
  showWeek();
}

function showWeek() {
  document.getElementById("week").hidden = fields.when.value === "always";
}

function noteChange() {
  changed = true;
  showWeek();
  status.textContent = say("teams_unsaved");
  localStorage.setItem(shelf, JSON.stringify({ at: new Date().toISOString(), team: written() }));
  clearTimeout(soon);
  soon = setTimeout(preview, 350);
}

function boxOf(name, value) {
  return [...form.querySelectorAll(`[name=${name}]`)].find((box) => box.value === value);
}

function addTopic() {
  const field = document.getElementById("topic-more");
  const topic = field.value.trim().replace(/\s+/g, " ");
  if (!topic) return;
  (boxOf("topics", topic) ?? drawTopic(topic)).checked = true;
  field.value = "";
  noteChange();
}

function drawTopic(topic) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  const text = document.createElement("span");
  label.className = "chip";
  Object.assign(box, { type: "checkbox", name: "topics", value: topic });
  Object.assign(text, { textContent: topic, dir: "auto" });
  label.append(box, " ", text);
  document.getElementById("topics").append(label);
  return box;
}

async function preview() {
  const mine = ++asked;
  const box = document.getElementById("preview");
  const shown = await post("/admin/api/teams/preview", written()).catch(() => null);
  if (!shown || mine !== asked) return;
  tellProblems(shown.problems.filter((problem) => problem.field !== "name" || fields.name.value));
  if (shown.html) {
    box.innerHTML = shown.html;
    tellHours(box);
  } // made and escaped by our own templates
  else if (!box.querySelector(".broken"))
    box.prepend(
      Object.assign(document.createElement("p"), {
        className: "hint broken",
        textContent: say("teams_preview_broken"),
      }),
    );
}

/** A screen reader gets the sentences when they change, not the fourteen days. */
function tellHours(box) {
  const said = document.getElementById("preview-said");
  const text = [...box.querySelectorAll(".said li")].map((item) => item.textContent).join(" ");
  if (said.textContent !== text) said.textContent = text;
}

/** Each sentence goes to its field; of a day's times the nearest box that there is. */
function tellProblems(problems) {
  for (const place of form.querySelectorAll("[data-problem]")) {
    place.textContent = "";
    place.hidden = true;
  }
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const { field, sentence } of problems) {
    const place = placeOf(field);
    place.textContent += `${place.textContent ? " " : ""}${sentence}`;
    place.hidden = false;
    for (const box of boxesOf(field)) box.setAttribute("aria-invalid", "true");
  }
}

function placeOf(field) {
  const parts = field.split(".");
  return (
    form.querySelector(`[data-problem="${parts.slice(0, 2).join(".")}"]`) ??
    form.querySelector(`[data-problem="${parts[0]}"]`)
  );
}

function boxesOf(field) {
  const [name, day, index] = field.split(".");
  if (name !== "hours") return fields[name]?.setAttribute ? [fields[name]] : [];
  return day && index !== undefined
    ? (form.querySelectorAll(`[data-day=${day}] .span`)[index]?.querySelectorAll("input") ?? [])
    : [];
}

async function save() {
  await run(async () => {
    const kept = await post(form.dataset.id ? `${address}/save` : "/admin/api/teams", {
      ...written(),
      version: facts.version,
    });
    localStorage.removeItem(shelf);
    changed = false;
    if (!form.dataset.id) {
      location.assign(`/admin/teams/${kept.id}`);
      return;
    }
    facts = kept;
    settle();
    status.textContent = say("teams_saved");
    document.querySelector("h1").textContent = kept.name;
  });
}

async function step(verb) {
  await run(async () => {
    await post(`${address}/${verb}`, { version: facts.version });
    changed = false;
    localStorage.removeItem(shelf);
    location.assign("/admin/teams");
  });
}

function settle() {
  changed = false;
  localStorage.removeItem(shelf);
  tellProblems([]);
  status.textContent = say("teams_by", { name: facts.changed_by, time: asLocal(facts.changed_at) });
}

async function run(work) {
  show("team-problem", null);
  const buttons = [...form.querySelectorAll(".bar button")];
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    if (error.code === "team_changed") await openConflict().catch((trouble) => show("team-problem", trouble.message));
    else refuse(error);
  }
  for (const button of buttons) button.disabled = false;
}

function refuse(error) {
  tellProblems(error.problems);
  const [first] = error.problems;
  show("team-problem", error.message);
  if (first) ([...boxesOf(first.field)][0] ?? placeOf(first.field)).scrollIntoView({ block: "center" });
  [...(first ? boxesOf(first.field) : [])][0]?.focus();
}

/** A colleague was quicker: say what differs, and let the admin choose. */
async function openConflict() {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  facts = await response.json();
  const mine = written();
  const differ = KEPT.filter((name) => JSON.stringify(sorted(mine[name])) !== JSON.stringify(sorted(facts[name])));
  const named = differ.map((name) => say(`teams_field_${name}`)).join(", ") || say("teams_conflict_same");
  conflict.querySelector("p").textContent = say("teams_conflict", { name: facts.changed_by, fields: named });
  conflict.hidden = false;
  conflict.scrollIntoView({ block: "center" });
}

function sorted(value) {
  if (Array.isArray(value)) return [...value].sort();
  return value && typeof value === "object"
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, times]) => times.length)
          .sort(),
      )
    : value;
}

function offerRescue() {
  const kept = JSON.parse(localStorage.getItem(shelf) ?? "null");
  if (!kept || JSON.stringify(kept.team) === JSON.stringify(written())) return;
  rescued.querySelector("span").textContent = say("teams_rescued", { time: asLocal(kept.at) });
  rescued.hidden = false;
  rescued.addEventListener("click", (event) => {
    const choice = event.target.dataset.rescue;
    if (!choice) return;
    rescued.hidden = true;
    if (choice === "no") {
      localStorage.removeItem(shelf);
      return;
    }
    write({ ...facts, ...kept.team });
    noteChange();
  });
}
