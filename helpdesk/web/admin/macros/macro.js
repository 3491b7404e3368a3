// One macro: its steps added, ordered and filled in; saved and removed.

import { byId, fieldOf, find, findAll, within } from "../../shared/elements.js";
import { attempt, confirmed, listenToChords, openPage } from "../page.js";

/** @typedef {{ kind: string, text: string, choice: string }} Step */

const page = openPage();
const form = byId("macro", HTMLFormElement);
const list = byId("steps");
const id = form.dataset.id;
const api = `/admin/api/macros/${id || "new"}`;
const notice = byId("problem");
/** Where a variable is put in. @type {HTMLTextAreaElement | null} */
let target = null;

/** @type {Step[]} */
const entered = JSON.parse(byId("entered").textContent ?? "[]");
for (const step of entered) add(step);
follow();

byId("add").addEventListener("click", () => {
  const item = add({ kind: byId("kind", HTMLSelectElement).value, text: "", choice: "" });
  follow();
  item.querySelector("select, input, textarea")?.dispatchEvent(new Event("change", { bubbles: true }));
  const first = item.querySelector("select, input, textarea");
  if (first instanceof HTMLElement) first.focus();
});
list.addEventListener("click", (event) => {
  const button = within(event, "[data-move], [data-drop]");
  const item = button?.closest("li");
  if (!button || !item) return;
  if (button.dataset.move) move(item, Number(button.dataset.move));
  else drop(item);
  follow();
});
list.addEventListener("change", follow);
list.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLTextAreaElement) target = event.target;
});
form.addEventListener("click", (event) => {
  const variable = within(event, "[data-variable]")?.dataset.variable;
  if (!variable || !target?.isConnected) return;
  target.focus();
  target.setRangeText(variable, target.selectionStart, target.selectionEnd, "end");
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
listenToChords({
  s: (event) => {
    event.preventDefault();
    save();
  },
});
if (id) byId("remove").addEventListener("click", () => remove());

/** @param {Step} step */
function add({ kind, text, choice }) {
  const template = byId(`step-${kind}`, HTMLTemplateElement);
  const item = find(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), "li");
  const words = fieldIn(item, "[data-text]");
  const chosen = fieldIn(item, "[data-choice]");
  if (words) words.value = text;
  if (chosen && (choice || chosen.querySelector('option[value=""]'))) chosen.value = choice;
  list.append(item);
  return item;
}

/**
 * @param {Element} item
 * @param {string} which
 */
function fieldIn(item, which) {
  return /** @type {HTMLTextAreaElement | HTMLSelectElement | null} */ (item.querySelector(which));
}

/**
 * @param {HTMLElement} item
 * @param {number} by
 */
function move(item, by) {
  if (by < 0) item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  find(item, `[data-move="${by}"]`).focus();
}

/** @param {HTMLElement} item */
function drop(item) {
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  const near = next?.querySelector("[data-drop]") ?? byId("add");
  if (near instanceof HTMLElement) near.focus();
}

/** Own words are asked for only where no canned reply is chosen. */
function follow() {
  const items = findAll(list, "li");
  for (const item of items) {
    const words = item.querySelector("[data-text]")?.closest("label");
    const chosen = fieldIn(item, "[data-choice]");
    if (words && chosen) words.hidden = chosen.value !== "";
  }
  byId("no-steps").hidden = items.length > 0;
  byId("add", HTMLButtonElement).disabled = items.length >= Number(form.dataset.max);
}

/** @param {HTMLElement} item */
function read(item) {
  const choice = fieldIn(item, "[data-choice]")?.value ?? "";
  const isChosen = choice !== "" && item.querySelector("[data-text]") !== null;
  return { kind: item.dataset.kind, text: isChosen ? "" : (fieldIn(item, "[data-text]")?.value ?? ""), choice };
}

function save() {
  const button = find(form, "button.primary", HTMLButtonElement);
  return attempt({ buttons: [button], notice }, async () => {
    await page.calls.post(id ? `${api}/save` : api, {
      name: fieldOf(form, "name").value,
      scope: fieldOf(form, "scope", HTMLSelectElement).value,
      steps: findAll(list, "li").map(read),
      revision: Number(form.dataset.revision),
    });
    location.assign("/admin/macros");
  });
}

async function remove() {
  const button = byId("remove", HTMLButtonElement);
  if (!(await confirmed(button.dataset.sure))) return;
  await attempt({ buttons: [button], notice }, async () => {
    await page.calls.post(`${api}/remove`);
    location.assign("/admin/macros");
  });
}
