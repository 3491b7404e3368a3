// Sending what was written: once however often it is tried, seen below the log until the server has it.

import { Refused } from "../shared/calls.js";
import { troubleOfOpen } from "./problem.js";
import { UnsentMessages } from "./unsent.js";

/** @import { Timeline } from "./timeline.js" */
/** @import { DeskPage, ShowFailure, UnsentMessage } from "./types.js" */

/** After how many seconds what could not be sent is tried again by itself, each time; then somebody has to press. */
const TRIED_AGAIN_AFTER = [3, 5, 10, 20, 30];

/** What is on its way to the server, of one agent. */
export class Sending {
  #calls;
  #state;
  #timeline;
  #unsent;
  #onSent;
  #onRefused;

  /**
   * @param {DeskPage} page
   * @param {Timeline} timeline
   * @param {{ onSent: () => void, onRefused: (message: UnsentMessage) => void }} handlers `onRefused` is called with
   *   what will never be taken, once it is said why
   */
  constructor({ calls, drafts, me, state }, timeline, { onSent, onRefused }) {
    this.#calls = calls;
    this.#state = state;
    this.#timeline = timeline;
    this.#unsent = new UnsentMessages(drafts, me.id);
    this.#onSent = onSent;
    this.#onRefused = onRefused;
  }

  /**
   * Returns whether the server has it now; else it is seen below the log why not.
   * @param {UnsentMessage} message
   */
  send(message) {
    this.#unsent.add(message);
    return this.#deliver(message, this.#show(message));
  }

  /**
   * Show what is still on its way in a conversation that has just been opened.
   * @param {string} conversation
   */
  showAll(conversation) {
    for (const message of this.#unsent.of(conversation)) this.#show(message)(!this.#unsent.isUnderway(message));
  }

  /**
   * Whether anything is on its way in a conversation.
   * @param {string} conversation
   */
  isBusy(conversation) {
    return this.#unsent.of(conversation).length > 0;
  }

  /**
   * Nothing is left of a conversation.
   * @param {string} conversation
   */
  forget(conversation) {
    for (const message of this.#unsent.of(conversation)) this.#unsent.drop(message);
  }

  /**
   * @param {UnsentMessage} message
   * @returns {ShowFailure}
   */
  #show(message) {
    const showFailure = this.#timeline.addPending(
      message,
      () => this.#deliver(message, showFailure),
      () => this.#giveUp(message),
    );
    return showFailure;
  }

  /** @param {UnsentMessage} message */
  #giveUp(message) {
    this.#timeline.settle(message.clientId);
    this.#unsent.drop(message);
  }

  /**
   * @param {UnsentMessage} message
   * @param {ShowFailure} showFailure
   * @param {number} tries that came before by themselves
   */
  async #deliver(message, showFailure, tries = 0) {
    showFailure(false);
    const showTroubleHere = troubleOfOpen(this.#state);
    const { id, text, clientId: client_id, epoch } = message;
    const files = (message.files ?? []).map((file) => file.id);
    const path = `conversations/${id}/${message.note ? "notes" : "messages"}`;
    const body = message.note ? { text, client_id } : { text, client_id, epoch, files };
    try {
      await this.#unsent.during(message, () => this.#calls.post(path, body));
    } catch (error) {
      if (!(error instanceof Refused && error.status < 500 && error.status !== 429)) {
        showFailure(true);
        this.#tryAgainSoon(message, showFailure, tries);
        return false;
      }
      this.#giveUp(message);
      showTroubleHere(error);
      this.#onRefused(message);
      return false;
    }
    this.#unsent.drop(message);
    this.#onSent();
    return true;
  }

  /**
   * An instance that ends, or a moment without a network, asks nothing of the agent.
   * @param {UnsentMessage} message
   * @param {ShowFailure} showFailure
   * @param {number} tries
   */
  #tryAgainSoon(message, showFailure, tries) {
    const seconds = TRIED_AGAIN_AFTER[tries];
    if (seconds === undefined) return;
    setTimeout(() => {
      const isWaiting = this.#unsent.has(message) && !this.#unsent.isUnderway(message);
      if (isWaiting) this.#deliver(message, showFailure, tries + 1);
    }, seconds * 1000);
  }
}
