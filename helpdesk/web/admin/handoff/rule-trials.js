// Trying rules that nobody goes by yet: on past conversations, line by line as they are done, and on a sentence.

import { post, say, show } from "../api.js";
import { readLines } from "../json-lines.js";

const OPEN = new Set(["new", "gone"]);
let running = null;
let written = () => ({});

/** `rules` gives the rules as they stand on the page. */
export function startTrials(rules) {
  written = rules;
  document.getElementById("try").addEventListener("submit", (event) => {
    event.preventDefault();
    tryRules(event.target);
  });
  document.getElementById("stop").addEventListener("click", () => running?.abort());
  document.getElementById("sentence").addEventListener("submit", (event) => {
    event.preventDefault();
    trySentence(event.target);
  });
}

async function tryRules(form) {
  const box = document.getElementById("try-result");
  const bar = document.getElementById("try-progress");
  const start = form.querySelector("button.primary");
  const stop = document.getElementById("stop");
  running = new AbortController();
  start.disabled = true;
  stop.hidden = bar.hidden = false;
  box.replaceChildren();
  show("try-problem", null);
  try {
    const body = { rules: written(), last: Number(form.elements.last.value) };
    for await (const line of readLines("/admin/api/handoff/try", body, running.signal)) {
      if (line.error) throw new Error(line.error);
      if (line.stage) drawProgress(bar, line);
      else drawOutcome(box, line);
    }
  } catch (error) {
    show("try-problem", error.name === "AbortError" ? say("rules_try_stopped") : error.message);
  }
  start.disabled = false;
  stop.hidden = bar.hidden = true;
}

function drawProgress(bar, step) {
  const meter = bar.querySelector("progress");
  const status = bar.querySelector("[role=status]");
  if (step.stage === "waiting") {
    meter.removeAttribute("value");
    status.textContent = say("rules_try_waiting");
    return;
  }
  meter.max = step.total || 1;
  meter.value = step.done;
  status.textContent = say("rules_try_reading", step);
}

function drawOutcome(box, outcome) {
  const verdict = element("div", "", "verdict");
  verdict.append(...outcome.verdict.map((sentence) => element("p", sentence)));
  box.replaceChildren(verdict, ...outcome.kinds.map(drawKind));
}

function drawKind(kind) {
  const part = element("details", "", "kind");
  const summary = element("summary");
  const list = element("ul", "", "tried");
  part.open = OPEN.has(kind.kind);
  summary.append(
    element("span", `${say(`rules_try_kind_${kind.kind}`)} (${kind.count})`),
    element("span", say(`rules_try_hint_${kind.kind}`), "hint"),
  );
  list.append(...kind.conversations.map(drawConversation));
  part.append(summary, list);
  if (kind.count > kind.conversations.length)
    part.append(element("p", say("rules_try_more", { count: kind.count - kind.conversations.length }), "hint"));
  return part;
}

function drawConversation(one) {
  const item = element("li");
  const said = element("p", "", "deciding");
  const quote = element("q", "");
  const why = element("p", one.sentence);
  const link = element("a", say("rules_try_open", { seq: one.seq }));
  Object.assign(quote, { lang: one.language ?? "", dir: "auto" });
  quote.append(...marked(one.text, one.words));
  link.href = `/desk?conversation=${one.conversation}`;
  link.target = "_blank";
  link.rel = "noopener";
  said.append(quote, " ", link);
  item.append(said, why);
  if (one.before) item.append(element("p", say("rules_try_now", { sentence: one.before }), "hint"));
  return item;
}

/** The text with the deciding words marked where they stand in it. */
function marked(text, words) {
  const [first] = words
    .map((word) => [text.indexOf(word), word])
    .filter(([at]) => at >= 0)
    .sort(([one], [other]) => one - other);
  if (!first?.[1]) return [text];
  const [at, word] = first;
  return [text.slice(0, at), element("mark", word), text.slice(at + word.length)];
}

async function trySentence(form) {
  const box = document.getElementById("sentence-result");
  const button = form.querySelector("button");
  button.disabled = true;
  show("sentence-problem", null);
  try {
    const body = { rules: written(), text: form.elements.text.value, important: form.elements.important.checked };
    const told = await post("/admin/api/handoff/sentence", body);
    box.replaceChildren(...told.lines.map(drawLine));
  } catch (error) {
    box.replaceChildren();
    show("sentence-problem", error.message);
  }
  button.disabled = false;
}

function drawLine(line) {
  const item = element("li", "", line.author);
  const head = element("p", "", "row");
  head.append(
    element("strong", say(`rules_author_${line.author}`)),
    Object.assign(element("span", line.text), { dir: "auto" }),
  );
  item.append(head);
  if (line.act === undefined) return item;
  const tone = { hand_over: "accent", offer: "accent", limit: "danger" }[line.act] ?? "";
  const act = element("p", "", "row");
  act.append(
    element("span", say(`rules_act_${line.act}`), `badge ${tone}`),
    element("span", line.sentence || say("rules_sentence_nothing")),
  );
  item.append(act);
  if (line.frustration !== undefined) item.append(drawMood(line));
  return item;
}

function drawMood(line) {
  const box = element("p", "", "moods hint");
  for (const name of ["frustration", "abuse"]) {
    const meter = element("meter");
    const label = say(`rules_sentence_${name}`);
    Object.assign(meter, { min: 0, max: 1, value: line[name] });
    meter.setAttribute("aria-label", label);
    box.append(
      element("span", label),
      meter,
      element("span", line[name].toLocaleString(document.documentElement.lang)),
    );
  }
  if (line.signs.length) box.append(element("span", `${say("rules_sentence_signs")}: ${line.signs.join(", ")}`));
  return box;
}

function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
