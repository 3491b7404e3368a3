// Blocked contacts: let in again.

import { byId, findAll } from "../../shared/elements.js";
import { attempt, openPage } from "../page.js";

const page = openPage();
const notice = byId("problem");

for (const button of findAll(document, "[data-unblock]", HTMLButtonElement))
  button.addEventListener("click", () =>
    attempt({ buttons: [button], notice }, async () => {
      await page.calls.post(`/desk/api/conversations/${button.dataset.unblock}/unblock`);
      location.reload();
    }),
  );
