// Trying a question: what the bot would do with it right now.

import { sentenceOf } from "../../shared/calls.js";
import { byId, fieldOf, find, make } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { openPage } from "../page.js";

/** @typedef {{ article: string, question: string, confidence: number }} Candidate */
/** @typedef {{ outcome: string, candidates: Candidate[], answer: string, short: string }} Found `answer`, and what of it comes first, are safe HTML */

const page = openPage();
const form = byId("ask", HTMLFormElement);
const result = byId("ask-result");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = find(form, "button", HTMLButtonElement);
  button.disabled = true;
  try {
    draw(await page.calls.post("/admin/api/ask", { text: fieldOf(form, "text").value }));
  } catch (error) {
    result.textContent = sentenceOf(error);
  }
  button.disabled = false;
});

/** @param {Found} found */
function draw({ outcome, candidates, answer, short }) {
  result.replaceChildren(
    make("p", { class: `outcome ${outcome}` }, say(`ask_outcome_${outcome}`)),
    ...drawAnswer(answer, short),
    make("ol", { class: "candidates" }, ...candidates.map(drawCandidate)),
  );
}

/**
 * As customers read it: the sentence that the question is about first, the rest behind a fold.
 * @type {(answer: string, short: string) => HTMLElement[]}
 */
function drawAnswer(answer, short) {
  if (!answer) return [];
  const whole = bubble(answer);
  if (!short) return [whole];
  return [bubble(short), make("details", {}, make("summary", {}, say("ask_whole")), whole)];
}

/** @param {string} html made and cleaned by the one sanitiser */
function bubble(html) {
  const shown = make("div", { class: "preview-bubble prose", dir: "auto" });
  shown.innerHTML = html;
  return shown;
}

/** @param {Candidate} candidate */
function drawCandidate({ article, question, confidence }) {
  const certainty = say("ask_certainty", { percent: Math.round(confidence * 100) });
  return make(
    "li",
    {},
    make("a", { href: `/admin/articles/edit/${encodeURIComponent(article)}`, dir: "auto" }, question),
    make("meter", { min: 0, max: 1, value: confidence, "aria-label": certainty }),
    make("span", { class: "hint" }, certainty),
  );
}
