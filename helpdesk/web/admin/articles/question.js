// Trying a question: what the bot would do with it right now.

import { post, say } from "../api.js";

const form = document.getElementById("ask");
const result = document.getElementById("ask-result");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    draw(await post("/admin/api/ask", { text: form.elements.text.value }));
  } catch (error) {
    result.textContent = error.message;
  }
  button.disabled = false;
});

function draw(found) {
  const outcome = document.createElement("p");
  outcome.className = `outcome ${found.outcome}`;
  outcome.textContent = say(`ask_outcome_${found.outcome}`);
  const list = document.createElement("ol");
  list.className = "candidates";
  for (const candidate of found.candidates) list.append(drawCandidate(candidate));
  result.replaceChildren(outcome, list);
}

function drawCandidate(candidate) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const meter = document.createElement("meter");
  const certainty = document.createElement("span");
  link.href = `/admin/articles/edit/${encodeURIComponent(candidate.article)}`;
  link.textContent = candidate.question;
  link.dir = "auto";
  meter.min = 0;
  meter.max = 1;
  meter.value = candidate.confidence;
  certainty.className = "hint";
  certainty.textContent = say("ask_certainty", { percent: Math.round(candidate.confidence * 100) });
  meter.setAttribute("aria-label", certainty.textContent);
  item.append(link, meter, certainty);
  return item;
}
