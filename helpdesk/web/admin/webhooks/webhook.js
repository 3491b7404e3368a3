// One webhook: what was entered, the secret that is shown once, a test, and the log with "send again".

import { byId, findAll, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, confirmed, listenToCopy, openPage } from "../page.js";

/** @typedef {{ status: number | null, reason: string, taken: boolean }} WebhookTrial how a test ended */

const page = openPage();
const form = byId("webhook", HTMLFormElement);
const id = form.dataset.id;
const api = `/admin/api/webhooks/${id || "new"}`;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  notify(byId("webhook-done"), null);
  attempt({ buttons: [byId("save", HTMLButtonElement)], notice: byId("webhook-problem") }, async () => {
    /** @type {{ id: string, secret: string }} */
    const saved = await page.calls.post(id ? `${api}/save` : api, entered());
    if (id) byId("webhook-done").hidden = false;
    else showSecret(saved.secret, saved.id);
  });
});
listenToCopy(byId("secret", HTMLInputElement));
if (id) listenToButtons(id);

function entered() {
  const given = new FormData(form);
  return {
    name: String(given.get("name")),
    address: String(given.get("address")),
    kinds: given.getAll("kinds").map(String),
    with_text: given.has("with_text"),
  };
}

/**
 * @param {string} secret
 * @param {string} of
 */
function showSecret(secret, of) {
  byId("secret", HTMLInputElement).value = secret;
  byId("go-on", HTMLAnchorElement).href = `/admin/webhooks/${of}`;
  byId("secret-part").hidden = false;
  form.hidden = !id;
  byId("secret-title").focus();
}

/** @param {string} known */
function listenToButtons(known) {
  const toggle = byId("switch", HTMLButtonElement);
  const renew = byId("renew", HTMLButtonElement);
  const remove = byId("remove", HTMLButtonElement);
  listen(toggle, "state-problem", async () => {
    await page.calls.post(`${api}/switch`, { is_on: !toggle.dataset.on });
    location.reload();
  });
  listen(byId("test", HTMLButtonElement), "state-problem", async () => drawTrial(await page.calls.post(`${api}/test`)));
  listen(renew, "webhook-problem", async () => {
    const { secret } = await page.calls.post(`${api}/secret`);
    showSecret(secret, known);
  });
  listen(remove, "webhook-problem", async () => {
    await page.calls.post(`${api}/remove`);
    location.assign("/admin/webhooks");
  });
  for (const button of findAll(document.body, "[data-again]", HTMLButtonElement))
    listen(button, "log-problem", async () => {
      await page.calls.post(`${api}/again`, { delivery: Number(button.dataset.again) });
      location.reload();
    });
}

/**
 * Do `work` at a click, after a yes to the button's question if it has one.
 * @param {HTMLButtonElement} button
 * @param {string} notice where it is said what went wrong
 * @param {() => Promise<void>} work
 */
function listen(button, notice, work) {
  button.addEventListener("click", async () => {
    if (await confirmed(button.dataset.sure)) await attempt({ buttons: [button], notice: byId(notice) }, work);
  });
}

/** @param {WebhookTrial} trial */
function drawTrial({ status, reason, taken }) {
  const told = byId("tested");
  const key = taken ? "webhook_test_taken" : "webhook_test_refused";
  told.className = taken ? "notice" : "notice warn";
  notify(told, reason ? say(`webhook_reason_${reason}`) : say(key, { status: String(status) }));
}
