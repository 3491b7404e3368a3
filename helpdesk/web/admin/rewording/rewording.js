// The language model: saving what was entered, trying it on a text, and showing what was held against its words.

import { post, say, show, sure } from "../api.js";

const form = document.getElementById("service");
const attempt = document.getElementById("try");
const TONES = { used: "ok", refused: "warn", late: "warn", broken: "danger" };

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { url, model, key } = Object.fromEntries(new FormData(form));
  const switches = Object.fromEntries(
    ["answers", "summaries", "own_network"].map((name) => [name, form.elements[name].checked]),
  );
  const turnsOn = (switches.answers || switches.summaries) && !form.dataset.on;
  if (turnsOn && !(await sure(form.dataset.sure.replace("{url}", url)))) return;
  await run(form.querySelector("button"), "service-problem", async () => {
    await post("/admin/api/rewording", { url, model, key: key ?? "", ...switches });
    location.reload();
  });
});

document.getElementById("remove")?.addEventListener("click", async (event) => {
  if (!(await sure(event.target.dataset.sure))) return;
  await run(event.target, "service-problem", async () => {
    await post("/admin/api/rewording/remove");
    location.reload();
  });
});

attempt.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = attempt.querySelector("button");
  const label = button.textContent;
  button.textContent = say("rewording_trying");
  await run(button, "try-problem", async () => {
    const { question, text } = Object.fromEntries(new FormData(attempt));
    draw(await post("/admin/api/rewording/try", { question, text, language: attempt.dataset.language }));
  });
  button.textContent = label;
});

/** Do `work` while `button` rests; what goes wrong is shown in the notice `problem`. */
async function run(button, problem, work) {
  show(problem, null);
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    show(problem, error.message);
  } finally {
    button.disabled = false;
  }
}

function draw(found) {
  const ending = document.getElementById("ending");
  ending.className = `badge ${TONES[found.ending]}`;
  ending.textContent = say(`rewording_ending_${found.ending}`);
  document.getElementById("took").textContent = [
    say("rewording_took", { seconds: String(found.seconds).replace(".", say("rewording_point")) }),
    found.reason,
  ]
    .filter(Boolean)
    .join(" · ");
  document.getElementById("sent").textContent = found.sent.join("\n\n");
  document.getElementById("theirs").textContent = found.theirs || "–";
  document.getElementById("objections").replaceChildren(...found.objections.map(line));
  document.getElementById("objections-row").hidden = !found.objections.length;
  document.getElementById("result").hidden = false;
  document.getElementById("result-title").focus();
}

function line(objection) {
  const item = document.createElement("li");
  const badge = document.createElement("span");
  badge.className = "badge warn";
  badge.textContent = say(`rewording_fault_${objection.fault}`);
  item.append(badge, " ", objection.found);
  return item;
}
