// Telling the customer that an agent is writing, and when that has ended.

/** @import { Calls } from "../shared/calls.js" */
/** @import { WritingMode } from "./types.js" */

const EVERY_MS = 3000;
const ENDS_MS = 5000;

/** Only who has the conversation is shown to the customer, and only in the one that they type in. */
export class TypingNotice {
  #calls;
  /** Where the customer was last told of, and when; "" once that was taken back. */
  #told = { id: "", at: 0 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #ends;

  /** @param {Calls} calls */
  constructor(calls) {
    this.#calls = calls;
  }

  /**
   * @param {{ id: string, mode: WritingMode, isMine: boolean }} loaded what is being written
   * @param {boolean} on
   */
  say(loaded, on) {
    const { id, mode, isMine } = loaded;
    clearTimeout(this.#ends);
    if (on && (mode === "note" || !isMine)) return;
    const before = this.#told;
    if (on) {
      this.#ends = setTimeout(() => this.say(loaded, false), ENDS_MS);
      if (before.id === id && Date.now() - before.at < EVERY_MS) return;
    }
    this.#told = { id: on ? id : "", at: Date.now() };
    if (before.id && before.id !== this.#told.id) this.#tell(before.id, false);
    if (on) this.#tell(id, true);
  }

  /**
   * @param {string} conversation
   * @param {boolean} on
   */
  #tell(conversation, on) {
    this.#calls.post(`conversations/${conversation}/typing`, { on }).catch(() => {}); // a lost hint costs nothing
  }
}
