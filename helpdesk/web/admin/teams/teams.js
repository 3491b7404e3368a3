// The list of teams: bringing archived ones back.

import { byId, findAll } from "../../shared/elements.js";
import { attempt, openPage } from "../page.js";

const page = openPage();

for (const button of findAll(document, "[data-restore]", HTMLButtonElement)) {
  const { restore: team, version } = button.dataset;
  button.addEventListener("click", () =>
    attempt({ buttons: [button], notice: byId("teams-problem") }, async () => {
      await page.calls.post(`/admin/api/teams/${team}/restore`, { version: Number(version) });
      location.reload();
    }),
  );
}
