// The versions of an article: one click publishes an earlier one again.

import { byId, within } from "../../shared/elements.js";
import { attempt, confirmed, openPage, tellNext } from "../page.js";

const page = openPage();
const form = byId("versions", HTMLFormElement);
const notice = byId("history-problem");

form.addEventListener("click", async (event) => {
  const button = within(event, "[data-to]");
  if (!(button instanceof HTMLButtonElement) || !(await confirmed(button.dataset.sure))) return;
  const key = encodeURIComponent(form.dataset.key ?? "");
  const body = { version: Number(form.dataset.version), to: Number(button.dataset.to) };
  await attempt({ buttons: [button], notice }, async () => {
    await page.calls.post(`/admin/api/articles/${key}/rollback`, body);
    tellNext("article_rolled_back");
    location.assign(`/admin/articles/edit/${key}`);
  });
});
