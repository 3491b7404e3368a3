// The list of canned replies: a table is brought in, and what came of it is said.

import { byId, make } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, openPage } from "../page.js";

/** @typedef {{ added: number, changed: number, problems: { row: number, reason: string }[] }} ImportOutcome */

const page = openPage();
const file = byId("file", HTMLInputElement);
const outcome = byId("outcome");
const TOLD = "staffel.replies.told";

showWhatWasTold();
file.addEventListener("change", () => {
  const [table] = file.files ?? [];
  if (!table) return;
  outcome.hidden = true;
  outcome.classList.remove("danger");
  attempt({ notice: byId("problem") }, async () => {
    /** @type {ImportOutcome} */
    const found = await page.calls.send("/admin/api/replies/import", table, "text/csv");
    if (found.problems.length) showProblems(found);
    else {
      sessionStorage.setItem(TOLD, say("replies_imported", { added: found.added, changed: found.changed }));
      location.assign("/admin/replies");
    }
  }).finally(() => {
    file.value = "";
  });
});

function showWhatWasTold() {
  const told = sessionStorage.getItem(TOLD);
  sessionStorage.removeItem(TOLD);
  outcome.hidden = !told;
  outcome.textContent = told ?? "";
}

/** @param {ImportOutcome} found */
function showProblems({ problems }) {
  const rows = problems.map(({ row, reason }) => make("li", {}, say("replies_row", { row, reason })));
  outcome.classList.add("danger");
  outcome.replaceChildren(make("p", {}, say("replies_refused")), make("ul", {}, ...rows));
  outcome.hidden = false;
}
