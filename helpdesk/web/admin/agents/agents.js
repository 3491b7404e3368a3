// The people who answer: inviting, links, roles, what they take, closing accounts.

import { byId, fieldOf, findAll } from "../../shared/elements.js";
import { attempt, confirmed, listenToCopy, openPage } from "../page.js";
import { RoleDialog } from "./role.js";
import { WorkDialog } from "./work.js";

/** @typedef {{ link?: string, mailed?: boolean }} Linked the answer to an invitation, or to a new password */

const page = openPage();
const notice = byId("agents-problem");
const link = byId("link", HTMLDialogElement);
const linkText = byId("link-text", HTMLInputElement);
const form = byId("add", HTMLFormElement);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = fieldOf(form, "name").value;
  attempt({ notice }, async () => {
    const role = fieldOf(form, "role", RadioNodeList).value;
    /** @type {Linked} */
    const made = await page.calls.post("/admin/api/agents", { name, email: fieldOf(form, "email").value, role });
    byId("link-mailed").hidden = !made.mailed;
    if (made.link) hand(name, made.link);
    else location.reload();
  });
});
for (const button of findAll(document, "[data-do]")) button.addEventListener("click", () => act(button));
listenToCopy(linkText);
new WorkDialog(page).listen();
new RoleDialog(page).listen();

/** @param {HTMLElement} button */
async function act(button) {
  const { agent, name = "" } = button.closest("tr")?.dataset ?? {};
  const { do: verb, sure } = button.dataset;
  if (!(await confirmed(sure))) return;
  await attempt({ notice }, async () => {
    /** @type {Linked} */
    const answer = await page.calls.post(`/admin/api/agents/${agent}/${verb}`, {});
    if (answer.link) hand(name, answer.link);
    else location.reload();
  });
}

/**
 * Show a link: the only time it can be seen.
 * @param {string} name
 * @param {string} address
 */
function hand(name, address) {
  const title = byId("link-title");
  title.textContent = (title.dataset.text ?? "").replace("{name}", name);
  linkText.value = address;
  link.addEventListener("close", () => location.reload(), { once: true });
  link.showModal();
  linkText.select();
}
