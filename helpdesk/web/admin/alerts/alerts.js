// Alerts into the team's chat: saving what was entered, and a test.

import { byId, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, openPage } from "../page.js";

const API = "/admin/api/alerts";
const page = openPage();
const form = document.getElementById("alerts");
if (form instanceof HTMLFormElement) listen(form);

/** @param {HTMLFormElement} of */
function listen(of) {
  const save = byId("save", HTMLButtonElement);
  const test = byId("test", HTMLButtonElement);
  of.addEventListener("submit", (event) => {
    event.preventDefault();
    byId("alerts-saved").hidden = true;
    attempt({ buttons: [save], notice: byId("alerts-problem") }, async () => {
      await page.calls.post(API, entered(of));
      byId("alerts-saved").hidden = false;
    });
  });
  test.addEventListener("click", () => {
    notify(byId("alerts-done"), null);
    if (!of.reportValidity()) return;
    attempt({ buttons: [test], notice: byId("alerts-problem") }, async () => {
      /** @type {{ reason: string }} */
      const { reason } = await page.calls.post(`${API}/test`, entered(of));
      byId("alerts-done").className = reason ? "notice warn" : "notice";
      notify(byId("alerts-done"), reason ? say("alert_not_sent", { reason }) : say("alert_sent"));
    });
  });
}

/** @param {HTMLFormElement} of */
function entered(of) {
  const given = new FormData(of);
  return {
    account: String(given.get("account")),
    chat_id: String(given.get("chat_id")),
    minutes: Number(given.get("minutes")),
    reasons: given.getAll("reasons").map(String),
    with_text: given.has("with_text"),
    is_on: given.has("is_on"),
  };
}
