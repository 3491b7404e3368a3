// One look-up: what was entered, trying it with real values, switching it on.

import { byId, find, findAll, make, notify, within } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, confirmed, openPage } from "../page.js";

/** @import { LookupForm, LookupTrial } from "./types.js" */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

const LOOKS = { found: "badge ok", not_found: "badge warn", unreachable: "badge danger" };
const ROWS = ["asked", "shown"];

const page = openPage();
const form = byId("lookup", HTMLFormElement);
const id = form.dataset.id;
const api = `/admin/api/lookups/${id || "new"}`;

/** @type {LookupForm} */
const known = JSON.parse(byId("form").textContent ?? "null") ?? {};
fill(form, known);
for (const name of ROWS) {
  const rows = /** @type {LookupForm[]} */ (known[name] ?? [{}]);
  for (const row of rows) addRow(name, row);
}

form.addEventListener("click", (event) => {
  const add = within(event, "[data-add]")?.dataset.add;
  if (add) find(addRow(add, {}), "input").focus();
  else if (within(event, "[data-remove]")) within(event, ".lookup-row")?.remove();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  notify(byId("lookup-done"), null);
  attempt({ buttons: [byId("save", HTMLButtonElement)], notice: byId("lookup-problem") }, async () => {
    /** @type {{ id: string }} */
    const saved = await page.calls.post(id ? `${api}/save` : api, entered());
    if (!id) location.assign(`/admin/lookups/${saved.id}`);
    else location.reload();
  });
});
if (id) listenToTrial();

function listenToTrial() {
  const trial = byId("try", HTMLFormElement);
  const remove = byId("remove", HTMLButtonElement);
  const toggle = byId("switch", HTMLButtonElement);
  trial.addEventListener("submit", (event) => {
    event.preventDefault();
    const inputs = findAll(trial, "[data-value]", HTMLInputElement);
    const values = Object.fromEntries(inputs.map((input) => [input.dataset.value, input.value]));
    attempt({ buttons: [find(trial, "button", HTMLButtonElement)], notice: byId("try-problem") }, async () =>
      drawTrial(await page.calls.post(`${api}/try`, { values, language: trial.dataset.language })),
    );
  });
  toggle.addEventListener("click", () =>
    attempt({ buttons: [toggle], notice: byId("switch-problem") }, async () => {
      await page.calls.post(`${api}/switch`, { is_on: !toggle.dataset.on });
      location.reload();
    }),
  );
  remove.addEventListener("click", async () => {
    if (!(await confirmed(remove.dataset.sure))) return;
    await attempt({ buttons: [remove], notice: byId("lookup-problem") }, async () => {
      await page.calls.post(`${api}/remove`);
      location.assign("/admin/lookups");
    });
  });
}

/** What the form holds, as the server takes it. */
function entered() {
  const rows = ROWS.map((name) => [name, findAll(byId(name), ".lookup-row").map(readFields)]);
  return { ...readFields(form), ...Object.fromEntries(rows) };
}

/**
 * The fields of a form or of a row, not those of rows inside it.
 * @param {HTMLElement} of
 * @returns {LookupForm}
 */
function readFields(of) {
  const single = own(of, "[data-field]").map((field) => [field.dataset.field, entryOf(/** @type {Field} */ (field))]);
  const both = own(of, "[data-both]").map((pair) => [pair.dataset.both, readBoth(pair)]);
  return Object.fromEntries([...single, ...both]);
}

/** @param {HTMLElement} pair */
const readBoth = (pair) =>
  Object.fromEntries(findAll(pair, "textarea", HTMLTextAreaElement).map((text) => [text.dataset.language, text.value]));

/**
 * @param {HTMLElement} of
 * @param {LookupForm} values
 */
function fill(of, values) {
  for (const field of own(of, "[data-field]")) {
    const value = values[field.dataset.field ?? ""];
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === true;
    else if (value !== undefined) /** @type {Field} */ (field).value = String(value);
  }
  for (const pair of own(of, "[data-both]")) {
    const words = /** @type {Record<string, string>} */ (values[pair.dataset.both ?? ""] ?? {});
    for (const text of findAll(pair, "textarea", HTMLTextAreaElement))
      text.value = words[text.dataset.language ?? ""] ?? "";
  }
}

/**
 * @param {HTMLElement} of
 * @param {string} selector
 */
function own(of, selector) {
  const row = of.closest(".lookup-row");
  return findAll(of, selector).filter((element) => element.closest(".lookup-row") === row);
}

/** @param {Field} field */
const entryOf = (field) =>
  field instanceof HTMLInputElement && field.type === "checkbox" ? field.checked : field.value;

/**
 * @param {string} name of the list that gets the row
 * @param {LookupForm} values
 */
function addRow(name, values) {
  const copy = /** @type {DocumentFragment} */ (byId(`${name}-row`, HTMLTemplateElement).content.cloneNode(true));
  const row = /** @type {HTMLElement} */ (copy.firstElementChild);
  byId(name).append(row);
  fill(row, values);
  return row;
}

/** @param {LookupTrial} trial */
function drawTrial({ outcome, status, reason, seconds, sentences, fields }) {
  const took = seconds.toLocaleString(document.documentElement.lang);
  byId("outcome").className = LOOKS[outcome];
  byId("outcome").textContent = say(`lookups_outcome_${outcome}`);
  byId("status").textContent = status
    ? say("lookups_status", { status: String(status), seconds: took })
    : say("lookups_no_status", { seconds: took });
  notify(byId("reason"), reason && sentenceFor(reason));
  byId("said-de").textContent = sentences.de || "–";
  byId("said-en").textContent = sentences.en || "–";
  const rows = fields.map(([path, value]) => make("tr", {}, make("th", { scope: "row" }, path), make("td", {}, value)));
  byId("fields").replaceChildren(...rows);
  byId("result").hidden = false;
  byId("result-title").focus();
}

/** @param {string} reason */
function sentenceFor(reason) {
  const words = JSON.parse(byId("words").textContent ?? "{}");
  const key = `lookups_reason_${reason}`;
  return key in words ? say(key) : say("lookups_reason_other", { reason });
}
