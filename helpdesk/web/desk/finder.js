// The search above the lists: words, filters, and the views that are kept under a name.

import { byId, make } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { countFilters, queryOf } from "./wanted.js";

/** @import { FilterPanel } from "./filter-panel.js" */
/** @import { ConversationList } from "./list.js" */
/** @import { DeskPage, SavedView } from "./types.js" */

const AFTER_MS = 200;

/** Asks the list for what is typed and chosen. */
export class Finder {
  #page;
  #list;
  #onTrouble;
  #words = byId("search", HTMLInputElement);
  #toggle = byId("filter-toggle");
  #filters = byId("filters");
  #chips = byId("saved-views");
  /** @type {Record<string, string>} */
  #form = {};
  /** @type {FilterPanel | null} */
  #panel = null;
  /** @type {SavedView[]} */
  #views = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  /** What was asked for last is there, or failed. */
  #looking = Promise.resolve();

  /**
   * @param {DeskPage} page
   * @param {{ list: ConversationList, onTrouble: (error: unknown) => void }} parts
   */
  constructor(page, { list, onTrouble }) {
    this.#page = page;
    this.#list = list;
    this.#onTrouble = onTrouble;
    this.#words.addEventListener("input", () => this.#searchSoon());
    this.#words.addEventListener("keydown", (event) => this.#onKey(event));
    byId("finder").addEventListener("submit", (event) => event.preventDefault());
    this.#toggle.addEventListener("click", () => this.#toggleFilters());
    this.#filters.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#closeFilters();
    });
  }

  /** Fetch the views that are kept. */
  async loadViews() {
    try {
      /** @type {{ views?: SavedView[] }} */
      const { views = [] } = await this.#page.calls.get("views");
      this.#views = views;
      this.#drawViews();
    } catch {
      this.#views = []; // they are a convenience: whatever is wrong, the list says it
    }
  }

  focus() {
    this.#words.focus();
    this.#words.select();
  }

  /** Forget what was looked for; the list is no longer asked for it. */
  clear() {
    clearTimeout(this.#due);
    this.#form = {};
    this.#words.value = "";
    this.#follow();
  }

  /**
   * Look for what a form says.
   * @param {Record<string, string>} form
   */
  apply(form) {
    clearTimeout(this.#due);
    this.#form = form;
    // Only other words are written into the field: who pauses after a space goes on with the next word.
    if (this.#words.value.trim() !== (form.q ?? "")) this.#words.value = form.q ?? "";
    this.#follow();
    this.#looking = this.#look(form);
    return this.#looking;
  }

  /** @param {Record<string, string>} form */
  async #look(form) {
    try {
      await this.#list.search(queryOf(form, new Date(this.#page.clock.now())));
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  #searchSoon() {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.#search(), AFTER_MS);
  }

  /** @returns {Promise<void>} */
  #search() {
    const { q: _, ...filters } = this.#form;
    const q = this.#words.value.trim();
    return this.apply(q ? { ...filters, q } : filters);
  }

  /** @param {KeyboardEvent} event */
  async #onKey(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.#list.focusFirst();
    } else if (event.key === "Enter") {
      event.preventDefault();
      await (this.#words.value.trim() === (this.#form.q ?? "") ? this.#looking : this.#search());
      this.#list.openFirst();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (Object.keys(this.#form).length || this.#words.value) await this.apply({});
      else this.#words.blur();
    }
  }

  async #toggleFilters() {
    if (!this.#filters.hidden) {
      this.#closeFilters();
      return;
    }
    try {
      const { openFilterPanel } = await import("./filter-panel.js");
      this.#panel ??= await openFilterPanel(this.#page, this.#filters, {
        onChange: (filters) => this.apply(this.#form.q ? { ...filters, q: this.#form.q } : filters),
        onKept: (view) => this.#keep(view),
        onDropped: (id) => this.#drop(id),
        onTrouble: this.#onTrouble,
      });
    } catch (error) {
      this.#onTrouble(error);
      return;
    }
    this.#filters.hidden = false;
    this.#toggle.setAttribute("aria-expanded", "true");
    this.#panel.show(this.#form, this.#current());
    this.#panel.focus();
  }

  #closeFilters() {
    this.#filters.hidden = true;
    this.#toggle.setAttribute("aria-expanded", "false");
    this.#toggle.focus();
  }

  /** What is set is seen on the button, in the panel and among the kept views. */
  #follow() {
    const count = countFilters(this.#form);
    const shown = byId("filter-count");
    shown.hidden = !count;
    shown.textContent = String(count || "");
    this.#panel?.show(this.#form, this.#current());
    this.#drawViews();
  }

  /** The kept view that is shown, if one is. */
  #current() {
    const shown = JSON.stringify(sorted(this.#form));
    return this.#views.find(({ wanted }) => JSON.stringify(sorted(wanted)) === shown) ?? null;
  }

  /** @param {SavedView} view */
  #keep(view) {
    this.#views = [...this.#views, view];
    this.#follow();
  }

  /** @param {string} id */
  #drop(id) {
    this.#views = this.#views.filter((view) => view.id !== id);
    this.#follow();
  }

  #drawViews() {
    const cursor = document.activeElement;
    const focused = cursor ? [...this.#chips.children].indexOf(cursor) : -1;
    const current = this.#current();
    this.#chips.hidden = !this.#views.length;
    this.#chips.replaceChildren(
      ...this.#views.map((view) => {
        const isCurrent = view === current;
        const onclick = () => this.apply(isCurrent ? {} : { ...view.wanted });
        const title = view.is_own ? null : say("desk_view_shared");
        const look = { type: "button", class: "chip", "aria-pressed": String(isCurrent), title };
        return make("button", { ...look, onclick }, view.name);
      }),
    );
    const chip = this.#chips.children[focused];
    if (chip instanceof HTMLElement) chip.focus();
  }
}

/** @param {Record<string, string>} form */
const sorted = (form) => Object.entries(form).sort(([one], [other]) => one.localeCompare(other));
