// Trying a draft: one question side by side, and every question of the last days, line by line as they are done.

import { byId, fieldOf, find, make } from "../../shared/elements.js";
import { say, sayCount } from "../../shared/words.js";
import { drawKind, drawVerdict } from "../kinds.js";
import { attempt, openPage } from "../page.js";
import { LongRun } from "../progress.js";

/** @import { Progress } from "../progress.js" */
/** @import { ArticleClash, Change, ChangeKind, Replay, SaidThen, Side, Trial } from "./types.js" */

const OPEN = new Set(["worse", "unclear"]);
const COLUMNS = ["replay_question", "try_now", "try_then", "replay_customers"];

const page = openPage();
const what = byId("what", HTMLFormElement);
const trial = byId("try", HTMLFormElement);
const replay = byId("replay", HTMLFormElement);
const trialResult = byId("try-result");

/** What is tried: the draft, or what else the page offers. */
const chosen = () => String(new FormData(what).get("what") ?? "draft");
const address = (/** @type {string} */ verb) =>
  `/admin/api/articles/${encodeURIComponent(what.dataset.key ?? "")}/${verb}`;

/** @type {LongRun<Replay>} */
const run = new LongRun(
  page.calls,
  {
    start: find(replay, "button.primary", HTMLButtonElement),
    stop: "stop",
    bar: "replay-progress",
    result: "replay-result",
    problem: "replay-problem",
  },
  { stopped: say("replay_stopped"), isCounted: ({ stage }) => stage === "asking", tell: tellProgress },
  (result) => byId("replay-result").replaceChildren(...drawReplay(result)),
);

trial.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = { text: fieldOf(trial, "text").value, what: chosen() };
  trialResult.replaceChildren(make("p", { class: "hint" }, say("try_learning")));
  const around = { buttons: [find(trial, "button", HTMLButtonElement)], notice: byId("try-problem") };
  const isDone = await attempt(around, async () => {
    /** @type {Trial} */
    const found = await page.calls.post(address("try"), body);
    trialResult.replaceChildren(...drawTrial(found));
  });
  if (!isDone) trialResult.replaceChildren();
});
replay.addEventListener("submit", (event) => {
  event.preventDefault();
  run.run(address("replay"), { days: Number(fieldOf(replay, "days", HTMLSelectElement).value), what: chosen() });
});
what.addEventListener("change", () => {
  run.stop();
  for (const box of [trialResult, byId("replay-result")]) box.replaceChildren();
});

/** @param {Progress} progress */
function tellProgress(progress) {
  if (progress.stage === "asking") return sayCount("replay_asking", progress.total, { ...progress });
  return say(progress.stage === "waiting" ? "replay_waiting" : "try_learning");
}

/** @param {Trial} trial */
function drawTrial({ now, then }) {
  const sides = make("div", { class: "sides" }, drawSide(say("try_now"), now), drawSide(say("try_then"), then));
  const isSame = now.html === then.html && String(now.choices) === String(then.choices);
  return isSame ? [make("p", { class: "hint" }, say("try_same")), sides] : [sides];
}

/**
 * @param {string} title
 * @param {Side} side
 */
function drawSide(title, { html, outcome, choices, candidates }) {
  const bubble = make("div", { class: "preview-bubble prose" });
  bubble.innerHTML = html; // sanitised by the server
  const buttons = choices.length ? [...choices, say("try_person")].map((text) => make("li", {}, text)) : [];
  return make(
    "section",
    { class: "side" },
    make("h3", {}, title),
    make("p", { class: `outcome ${outcome}` }, say(`try_outcome_${outcome}`)),
    bubble,
    buttons.length ? make("ul", { class: "choices" }, ...buttons) : null,
    candidates.length ? drawCandidates(candidates) : null,
  );
}

/** @param {Side["candidates"]} candidates */
function drawCandidates(candidates) {
  const items = candidates.map(({ question, confidence }) => {
    const percent = percentOf(confidence);
    const meter = make("meter", { min: 0, max: 1, value: confidence, "aria-label": percent });
    return make("li", {}, make("span", {}, question), meter, make("span", { class: "hint" }, percent));
  });
  const list = make("ol", { class: "candidates" }, ...items);
  return make("details", {}, make("summary", {}, say("try_candidates")), list);
}

/** @param {number} share */
const percentOf = (share) => `${Math.round(share * 100)} %`;

/** @param {Replay} replay */
function drawReplay({ verdict, kinds, clashes }) {
  const between = clashes.length ? [drawClashes(clashes)] : [];
  return [drawVerdict(verdict), ...between, ...kinds.map(drawChangeKind)];
}

/** @param {ArticleClash[]} clashes */
function drawClashes(clashes) {
  const items = clashes.map(({ first, second, questions }) => {
    const count = sayCount("replay_questions", questions);
    return make("li", {}, say("replay_clash", { first, second, count }));
  });
  return make("section", { class: "notice warn" }, make("h3", {}, say("replay_clashes")), make("ul", {}, ...items));
}

/** @param {ChangeKind} changed */
function drawChangeKind({ kind, count, changes }) {
  const title = say(`replay_kind_${kind}`);
  const head = COLUMNS.map((word) => make("th", { scope: "col" }, say(word)));
  const table = make(
    "table",
    { class: "table" },
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...changes.map(drawChange)),
  );
  const hidden = count - changes.length;
  return drawKind({
    title: `${title} (${count})`,
    hint: say(`replay_hint_${kind}`),
    isOpen: OPEN.has(kind),
    content: make("div", { class: "scroll-x", tabindex: "0", role: "group", "aria-label": title }, table),
    more: hidden > 0 ? say("replay_more", { count: hidden }) : null,
  });
}

/** @param {Change} change */
function drawChange({ text, language, customers, before, after }) {
  return make(
    "tr",
    {},
    make("th", { scope: "row", lang: language, dir: "auto" }, text),
    drawSaid(before, "from"),
    drawSaid(after, "to"),
    make("td", { class: "count" }, String(customers)),
  );
}

/**
 * @param {SaidThen} said
 * @param {"from" | "to"} look
 */
function drawSaid({ outcome, confidence, articles }, look) {
  const names = articles.join(say("replay_or"));
  const words = { answer: names, clarify: say("replay_asks", { articles: names }), none: say("replay_nothing") };
  const hint = make("p", { class: "hint" }, percentOf(confidence));
  return make("td", { class: look }, make("p", {}, words[outcome]), hint);
}
