// The versions of an article: one click publishes an earlier one again.

import { post, show, sure } from "../api.js";

const form = document.getElementById("versions");

form.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-to]");
  if (!button || !(await sure(button.dataset.sure))) return;
  show("history-problem", null);
  button.disabled = true;
  try {
    const path = `/admin/api/articles/${encodeURIComponent(form.dataset.key)}/rollback`;
    await post(path, { version: Number(form.dataset.version), to: Number(button.dataset.to) });
    sessionStorage.setItem("staffel.told", "article_rolled_back");
    location.assign(`/admin/articles/edit/${encodeURIComponent(form.dataset.key)}`);
  } catch (error) {
    show("history-problem", error.message);
    button.disabled = false;
  }
});
