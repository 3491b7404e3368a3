// Which conversation the desk shows, and what is under way with it: the one place where that is kept.

/** @import { Card, ConversationDetail, Me } from "./types.js" */

/** One for each page; every part of the desk is given it. */
export class DeskState {
  #me;
  #switches = 0;
  /** @type {(() => void)[]} */
  #leaving = [];
  /** @type {ConversationDetail | null} */
  current = null;
  /**
   * What is being settled, and of which conversation; "" is an offer that is about to be opened, or declined.
   * @type {Map<string, string>}
   */
  #deciding = new Map();
  /** @type {((ended: { id: string, isDone: boolean } | null) => void)[]} */
  #onAwaiting = [];
  /** The conversation that is on its way; "" when none is. */
  #coming = "";
  /** How many dialogs and lists are on their way that take the cursor. */
  #openings = 0;
  isConnected = false;
  /** The decision that was begun last ends with the cursor in the answer. */
  leadsToAnswer = false;

  /** @param {Me} me */
  constructor(me) {
    this.#me = me;
  }

  /** Another conversation is on its way: nothing may act on what the screen still shows. */
  get isSwitching() {
    return this.#coming !== "";
  }

  /** The conversation that is on its way; "" when none is. */
  get coming() {
    return this.#coming;
  }

  /** A dialog or list is on its way: what is typed already is meant for it. */
  get isOpening() {
    return this.#openings > 0;
  }

  /** A change of who has the open conversation is under way, or an offer is about to take its place. */
  get isDeciding() {
    return this.#deciding.has("") || this.isDecided(this.id ?? "");
  }

  /**
   * Whether a change of who has this conversation is under way.
   * @param {string} id
   */
  isDecided(id) {
    return id !== "" && this.#deciding.has(id);
  }

  /**
   * What keys are meant for that can't be done yet; `null` when there is nothing to wait for. `id` is the conversation,
   * "" when none is open.
   * @returns {{ id: string, why: "opening" | "switching" | "deciding" } | null}
   */
  get awaited() {
    if (this.isOpening) return { id: this.id ?? "", why: "opening" };
    if (this.#coming) return { id: this.#coming, why: "switching" };
    const id = this.#deciding.get("") || this.#deciding.get(this.id ?? "");
    return id ? { id, why: "deciding" } : null;
  }

  /**
   * @param {string} id of the conversation; "" for an offer
   * @param {{ leadsToAnswer?: boolean, of?: string }} more whether the cursor will stand in the answer; the conversation
   *   that is shown then
   */
  beginDecision(id, { leadsToAnswer = false, of = id } = {}) {
    this.#deciding.set(id, of);
    this.leadsToAnswer = leadsToAnswer;
    this.#tell(null);
  }

  /**
   * @param {string} id
   * @param {boolean} isDone whether it went well
   */
  endDecision(id, isDone) {
    const of = this.#deciding.get(id);
    if (of === undefined) return;
    this.#deciding.delete(id);
    this.#tell({ id: of, isDone });
  }

  /**
   * A dialog or list is loaded that takes the cursor when it is there.
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  async during(work) {
    this.#openings += 1;
    this.#tell(null);
    try {
      return await work;
    } finally {
      this.#openings -= 1;
      this.#tell({ id: this.id ?? "", isDone: true });
    }
  }

  /**
   * Have something done whenever something begins that keys have to wait for, or has ended.
   * @param {(ended: { id: string, isDone: boolean } | null) => void} act
   */
  onAwaiting(act) {
    this.#onAwaiting.push(act);
  }

  /** @param {{ id: string, isDone: boolean } | null} ended */
  #tell(ended) {
    for (const act of this.#onAwaiting) act(ended);
  }

  /**
   * The conversation that is open.
   * @throws {Error} when there is none
   */
  get open() {
    if (!this.current) throw new Error("No conversation is open.");
    return this.current;
  }

  /** @returns {string | null} */
  get id() {
    return this.current?.card.id ?? null;
  }

  /**
   * Whether a conversation is on the screen, and no other on its way.
   * @param {string} id
   */
  shows(id) {
    return this.id === id && !this.isSwitching;
  }

  /** Whether it is mine to answer. */
  get isMine() {
    return this.current !== null && this.has(this.current.card);
  }

  /**
   * Whether something can be done with the open conversation.
   * @param {string} action
   */
  mayDo(action) {
    if (!this.current) return false;
    const { card } = this.current;
    return isAllowed(action, card, this.isMine) || (action === "accept" && this.isAskedFor(card));
  }

  /**
   * Whether a colleague asks me to take it over.
   * @param {Card} card
   */
  isAskedFor(card) {
    return card.status === "assigned" && card.offered_to === this.#me.id;
  }

  /**
   * Have something done before another conversation comes: dialogs close, forms are emptied.
   * @param {() => void} act
   */
  onLeave(act) {
    this.#leaving.push(act);
  }

  /** The open conversation is being left. */
  leave() {
    for (const act of this.#leaving) act();
  }

  /** @param {Card} card */
  has(card) {
    return card.status === "assigned" && card.agent_id === this.#me.id;
  }

  /**
   * A conversation is on its way; returns whether it is still the one that is wanted. The one that is shown already is
   * not left for it.
   * @param {string} id
   */
  beginSwitch(id) {
    const mine = ++this.#switches;
    this.#coming = id === this.id ? "" : id;
    if (this.#coming) this.leave();
    this.#tell(null);
    return () => mine === this.#switches;
  }

  /**
   * What was wanted is there, or won't come.
   * @param {string} id
   */
  endSwitch(id) {
    this.#coming = "";
    this.#tell({ id, isDone: this.id === id });
  }

  /** Returns whether nothing else has been asked for since. */
  watchSwitches() {
    const before = this.#switches;
    return () => before === this.#switches;
  }
}

/** What only supervisors have a button for. */
const SUPERVISORS = new Set(["take-over", "whisper"]);

/**
 * @param {Card} card
 * @param {string} action
 * @param {boolean} isMine
 */
export function isAllowed(action, card, isMine) {
  const isFree = card.status === "queued" || card.status === "bot";
  if (SUPERVISORS.has(action)) return card.status === "assigned" && !isMine;
  if (action === "accept") return isFree;
  if (action === "snooze" || action === "wake") return isMine && Boolean(card.snoozed_until) === (action === "wake");
  if (action === "reopen") return card.status === "resolved";
  return isMine || (action === "resolve" && isFree);
}
