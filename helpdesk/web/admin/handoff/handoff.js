// The rules of the handoff: one table, what it does in words while it is changed, and putting it in force.

import { post, say, show, sure } from "../api.js";
import { asLocal } from "../times.js";
import { startTrials } from "./rule-trials.js";
import { drawTopics, readTopics, startTopics } from "./sensitive-topics.js";

const form = document.getElementById("rules");
const status = document.getElementById("rules-status");
const conflict = document.getElementById("rules-conflict");
const rescued = document.getElementById("rules-rescued");
const rows = [...form.querySelectorAll("[data-kind]")];
const loop = document.getElementById("loop");
const shelf = "staffel.rules";
let facts = JSON.parse(document.getElementById("facts").textContent);
let changed = false;
let soon = 0;
let asked = 0;

startTopics(noteChange, written);
write(facts.rules);
startTrials(written);
offerRescue();
tellWhatWasDone();
form.addEventListener("input", (event) => {
  link(event.target);
  if (event.target.id !== "touch-text" && event.target.id !== "topic-new") noteChange();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
document.getElementById("reset").addEventListener("click", () => {
  write(facts.rules);
  settle();
  describe();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    save();
  }
});
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
conflict.addEventListener("click", (event) => {
  const choice = event.target.dataset.conflict;
  if (!choice) return;
  conflict.hidden = true;
  if (choice === "mine") save();
  else leave();
});
for (const button of document.querySelectorAll("[data-restore]")) {
  button.addEventListener("click", async () => {
    if (!(await sure(say("rules_restore_sure")))) return;
    run(async () => {
      await post("/admin/api/handoff/restore", { revision: Number(button.dataset.restore), seen: facts.revision });
      leave("rules_saved");
    });
  });
}

/** The rules as they stand on the page, in the form in which they are kept. */
function written() {
  return {
    rules: Object.fromEntries(rows.map((row) => [row.dataset.kind, readRule(row)])),
    sensitive: readTopics(),
    person_categories: [...form.querySelectorAll("[name=category]:checked")].map((box) => box.value),
    loop: { ...readNumbers(loop), same_agent: loop.querySelector("[name=same_agent]").checked },
  };
}

function readRule(row) {
  return {
    on: row.querySelector("[name=on]").checked,
    does: row.querySelector("[name=does]").value,
    ...readNumbers(row),
  };
}

/** What is no number goes as it is, so that the server can say what it expected. */
function readNumbers(box) {
  const fields = [...box.querySelectorAll("[data-number]")];
  return Object.fromEntries(
    fields.map((field) => [field.dataset.number.split(".")[1], field.value === "" ? null : Number(field.value)]),
  );
}

function write(rules) {
  for (const row of rows) {
    const rule = rules.rules[row.dataset.kind];
    row.querySelector("[name=on]").checked = rule.on;
    row.querySelector("[name=does]").value = rule.does;
    writeNumbers(row, rule);
    row.classList.toggle("off", !rule.on);
  }
  writeNumbers(loop, rules.loop);
  loop.querySelector("[name=same_agent]").checked = rules.loop.same_agent;
  for (const box of form.querySelectorAll("[name=category]")) box.checked = rules.person_categories.includes(box.value);
  drawTopics(rules.sensitive);
}

function writeNumbers(box, values) {
  for (const field of box.querySelectorAll("[data-number]")) {
    field.value = values[field.dataset.number.split(".")[1]];
    link(field);
  }
}

/** Slider and number are two hands on one value. */
function link(field) {
  const dial = field.closest(".dial");
  if (dial && field.type === "range") dial.querySelector("[data-number]").value = field.value;
  if (dial && field.type === "number" && field.value !== "") dial.querySelector("[type=range]").value = field.value;
  if (field.name === "on") field.closest("tr").classList.toggle("off", !field.checked);
}

function noteChange() {
  changed = JSON.stringify(written()) !== JSON.stringify(facts.rules);
  document.getElementById("reset").hidden = !changed;
  status.textContent = changed ? say("rules_unsaved") : "";
  if (changed) localStorage.setItem(shelf, JSON.stringify({ at: new Date().toISOString(), rules: written() }));
  else localStorage.removeItem(shelf);
  clearTimeout(soon);
  soon = setTimeout(describe, 250);
}

/** Each rule's line says what it does as it is set now. */
async function describe() {
  const mine = ++asked;
  const told = await post("/admin/api/handoff/describe", { rules: written() }).catch(() => null);
  if (!told || mine !== asked) return;
  show("rules-problem", told.problem);
  for (const [kind, sentence] of Object.entries(told.sentences ?? {}))
    document.getElementById(`explain-${kind}`).textContent = sentence;
}

async function save() {
  if (!changed && conflict.hidden) noteChange();
  if (!changed) {
    status.textContent = say("rules_nothing_changed");
    return;
  }
  await run(async () => {
    await post("/admin/api/handoff/save", { rules: written(), seen: facts.revision });
    leave("rules_saved");
  });
}

async function run(work) {
  show("rules-problem", null);
  const buttons = [...form.querySelectorAll(".bar button"), ...document.querySelectorAll("[data-restore]")];
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    if (error.code === "rules_changed") await openConflict().catch((trouble) => show("rules-problem", trouble.message));
    else {
      show("rules-problem", error.message);
      document.getElementById("rules-problem").scrollIntoView({ block: "center" });
    }
  }
  for (const button of buttons) button.disabled = false;
}

async function openConflict() {
  const response = await fetch("/admin/api/handoff", { headers: { Accept: "application/json" } });
  facts = await response.json();
  conflict.querySelector("p").textContent = say("rules_conflict", { name: facts.author });
  conflict.hidden = false;
  conflict.scrollIntoView({ block: "center" });
}

/** The page anew, with its history; what was typed is kept or given up by now. */
function leave(told) {
  settle();
  if (told) sessionStorage.setItem("staffel.told", told);
  location.reload();
}

function settle() {
  changed = false;
  localStorage.removeItem(shelf);
  document.getElementById("reset").hidden = true;
  status.textContent = "";
}

function tellWhatWasDone() {
  const told = sessionStorage.getItem("staffel.told");
  if (!told) return;
  sessionStorage.removeItem("staffel.told");
  status.textContent = say(told);
}

function offerRescue() {
  const kept = JSON.parse(localStorage.getItem(shelf) ?? "null");
  if (!kept || JSON.stringify(kept.rules) === JSON.stringify(facts.rules)) return;
  rescued.querySelector("span").textContent = say("rules_rescued", { time: asLocal(kept.at) });
  rescued.hidden = false;
  rescued.addEventListener("click", (event) => {
    const choice = event.target.dataset.rescue;
    if (!choice) return;
    rescued.hidden = true;
    if (choice === "no") {
      localStorage.removeItem(shelf);
      return;
    }
    write(kept.rules);
    noteChange();
  });
}
