// What somebody takes: topics, languages, how many at once, and their teams.

import { post, say, show } from "../api.js";

const dialog = document.getElementById("work");
const form = dialog.querySelector("form");
const skills = document.getElementById("skills");
const more = document.getElementById("skill-more");
let agent = "";

export function startWork() {
  for (const button of document.querySelectorAll("[data-work-of]"))
    button.addEventListener("click", () => open(button.closest("tr")));
  document.getElementById("work-cancel").addEventListener("click", () => dialog.close());
  document.getElementById("skill-add").addEventListener("click", add);
  more.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
}

function open(row) {
  agent = row.dataset.agent;
  const work = JSON.parse(row.dataset.work);
  document.getElementById("work-title").textContent = say("agents_work_title", { name: row.dataset.name });
  for (const name of ["skills", "languages", "teams"]) {
    for (const box of form.querySelectorAll(`[name=${name}]`)) box.checked = work[name].includes(box.value);
  }
  form.elements.capacity.value = work.capacity;
  show("work-problem", null);
  dialog.showModal();
}

function add() {
  const topic = more.value.trim().replace(/\s+/g, " ");
  if (!topic) return;
  const known = [...skills.querySelectorAll("input")].find((box) => box.value === topic);
  (known ?? draw(topic)).checked = true;
  more.value = "";
}

function draw(topic) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  const text = document.createElement("span");
  label.className = "chip";
  Object.assign(box, { type: "checkbox", name: "skills", value: topic });
  Object.assign(text, { textContent: topic, dir: "auto" });
  label.append(box, " ", text);
  skills.append(label);
  return box;
}

async function save() {
  const chosen = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);
  const work = {
    skills: chosen("skills"),
    languages: chosen("languages"),
    capacity: Number(form.elements.capacity.value),
    teams: chosen("teams"),
  };
  try {
    await post(`/admin/api/agents/${agent}/work`, work);
    location.reload();
  } catch (error) {
    show("work-problem", error.message);
  }
}
