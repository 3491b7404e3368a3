// What agents have sent and the server may not have yet: kept over a reload, sent once however often it is tried.

/** @import { Drafts } from "../shared/drafts.js" */
/** @import { UnsentMessage } from "./types.js" */

/** The messages of one agent that are on their way, by their client id. */
export class UnsentMessages {
  #drafts;
  #key;
  /** @type {Map<string, UnsentMessage>} */
  #messages;
  /** @type {Set<string>} */
  #underway = new Set();

  /**
   * @param {Drafts} drafts
   * @param {string} agent id
   */
  constructor(drafts, agent) {
    this.#drafts = drafts;
    this.#key = `unsent.${agent}`;
    /** @type {UnsentMessage[] | null} */
    const kept = drafts.readJson(this.#key);
    this.#messages = new Map((Array.isArray(kept) ? kept : []).map((message) => [message.clientId, message]));
  }

  /** @param {string} conversation id */
  of(conversation) {
    return [...this.#messages.values()].filter(({ id }) => id === conversation);
  }

  /** @param {UnsentMessage} message */
  add(message) {
    this.#messages.set(message.clientId, message);
    this.#keep();
  }

  /** @param {UnsentMessage} message */
  drop(message) {
    this.#messages.delete(message.clientId);
    this.#keep();
  }

  /** @param {UnsentMessage} message */
  has(message) {
    return this.#messages.has(message.clientId);
  }

  /** @param {UnsentMessage} message */
  isUnderway(message) {
    return this.#underway.has(message.clientId);
  }

  /**
   * Do `work` while the message counts as being under way.
   * @param {UnsentMessage} message
   * @param {() => Promise<unknown>} work
   */
  async during(message, work) {
    this.#underway.add(message.clientId);
    try {
      await work();
    } finally {
      this.#underway.delete(message.clientId);
    }
  }

  #keep() {
    const messages = [...this.#messages.values()];
    this.#drafts.keep(this.#key, messages.length ? JSON.stringify(messages) : "");
  }
}
