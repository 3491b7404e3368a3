// The channels: connecting with pasted keys, checking, disconnecting; what was found is listed step by step.

import { post, say, show, sure } from "../api.js";

for (const form of document.querySelectorAll("[data-connect]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const secrets = Object.fromEntries(new FormData(form));
    await run(form.querySelector("button"), say("channels_connecting"), async () => {
      const answer = await post(`/admin/api/channels/${form.dataset.connect}`, { secrets });
      if (answer.connected) form.reset();
      list(answer.findings);
    });
  });
}

for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => act(button));

async function act(button) {
  const { channel, account } = button.closest("tr").dataset;
  if (button.dataset.sure && !(await sure(button.dataset.sure))) return;
  await run(button, say("channels_checking"), async () => {
    const answer = await post(`/admin/api/channels/${channel}/${account}/${button.dataset.do}`);
    if (answer.findings) list(answer.findings);
    else location.reload();
  });
}

/** Do `work` while `button` says what is being waited for. */
async function run(button, waiting, work) {
  const label = button.textContent;
  show("channels-problem", null);
  button.disabled = true;
  button.textContent = waiting;
  try {
    await work();
  } catch (error) {
    show("channels-problem", error.message);
    document.getElementById("channels-problem").scrollIntoView({ block: "nearest" });
  } finally {
    button.disabled = false;
    button.textContent = label;
  }
}

function list(findings) {
  document.getElementById("findings").replaceChildren(...findings.map(line));
  document.getElementById("result").hidden = false;
  document.getElementById("result-title").focus();
}

function line(finding) {
  const item = document.createElement("li");
  const badge = document.createElement("span");
  const name = document.createElement("strong");
  badge.className = `badge ${{ ok: "ok", note: "warn" }[finding.level] ?? "danger"}`;
  badge.textContent = say(`channels_${finding.level}`);
  name.textContent = finding.name;
  item.append(badge, " ", name, `: ${finding.found}`, finding.remedy ? ` – ${finding.remedy}` : "");
  return item;
}

document.getElementById("copy").addEventListener("click", async (event) => {
  const field = document.getElementById("manifest");
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
  }
  event.target.textContent = event.target.dataset.done;
});
