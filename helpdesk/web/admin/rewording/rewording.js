// The language model: saving what was entered, trying it on a text, and showing what was held against its words.

import { byId, fieldOf, find, make } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, confirmed, openPage } from "../page.js";

/** @typedef {{ fault: string, found: string }} Objection */
/**
 * @typedef {{ ending: string, seconds: number, reason: string | null, sent: string[], theirs: string | null, objections: Objection[] }}
 *   Trial what was sent, what came back, and what was held against it
 */

/** @type {Record<string, string>} */
const LOOKS = { used: "ok", refused: "warn", late: "warn", broken: "danger" };
const SWITCHES = ["answers", "summaries", "own_network"];

const page = openPage();
const form = byId("service", HTMLFormElement);
const trial = byId("try", HTMLFormElement);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [url, model, key] = ["url", "model", "key"].map((name) => textOf(form, name));
  const switches = Object.fromEntries(SWITCHES.map((name) => [name, fieldOf(form, name).checked]));
  const turnsOn = (switches.answers || switches.summaries) && !form.dataset.on;
  if (turnsOn && !(await confirmed(form.dataset.sure?.replace("{url}", url)))) return;
  await run(find(form, "button", HTMLButtonElement), "service-problem", async () => {
    await page.calls.post("/admin/api/rewording", { url, model, key, ...switches });
    location.reload();
  });
});

const remove = document.getElementById("remove");
if (remove instanceof HTMLButtonElement)
  remove.addEventListener("click", async () => {
    if (!(await confirmed(remove.dataset.sure))) return;
    await run(remove, "service-problem", async () => {
      await page.calls.post("/admin/api/rewording/remove");
      location.reload();
    });
  });

trial.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = find(trial, "button", HTMLButtonElement);
  const label = button.textContent;
  const body = { question: textOf(trial, "question"), text: textOf(trial, "text"), language: trial.dataset.language };
  button.textContent = say("rewording_trying");
  await run(button, "try-problem", async () => draw(await page.calls.post("/admin/api/rewording/try", body)));
  button.textContent = label;
});

/**
 * What stands in a field; "" when the form has no such field for this installation.
 * @param {HTMLFormElement} of
 * @param {string} name
 */
const textOf = (of, name) => String(new FormData(of).get(name) ?? "");

/**
 * Do `work` while `button` rests; what goes wrong is shown in the notice `problem`.
 * @param {HTMLButtonElement} button
 * @param {string} problem
 * @param {() => Promise<void>} work
 */
const run = (button, problem, work) => attempt({ buttons: [button], notice: byId(problem) }, work);

/** @param {Trial} found */
function draw({ ending, seconds, reason, sent, theirs, objections }) {
  const took = say("rewording_took", { seconds: String(seconds).replace(".", say("rewording_point")) });
  byId("ending").className = `badge ${LOOKS[ending]}`;
  byId("ending").textContent = say(`rewording_ending_${ending}`);
  byId("took").textContent = [took, reason].filter(Boolean).join(" · ");
  byId("sent").textContent = sent.join("\n\n");
  byId("theirs").textContent = theirs || "–";
  byId("objections").replaceChildren(...objections.map(drawObjection));
  byId("objections-row").hidden = !objections.length;
  byId("result").hidden = false;
  byId("result-title").focus();
}

/** @param {Objection} objection */
function drawObjection({ fault, found }) {
  return make("li", {}, make("span", { class: "badge warn" }, say(`rewording_fault_${fault}`)), " ", found);
}
