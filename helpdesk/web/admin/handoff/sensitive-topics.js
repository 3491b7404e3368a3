// The list of sensitive topics, as an admin reads and changes it, and a sentence tried against it while it is typed.

import { post, say, sure } from "../api.js";

const box = document.getElementById("topics");
const language = document.documentElement.lang;
const sentence = document.getElementById("touch-text");
const found = document.getElementById("touch-found");
let changed = () => {};
let written = () => ({});
let soon = 0;
let asked = 0;

/** `noteChange` is called with every change, `rules` gives the rules as they stand. */
export function startTopics(noteChange, rules) {
  [changed, written] = [noteChange, rules];
  sentence.addEventListener("input", touchSoon);
  box.addEventListener("input", touchSoon);
  document.getElementById("topic-add").addEventListener("click", add);
  document.getElementById("topic-new").addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    }
  });
}

export function drawTopics(topics) {
  box.replaceChildren(...topics.map(drawTopic));
  touchSoon();
}

export function readTopics() {
  return [...box.querySelectorAll(".topic")].map((topic) => {
    const field = (name) => topic.querySelector(`[data-field=${name}]`);
    return {
      name: topic.dataset.name,
      de: field("de").value.trim(),
      en: field("en").value.trim(),
      words: { de: inLines(field("words-de").value), en: inLines(field("words-en").value) },
      except: inLines(field("except").value),
      on: field("on").checked,
      at_once: field("at_once").value === "yes",
      first: topic.dataset.first || null,
    };
  });
}

function add() {
  const field = document.getElementById("topic-new");
  const name = field.value.trim();
  if (!name) {
    field.focus();
    return;
  }
  const taken = new Set([...box.querySelectorAll(".topic")].map((topic) => topic.dataset.name));
  let key = name;
  for (let number = 2; taken.has(key); number += 1) key = `${name} ${number}`;
  const topic = drawTopic({
    name: key,
    de: name,
    en: name,
    words: { de: [], en: [] },
    except: [],
    on: true,
    at_once: true,
    first: null,
  });
  topic.open = true;
  box.append(topic);
  field.value = "";
  topic.querySelector(`[data-field=words-${language}]`).focus();
  changed();
}

function drawTopic(topic) {
  const part = element("details", "topic");
  const summary = element("summary");
  Object.assign(part.dataset, { name: topic.name, first: topic.first ?? "" });
  const title = element("span", "topic-title");
  const count = element("span", "hint");
  const off = element("span", "badge warn", say("rules_topic_is_off"));
  summary.append(title, count, off);
  const names = element("div", "halves");
  const words = element("div", "halves");
  const last = element("div", "halves");
  names.append(text("rules_topic_de", "de", topic.de), text("rules_topic_en", "en", topic.en));
  words.append(
    area("rules_topic_words_de", "words-de", topic.words.de ?? [], "de"),
    area("rules_topic_words_en", "words-en", topic.words.en ?? [], "en"),
  );
  last.append(area("rules_topic_unless", "except", topic.except, "", "rules_topic_unless_hint"), choices(topic, part));
  part.append(summary, names, words, last);
  if (topic.first) part.append(element("p", "hint", say("rules_topic_care")));
  const tell = () => {
    const now = read(part);
    title.textContent = now[language] || now.name;
    count.textContent = say("rules_topic_count", { count: now.words.de.length + now.words.en.length });
    off.hidden = now.on;
  };
  part.addEventListener("input", tell);
  tell();
  return part;
}

function read(topic) {
  const field = (name) => topic.querySelector(`[data-field=${name}]`);
  return {
    name: topic.dataset.name,
    de: field("de").value.trim(),
    en: field("en").value.trim(),
    on: field("on").checked,
    words: { de: inLines(field("words-de").value), en: inLines(field("words-en").value) },
  };
}

function choices(topic, part) {
  const side = element("div", "stack");
  const on = element("label", "check");
  const switched = element("input", "switch");
  const does = element("label", "field");
  const select = element("select");
  Object.assign(switched, { type: "checkbox", checked: topic.on });
  switched.setAttribute("role", "switch");
  switched.dataset.field = "on";
  on.append(switched, element("span", "", say("rules_topic_active")));
  select.dataset.field = "at_once";
  for (const [value, key] of [
    ["yes", "rules_topic_over"],
    ["no", "rules_topic_over_no"],
  ])
    select.append(Object.assign(document.createElement("option"), { value, textContent: say(key) }));
  select.value = topic.at_once ? "yes" : "no";
  does.append(element("span", "", say("rules_topic_does")), select);
  const remove = element("button", "button", say("rules_topic_remove"));
  remove.type = "button";
  remove.addEventListener("click", async () => {
    if (!(await sure(say("rules_topic_sure", { name: part.querySelector(".topic-title").textContent })))) return;
    part.remove();
    document.getElementById("topic-new").focus();
    changed();
    touchSoon();
  });
  side.append(on, does, remove);
  return side;
}

function text(key, field, value) {
  const label = element("label", "field");
  const input = element("input");
  Object.assign(input, { value, maxLength: 128 });
  input.dataset.field = field;
  label.append(element("span", "", say(key)), input);
  return label;
}

function area(key, field, lines, lang, hint) {
  const label = element("label", "field");
  const input = element("textarea");
  Object.assign(input, {
    value: lines.join("\n"),
    rows: Math.min(Math.max(lines.length, 3), 8),
    lang,
    spellcheck: false,
  });
  input.dataset.field = field;
  input.setAttribute("aria-describedby", "topics-lead");
  label.append(element("span", "", say(key)), input);
  if (hint) label.append(element("span", "hint", say(hint)));
  return label;
}

function touchSoon() {
  clearTimeout(soon);
  soon = setTimeout(touch, 250);
}

async function touch() {
  const mine = ++asked;
  if (!sentence.value.trim()) {
    found.textContent = "";
    return;
  }
  const told = await post("/admin/api/handoff/touch", { rules: written(), text: sentence.value }).catch((error) => ({
    problem: error.message,
  }));
  if (mine !== asked) return;
  found.className = told.topics?.length ? "found" : "hint";
  if (told.problem) found.textContent = told.problem;
  else
    found.textContent = told.topics.length
      ? say("rules_touch_found", { topics: told.topics.map((one) => `${one.topic} („${one.words}“)`).join(", ") })
      : say("rules_touch_none");
}

const inLines = (value) => [
  ...new Set(
    value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

function element(name, kind = "", words = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (words) made.textContent = words;
  return made;
}
