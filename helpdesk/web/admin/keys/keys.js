// Keys of programs: making, exchanging and ending them. A key is shown once.

import { byId, fieldOf, findAll } from "../../shared/elements.js";
import { tickedOf } from "../chips.js";
import { attempt, confirmed, listenToCopy, openPage } from "../page.js";

/** @typedef {{ key?: string }} Made */

const page = openPage();
const notice = byId("keys-problem");
const dialog = byId("made", HTMLDialogElement);
const text = byId("made-text", HTMLInputElement);
const form = byId("add", HTMLFormElement);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt({ notice }, async () => {
    const days = fieldOf(form, "days").value;
    /** @type {Made} */
    const made = await page.calls.post("/admin/api/keys", {
      name: fieldOf(form, "name").value,
      scopes: tickedOf(form, "scopes"),
      agent: fieldOf(form, "agent", HTMLSelectElement).value,
      days: days ? Number(days) : null,
      per_minute: Number(fieldOf(form, "per_minute").value),
    });
    show(made.key ?? "");
  });
});
for (const button of findAll(document, "[data-do]")) button.addEventListener("click", () => act(button));
listenToCopy(text);

/** @param {HTMLElement} button */
async function act(button) {
  const { key } = button.closest("tr")?.dataset ?? {};
  if (!(await confirmed(button.dataset.sure))) return;
  await attempt({ notice }, async () => {
    /** @type {Made} */
    const answer = await page.calls.post(`/admin/api/keys/${key}/${button.dataset.do}`, {});
    if (answer.key) show(answer.key);
    else location.reload();
  });
}

/**
 * The only time a key can be seen.
 * @param {string} key
 */
function show(key) {
  text.value = key;
  dialog.addEventListener("close", () => location.reload(), { once: true });
  dialog.showModal();
  text.select();
}
