// The channels: connecting with pasted keys, checking, disconnecting; what was found is listed step by step.

import { byId, find, findAll, make } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, confirmed, listenToCopy, openPage, tellTrouble } from "../page.js";

/** @typedef {{ level: string, name: string, found: string, remedy?: string }} Finding */
/** @typedef {{ connected?: boolean, findings?: Finding[] }} Checked */

/** @type {Record<string, string | undefined>} */
const LOOKS = { ok: "ok", note: "warn" };

const page = openPage();
const notice = byId("channels-problem");

for (const form of findAll(document, "[data-connect]", HTMLFormElement))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const secrets = Object.fromEntries(new FormData(form));
    run(find(form, "button", HTMLButtonElement), "channels_connecting", async () => {
      /** @type {Checked} */
      const answer = await page.calls.post(`/admin/api/channels/${form.dataset.connect}`, { secrets });
      if (answer.connected) form.reset();
      list(answer.findings ?? []);
    });
  });
for (const button of findAll(document, "[data-do]", HTMLButtonElement))
  button.addEventListener("click", () => act(button));
for (const button of findAll(document, "[data-mail]", HTMLButtonElement))
  button.addEventListener("click", () => tryMail(button));
for (const button of findAll(document, "[data-answer]", HTMLButtonElement))
  button.addEventListener("click", () => answerAside(button));
listenToCopy(/** @type {HTMLTextAreaElement} */ (byId("manifest")));

/** @param {HTMLButtonElement} button */
function tryMail(button) {
  const verb = button.dataset.mail;
  return run(button, verb === "test" ? "channels_sending" : "channels_checking", async () => {
    /** @type {Checked} */
    const answer = await page.calls.post(`/admin/api/mail/${verb}`);
    list(answer.findings ?? []);
  });
}

/** @param {HTMLButtonElement} button */
async function answerAside(button) {
  await run(button, "channels_opening", async () => {
    /** @type {{ conversation: string }} */
    const { conversation } = await page.calls.post(`/admin/api/mail/aside/${button.closest("tr")?.dataset.aside}/open`);
    location.assign(`/desk?conversation=${conversation}`);
  });
}

/** @param {HTMLButtonElement} button */
async function act(button) {
  const { channel, account } = button.closest("tr")?.dataset ?? {};
  const { do: verb, sure } = button.dataset;
  if (!(await confirmed(sure))) return;
  await run(button, "channels_checking", async () => {
    /** @type {Checked} */
    const answer = await page.calls.post(`/admin/api/channels/${channel}/${account}/${verb}`);
    if (answer.findings) list(answer.findings);
    else location.reload();
  });
}

/**
 * Do `work` while `button` says what is being waited for.
 * @param {HTMLButtonElement} button
 * @param {string} waiting
 * @param {() => Promise<void>} work
 */
async function run(button, waiting, work) {
  const label = button.textContent;
  button.textContent = say(waiting);
  await attempt({ buttons: [button], notice, onTrouble: (error) => tellTrouble(notice, error) }, work);
  button.textContent = label;
}

/** @param {Finding[]} findings */
function list(findings) {
  byId("findings").replaceChildren(...findings.map(drawFinding));
  byId("result").hidden = false;
  byId("result-title").focus();
}

/** @param {Finding} finding */
function drawFinding({ level, name, found, remedy }) {
  const badge = make("span", { class: `badge ${LOOKS[level] ?? "danger"}` }, say(`channels_${level}`));
  return make("li", {}, badge, " ", make("strong", {}, name), `: ${found}`, remedy ? ` – ${remedy}` : "");
}
