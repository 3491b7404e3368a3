// Trying the translation service on a text.

import { byId, findAll } from "../../shared/elements.js";
import { attempt, openPage } from "../page.js";

const page = openPage();
const form = byId("try", HTMLFormElement);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(form);
  byId("result").textContent = "";
  await attempt({ buttons: findAll(form, "button", HTMLButtonElement), notice: byId("problem") }, async () => {
    const body = { text: String(given.get("text")), target: String(given.get("target")) };
    /** @type {{ text: string, seconds: number }} */
    const { text, seconds } = await page.calls.post("/admin/api/translation/try", body);
    byId("result").textContent = `${text} (${seconds} s)`;
  });
});
