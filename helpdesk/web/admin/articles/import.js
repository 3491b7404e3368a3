// A file is looked at first; only then, and only as shown, it is brought in.

import { say, send, show } from "../api.js";

const form = document.getElementById("import");
const plan = document.getElementById("plan");
const go = document.getElementById("go");
const look = document.getElementById("look");
let seen = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run(look, preview);
});
form.addEventListener("change", () => {
  plan.hidden = true;
  show("import-done", null);
});
go.addEventListener("click", () => run(go, bringIn));

function address(path, more = {}) {
  const asked = new URLSearchParams({ name: form.elements.file.files[0].name, ...more });
  for (const name of ["format", "language"]) if (form.elements[name].value) asked.set(name, form.elements[name].value);
  for (const name of ["replace", "drafts"]) if (form.elements[name].checked) asked.set(name, "yes");
  return `${path}?${asked}`;
}

async function preview() {
  seen = await send(address("/admin/api/import/preview"), form.elements.file.files[0]);
  document.getElementById("plan-shown").innerHTML = seen.html; // made and escaped by our own templates
  const { refused, archived, ...others } = seen.counts;
  go.hidden = !(others.new + others.changed + archived);
  go.textContent = say(refused ? "import_go_others" : "import_go");
  plan.hidden = false;
  plan.focus();
}

async function bringIn() {
  const skip = seen.counts.refused ? { skip: "yes" } : {};
  const done = await send(
    address("/admin/api/import", { revision: seen.revision, ...skip }),
    form.elements.file.files[0],
  );
  plan.hidden = true;
  const left = done.left.length ? ` ${say("import_left", { keys: done.left.join(", ") })}` : "";
  show("import-done", say("import_done", done) + left);
}

async function run(button, work) {
  show("import-problem", null);
  show("import-done", null);
  const file = form.elements.file.files[0];
  const label = button.textContent;
  if (file.size > form.dataset.megabytes * 2 ** 20) {
    show("import-problem", say("import_too_big", form.dataset));
    return;
  }
  button.disabled = true;
  button.textContent = say("import_looking");
  try {
    await work();
  } catch (error) {
    show("import-problem", error.message);
  }
  button.disabled = false;
  if (button === look || button.textContent === say("import_looking")) button.textContent = label;
}
