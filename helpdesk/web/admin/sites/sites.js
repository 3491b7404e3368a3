// The list of web sites: entering one, and how far those are that are being read.

import { byId, fieldOf, find, findAll, notify } from "../../shared/elements.js";
import { attempt, openPage } from "../page.js";

/** @import { SiteFacts } from "./types.js" */

const PAUSE_MS = 1_500;

const page = openPage();
const form = byId("add", HTMLFormElement);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const around = { buttons: [find(form, "button", HTMLButtonElement)], notice: byId("add-problem") };
  attempt(around, async () => {
    const body = {
      address: fieldOf(form, "address", HTMLTextAreaElement).value,
      language: fieldOf(form, "language", HTMLSelectElement).value,
    };
    /** @type {{ id: string }} */
    const { id } = await page.calls.post("/admin/api/sites/new", body);
    location.assign(`/admin/sites/${id}`);
  });
});

/** Look again as long as one of them is being read. */
async function watch() {
  if (!document.querySelector("tr[data-busy=yes]")) return;
  try {
    /** @type {{ sites: SiteFacts[] }} */
    const { sites } = await page.calls.get("/admin/api/sites");
    for (const row of findAll(document, "tr[data-id]")) {
      const facts = sites.find(({ id }) => id === row.dataset.id);
      if (facts) draw(row, facts);
    }
  } catch {
    // the next look may go better
  }
  setTimeout(watch, PAUSE_MS);
}

/**
 * @param {HTMLElement} row
 * @param {SiteFacts} facts
 */
function draw(row, { busy, sentence, problem }) {
  row.dataset.busy = busy ? "yes" : "no";
  find(row, "[data-sentence]").textContent = sentence;
  notify(find(row, "[data-problem]"), problem);
}

watch();
