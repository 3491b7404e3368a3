// What work teaches: tried on real questions, line by line as they are done, and what was kept.

import { byId, fieldOf, find, make, notify } from "../../shared/elements.js";
import { say, sayCount } from "../../shared/words.js";
import { attempt, openPage } from "../page.js";
import { LongRun } from "../progress.js";

/** @import { Progress } from "../progress.js" */

/** @typedef {{ article: string, question: string, text: string, language: string }} Phrasing */
/** @typedef {{ kept: Phrasing[], harmful: Phrasing[], left: Phrasing[], asked: number, changed: number,
 *   changes: Phrasing[] }} Trial `changes` are questions of customers, with the article that they would get */

const page = openPage();
const nightly = byId("nightly", HTMLFormElement);
const form = document.getElementById("learn");

if (form instanceof HTMLFormElement) listen(form);
nightly.addEventListener("change", () =>
  attempt({ notice: byId("switched") }, async () => {
    await page.calls.post("/admin/api/learning/nightly", { nightly: fieldOf(nightly, "nightly").checked });
    notify(byId("switched"), say("learning_switched"));
  }),
);

/** @param {HTMLFormElement} form is there only if there is something to try */
function listen(form) {
  /** @type {LongRun<Trial>} */
  const run = new LongRun(
    page.calls,
    {
      start: find(form, "button.primary", HTMLButtonElement),
      stop: "stop",
      bar: "learn-progress",
      result: "learn-result",
      problem: "learn-problem",
    },
    { stopped: say("learning_stopped"), isCounted: ({ stage }) => stage === "asking", tell: tellProgress },
    (trial) => byId("learn-result").replaceChildren(...drawTrial(trial)),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run.run("/admin/api/learning", { days: Number(form.dataset.days) });
  });
}

/** @param {Progress} progress */
function tellProgress({ stage, done, total }) {
  if (stage === "asking") return sayCount("learning_asking", total, { done });
  return say(stage === "waiting" ? "learning_waiting" : "learning_learning");
}

/** @param {Trial} trial */
function drawTrial({ kept, harmful, left, changed, changes }) {
  const sentence = kept.length ? sayCount("learning_kept", kept.length) : say("learning_none");
  return [
    make("p", { class: "notice" }, sentence),
    drawPhrasings(kept),
    ...drawLeftOut(sayCount("learning_changed", changed), changes),
    ...drawLeftOut(sayCount("learning_harmful", harmful.length), harmful),
    ...drawLeftOut(sayCount("learning_left", left.length), left),
  ];
}

/**
 * @param {string} sentence
 * @param {Phrasing[]} phrasings
 */
function drawLeftOut(sentence, phrasings) {
  return phrasings.length ? [make("p", {}, sentence), drawPhrasings(phrasings)] : [];
}

/** @param {Phrasing[]} phrasings */
function drawPhrasings(phrasings) {
  const items = phrasings.map(({ article, question, text, language }) => {
    const link = make("a", { href: `/admin/articles/edit/${encodeURIComponent(article)}`, dir: "auto" }, question);
    return make("li", {}, make("span", { lang: language, dir: "auto" }, text), " → ", link);
  });
  return make("ul", { class: "said" }, ...items);
}
