// Trying a draft: one question side by side, and every question of the last days, line by line as they are done.

import { post, say, show } from "../api.js";
import { readLines } from "../json-lines.js";

const key = document.getElementById("what").dataset.key;
const what = () => document.querySelector("#what input:checked")?.value ?? "draft";
const address = (verb) => `/admin/api/articles/${encodeURIComponent(key)}/${verb}`;
const KINDS_OPEN = new Set(["worse", "unclear"]);
let running = null;

document.getElementById("try").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  const result = document.getElementById("try-result");
  button.disabled = true;
  show("try-problem", null);
  result.replaceChildren(element("p", say("try_learning"), "hint"));
  try {
    drawTrial(result, await post(address("try"), { text: form.elements.text.value, what: what() }));
  } catch (error) {
    result.replaceChildren();
    show("try-problem", error.message);
  }
  button.disabled = false;
});
document.getElementById("replay").addEventListener("submit", (event) => {
  event.preventDefault();
  replay(event.target);
});
document.getElementById("stop").addEventListener("click", () => running?.abort());
document.getElementById("what").addEventListener("change", () => {
  running?.abort();
  for (const id of ["try-result", "replay-result"]) document.getElementById(id).replaceChildren();
});

function drawTrial(box, trial) {
  const sides = element("div", "", "sides");
  sides.append(drawSide(say("try_now"), trial.now), drawSide(say("try_then"), trial.then));
  const same = trial.now.html === trial.then.html && String(trial.now.choices) === String(trial.then.choices);
  box.replaceChildren(...(same ? [element("p", say("try_same"), "hint")] : []), sides);
}

function drawSide(title, shown) {
  const side = element("section", "", "side");
  const bubble = element("div", "", "preview-bubble prose");
  bubble.innerHTML = shown.html; // sanitised by the server
  side.append(
    element("h3", title),
    element("p", say(`try_outcome_${shown.outcome}`), `outcome ${shown.outcome}`),
    bubble,
  );
  if (shown.choices.length)
    side.append(
      list(
        "ul",
        shown.choices.concat(say("try_person")).map((text) => element("li", text)),
        "choices",
      ),
    );
  if (shown.candidates.length) {
    const more = element("details");
    more.append(
      element("summary", say("try_candidates")),
      list("ol", shown.candidates.map(drawCandidate), "candidates"),
    );
    side.append(more);
  }
  return side;
}

function drawCandidate(candidate) {
  const item = element("li");
  const meter = element("meter");
  const percent = Math.round(candidate.confidence * 100);
  Object.assign(meter, { min: 0, max: 1, value: candidate.confidence });
  meter.setAttribute("aria-label", `${percent} %`);
  item.append(element("span", candidate.question), meter, element("span", `${percent} %`, "hint"));
  return item;
}

async function replay(form) {
  const box = document.getElementById("replay-result");
  const bar = document.getElementById("replay-progress");
  const start = form.querySelector("button.primary");
  const stop = document.getElementById("stop");
  running = new AbortController();
  start.disabled = true;
  stop.hidden = bar.hidden = false;
  box.replaceChildren();
  show("replay-problem", null);
  try {
    const body = { days: Number(form.elements.days.value), what: what() };
    for await (const line of readLines(address("replay"), body, running.signal)) {
      if (line.error) throw new Error(line.error);
      if (line.stage) drawProgress(bar, line);
      else drawReplay(box, line);
    }
  } catch (error) {
    show("replay-problem", error.name === "AbortError" ? say("replay_stopped") : error.message);
  }
  start.disabled = false;
  stop.hidden = bar.hidden = true;
}

function drawProgress(bar, step) {
  const meter = bar.querySelector("progress");
  const status = bar.querySelector("[role=status]");
  if (step.stage !== "asking") {
    meter.removeAttribute("value");
    status.textContent = say(step.stage === "waiting" ? "replay_waiting" : "try_learning");
    return;
  }
  meter.max = step.total || 1;
  meter.value = step.done;
  status.textContent = say("replay_asking", step);
}

function drawReplay(box, result) {
  const verdict = element("div", "", "verdict");
  verdict.append(...result.verdict.map((sentence) => element("p", sentence)));
  const parts = [verdict, ...result.kinds.map(drawKind)];
  if (result.clashes.length) parts.splice(1, 0, drawClashes(result.clashes));
  box.replaceChildren(...parts);
}

function drawClashes(clashes) {
  const part = element("section", "", "notice warn");
  const lines = clashes.map((clash) =>
    element(
      "li",
      say("replay_clash", {
        first: clash.first,
        second: clash.second,
        count: clash.questions === 1 ? say("replay_questions_1") : say("replay_questions", { count: clash.questions }),
      }),
    ),
  );
  part.append(element("h3", say("replay_clashes")), list("ul", lines));
  return part;
}

function drawKind(kind) {
  const part = element("details", "", "kind");
  const summary = element("summary");
  part.open = KINDS_OPEN.has(kind.kind);
  summary.append(
    element("span", `${say(`replay_kind_${kind.kind}`)} (${kind.count})`),
    element("span", say(`replay_hint_${kind.kind}`), "hint"),
  );
  const scroll = element("div", "", "scroll-x");
  const table = element("table", "", "table");
  const head = element("tr");
  const body = element("tbody");
  Object.assign(scroll, { tabIndex: 0, role: "group", ariaLabel: say(`replay_kind_${kind.kind}`) });
  for (const word of ["replay_question", "try_now", "try_then", "replay_customers"]) {
    const cell = element("th", say(word));
    cell.scope = "col";
    head.append(cell);
  }
  body.append(...kind.changes.map(drawChange));
  const thead = element("thead");
  thead.append(head);
  table.append(thead, body);
  scroll.append(table);
  part.append(summary, scroll);
  if (kind.count > kind.changes.length)
    part.append(element("p", say("replay_more", { count: kind.count - kind.changes.length }), "hint"));
  return part;
}

function drawChange(change) {
  const row = element("tr");
  const question = element("th", change.text);
  question.scope = "row";
  question.lang = change.language;
  question.dir = "auto";
  row.append(
    question,
    drawSaid(change.before, "from"),
    drawSaid(change.after, "to"),
    element("td", String(change.customers), "count"),
  );
  return row;
}

function drawSaid(said, tone) {
  const cell = element("td", "", tone);
  const percent = `${Math.round(said.confidence * 100)} %`;
  const articles = said.articles.join(say("replay_or"));
  const words = { answer: articles, clarify: say("replay_asks", { articles }), none: say("replay_nothing") }[
    said.outcome
  ];
  cell.append(element("p", words), element("p", percent, "hint"));
  return cell;
}

function list(name, items, kind = "") {
  const made = element(name, "", kind);
  made.append(...items);
  return made;
}

function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
