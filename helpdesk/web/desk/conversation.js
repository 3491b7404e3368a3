// The conversation that is open: fetched, shown, kept up to date, and seen by its owner.

import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { drawHead } from "./head.js";
import { showTalk } from "./panels.js";
import { showProblem, showTrouble, showTroubleIfGone } from "./problem.js";

/** @import { Composer } from "./composer.js" */
/** @import { Details } from "./details.js" */
/** @import { PromiseHint } from "./promise-hint.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { TypingSign } from "./typing-sign.js" */
/** @import { ConversationAnswer, ConversationDetail, DeskPage, TimelineLine } from "./types.js" */

const OVERLAP = 20; // lines fetched again with the new ones: their delivery may have moved on

/**
 * What shows one conversation.
 * @typedef {{ timeline: Timeline, typing: TypingSign, composer: Composer, hint: PromiseHint, details: Details }} Parts
 */

/** Head, timeline, composer and details always show the same conversation. */
export class ConversationView {
  #page;
  #parts;
  #onShown;
  /** The newest line that the customer was told is read. */
  #seenSeq = 0;

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
    return card.status === "bot" ? null : this.#parts.timeline.unanswered;
  }

  /**
   * Show a conversation; nothing can be typed until it is there. Returns whether it is what is shown now.
   * @param {string} id
   */
  async open(id) {
    const { calls, state } = this.#page;
    const { composer } = this.#parts;
    const isWanted = state.beginSwitch();
    showProblem(null);
    composer.wait("switch", true);
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.get(`conversations/${encodeURIComponent(id)}`);
      if (!isWanted()) return false;
      this.#show(found);
      return true;
    } catch (error) {
      if (isWanted()) showTrouble(error);
      return false;
    } finally {
      if (isWanted()) composer.wait("switch", false);
    }
  }

  /** Fetch what is new in the open conversation, if there is one. */
  async refresh() {
    const { calls, state } = this.#page;
    const { timeline } = this.#parts;
    const { id } = state;
    if (!id) return;
    const after = Math.max(0, timeline.lastSeq - OVERLAP);
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.get(`conversations/${id}?after=${after}`);
      if (state.id !== id) return;
      this.apply(found.conversation);
      this.#announce(timeline.take(found.lines));
      this.noteSeen();
    } catch (error) {
      showTroubleIfGone(error);
    }
  }

  /**
   * Show who has the conversation and what can be done with it.
   * @param {ConversationDetail} detail
   */
  apply(detail) {
    const { composer, details, hint } = this.#parts;
    this.#page.state.current = detail;
    drawHead(this.#page.state);
    hint.follow();
    composer.follow();
    details.draw();
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
    while (isThere && seq < timeline.firstSeq && timeline.firstSeq > 1) isThere = await this.showEarlier();
    timeline.reveal(seq);
  }

  /** Returns whether there is more to see now. */
  async showEarlier() {
    const { calls, state } = this.#page;
    const { timeline } = this.#parts;
    const { id } = state;
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.get(`conversations/${id}?before=${timeline.firstSeq}`);
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

  /** @param {ConversationAnswer} found */
  #show({ conversation, lines, now }) {
    const { timeline } = this.#parts;
    this.#page.clock.set(now);
    this.#seenSeq = 0;
    timeline.reset();
    this.apply(conversation);
    timeline.take(lines);
    byId("nothing").hidden = true;
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
 * @param {string} id
 */
function remember(id) {
  const address = new URL(location.href);
  address.searchParams.set("conversation", id);
  history.replaceState(null, "", address);
}
