// Hands the conversation that a customer has come back to over to the web chat of this browser, and opens it.

import { createMemory } from "./widget/memory.js";

const memory = createMemory({ server: `${location.host}/`, account: "" });
const arrived = document.getElementById("arrived");
if (arrived) {
  memory.keepToken(arrived.dataset.visitor ?? "");
  memory.keepOpen(true);
  const chat = document.createElement("script");
  chat.src = "/webchat.js";
  chat.dataset.language = arrived.dataset.language;
  document.head.append(chat);
} else {
  const visitor = /** @type {HTMLInputElement} */ (document.getElementById("visitor"));
  visitor.value = memory.token() ?? "";
}
