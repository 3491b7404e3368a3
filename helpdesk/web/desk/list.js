// The lists on the left: who waits, my conversations, all open ones, the resolved, and what I have promised.

import { byId, find, findAll } from "../shared/elements.js";
import { say, sayCount, sayOr } from "../shared/words.js";
import { drawCard, waitingFor } from "./card.js";
import { Rows } from "./rows.js";

/** @import { FollowUpPanel } from "./follow-up.js" */
/** @import { Offers } from "./offers.js" */
/** @import { PromisePanel } from "./promises.js" */
/** @import { Row } from "./rows.js" */
/** @import { Counts, DeskPage, FollowUpCard, ListAnswer, Load, News, PromiseCard, View, Wanted } from "./types.js" */

const LONG_WAIT_MS = 5 * 60_000;
const PAGE = 50;
/** So many cards are fetched again when something has changed; of more, the first page. */
const MAX_PAGE = 200;

/** Lists that are shown only while something is in them. @type {Set<View>} */
const SELDOM = new Set(["snoozed", "mentions"]);

/** One of the lists, as the server has it. */
export class ConversationList {
  #page;
  #offers;
  #promises;
  #followUp;
  #onChoose;
  #views = findAll(document, ".views button");
  #list = byId("list");
  /** @type {View} */
  #view = "queue";
  #rows = new Rows(this.#list, find(document, ".lists"), () => this.#fetchMore());
  /**
   * What is searched and filtered; `null`: one of the lists is shown.
   * @type {Wanted | null}
   */
  #wanted = null;
  /**
   * Where the next page begins.
   * @type {string | null}
   */
  #after = null;
  #isFetching = false;
  /** How often the server was asked for a list, and the last of these questions whose answer is known. */
  #asked = 0;
  #answered = 0;
  /** @type {News} */
  #news = { due: 0, unread: 0, offers: 0, offered: false };
  /** What is shown is still the list before. */
  #isAnother = false;
  /** Fulfilled when the list that was chosen last is shown, or could not be fetched. */
  #coming = Promise.resolve();
  #onTrouble;
  /** @type {string | null} */
  #chosen = null;

  /**
   * @param {DeskPage} page
   * @param {{ offers: Offers, promises: PromisePanel, followUp: FollowUpPanel, onChoose: (id: string, seq?: number) => void,
   *   onTrouble: (error: unknown) => void, onView: () => void }} parts `onChoose` is called when the agent opens a
   *   conversation, `seq`: at that line; `onView` when they choose one of the lists
   * @param {string | null} view the list to begin with, as the address names it
   */
  constructor(page, { offers, promises, followUp, onChoose, onTrouble, onView }, view) {
    this.#page = page;
    this.#offers = offers;
    this.#promises = promises;
    this.#followUp = followUp;
    this.#onChoose = onChoose;
    this.#onTrouble = onTrouble;
    if (this.#views.some((button) => button.dataset.view === view)) this.#view = /** @type {View} */ (view);
    for (const button of this.#views)
      button.addEventListener("click", () => {
        onView();
        this.show(/** @type {View} */ (button.dataset.view)).catch(onTrouble);
      });
    this.#list.addEventListener("keydown", (event) => this.#moveFocus(event));
    setInterval(() => this.#tick(), 1000);
  }

  /**
   * Switch to a list.
   * @param {View} view
   */
  async show(view) {
    this.#view = view;
    await this.search(null);
  }

  /**
   * List what is searched and filtered, in all conversations; with `null` the list that was there before.
   * @param {Wanted | null} wanted
   */
  async search(wanted) {
    this.#wanted = wanted;
    this.#after = null;
    this.#isAnother = true;
    const shown = this.refresh();
    this.#coming = shown.then(ignore, ignore);
    await shown;
  }

  /**
   * Fetch the list again; an answer that comes after a switch to another list is only good for its counts, and one that
   * was overtaken by a later one for nothing.
   * @returns {Promise<News>}
   */
  async refresh() {
    const [view, wanted, asked] = [this.#view, this.#wanted, ++this.#asked];
    const { calls } = this.#page;
    const isOfPromises = view === "promises" && !wanted;
    const count = this.#isAnother ? 0 : this.#rows.all.length;
    const limit = count > MAX_PAGE ? PAGE : Math.max(PAGE, Math.min(MAX_PAGE, Math.ceil(count / PAGE) * PAGE));
    /** @type {Promise<ListAnswer>} */
    const listing = calls.get(`conversations?${this.#query({ limit: String(limit) })}`);
    /** @type {Promise<{ promises: PromiseCard[], follow_ups: FollowUpCard[] }> | null} */
    const promising = isOfPromises ? calls.get("promises") : null;
    const [found, mine] = await Promise.all([listing, promising]);
    if (asked < this.#answered) return this.#news;
    this.#answered = asked;
    this.#page.clock.set(found.now);
    const news = { ...found.counts, offered: this.#offers.take(found.offers), offers: found.offers.length };
    this.#news = { ...news, offered: false };
    if (view !== this.#view || wanted !== this.#wanted) return news;
    const fresh = mine ? this.#promiseRows(mine) : this.#cardRows(found);
    const isWhole = count <= MAX_PAGE || mine;
    if (isWhole) this.#after = mine ? null : (found.after ?? null);
    if (this.#isAnother) this.#startOver();
    this.#draw(isWhole ? fresh : this.#withOlder(fresh), found);
    drawLoad(found.load);
    return news;
  }

  /** Another list begins at its top. */
  #startOver() {
    this.#isAnother = false;
    this.#rows.show([]);
    find(document, ".lists").scrollTop = 0;
  }

  async #fetchMore() {
    const after = this.#after;
    if (!after || this.#isFetching) return;
    this.#isFetching = true;
    try {
      /** @type {ListAnswer} */
      const found = await this.#page.calls.get(`conversations?${this.#query({ limit: String(PAGE), after })}`);
      if (this.#after !== after) return;
      this.#after = found.after ?? null;
      const known = new Set(this.#rows.all.map(({ key }) => key));
      this.#rows.show([...this.#rows.all, ...this.#cardRows(found).filter(({ key }) => !known.has(key))]);
      this.mark(this.#chosen);
      this.#tick();
    } catch (error) {
      this.#onTrouble(error);
    } finally {
      this.#isFetching = false;
    }
  }

  /** @param {Record<string, string>} more */
  #query(more) {
    const view = this.#wanted ? "all" : this.#view === "promises" ? "mine" : this.#view;
    return new URLSearchParams({ view, ...this.#wanted, ...more });
  }

  /**
   * The first page as it is now, before the rows that were there already.
   * @param {Row[]} fresh
   */
  #withOlder(fresh) {
    const keys = new Set(fresh.map(({ key }) => key));
    return [...fresh, ...this.#rows.all.filter(({ key }) => !keys.has(key))];
  }

  /**
   * Mark the conversation that is open, and the one that is on its way.
   * @param {string | null} id
   */
  mark(id) {
    this.#chosen = id;
    const { coming } = this.#page.state;
    for (const item of findAll(this.#list, "li[data-id]")) {
      const button = find(item, "button");
      if (item.dataset.id === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      if (item.dataset.id === coming) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }

  /**
   * Open the conversation `step` places further down; in a list that is on its way as soon as that is there, unless
   * another conversation was opened meanwhile.
   * @param {number} step
   */
  async move(step) {
    const chosen = this.#chosen;
    await this.#coming;
    if (this.#isAnother || this.#chosen !== chosen) return;
    const rows = this.#rows.all;
    const last = rows.length - 1;
    if (last < 0) return;
    const here = rows.findIndex(({ id }) => id === this.#chosen);
    const beginning = step > 0 ? 0 : last;
    const there = rows[here < 0 ? beginning : Math.min(last, Math.max(0, here + step))];
    this.#onChoose(there.id, there.seq);
    this.#rows.bring(there.key)?.scrollIntoView({ block: "nearest" });
  }

  /** Open what stands at the top, unless that is still the list before. */
  openFirst() {
    const [first] = this.#rows.all;
    if (first && !this.#isAnother) this.#onChoose(first.id, first.seq);
  }

  /** Put the cursor on what stands at the top. */
  focusFirst() {
    const [first] = this.#rows.all;
    if (first) this.#rows.focus(first.key);
  }

  /**
   * The arrow keys go through the list; up from its top into the search.
   * @param {KeyboardEvent} event
   */
  #moveFocus(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (!step || !item || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const rows = this.#rows.all;
    const there = rows[rows.findIndex(({ key }) => key === item.dataset.key) + step];
    if (there) {
      this.#rows.focus(there.key);
      this.#rows.bring(there.key)?.scrollIntoView({ block: "nearest" });
    } else if (step < 0) byId("search").focus();
  }

  /** Put the cursor where the open conversation stands. */
  focus() {
    const current = this.#list.querySelector("[aria-current]");
    if (current instanceof HTMLElement) current.focus();
  }

  /**
   * What is offered to me stands above the list already.
   * @param {ListAnswer} answer
   * @returns {Row[]}
   */
  #cardRows({ conversations, offers, found = {} }) {
    const offered = new Set(offers.map(({ id }) => id));
    const isListed = (/** @type {{ id: string }} */ { id }) => this.#wanted || !offered.has(id);
    return conversations.filter(isListed).map((card) => {
      const line = found[card.id];
      const onChoose = () => this.#onChoose(card.id, line?.seq);
      const isOfMine = this.#view === "mine" && !this.#wanted;
      const draw = () =>
        drawCard(this.#page, card, { found: line, isCurrent: card.id === this.#chosen, isOfMine, onChoose });
      return { key: card.id, id: card.id, seq: line?.seq, draw };
    });
  }

  /**
   * Promises and follow-ups together, the next due first.
   * @param {{ promises: PromiseCard[], follow_ups: FollowUpCard[] }} mine
   * @returns {Row[]}
   */
  #promiseRows({ promises, follow_ups: followUps }) {
    const onChoose = (/** @type {string} */ id) => this.#onChoose(id);
    const rows = [
      ...promises.map((one) => ({ one, draw: () => this.#promises.drawCard(one, this.#chosen, onChoose) })),
      ...followUps.map((one) => ({ one, draw: () => this.#followUp.drawCard(one, this.#chosen, onChoose) })),
    ];
    rows.sort((first, second) => Date.parse(first.one.due_at) - Date.parse(second.one.due_at));
    return rows.map(({ one, draw }) => ({ key: one.id, id: one.conversation_id, draw }));
  }

  /**
   * @param {Row[]} rows
   * @param {ListAnswer} answer
   */
  #draw(rows, { counts, count = null, has_more: hasMore = false }) {
    this.#drawCounts(counts);
    this.#rows.show(rows);
    this.#tick();
    this.#drawCount(count, hasMore);
    const empty = byId("list-empty");
    const isOffered = this.#view === "queue" && !byId("offers").hidden;
    const list = this.#wanted ? "search" : isOffered ? "queue_but_offers" : this.#view;
    empty.hidden = rows.length > 0;
    find(empty, "strong").textContent = say(`desk_empty_${list}`);
    find(empty, ".muted").textContent = sayOr(`desk_empty_${list}_more`, "");
  }

  /**
   * How many were found.
   * @param {number | null} count
   * @param {boolean} hasMore
   */
  #drawCount(count, hasMore) {
    const told = byId("found");
    told.hidden = count === null;
    if (count === null) return;
    const text = hasMore ? say("desk_found_more", { count }) : sayCount("desk_found", count);
    if (told.textContent !== text) told.textContent = text;
  }

  /** @param {Counts} counts */
  #drawCounts(counts) {
    for (const button of this.#views) {
      const view = /** @type {View} */ (button.dataset.view);
      const number = find(button, ".count");
      button.setAttribute("aria-pressed", String(view === this.#view && !this.#wanted));
      number.textContent = String(counts[view] ?? "");
      number.hidden = !counts[view];
      if (SELDOM.has(view)) button.hidden = !counts[view] && view !== this.#view;
      if (view === "promises") number.classList.toggle("due", counts.due > 0);
    }
  }

  #tick() {
    this.#promises.tick();
    for (const wait of findAll(this.#list, ".wait[data-since]")) {
      const since = wait.dataset.since ?? "";
      const text = waitingFor(this.#page, since);
      if (wait.textContent !== text) wait.textContent = text;
      wait.classList.toggle("long", this.#page.clock.now() - Date.parse(since) >= LONG_WAIT_MS);
    }
  }
}

const ignore = () => {};

/** @param {Load} load */
function drawLoad({ open, capacity }) {
  const load = byId("load");
  load.hidden = false;
  load.textContent = say("desk_load", { open, capacity });
  load.classList.toggle("full", open >= capacity);
  load.title = open >= capacity ? say("desk_load_full", { open, capacity }) : "";
}
