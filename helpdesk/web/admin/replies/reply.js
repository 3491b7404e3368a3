// One canned reply: its texts, with variables put in where the cursor is; saved and removed.

import { byId, fieldOf, find, findAll, within } from "../../shared/elements.js";
import { attempt, confirmed, listenToChords, openPage } from "../page.js";

const page = openPage();
const form = byId("reply", HTMLFormElement);
const id = form.dataset.id;
const api = `/admin/api/replies/${id || "new"}`;
const notice = byId("problem");
const texts = findAll(form, "[data-key]", HTMLTextAreaElement);
let [target] = texts;

for (const text of texts)
  text.addEventListener("focus", () => {
    target = text;
  });
form.addEventListener("click", (event) => {
  const variable = within(event, "[data-variable]")?.dataset.variable;
  if (!variable || !target) return;
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

function save() {
  const button = find(form, "button.primary", HTMLButtonElement);
  return attempt({ buttons: [button], notice }, async () => {
    await page.calls.post(id ? `${api}/save` : api, {
      title: fieldOf(form, "title").value,
      shortcut: fieldOf(form, "shortcut").value,
      team: fieldOf(form, "team", HTMLSelectElement).value,
      texts: Object.fromEntries(texts.map((text) => [text.dataset.key, text.value])),
    });
    location.assign("/admin/replies");
  });
}

async function remove() {
  const button = byId("remove", HTMLButtonElement);
  if (!(await confirmed(button.dataset.sure))) return;
  await attempt({ buttons: [button], notice }, async () => {
    await page.calls.post(`${api}/remove`);
    location.assign("/admin/replies");
  });
}
