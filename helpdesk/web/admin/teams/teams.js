// The list of teams: bringing archived ones back.

import { post, show } from "../api.js";

for (const button of document.querySelectorAll("[data-restore]")) {
  button.addEventListener("click", async () => {
    show("teams-problem", null);
    try {
      await post(`/admin/api/teams/${button.dataset.restore}/restore`, { version: Number(button.dataset.version) });
      location.reload();
    } catch (error) {
      show("teams-problem", error.message);
    }
  });
}
