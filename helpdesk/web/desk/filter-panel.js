// The filters of the search, loaded when somebody opens them: what can be chosen, and keeping it under a name.

import { findAll, make } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { FILTERS } from "./wanted.js";

/** @import { Choice, DeskPage, FilterChoices, SavedView } from "./types.js" */

const STATUSES = ["bot", "queued", "assigned", "resolved"];
const CHANNELS = ["webchat", "telegram", "slack", "email"];
const MOODS = ["upset", "abusive"];
const RATINGS = ["good", "bad"];
const PERIODS = ["1", "7", "30", "90", "days"];
const SORTS = ["opened", "wait"];
const MAX_NAME_LENGTH = 60;

/**
 * @typedef {object} Handlers
 * @property {(filters: Record<string, string>) => void} onChange
 * @property {(view: SavedView) => void} onKept
 * @property {(id: string) => void} onDropped
 * @property {(error: unknown) => void} onTrouble
 */

/**
 * Fill the empty panel.
 * @param {DeskPage} page
 * @param {HTMLElement} panel
 * @param {Handlers} handlers
 */
export async function openFilterPanel(page, panel, handlers) {
  return new FilterPanel(page, panel, await page.calls.get("filters"), handlers);
}

/** The panel's fields say what is filtered; each change is told at once. */
export class FilterPanel {
  #page;
  #panel;
  #handlers;
  #name = make("input", {
    maxlength: MAX_NAME_LENGTH,
    autocomplete: "off",
    "aria-label": say("desk_view_name"),
    placeholder: say("desk_view_name"),
  });
  #share;
  #keep;
  #drop;
  #clear;
  /** @type {Record<string, string>} */
  #form = {};
  /** @type {SavedView | null} */
  #view = null;

  /**
   * @param {DeskPage} page
   * @param {HTMLElement} panel
   * @param {FilterChoices} choices
   * @param {Handlers} handlers
   */
  constructor(page, panel, choices, handlers) {
    this.#page = page;
    this.#panel = panel;
    this.#handlers = handlers;
    const me = { id: "me", name: say("desk_filter_me") };
    /** @type {Record<string, Choice[]>} */
    const fields = {
      status: named("desk_status", STATUSES),
      channel: named("channel", CHANNELS),
      team: choices.team,
      agent: [me, ...choices.agent.filter(({ id }) => id !== page.me.id)],
      topic: choices.topic,
      tag: choices.tag ?? [],
      language: choices.language,
      mood: named("desk_filter_mood", MOODS),
      rating: named("desk_filter_rating", RATINGS),
      period: named("desk_period", PERIODS),
    };
    this.#share = this.#select("share", choices.shares_with, say("desk_view_mine_only"));
    this.#keep = button("desk_view_keep", () => this.#keepView());
    this.#drop = button("desk_view_drop", () => this.#dropView());
    this.#clear = button("desk_filter_clear", () => this.#handlers.onChange({}));
    panel.replaceChildren(
      ...FILTERS.filter((name) => fields[name].length).map((name) => this.#field(name, fields[name])),
      this.#field("sort", named("desk_sort", SORTS), say("desk_sort_any")),
      this.#days(),
      make("div", { class: "row keep" }, this.#name, this.#share),
      make("div", { class: "row" }, this.#keep, this.#drop, this.#clear),
    );
    panel.addEventListener("change", (event) => this.#onChange(event));
  }

  focus() {
    this.#panel.querySelector("select")?.focus();
  }

  /**
   * Show what is set, and the kept view that it is.
   * @param {Record<string, string>} form
   * @param {SavedView | null} view
   */
  show(form, view) {
    this.#form = form;
    this.#view = view;
    for (const field of this.#fields) field.value = form[field.name] ?? "";
    const days = this.#panel.querySelector(".days");
    if (days instanceof HTMLElement) days.hidden = form.period !== "days";
    const isEmpty = !Object.keys(form).length;
    for (const part of [this.#name, this.#share, this.#keep]) part.hidden = isEmpty || view !== null;
    this.#drop.hidden = !view?.is_own;
    this.#clear.hidden = isEmpty;
  }

  get #fields() {
    return /** @type {(HTMLSelectElement | HTMLInputElement)[]} */ (
      findAll(this.#panel, "[name]").filter((field) => field !== this.#share)
    );
  }

  /** @param {Event} event */
  #onChange(event) {
    if (event.target === this.#share || event.target === this.#name) return;
    const entries = this.#fields.map(({ name, value }) => [name, value]).filter(([, value]) => value);
    const filters = Object.fromEntries(entries);
    if (filters.period !== "days") {
      delete filters.from;
      delete filters.to;
    }
    this.#handlers.onChange(filters);
  }

  /**
   * @param {string} name
   * @param {Choice[]} choices
   */
  #field(name, choices, any = say("desk_filter_any")) {
    return make("label", { class: "field" }, say(`desk_filter_${name}`), this.#select(name, choices, any));
  }

  /**
   * @param {string} name
   * @param {Choice[]} choices
   * @param {string} any
   */
  #select(name, choices, any) {
    const options = choices.map((choice) => make("option", { value: choice.id }, choice.name));
    return make(
      "select",
      { name, "aria-label": name === "share" ? say("desk_view_share") : null },
      option(any),
      ...options,
    );
  }

  #days() {
    const day = (/** @type {string} */ name) =>
      make("label", { class: "field" }, say(`desk_filter_${name}`), make("input", { type: "date", name }));
    return make("div", { class: "days", hidden: true }, day("from"), day("to"));
  }

  async #keepView() {
    const name = this.#name.value.trim();
    if (!name) {
      this.#name.focus();
      return;
    }
    const to = this.#share.value;
    const shared = to === "everybody";
    try {
      /** @type {SavedView} */
      const view = await this.#page.calls.post("views", {
        name,
        wanted: this.#form,
        shared,
        team: shared || !to ? null : to,
      });
      this.#name.value = "";
      this.#handlers.onKept(view);
    } catch (error) {
      this.#handlers.onTrouble(error);
    }
  }

  async #dropView() {
    const view = this.#view;
    if (!view) return;
    try {
      await this.#page.calls.post(`views/${view.id}/drop`);
      this.#handlers.onDropped(view.id);
    } catch (error) {
      this.#handlers.onTrouble(error);
    }
  }
}

/**
 * @param {string} key
 * @param {string[]} ids
 * @returns {Choice[]}
 */
const named = (key, ids) => ids.map((id) => ({ id, name: say(`${key}_${id}`) }));

/** @param {string} text */
const option = (text) => make("option", { value: "" }, text);

/**
 * @param {string} key
 * @param {() => void} onclick
 */
const button = (key, onclick) => make("button", { type: "button", class: "button small", onclick }, say(key));
