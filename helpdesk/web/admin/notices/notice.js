// One known disturbance: what customers read, shown as they will see it; saved, switched on and off, removed.

import { byId, fieldOf, find, findAll } from "../../shared/elements.js";
import { tickedOf } from "../chips.js";
import { attempt, confirmed, openPage } from "../page.js";
import { asField, asIso } from "../time-fields.js";
import "../times.js";

const TIMES = ["starts_at", "ends_at"];

const page = openPage();
const form = byId("notice", HTMLFormElement);
const id = form.dataset.id;
const api = `/admin/api/notices/${id || "new"}`;
const notice = byId("problem");
const texts = findAll(form, "[name^=text-]", HTMLTextAreaElement);

for (const name of TIMES) {
  const field = fieldOf(form, name, HTMLInputElement);
  if (field.dataset.time) field.value = asField(field.dataset.time);
}
for (const text of texts) text.addEventListener("input", () => drawPreview(text));
texts.forEach(drawPreview);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement} */ (event.submitter ?? find(form, "button", HTMLButtonElement));
  const then = button.dataset.then ? { is_on: button.dataset.then === "on" } : {};
  attempt({ buttons: [button], notice }, async () => {
    await page.calls.post(id ? `${api}/save` : api, { ...entered(), ...then });
    location.assign("/admin/notices");
  });
});
if (id) listenToChanges();

function listenToChanges() {
  const toggle = byId("switch", HTMLButtonElement);
  const remove = byId("remove", HTMLButtonElement);
  toggle.addEventListener("click", () =>
    attempt({ buttons: [toggle], notice }, async () => {
      await page.calls.post(`${api}/switch`, { is_on: !toggle.dataset.on });
      location.reload();
    }),
  );
  remove.addEventListener("click", async () => {
    if (!(await confirmed(remove.dataset.sure))) return;
    await attempt({ buttons: [remove], notice }, async () => {
      await page.calls.post(`${api}/remove`);
      location.assign("/admin/notices");
    });
  });
}

/** @param {HTMLTextAreaElement} text */
function drawPreview(text) {
  find(form, `[data-preview="${text.lang}"]`).textContent = text.value.trim() || "…";
}

/** What the form holds, as the server takes it. */
function entered() {
  const times = TIMES.map((name) => [name, asIso(fieldOf(form, name, HTMLInputElement)) || null]);
  return {
    name: fieldOf(form, "name", HTMLInputElement).value,
    texts: Object.fromEntries(texts.map((text) => [text.lang, text.value])),
    categories: tickedOf(form, "categories"),
    words: fieldOf(form, "words", HTMLTextAreaElement).value.split("\n"),
    ...Object.fromEntries(times),
  };
}
