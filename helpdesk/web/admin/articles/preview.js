// How the answers look on each channel, and quiet hints on how they read: asked of the server while one writes.

import { byId, fieldOf, find, findAll, make, within } from "../../shared/elements.js";
import { say, sayCount } from "../../shared/words.js";

/** @import { AdminPage } from "../page.js" */
/** @import { Language, Look, PreviewChannel, WordingHint } from "./types.js" */

const PAUSE_MS = 400;
const SHOWN = 4;
const MAX_QUOTE_LENGTH = 70; // characters of words that a hint shows

export const LANGUAGES = /** @type {const} */ (["de", "en"]);
const WAYS = /** @type {Record<string, number | undefined>} */ ({ ArrowRight: 1, ArrowLeft: -1 });

/** The previews and hints of one editor. */
export class ArticlePreview {
  #page;
  #form;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #asked = 0;
  /** @type {Look | null} */
  #latest = null;
  /** @type {PreviewChannel} */
  #channel = "webchat";

  /**
   * @param {AdminPage} page
   * @param {HTMLFormElement} form
   */
  constructor(page, form) {
    this.#page = page;
    this.#form = form;
    for (const tablist of findAll(form, "[role=tablist]")) this.#listen(tablist);
  }

  /** Look when the admin pauses. */
  lookSoon() {
    this.#mark([]);
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.look(), PAUSE_MS);
  }

  /** An answer that comes after a newer question is dropped. */
  async look() {
    const mine = ++this.#asked;
    const answers = Object.fromEntries(LANGUAGES.map((language) => [language, this.#answer(language).value]));
    this.#mark([]);
    /** @type {Look | null} */
    const found = await this.#page.calls
      .post("/admin/api/look", { answers, key: this.#form.dataset.key })
      .then((look) => /** @type {Look} */ (look))
      .catch(() => null);
    if (!found || mine !== this.#asked) return;
    this.#latest = found;
    this.#mark(found.hints);
    for (const language of LANGUAGES) {
      const hints = found.hints.filter((hint) => hint.language === language);
      drawHints(find(this.#form, `[data-hints="${language}"]`), hints, this.#answer(language));
      this.#draw(language);
    }
  }

  /** @param {Language} language */
  #answer(language) {
    return fieldOf(this.#form, `${language}-answer`, HTMLTextAreaElement);
  }

  /**
   * The words behind the textarea, with the places that hints are about.
   * @param {WordingHint[]} hints
   */
  #mark(hints) {
    for (const language of LANGUAGES) {
      const { value } = fieldOf(this.#form, `${language}-phrasings`, HTMLTextAreaElement);
      const count = value.split("\n").filter((line) => line.trim()).length;
      find(this.#form, `[data-count="${language}"]`).textContent = sayCount("article_phrasings_count", count);
      const places = hints.filter((hint) => hint.language === language && hint.end > hint.start);
      const marks = find(this.#form, `[data-language="${language}"] .marks`);
      marks.replaceChildren(...markedText(this.#answer(language).value, places));
    }
  }

  /** @param {Language} language */
  #draw(language) {
    const box = find(this.#form, `[data-preview="${language}"]`);
    const screen = byId(`${language}-preview`);
    const note = find(screen, "[data-messages]");
    const shown = this.#latest?.previews[language]?.[this.#channel];
    screen.dataset.shown = this.#channel;
    if (shown)
      box.innerHTML = shown.html; // sanitised by the server
    else box.textContent = say("article_preview_empty");
    note.hidden = !shown || shown.messages <= 1;
    note.textContent = say("article_preview_messages", { count: shown?.messages });
  }

  /** @param {HTMLElement} tablist */
  #listen(tablist) {
    const tabs = findAll(tablist, "[role=tab]");
    tablist.addEventListener("click", (event) => {
      const tab = within(event, "[data-channel]");
      if (tab) this.#choose(tab);
    });
    tablist.addEventListener("keydown", (event) => {
      const way = WAYS[event.key];
      if (!way) return;
      const here = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      const next = tabs[(here + way + tabs.length) % tabs.length];
      this.#choose(next);
      next.focus();
    });
  }

  /** @param {HTMLElement} tab */
  #choose(tab) {
    this.#channel = /** @type {PreviewChannel} */ (tab.dataset.channel);
    for (const each of findAll(this.#form, "[role=tab]")) {
      const isChosen = each.dataset.channel === this.#channel;
      each.setAttribute("aria-selected", String(isChosen));
      each.tabIndex = isChosen ? 0 : -1;
      if (isChosen) byId(each.getAttribute("aria-controls") ?? "").setAttribute("aria-labelledby", each.id);
    }
    for (const language of LANGUAGES) this.#draw(language);
  }
}

/**
 * @param {string} text
 * @param {WordingHint[]} hints in the order of their places
 */
function markedText(text, hints) {
  const parts = [];
  const unit = inUnits(text);
  let at = 0;
  for (const hint of hints) {
    const [start, end] = [unit(hint.start), unit(hint.end)];
    if (start < at) continue;
    parts.push(text.slice(at, start), make("mark", { class: hint.rule }, text.slice(start, end)));
    at = end;
  }
  return [...parts, `${text.slice(at)}\n`];
}

/**
 * The server counts characters, a browser UTF-16 units: an emoji is one there and two here.
 * @param {string} text
 * @returns {(character: number) => number}
 */
export function inUnits(text) {
  const astral = [...text].flatMap((character, point) => (character.length > 1 ? [point] : []));
  return (index) => index + astral.filter((place) => place < index).length;
}

/**
 * @param {HTMLElement} box
 * @param {WordingHint[]} hints
 * @param {HTMLTextAreaElement} area that they are about
 */
function drawHints(box, hints, area) {
  const items = hints.map((hint) => drawHint(hint, area));
  const rest = items.slice(SHOWN);
  box.replaceChildren();
  if (items.length) box.append(make("ul", {}, ...items.slice(0, SHOWN)));
  if (!rest.length) return;
  const summary = make("summary", {}, sayCount("article_hints_more", rest.length));
  box.append(make("details", {}, summary, make("ul", {}, ...rest)));
}

/**
 * @param {WordingHint} hint
 * @param {HTMLTextAreaElement} area
 */
function drawHint(hint, area) {
  const hasPlace = hint.end > hint.start;
  const unit = inUnits(area.value);
  const go = () => {
    area.focus();
    area.setSelectionRange(unit(hint.start), unit(hint.end));
  };
  const words = hint.found.length > MAX_QUOTE_LENGTH ? `${hint.found.slice(0, MAX_QUOTE_LENGTH - 3)}…` : hint.found;
  const found = hasPlace ? [make("q", {}, words), " "] : [];
  const look = { type: "button", class: `hint-item ${hint.rule}`, disabled: !hasPlace };
  return make("li", {}, make("button", { ...look, onclick: go }, ...found, hint.sentence));
}
