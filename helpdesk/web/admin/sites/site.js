// One web site: how far its reading is, what was found, and bringing that in.

import { byId, fieldOf, find, findAll, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, confirmed, openPage } from "../page.js";
import { asLocal } from "../times.js";

/** @import { SiteFacts, SitePlan } from "./types.js" */

const PAUSE_MS = 1_000;

const page = openPage();
const site = byId("site");
const switches = byId("switches", HTMLFormElement);
const again = byId("again", HTMLButtonElement);
const problem = byId("problem");
const plan = byId("plan");
const done = byId("done");
const api = `/admin/api/sites/${site.dataset.id}`;
/** What the admin has looked at. */
let revision = "";

again.addEventListener("click", () =>
  attempt({ buttons: [again], notice: problem }, async () => {
    plan.hidden = done.hidden = true;
    /** @type {SiteFacts} */
    const facts = await page.calls.post(`${api}/read`);
    draw(facts);
    watch();
  }),
);
byId("stop").addEventListener("click", () =>
  attempt({ notice: problem }, async () => {
    /** @type {SiteFacts} */
    const facts = await page.calls.post(`${api}/stop`);
    draw(facts);
  }),
);
const remove = byId("remove", HTMLButtonElement);
remove.addEventListener("click", async () => {
  if (!(await confirmed(remove.dataset.sure))) return;
  await attempt({ buttons: [remove], notice: problem }, async () => {
    await page.calls.post(`${api}/remove`);
    location.assign("/admin/sites");
  });
});
switches.addEventListener("change", () => {
  const [nightly, publishes] = [fieldOf(switches, "nightly"), fieldOf(switches, "publishes")];
  if (!nightly.checked) publishes.checked = false;
  publishes.disabled = !nightly.checked;
  attempt({ notice: problem }, async () => {
    await page.calls.post(`${api}/switches`, { nightly: nightly.checked, publishes: publishes.checked });
    byId("switched").textContent = say("sites_switched");
  });
});
for (const [id, drafts] of /** @type {const} */ ([
  ["publish", false],
  ["drafts", true],
]))
  byId(id).addEventListener("click", () => bringIn(drafts));

/** Look again as long as it is being read; then at what was found. */
async function watch() {
  while (site.dataset.busy === "yes") {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    try {
      draw(await page.calls.get(api));
    } catch {
      // the next look may go better
    }
  }
  if (site.dataset.read === "yes") await showPlan();
}

/** @param {SiteFacts} facts */
function draw({ busy, sentence, problem: trouble, read, known, when }) {
  site.dataset.busy = busy ? "yes" : "no";
  byId("progress").hidden = !busy;
  again.hidden = busy;
  byId("sentence").textContent = sentence;
  notify(problem, trouble);
  const bar = find(byId("progress"), "progress", HTMLProgressElement);
  if (known) {
    bar.max = known;
    bar.value = read;
  } else bar.removeAttribute("value");
  if (!when) return;
  site.dataset.read = "yes";
  byId("when").hidden = false;
  find(byId("when"), "time", HTMLTimeElement).textContent = asLocal(when);
}

async function showPlan() {
  await attempt({ notice: problem }, async () => {
    /** @type {SitePlan} */
    const seen = await page.calls.get(`${api}/plan`);
    revision = seen.revision;
    byId("plan-shown").innerHTML = seen.html; // made and escaped by our own templates
    byId("plan-actions").hidden = !(seen.counts.new + seen.counts.changed);
    plan.hidden = false;
  });
}

/** @param {boolean} drafts only kept as drafts */
async function bringIn(drafts) {
  const buttons = findAll(byId("plan-actions"), "button", HTMLButtonElement);
  await attempt({ buttons, notice: byId("plan-problem") }, async () => {
    const boxes = findAll(plan, "[data-wanted]", HTMLInputElement);
    const without = boxes.filter((box) => !box.checked).map((box) => box.value);
    /** @type {{ html: string }} */
    const { html } = await page.calls.post(`${api}/import`, { revision, drafts, without });
    byId("done-shown").innerHTML = html; // made and escaped by our own templates
    byId("try").hidden = drafts;
    done.hidden = false;
    await showPlan();
    done.focus();
  });
}

watch();
