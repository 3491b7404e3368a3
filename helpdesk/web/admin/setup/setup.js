// Setting up: the line for the web site is copied, a step that the address names is opened, and a slow button says so.

import { byId } from "../../shared/elements.js";
import { listenToCopy } from "../page.js";

listenToCopy(byId("snippet", HTMLTextAreaElement));

const wanted = document.getElementById(location.hash.slice(1))?.querySelector("details");
if (wanted instanceof HTMLDetailsElement) wanted.open = true;

const form = document.getElementById("sample-form");
form?.addEventListener("submit", () => {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  button.textContent = button.dataset.busy ?? "";
  button.disabled = true;
});
