// The list of sensitive topics, as an admin reads and changes it, and a sentence tried against it while it is typed.

import { sentenceOf } from "../../shared/calls.js";
import { byId, find, findAll, make } from "../../shared/elements.js";
import { say, sayCount } from "../../shared/words.js";
import { confirmed } from "../page.js";

/** @import { AdminPage } from "../page.js" */
/** @import { Rules, Topic } from "./types.js" */

/** @typedef {{ topics?: { topic: string, words: string }[], problem?: string | null }} Touched what a sentence touches */

const TOUCH_AFTER_MS = 250;
const MIN_ROWS = 3;
const MAX_ROWS = 8;

/** The list and the sentence. */
export class SensitiveTopics {
  #page;
  #rules;
  #onChange;
  #box = byId("topics");
  #new = byId("topic-new", HTMLInputElement);
  #sentence = byId("touch-text", HTMLInputElement);
  #language = document.documentElement.lang;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #asked = 0;

  /**
   * @param {AdminPage} page
   * @param {{ rules: () => Rules, onChange: () => void }} editor `rules` gives the rules as they stand on the page
   */
  constructor(page, { rules, onChange }) {
    this.#page = page;
    this.#rules = rules;
    this.#onChange = onChange;
    this.#sentence.addEventListener("input", () => this.#touchSoon());
    this.#box.addEventListener("input", () => this.#touchSoon());
    byId("topic-add").addEventListener("click", () => this.#add());
    this.#new.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#add();
    });
  }

  /** @param {Topic[]} topics */
  draw(topics) {
    this.#box.replaceChildren(...topics.map((topic) => this.#draw(topic)));
    this.#touchSoon();
  }

  read() {
    return this.#parts.map(readTopic);
  }

  get #parts() {
    return findAll(this.#box, ".topic", HTMLDetailsElement);
  }

  #add() {
    const name = this.#new.value.trim();
    if (!name) {
      this.#new.focus();
      return;
    }
    const taken = new Set(this.#parts.map((part) => part.dataset.name));
    let key = name;
    for (let number = 2; taken.has(key); number += 1) key = `${name} ${number}`;
    const rest = { words: { de: [], en: [] }, except: [], on: true, at_once: true, first: null };
    const part = this.#draw({ name: key, de: name, en: name, ...rest });
    part.open = true;
    this.#box.append(part);
    this.#new.value = "";
    find(part, `[data-field=words-${this.#language}]`).focus();
    this.#onChange();
  }

  /** @param {Topic} topic */
  #draw(topic) {
    const title = make("span", { class: "topic-title" });
    const count = make("span", { class: "hint" });
    const off = make("span", { class: "badge warn" }, say("rules_topic_is_off"));
    const part = make(
      "details",
      { class: "topic", "data-name": topic.name, "data-first": topic.first ?? "" },
      make("summary", {}, title, count, off),
      halves(drawText("rules_topic_de", "de", topic.de), drawText("rules_topic_en", "en", topic.en)),
      halves(
        drawLines("rules_topic_words_de", "words-de", topic.words.de ?? [], "de"),
        drawLines("rules_topic_words_en", "words-en", topic.words.en ?? [], "en"),
      ),
      halves(
        drawLines("rules_topic_unless", "except", topic.except, "", "rules_topic_unless_hint"),
        this.#drawChoices(topic, title),
      ),
      topic.first ? make("p", { class: "hint" }, say("rules_topic_care")) : null,
    );
    const tell = () => {
      const { name, de, en, words, on } = readTopic(part);
      title.textContent = (this.#language === "de" ? de : en) || name;
      count.textContent = sayCount("rules_topic_count", words.de.length + words.en.length);
      off.hidden = on;
    };
    part.addEventListener("input", tell);
    tell();
    return part;
  }

  /**
   * @param {Topic} topic
   * @param {HTMLElement} title
   */
  #drawChoices(topic, title) {
    const look = { type: "checkbox", class: "switch", role: "switch", "data-field": "on" };
    const on = make("input", look);
    on.checked = topic.on;
    const options = [
      make("option", { value: "yes" }, say("rules_topic_over")),
      make("option", { value: "no" }, say("rules_topic_over_no")),
    ];
    const does = make("select", { "data-field": "at_once" }, ...options);
    does.value = topic.at_once ? "yes" : "no";
    const remove = make("button", { class: "button", type: "button" }, say("rules_topic_remove"));
    remove.addEventListener("click", () => this.#remove(remove, title.textContent ?? ""));
    return make(
      "div",
      { class: "stack" },
      make("label", { class: "check" }, on, make("span", {}, say("rules_topic_active"))),
      make("label", { class: "field" }, make("span", {}, say("rules_topic_does")), does),
      remove,
    );
  }

  /**
   * @param {HTMLElement} button in the topic
   * @param {string} name
   */
  async #remove(button, name) {
    if (!(await confirmed(say("rules_topic_sure", { name })))) return;
    button.closest(".topic")?.remove();
    this.#new.focus();
    this.#onChange();
    this.#touchSoon();
  }

  #touchSoon() {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.#touch(), TOUCH_AFTER_MS);
  }

  /** What the sentence touches; an answer that comes after a newer question is dropped. */
  async #touch() {
    const mine = ++this.#asked;
    const found = byId("touch-found");
    const text = this.#sentence.value;
    if (!text.trim()) {
      found.textContent = "";
      return;
    }
    const { topics = [], problem } = await this.#ask(text);
    if (mine !== this.#asked) return;
    const names = topics.map((one) => `${one.topic} („${one.words}“)`).join(", ");
    found.className = names ? "found" : "hint";
    found.textContent = problem || (names ? say("rules_touch_found", { topics: names }) : say("rules_touch_none"));
  }

  /**
   * @param {string} text
   * @returns {Promise<Touched>}
   */
  async #ask(text) {
    try {
      return await this.#page.calls.post("/admin/api/handoff/touch", { rules: this.#rules(), text });
    } catch (error) {
      return { problem: sentenceOf(error) };
    }
  }
}

/** @param {HTMLElement[]} parts */
const halves = (...parts) => make("div", { class: "halves" }, ...parts);

/**
 * @param {HTMLElement} part
 * @returns {Topic & { words: { de: string[], en: string[] } }}
 */
function readTopic(part) {
  const textOf = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement} */ (find(part, `[data-field=${name}]`)).value;
  return {
    name: part.dataset.name ?? "",
    de: textOf("de").trim(),
    en: textOf("en").trim(),
    words: { de: inLines(textOf("words-de")), en: inLines(textOf("words-en")) },
    except: inLines(textOf("except")),
    on: find(part, "[data-field=on]", HTMLInputElement).checked,
    at_once: textOf("at_once") === "yes",
    first: part.dataset.first || null,
  };
}

/** @type {(key: string, field: string, value: string) => HTMLElement} */
function drawText(key, field, value) {
  const input = make("input", { maxlength: 128, "data-field": field });
  input.value = value;
  return make("label", { class: "field" }, make("span", {}, say(key)), input);
}

/** @type {(key: string, field: string, lines: string[], lang: string, hint?: string) => HTMLElement} */
function drawLines(key, field, lines, lang, hint) {
  const rows = Math.min(Math.max(lines.length, MIN_ROWS), MAX_ROWS);
  const look = { rows, lang, spellcheck: "false", "data-field": field, "aria-describedby": "topics-lead" };
  const input = make("textarea", look);
  input.value = lines.join("\n");
  const below = hint ? make("span", { class: "hint" }, say(hint)) : null;
  return make("label", { class: "field" }, make("span", {}, say(key)), input, below);
}

/**
 * The lines of a text, each once, without empty ones.
 * @param {string} value
 */
export function inLines(value) {
  const lines = value.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))];
}
