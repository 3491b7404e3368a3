// The conversation that is open: fetched, shown, kept up to date, and seen by its owner.

import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { fetchChanged } from "./changed-lines.js";
import { drawHead } from "./head.js";
import { showTalk } from "./panels.js";
import { isGone, showProblem, showTrouble } from "./problem.js";
import { drawRecall } from "./transfer-offer.js";

/** @import { Allowances } from "./allowances.js" */
/** @import { Coach } from "./coach.js" */
/** @import { Composer } from "./composer.js" */
/** @import { Details } from "./details.js" */
/** @import { HeldActions } from "./held.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { TypingSign } from "./typing-sign.js" */
/** @import { AgentWork, ConversationAnswer, ConversationDetail, DeskPage, TimelineLine } from "./types.js" */

const LINES_BEFORE = 30; // lines shown before one that is gone to
const OVERLAP = 20; // lines fetched again with the new ones: their delivery may have moved on

/**
 * What shows one conversation.
 * @typedef {{ timeline: Timeline, typing: TypingSign, composer: Composer, coach: Coach, allowances: Allowances,
 *   details: Details, held: HeldActions }} Parts
 */

/** Head, timeline, composer and details always show the same conversation. */
export class ConversationView {
  #page;
  #parts;
  #onShown;
  /** The newest line that the customer was told is read. */
  #seenSeq = 0;
  #isFetchingEarlier = false;
  /** When the server was asked for what is shown, in ms of the page's clock. */
  #asked = 0;
  #isOpening = false;
  /** Something has changed since the server was asked for the conversation that is being opened. */
  #isBehind = false;

  /**
   * @param {DeskPage} page
   * @param {Parts} parts
   * @param {() => void} onShown called when another conversation is there
   */
  constructor(page, parts, onShown) {
    this.#page = page;
    this.#parts = parts;
    this.#onShown = onShown;
  }

  /** The newest line on the screen, which is what the agent has read. */
  get lastSeq() {
    return this.#parts.timeline.lastSeq;
  }

  /** What the customer wrote last, if nobody has answered since and a person is to. */
  get unanswered() {
    const { card } = this.#page.state.open;
    if (card.status === "bot" || this.#parts.held.hasAnswer) return null;
    return this.#parts.timeline.unanswered;
  }

  /**
   * Show a conversation; nothing can be typed or pressed until it is there, unless it is the one that is shown already:
   * whoever has just accepted it goes on. Returns whether it is what is shown now.
   * @param {string} id
   * @param {number} seq the line to go to; 0: the newest
   */
  async open(id, seq = 0) {
    const { calls, state } = this.#page;
    const isWanted = state.beginSwitch(id);
    const asked = performance.now();
    this.#isOpening = true;
    this.#isBehind = false;
    showProblem(null);
    if (state.isSwitching) for (const part of ["actions", "details"]) byId(part).inert = true;
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.get(`conversations/${encodeURIComponent(id)}`);
      if (!isWanted()) return false;
      this.#show(found, asked);
      if (this.#isBehind) void this.refresh();
      if (seq) await this.goTo(seq);
      return true;
    } catch (error) {
      if (isWanted()) showTrouble(error);
      return false;
    } finally {
      if (isWanted()) {
        this.#isOpening = false;
        for (const part of ["actions", "details"]) byId(part).inert = false;
        state.endSwitch(id);
      }
    }
  }

  /** Fetch what is new in the open conversation, if there is one; in one that is on its way as soon as it is there. */
  async refresh() {
    const { calls, state } = this.#page;
    this.#isBehind ||= this.#isOpening;
    const { timeline } = this.#parts;
    const { id } = state;
    if (!id) return;
    const after = Math.max(0, timeline.lastSeq - OVERLAP);
    const asked = performance.now();
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.get(`conversations/${id}?after=${after}`);
      if (state.id !== id || asked < this.#asked) return;
      this.#asked = asked;
      this.apply(found.conversation);
      const fresh = timeline.take(found.lines);
      this.#announce(fresh);
      if (found.work) this.#takeWork(id, found.work, asked);
      this.noteSeen();
      await fetchChanged(this.#page, timeline, fresh, after);
    } catch (error) {
      if (isGone(error) && state.id === id) this.#leaveErased(id);
    }
  }

  /** What the agent writes here, or can undo, has changed in another window or at the server. */
  async refreshWork() {
    const { calls, state } = this.#page;
    this.#isBehind ||= this.#isOpening;
    const { id } = state;
    if (!id) return;
    const asked = performance.now();
    /** @type {AgentWork | null} */
    const work = await calls.get(`conversations/${id}/work`).catch(() => null);
    if (work && state.id === id && asked >= this.#asked) this.#takeWork(id, work, asked);
  }

  /**
   * @param {string} id
   * @param {AgentWork} work
   * @param {number} asked when the server was asked for it, in ms of the page's clock
   */
  #takeWork(id, work, asked) {
    this.#parts.composer.takeWork(id, work, asked);
    this.#parts.held.take(id, work);
  }

  /**
   * The customer was erased: nothing of them stays on the screen or in this browser.
   * @param {string} id
   */
  #leaveErased(id) {
    const { state } = this.#page;
    const { composer, held, timeline } = this.#parts;
    state.leave();
    composer.forget(id);
    held.take("", { drafts: [], held: [] });
    timeline.reset();
    state.current = null;
    byId("open").hidden = byId("details-body").hidden = true;
    byId("nothing").hidden = false;
    byId("erased").hidden = false;
    byId("said").textContent = byId("erased").textContent;
    remember(null);
  }

  /**
   * Show who has the conversation and what can be done with it. An answer that was overtaken by a change of owner says
   * what is no longer true: words for the customer would become a note, or a note would reach the customer.
   * @param {ConversationDetail} detail
   */
  apply(detail) {
    const before = this.#page.state.current;
    if (before?.card.id === detail.card.id && detail.epoch < before.epoch) return;
    this.#draw(detail, before);
  }

  /**
   * @param {ConversationDetail} detail
   * @param {ConversationDetail | null} before what was shown until now
   */
  #draw(detail, before) {
    const { allowances, coach, composer, details } = this.#parts;
    this.#page.state.current = detail;
    drawHead(this.#page);
    drawRecall(this.#page, () => this.refresh());
    coach.follow();
    allowances.follow();
    composer.follow();
    details.draw();
    const isUnmasked = before?.is_masked && !detail.is_masked && before.card.id === detail.card.id;
    if (isUnmasked) this.open(detail.card.id);
  }

  /**
   * Follow a line of the summary to its message, fetching older pages until it is there.
   * @param {number} seq
   */
  async goTo(seq) {
    const { timeline } = this.#parts;
    showTalk();
    byId("details-open").setAttribute("aria-expanded", "false");
    let isThere = true;
    while (isThere && seq < timeline.firstSeq && timeline.firstSeq > 1)
      isThere = await this.showEarlier(Math.max(1, seq - LINES_BEFORE));
    timeline.reveal(seq);
  }

  /** Whoever scrolls up finds the next page there before they reach its place. */
  async showEarlierSoon() {
    if (this.#isFetchingEarlier) return;
    this.#isFetchingEarlier = true;
    await this.showEarlier();
    this.#isFetchingEarlier = false;
  }

  /**
   * Returns whether there is more to see now.
   * @param {number} from the line to begin with; 0: a page before what is there
   */
  async showEarlier(from = 0) {
    const { calls, state } = this.#page;
    const { timeline } = this.#parts;
    const { id } = state;
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.get(`conversations/${id}?before=${timeline.firstSeq}&from=${from}`);
      if (state.id !== id) return false;
      timeline.takeEarlier(found.lines);
      return found.lines.length > 0;
    } catch (error) {
      showTrouble(error);
      return false;
    }
  }

  /** Tell the customer that the owner has read what there is. */
  noteSeen() {
    const { calls, state } = this.#page;
    const seq = this.#parts.timeline.lastSeq;
    if (!state.isMine || document.hidden || seq <= this.#seenSeq) return;
    this.#seenSeq = seq;
    calls.post(`conversations/${state.id}/seen`, { seq }).catch(() => {
      this.#seenSeq = 0;
    });
  }

  /**
   * @param {ConversationAnswer} found
   * @param {number} asked when the server was asked for it, in ms of the page's clock
   */
  #show({ conversation, lines, work, now }, asked) {
    const { timeline } = this.#parts;
    this.#asked = asked;
    this.#page.clock.set(now);
    this.#seenSeq = 0;
    timeline.reset();
    this.#draw(conversation, this.#page.state.current);
    timeline.take(lines);
    this.#takeWork(conversation.card.id, work ?? { drafts: [], held: [] }, asked);
    byId("nothing").hidden = true;
    byId("erased").hidden = true;
    byId("open").hidden = false;
    showTalk();
    timeline.toEnd();
    this.#onShown();
    this.noteSeen();
    remember(conversation.card.id);
  }

  /**
   * Read new messages out to a screen reader, not the whole log.
   * @param {TimelineLine[]} fresh
   */
  #announce(fresh) {
    const last = fresh.filter((line) => line.author === "contact").at(-1);
    if (!last) return;
    this.#parts.typing.hide();
    byId("said").textContent = `${say("desk_said_new", { name: this.#parts.timeline.nameOf(last) })}: ${last.text}`;
  }
}

/**
 * In the address: a reload shows the same conversation.
 * @param {string | null} id
 */
function remember(id) {
  const address = new URL(location.href);
  if (id) address.searchParams.set("conversation", id);
  else address.searchParams.delete("conversation");
  history.replaceState(null, "", address);
}
