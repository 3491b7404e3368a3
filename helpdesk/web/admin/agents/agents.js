// The people who answer: inviting, links, roles, what they take, closing accounts.

import { post, show, sure } from "../api.js";
import { startWork } from "./work.js";

startWork();

const link = document.getElementById("link");
let reload = false;

document.getElementById("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name, email, role } = event.target.elements;
  await run(async () => {
    const made = await post("/admin/api/agents", { name: name.value, email: email.value, role: role.value });
    hand(name.value, made.link);
  });
});

for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => act(button));

async function act(button) {
  const { agent, name } = button.closest("tr").dataset;
  const verb = button.dataset.do;
  if (button.dataset.sure && !(await sure(button.dataset.sure))) return;
  await run(async () => {
    const body = verb === "role" ? { role: button.dataset.role } : {};
    const answer = await post(`/admin/api/agents/${agent}/${verb}`, body);
    if (answer.link) hand(name, answer.link);
    else location.reload();
  });
}

async function run(work) {
  show("agents-problem", null);
  try {
    await work();
  } catch (error) {
    show("agents-problem", error.message);
    document.getElementById("agents-problem").scrollIntoView({ block: "nearest" });
  }
}

/** Show a link: the only time it can be seen. */
function hand(name, address) {
  const title = document.getElementById("link-title");
  title.textContent = title.dataset.text.replace("{name}", name);
  document.getElementById("link-text").value = address;
  reload = true;
  link.showModal();
  document.getElementById("link-text").select();
}

link.addEventListener("close", () => {
  if (reload) location.reload();
});
document.getElementById("copy").addEventListener("click", async (event) => {
  const field = document.getElementById("link-text");
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
  }
  event.target.textContent = event.target.dataset.done;
});
