// What agents may offer: added, changed and removed; after each the page shows what is stored.

import { fieldOf, find, findAll } from "../../shared/elements.js";
import { attempt, confirmed, openPage } from "../page.js";

const CATALOGS = ["de", "de@informal", "en"];
const page = openPage();

for (const form of findAll(document, "form[data-allowance]", HTMLFormElement)) listen(form);

/** @param {HTMLFormElement} form */
function listen(form) {
  const id = form.dataset.allowance;
  const path = `/admin/api/allowances/${id === "new" ? "new" : `${id}/save`}`;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change(form, path, entered(form));
  });
  const remove = form.querySelector("[data-remove]");
  if (remove instanceof HTMLButtonElement)
    remove.addEventListener("click", async () => {
      if (await confirmed(remove.dataset.sure)) change(form, `/admin/api/allowances/${id}/remove`, {});
    });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} path
 * @param {object} body
 */
async function change(form, path, body) {
  const around = { buttons: findAll(form, "button", HTMLButtonElement), notice: find(form, ".notice") };
  await attempt(around, async () => {
    await page.calls.post(path, body);
    location.reload();
  });
}

/** @param {HTMLFormElement} form */
function entered(form) {
  const given = new FormData(form);
  const texts = Object.fromEntries(CATALOGS.map((name) => [name, String(given.get(name) ?? "")]));
  return {
    name: String(given.get("name")),
    topic: String(given.get("topic")),
    texts,
    is_on: fieldOf(form, "is_on").checked,
  };
}
