// The lists on the left: who waits, my conversations, all open ones, the resolved, and what I have promised.

import { byId, find, findAll, make, quoted } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { badge, channelMark, importantMark, isThere, nameOf, urgencyMark } from "./marks.js";

/** @import { Offers } from "./offers.js" */
/** @import { PromisePanel } from "./promises.js" */
/** @import { Card, Counts, DeskPage, ListAnswer, Load, News, PromiseCard, View } from "./types.js" */

const LONG_WAIT_MS = 5 * 60_000;

/**
 * One entry: what it is drawn from, and the conversation it leads to.
 * @typedef {{ key: string, id: string, draw: () => HTMLElement }} Entry
 */

/** One of the lists, as the server has it. */
export class ConversationList {
  #page;
  #offers;
  #promises;
  #onChoose;
  #views = findAll(document, ".views button");
  #list = byId("list");
  /** @type {View} */
  #view = "queue";
  /** @type {Entry[]} */
  #entries = [];
  /** @type {string | null} */
  #chosen = null;

  /**
   * @param {DeskPage} page
   * @param {{ offers: Offers, promises: PromisePanel, onChoose: (id: string) => void, onTrouble: (error: unknown) => void }}
   *   parts `onChoose` is called when the agent opens a conversation
   * @param {string | null} view the list to begin with, as the address names it
   */
  constructor(page, { offers, promises, onChoose, onTrouble }, view) {
    this.#page = page;
    this.#offers = offers;
    this.#promises = promises;
    this.#onChoose = onChoose;
    if (this.#views.some((button) => button.dataset.view === view)) this.#view = /** @type {View} */ (view);
    for (const button of this.#views)
      button.addEventListener("click", () => {
        this.show(/** @type {View} */ (button.dataset.view)).catch(onTrouble);
      });
    setInterval(() => this.#tick(), 1000);
  }

  /**
   * Switch to a list.
   * @param {View} view
   */
  async show(view) {
    this.#view = view;
    await this.refresh();
  }

  /**
   * Fetch the list again; an answer that comes after a switch to another list is only good for its counts.
   * @returns {Promise<News>}
   */
  async refresh() {
    const view = this.#view;
    const { calls } = this.#page;
    /** @type {Promise<ListAnswer>} */
    const listing = calls.get(`conversations?view=${view === "promises" ? "mine" : view}`);
    /** @type {Promise<{ promises: PromiseCard[] }> | null} */
    const promising = view === "promises" ? calls.get("promises") : null;
    const [found, mine] = await Promise.all([listing, promising]);
    this.#page.clock.set(found.now);
    const news = { ...found.counts, offered: this.#offers.take(found.offers), offers: found.offers.length };
    if (view !== this.#view) return news;
    this.#entries = mine ? mine.promises.map((one) => this.#promiseEntry(one)) : this.#cardEntries(found);
    this.#draw(found.counts);
    drawLoad(found.load);
    return news;
  }

  /**
   * Mark the conversation that is open.
   * @param {string | null} id
   */
  mark(id) {
    this.#chosen = id;
    for (const item of findAll(this.#list, "li")) {
      const button = find(item, "button");
      if (item.dataset.id === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  /**
   * Open the conversation `step` places further down.
   * @param {number} step
   */
  move(step) {
    const last = this.#entries.length - 1;
    if (last < 0) return;
    const here = this.#entries.findIndex(({ id }) => id === this.#chosen);
    const beginning = step > 0 ? 0 : last;
    const there = here < 0 ? beginning : Math.min(last, Math.max(0, here + step));
    this.#onChoose(this.#entries[there].id);
    this.#list.children[there].scrollIntoView({ block: "nearest" });
  }

  /** Put the cursor where the open conversation stands. */
  focus() {
    const current = this.#list.querySelector("[aria-current]");
    if (current instanceof HTMLElement) current.focus();
  }

  /**
   * What is offered to me stands above the list already.
   * @param {ListAnswer} found
   * @returns {Entry[]}
   */
  #cardEntries({ conversations, offers }) {
    const offered = new Set(offers.map(({ id }) => id));
    return conversations
      .filter(({ id }) => !offered.has(id))
      .map((card) => ({ key: card.id, id: card.id, draw: () => this.#drawCard(card) }));
  }

  /**
   * @param {PromiseCard} promise
   * @returns {Entry}
   */
  #promiseEntry(promise) {
    const draw = () => this.#promises.drawCard(promise, this.#chosen, this.#onChoose);
    return { key: promise.id, id: promise.conversation_id, draw };
  }

  /** @param {Counts} counts */
  #draw(counts) {
    this.#drawCounts(counts);
    const focused = document.activeElement?.closest("#list li");
    this.#list.replaceChildren(...this.#entries.map((entry) => entry.draw()));
    if (focused instanceof HTMLElement) this.#focusKey(focused.dataset.key ?? "");
    this.#tick();
    const empty = byId("list-empty");
    empty.hidden = this.#entries.length > 0;
    find(empty, "strong").textContent = say(`desk_empty_${this.#view}`);
    find(empty, ".muted").textContent = sayOr(`desk_empty_${this.#view}_more`, "");
  }

  /** @param {Counts} counts */
  #drawCounts(counts) {
    for (const button of this.#views) {
      const view = /** @type {View} */ (button.dataset.view);
      const number = find(button, ".count");
      button.setAttribute("aria-pressed", String(view === this.#view));
      number.textContent = String(counts[view] ?? "");
      number.hidden = !counts[view];
      if (view === "promises") number.classList.toggle("due", counts.due > 0);
    }
  }

  /** @param {string} key */
  #focusKey(key) {
    const button = this.#list.querySelector(`li[data-key="${CSS.escape(key)}"] button`);
    if (button instanceof HTMLElement) button.focus();
  }

  /** @param {Card} card */
  #drawCard(card) {
    const isCurrent = card.id === this.#chosen ? "true" : null;
    const look = { type: "button", class: "conversation", "aria-current": isCurrent };
    const button = make(
      "button",
      { ...look, onclick: () => this.#onChoose(card.id) },
      make(
        "span",
        { class: "line" },
        channelMark(card.channel),
        make("strong", { class: "name" }, quoted(nameOf(card))),
        this.#drawWhen(card),
      ),
      make("span", { class: "request", dir: "auto" }, card.request || plain(card.preview) || "…"),
      make("span", { class: "line tags" }, ...this.#drawTags(card)),
    );
    return make("li", { "data-id": card.id, "data-key": card.id }, button);
  }

  /** @param {Card} card */
  #drawWhen({ waiting_since: since, changed_at: changed }) {
    if (!since) return make("span", { class: "when" }, this.#page.clock.time(changed));
    return make("span", { class: "when wait", "data-since": since }, this.#waiting(since));
  }

  /** @param {string} since */
  #waiting(since) {
    return say("desk_waiting", { time: this.#page.clock.elapsed(since) });
  }

  /** @param {Card} card */
  #drawTags(card) {
    const isMine = card.agent_id === this.#page.me.id;
    const marks = card.status === "resolved" ? [] : this.#marks(card);
    const language = { class: "badge", title: say(`desk_language_${card.language}`) };
    return [
      ...marks,
      make("span", language, card.language.toUpperCase()),
      this.#drawOwner(card),
      ...(card.status === "resolved" ? [] : drawTriggers(card, marks.length > 1 ? 1 : 2)),
      card.unread && isMine ? make("span", { class: "badge ok" }, say("desk_unread")) : null,
    ];
  }

  /** @param {Card} card */
  #drawOwner(card) {
    if (card.status === "bot") return make("span", { class: "badge" }, say("desk_with_bot"));
    if (card.status !== "assigned") return null;
    const isMine = card.agent_id === this.#page.me.id;
    const owner = isMine ? say("desk_with_you") : say("desk_with", { name: card.agent_name });
    return make("span", { class: "badge accent" }, owner);
  }

  /**
   * What makes this one come first.
   * @param {Card} card
   */
  #marks(card) {
    return [
      this.#drawOffered(card),
      importantMark(card),
      urgencyMark(card),
      card.team ? badge(say("desk_team", { name: card.team })) : null,
      card.promise_due ? make("span", { class: "badge until", "data-due": card.promise_due }) : null,
    ].filter(isThere);
  }

  /** @param {Card} card */
  #drawOffered({ offered_to: to, offered_name: name }) {
    if (!to) return null;
    return badge(to === this.#page.me.id ? say("desk_offered_you") : say("desk_offered", { name }), "accent");
  }

  #tick() {
    this.#promises.tick();
    for (const wait of findAll(this.#list, ".wait[data-since]")) {
      const since = wait.dataset.since ?? "";
      const text = this.#waiting(since);
      if (wait.textContent !== text) wait.textContent = text;
      wait.classList.toggle("long", this.#page.clock.now() - Date.parse(since) >= LONG_WAIT_MS);
    }
  }
}

/** @param {Load} load */
function drawLoad({ open, capacity }) {
  const load = byId("load");
  load.hidden = false;
  load.textContent = say("desk_load", { open, capacity });
  load.classList.toggle("full", open >= capacity);
  load.title = open >= capacity ? say("desk_load_full", { open, capacity }) : "";
}

/**
 * @param {Card} card
 * @param {number} most
 */
function drawTriggers(card, most) {
  return card.triggers
    .slice(0, most)
    .filter(({ kind }) => kind !== "agent_took")
    .map(({ kind }) => {
      const look = kind === "complaint" ? "danger" : "warn";
      return make("span", { class: `badge ${look}` }, say(`trigger_${kind}`));
    });
}

/**
 * A preview without the signs of Markdown.
 * @param {string} text
 */
const plain = (text) => text.replace(/\*\*|__|^#+\s|`/g, "").replace(/(^|\s)\*(\S[^*]*)\*/g, "$1$2");
