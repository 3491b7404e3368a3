// What can still be undone: an answer or a resolution that the server holds for some seconds.

import { byId, make } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { showProblem, troubleOfOpen } from "./problem.js";

/** @import { Timeline } from "./timeline.js" */
/** @import { AgentWork, DeskPage, HeldCard } from "./types.js" */

const TICK_MS = 250;

/** The lines below the log of the open conversation. Each says how long it can be undone. */
export class HeldActions {
  #page;
  #timeline;
  #onUndone;
  #onReturned;
  #list = byId("pending");
  #conversation = "";
  /** @type {HeldCard[]} */
  #held = [];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /**
   * @param {DeskPage} page
   * @param {Timeline} timeline
   * @param {(conversation: string, held: HeldCard, work: AgentWork) => void} onUndone called when it was undone
   * @param {(conversation: string, held: HeldCard) => void} onReturned called for an answer with files that could not be
   *   sent; its words are a draft again by then
   */
  constructor(page, timeline, onUndone, onReturned) {
    this.#page = page;
    this.#timeline = timeline;
    this.#onUndone = onUndone;
    this.#onReturned = onReturned;
  }

  /** An answer is on its way to the customer. */
  get hasAnswer() {
    return this.#held.some(({ kind }) => kind === "answer");
  }

  /**
   * Show what is held in the open conversation.
   * @param {string} conversation
   * @param {AgentWork} work
   */
  take(conversation, { drafts, held }) {
    const known = new Set(this.#held.map(({ id }) => id));
    const isOther = conversation !== this.#conversation;
    const gone = this.#held.filter(({ id, files }) => files.length && !held.some((each) => each.id === id));
    const cameBack = drafts.some(({ mode, returned }) => mode === "answer" && returned && returned !== "undone");
    if (cameBack && !isOther) for (const each of gone) this.#onReturned(conversation, each);
    this.#conversation = conversation;
    this.#held = held;
    for (const item of this.#list.querySelectorAll(".held"))
      if (!held.some(({ id }) => item.id === `held-${id}`)) item.remove();
    for (const each of held) if (!document.getElementById(`held-${each.id}`)) this.#add(each);
    const fresh = held.filter(({ id }) => !known.has(id) && !isOther).at(-1);
    if (fresh) byId("said").textContent = say(`desk_held_${fresh.kind}_said`);
    this.#tick();
    clearInterval(this.#ticking);
    if (held.length) this.#ticking = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Undo what was done last; returns whether there was anything. */
  undoLast() {
    const last = this.#held.findLast((held) => this.#left(held) > 0);
    if (last) this.#undo(last);
    return Boolean(last);
  }

  /** @param {HeldCard} held */
  #add(held) {
    this.#timeline.settle(held.client_id);
    const undo = { type: "button", class: "button small undo", onclick: () => this.#undo(held) };
    const isAnswer = held.kind === "answer";
    this.#list.append(
      make(
        "li",
        { class: isAnswer ? "line-item agent held" : "activity held", id: `held-${held.id}` },
        isAnswer && held.text ? make("div", { class: "bubble plain", dir: "auto" }, held.text) : null,
        held.files.length
          ? make("p", { class: "meta", dir: "auto" }, held.files.map(({ name }) => name).join(", "))
          : null,
        make("p", { class: "meta" }, make("span", { class: "left" }), " ", make("button", undo, say("desk_undo"))),
      ),
    );
    this.#timeline.toEnd();
  }

  /** @param {HeldCard} held */
  #left({ due_at: due }) {
    return Date.parse(due) - this.#page.clock.now();
  }

  #tick() {
    for (const held of this.#held) {
      const item = document.getElementById(`held-${held.id}`);
      const left = item?.querySelector(".left");
      const undo = item?.querySelector("button");
      if (!left || !undo) continue;
      const seconds = Math.ceil(this.#left(held) / 1000);
      undo.hidden = seconds <= 0;
      left.textContent = say(`desk_held_${held.kind}${seconds > 0 ? "" : "_now"}`, { seconds });
    }
  }

  /** @param {HeldCard} held */
  async #undo(held) {
    const conversation = this.#conversation;
    const { calls, state } = this.#page;
    const showTroubleHere = troubleOfOpen(state);
    showProblem(null);
    try {
      /** @type {AgentWork} */
      const work = await calls.post(`conversations/${conversation}/undo`, { held: held.id });
      byId("said").textContent = say("desk_undone");
      if (state.id === conversation) this.take(conversation, work);
      this.#onUndone(conversation, held, work);
    } catch (error) {
      showTroubleHere(error);
    }
  }
}
