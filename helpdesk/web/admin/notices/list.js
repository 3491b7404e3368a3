// The list of known disturbances: switching one on or off at once.

import { byId, findAll } from "../../shared/elements.js";
import { attempt, openPage } from "../page.js";
import "../times.js";

const page = openPage();

for (const button of findAll(document, "[data-switch]", HTMLButtonElement))
  button.addEventListener("click", () =>
    attempt({ buttons: [button], notice: byId("problem") }, async () => {
      await page.calls.post(`/admin/api/notices/${button.dataset.switch}/switch`, { is_on: !button.dataset.on });
      location.reload();
    }),
  );
