// Tags: renamed, coloured, taken away.

import { byId, fieldOf, find, findAll } from "../../shared/elements.js";
import { attempt, confirmed, openPage } from "../page.js";

const page = openPage();
const notice = byId("problem");

for (const form of findAll(document, ".tag-form", HTMLFormElement)) {
  const api = `/admin/api/tags/${form.dataset.id}`;
  const remove = find(form, "[data-remove]", HTMLButtonElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt({ buttons: [find(form, "button", HTMLButtonElement)], notice }, async () => {
      const [name, color] = [fieldOf(form, "name").value, fieldOf(form, "color", HTMLSelectElement).value];
      await page.calls.post(`${api}/save`, { name, color });
      location.reload();
    });
  });
  remove.addEventListener("click", async () => {
    if (!(await confirmed(remove.dataset.sure))) return;
    await attempt({ buttons: [remove], notice }, async () => {
      await page.calls.post(`${api}/remove`);
      location.reload();
    });
  });
}
