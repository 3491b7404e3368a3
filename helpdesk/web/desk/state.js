// Which conversation the desk shows, and what is under way with it: the one place where that is kept.

/** @import { Card, ConversationDetail, Me } from "./types.js" */

/** One for each page; every part of the desk is given it. */
export class DeskState {
  #me;
  #switches = 0;
  /** @type {ConversationDetail | null} */
  current = null;
  /** A change of who has a conversation is under way. */
  isDeciding = false;
  isConnected = false;

  /** @param {Me} me */
  constructor(me) {
    this.#me = me;
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

  /** @param {Card} card */
  has(card) {
    return card.status === "assigned" && card.agent_id === this.#me.id;
  }

  /** Another conversation is on its way; returns whether it is still the one that is wanted. */
  beginSwitch() {
    const mine = ++this.#switches;
    return () => mine === this.#switches;
  }
}

/**
 * @param {Card} card
 * @param {string} action
 * @param {boolean} isMine
 */
export function isAllowed(action, card, isMine) {
  const isFree = card.status === "queued" || card.status === "bot";
  if (action === "accept") return isFree;
  if (action === "reopen") return card.status === "resolved";
  return isMine || (action === "resolve" && isFree);
}
