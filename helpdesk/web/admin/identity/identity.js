// The keys of sign-ins: one is made and shown once, another is retired.

import { byId, findAll } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, confirmed, openPage } from "../page.js";

const page = openPage();
const made = byId("made", HTMLDialogElement);
const secret = byId("secret", HTMLInputElement);
const problem = byId("keys-problem");
const add = byId("add", HTMLButtonElement);
const copy = byId("copy", HTMLButtonElement);

add.addEventListener("click", () =>
  attempt({ buttons: [add], notice: problem }, async () => {
    const key = await page.calls.post("/admin/api/identity/keys");
    secret.value = key.secret;
    made.showModal();
    secret.select();
  }),
);

copy.addEventListener("click", async () => {
  secret.select();
  await navigator.clipboard.writeText(secret.value);
  copy.textContent = say("identity_copied");
});

made.addEventListener("close", () => {
  secret.value = "";
  location.reload();
});

for (const button of findAll(document, "[data-retire]"))
  button.addEventListener("click", async () => {
    if (!(await confirmed(button.dataset.sure))) return;
    await attempt({ buttons: [/** @type {HTMLButtonElement} */ (button)], notice: problem }, async () => {
      await page.calls.post(`/admin/api/identity/keys/${button.dataset.retire}/retire`);
      location.reload();
    });
  });
