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
  /** Which conversations' owners are being settled; "" for an offer that is about to be opened. @type {Set<string>} */
  #deciding = new Set();
  /** @type {((ended: { id: string, isDone: boolean } | null) => void)[]} */
  #onDeciding = [];
  /** The palette is on its way: what is typed already is meant for it. */
  isOpening = false;
  isConnected = false;
  /** The decision that was begun last ends with the cursor in the answer. */
  leadsToAnswer = false;
  /** Another conversation is on its way: nothing may act on what the screen still shows. */
  isSwitching = false;

  /** @param {Me} me */
  constructor(me) {
    this.#me = me;
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
   * @param {string} id of the conversation; "" for an offer
   * @param {boolean} leadsToAnswer whether the cursor will stand in the answer
   */
  beginDecision(id, leadsToAnswer = false) {
    this.#deciding.add(id);
    this.leadsToAnswer = leadsToAnswer;
    for (const act of this.#onDeciding) act(null);
  }

  /**
   * @param {string} id
   * @param {boolean} isDone whether it went well
   */
  endDecision(id, isDone) {
    if (!this.#deciding.delete(id)) return;
    for (const act of this.#onDeciding) act({ id, isDone });
  }

  /**
   * Have something done whenever a decision begins or ends.
   * @param {(ended: { id: string, isDone: boolean } | null) => void} act
   */
  onDeciding(act) {
    this.#onDeciding.push(act);
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
    this.isSwitching = id !== this.id;
    if (this.isSwitching) this.leave();
    return () => mine === this.#switches;
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
