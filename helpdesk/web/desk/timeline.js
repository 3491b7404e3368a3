// The log of one conversation in the middle: each line once, by its seq, whatever order the news arrives in.

import { byId, make } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { LineDrawing } from "./line.js";

/** @import { DeskPage, ShowFailure, TimelineLine, UnsentMessage } from "./types.js" */

const NEAR_END_PX = 80;
const MARKED_MS = 2500;
/** So many lines are laid out at all times; those before them when they come near the screen. */
const LAID_OUT = 60;
/** The next page is fetched when its place is so near to the screen. */
const EARLIER_NEAR_PX = 600;

/** What is shown of the open conversation's log. */
export class Timeline {
  #page;
  /** @type {Map<number, TimelineLine>} */
  #lines = new Map();
  /** @type {Map<number, { state: string, item: HTMLElement }>} */
  #drawn = new Map();
  #box = byId("scroll");
  #list = byId("lines");
  #pending = byId("pending");
  #newest = byId("newest");
  #earlier = byId("earlier");
  #isFollowing = true;
  #height = 0;

  /**
   * @param {DeskPage} page
   * @param {() => void} onEarlier called when what stands before the first line comes near the screen
   */
  constructor(page, onEarlier) {
    this.#page = page;
    this.#newest.addEventListener("click", () => this.toEnd());
    this.#box.addEventListener(
      "scroll",
      () => {
        const isOurs = this.#box.clientHeight !== this.#height; // the field below grew, nobody scrolled
        if (!isOurs) this.#isFollowing = this.isAtEnd();
        if (this.#isFollowing) this.#newest.hidden = true;
        if (!this.#earlier.hidden && this.#box.scrollTop < EARLIER_NEAR_PX) onEarlier();
      },
      { passive: true },
    );
    // What opens below, such as a hint about what is being written, covers no line that was in view.
    new ResizeObserver(() => {
      this.#height = this.#box.clientHeight;
      if (this.#isFollowing) this.toEnd();
    }).observe(this.#box);
  }

  /** Start over with another conversation. */
  reset() {
    this.#lines.clear();
    this.#drawn.clear();
    this.#list.replaceChildren();
    this.#pending.replaceChildren();
    byId("typing").hidden = true;
  }

  /** 0 when there are none. */
  get lastSeq() {
    return Math.max(0, ...this.#lines.keys());
  }

  get firstSeq() {
    return Math.min(...this.#lines.keys());
  }

  /** What the customer wrote last, if no agent has written to them since they asked for a person; else null. */
  get unanswered() {
    const lines = [...this.#lines.values()].toSorted((one, other) => one.seq - other.seq);
    const asked = lines.findLast(({ event }) => event === "request_handoff")?.seq ?? 0;
    if (lines.some((line) => isAnswer(line) && line.seq > asked)) return null;
    return lines.findLast(({ author, withdrawn }) => author === "contact" && !withdrawn) ?? null;
  }

  /**
   * An answer that the agent may correct or take back: line `seq`, or the newest one.
   * @param {number} [seq]
   */
  changeable(seq) {
    if (seq) return this.#lines.get(seq) ?? null;
    return [...this.#lines.values()].filter((line) => line.changeable).sort((a, b) => b.seq - a.seq)[0] ?? null;
  }

  /**
   * Take lines in; returns those that are new. The view stays at the end if it was there.
   * @param {TimelineLine[]} found
   */
  take(found) {
    const fresh = found.filter((line) => !this.#lines.has(line.seq));
    const wasAtEnd = this.isAtEnd();
    for (const line of found) this.#lines.set(line.seq, line);
    for (const line of fresh) if (line.client_id) this.settle(line.client_id);
    this.#draw();
    if (wasAtEnd) this.toEnd();
    else if (fresh.some((line) => line.seq === this.lastSeq)) this.#newest.hidden = false;
    return fresh;
  }

  /**
   * Show older lines without moving what is being read.
   * @param {TimelineLine[]} found
   */
  takeEarlier(found) {
    const below = this.#box.scrollHeight - this.#box.scrollTop;
    this.#box.style.overflowAnchor = "none"; // or the browser would make up for it a second time
    for (const line of found) this.#lines.set(line.seq, line);
    this.#draw();
    this.#box.scrollTop = this.#box.scrollHeight - below;
    requestAnimationFrame(() => {
      this.#box.style.overflowAnchor = "";
    });
  }

  isAtEnd() {
    return this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < NEAR_END_PX;
  }

  toEnd() {
    this.#isFollowing = true;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#newest.hidden = true;
  }

  /**
   * Scroll to a line and mark it for a moment.
   * @param {number} seq
   */
  reveal(seq) {
    const item = document.getElementById(`line-${seq}`);
    if (!item) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    item.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
    item.classList.add("marked");
    item.focus({ preventScroll: true });
    setTimeout(() => item.classList.remove("marked"), MARKED_MS);
  }

  /**
   * A bubble for what is on its way to the server.
   * @param {UnsentMessage} message
   * @param {() => void} onRetry
   * @param {() => void} onDiscard
   * @returns {ShowFailure}
   */
  addPending(message, onRetry, onDiscard) {
    const status = make("span", { class: "delivery" }, say("desk_pending"));
    const item = make(
      "li",
      { class: `line-item ${message.note ? "note" : "agent"} pending`, id: `pending-${message.clientId}` },
      message.text ? make("div", { class: "bubble plain", dir: "auto" }, message.text) : null,
      message.files?.length
        ? make("p", { class: "meta", dir: "auto" }, message.files.map((file) => file.name).join(", "))
        : null,
      make("p", { class: "meta" }, status),
    );
    this.#pending.append(item);
    this.toEnd();
    return (failed) => {
      item.classList.toggle("failed", failed);
      const again = [smallButton("desk_try_again", onRetry), smallButton("desk_discard", onDiscard)];
      status.replaceChildren(...(failed ? [say("desk_unsent"), " ", ...again] : [say("desk_pending")]));
    };
  }

  /**
   * What was on its way has arrived, or goes no further.
   * @param {string} clientId
   */
  settle(clientId) {
    document.getElementById(`pending-${clientId}`)?.remove();
  }

  /**
   * What to call who wrote a line.
   * @param {TimelineLine} line
   */
  nameOf(line) {
    return this.#drawing().nameOf(line);
  }

  #drawing() {
    return new LineDrawing(this.#page.me, this.#page.clock, this.#page.state.open);
  }

  /** Only what has changed is drawn anew: who reads or has selected something keeps it. */
  #draw() {
    const { card, contact_seen_seq: seen } = this.#page.state.open;
    const drawing = this.#drawing();
    const wanted = [];
    let previousDay = "";
    const sorted = [...this.#lines.values()].sort((one, other) => one.seq - other.seq);
    const longAgo = sorted.at(-LAID_OUT)?.seq ?? 0;
    for (const line of sorted) {
      const day = this.#page.clock.day(line.at);
      if (day !== previousDay) wanted.push(this.#heading(day));
      previousDay = day;
      const state = JSON.stringify([line, line.seq <= seen, card.contact_name]);
      const old = this.#drawn.get(line.seq);
      const item = old?.state === state ? old.item : drawing.draw(line);
      item.classList.toggle("long-ago", line.seq < longAgo);
      this.#drawn.set(line.seq, { state, item });
      wanted.push(item);
    }
    arrange(this.#list, wanted);
    this.#earlier.hidden = !this.#lines.size || this.firstSeq <= 1;
  }

  /** @param {string} day */
  #heading(day) {
    const old = [...this.#list.children].find((item) => item instanceof HTMLElement && item.dataset.day === day);
    return old ?? make("li", { class: "day", "data-day": day }, make("span", {}, day));
  }
}

/** @param {TimelineLine} line */
const isAnswer = ({ author, kind, withdrawn }) => author === "agent" && kind === "outgoing" && !withdrawn;

/**
 * Make `wanted` the children of `list`, moving and removing as little as possible.
 * @param {Element} list
 * @param {Element[]} wanted
 */
function arrange(list, wanted) {
  const kept = new Set(wanted);
  for (const item of [...list.children]) if (!kept.has(item)) item.remove();
  let cursor = list.firstElementChild;
  for (const item of wanted) {
    if (item === cursor) cursor = cursor.nextElementSibling;
    else list.insertBefore(item, cursor);
  }
}

/**
 * @param {string} key
 * @param {() => void} onclick
 */
const smallButton = (key, onclick) =>
  make("button", { type: "button", class: "button plain small", onclick }, say(key));
