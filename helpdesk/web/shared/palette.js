// The command palette: whatever can be done or opened, found by a few letters.

import { make, quoted } from "./elements.js";
import { say } from "./words.js";

/**
 * Something that can be chosen. `keys` is the shortcut that does the same.
 * @typedef {{ title: string, hint?: string, keys?: string, run: () => void }} Command
 */

/** @typedef {{ name: string, commands: Command[] }} CommandGroup */

const SEARCH_PAUSE_MS = 150;
const MIN_WORDS = 2;
const MAX_SHOWN = 8;

/** One for each page; its elements are made when it first opens. */
export class Palette {
  #groups;
  #search;
  #input = make("input", {
    type: "search",
    class: "palette-input",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "100",
    "aria-label": say("palette_title"),
    placeholder: say("palette_placeholder"),
  });
  #list = make("div", {
    id: "palette-list",
    class: "palette-list",
    role: "listbox",
    "aria-label": say("palette_title"),
  });
  #none = make("p", { class: "muted palette-none", role: "status" });
  #dialog = make(
    "dialog",
    { id: "palette-dialog", class: "card palette", "aria-label": say("palette_title") },
    this.#input,
    this.#list,
    this.#none,
  );
  /** @type {{ command: Command, item: HTMLElement }[]} */
  #shown = [];
  #place = 0;
  /** What was found on the server, for these words. */
  #found = { words: "", commands: /** @type {Command[]} */ ([]) };
  /** @type {CommandGroup[]} */
  #open = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  /**
   * @param {() => CommandGroup[]} groups what can be done now
   * @param {(words: string) => Promise<Command[]>} search finds what is too much to list
   */
  constructor(groups, search) {
    this.#groups = groups;
    this.#search = search;
    document.body.append(this.#dialog);
    this.#input.addEventListener("input", () => this.#type());
    this.#input.addEventListener("keydown", (event) => this.#press(event));
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  /** Show everything that can be done now; when it is open already, close it. */
  toggle() {
    if (this.#dialog.open) {
      this.#dialog.close();
      return;
    }
    this.#open = this.#groups();
    this.#input.value = "";
    this.#found = { words: "", commands: [] };
    this.#draw();
    this.#dialog.showModal();
    this.#input.focus();
  }

  /** There is more to choose now; what is chosen stays so. */
  refresh() {
    if (!this.#dialog.open) return;
    this.#open = this.#groups();
    this.#draw();
  }

  #type() {
    clearTimeout(this.#typing);
    const words = this.#input.value.trim();
    if (words.length >= MIN_WORDS) this.#typing = setTimeout(() => this.#lookUp(words), SEARCH_PAUSE_MS);
    this.#draw();
  }

  /** @param {string} words */
  async #lookUp(words) {
    const commands = await this.#search(words).catch(() => []);
    if (words !== this.#input.value.trim()) return;
    this.#found = { words, commands };
    this.#draw();
  }

  #draw() {
    const words = this.#input.value.trim();
    const chosen = this.#shown[this.#place]?.command.title;
    const asked = fold(words).split(/\s+/);
    const fits = (/** @type {Command} */ { title, hint = "" }) =>
      asked.every((word) => fold(`${title} ${hint}`).includes(word));
    const found = words.length >= MIN_WORDS && words.startsWith(this.#found.words) ? this.#found.commands : [];
    const groups = [
      ...this.#open.map(({ name, commands }) => ({
        name,
        commands: commands.filter(fits).slice(0, words ? MAX_SHOWN : undefined),
      })),
      { name: say("palette_conversations"), commands: found },
    ].filter(({ commands }) => commands.length);
    this.#shown = [];
    this.#list.replaceChildren(...groups.map((group, place) => this.#drawGroup(group, place)));
    this.#none.textContent = this.#shown.length ? "" : say("palette_none");
    const before = this.#shown.findIndex(({ command }) => command.title === chosen);
    this.#mark(words ? 0 : Math.max(0, before));
  }

  /**
   * @param {CommandGroup} group
   * @param {number} place
   */
  #drawGroup({ name, commands }, place) {
    const heading = make("p", { class: "palette-group", id: `palette-group-${place}` }, name);
    const items = commands.map((command) => this.#drawCommand(command));
    return make("div", { role: "group", "aria-labelledby": heading.id }, heading, ...items);
  }

  /** @param {Command} command */
  #drawCommand(command) {
    const place = this.#shown.length;
    const item = make(
      "div",
      { role: "option", id: `palette-${place}`, class: "palette-item", onclick: () => this.#run(place) },
      make("span", { class: "palette-title" }, quoted(command.title)),
      command.hint ? make("span", { class: "hint palette-hint", dir: "auto" }, command.hint) : null,
      command.keys ? make("kbd", {}, command.keys) : null,
    );
    this.#shown.push({ command, item });
    return item;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing) return;
    const last = this.#shown.length - 1;
    const there = { ArrowDown: this.#place + 1, ArrowUp: this.#place - 1, PageDown: this.#place + 8 }[event.key];
    if (there !== undefined) this.#mark(there > last ? 0 : there < 0 ? last : there);
    else if (event.key === "Enter") this.#run(this.#place);
    else return;
    event.preventDefault();
  }

  /** @param {number} place */
  #mark(place) {
    this.#place = place;
    for (const [number, { item }] of this.#shown.entries())
      item.setAttribute("aria-selected", String(number === place));
    const item = this.#shown[place]?.item;
    this.#input.setAttribute("aria-activedescendant", item?.id ?? "");
    item?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} place */
  #run(place) {
    const command = this.#shown[place]?.command;
    if (!command) return;
    this.#dialog.close();
    command.run();
  }
}

/**
 * Letters without case and marks: "uber" finds "Über".
 * @param {string} text
 */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");

/**
 * Every page that the navigation leads to, once: the menu of narrow screens holds them a second time.
 * @returns {CommandGroup}
 */
export function pagesGroup() {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll(".top :is(nav, .panel) a[href]:not(.places a)");
  const commands = [...links].map((link) => ({
    title: link.textContent?.trim() ?? "",
    run: () => location.assign(link.href),
  }));
  return { name: say("palette_pages"), commands };
}
