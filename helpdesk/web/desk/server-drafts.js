// What an agent is writing, the same in all of their windows: kept in this browser at once, at the server a moment later.

import { newId, Refused } from "../shared/calls.js";

/** @import { AgentWork, DeskPage, DraftCard, WritingMode } from "./types.js" */

const SAVE_AFTER_MS = 700;
const AGAIN_AFTER_MS = 5000;
const MODES = /** @type {const} */ (["answer", "note"]);

/** Kept beside the words: under which id they will be sent, and whether the server has them. */
/** @typedef {{ id: string, isSaved: boolean }} DraftState */

/** The drafts of one agent. The last one who writes wins; the other windows hear of it. */
export class ServerDrafts {
  #calls;
  #drafts;
  #agent;
  #onChange;
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #due = new Map();
  /** The words that a save is under way with. @type {Map<string, string>} */
  #underway = new Map();
  /** The words that were saved last. @type {Map<string, string>} */
  #saved = new Map();
  /** When a draft was last written, saved or sent here, in ms of the page's clock. @type {Map<string, number>} */
  #touched = new Map();

  /**
   * @param {DeskPage} page
   * @param {(conversation: string, mode: WritingMode, returned: string | null) => void} onChange called when a draft was
   *   changed elsewhere; `returned` says why it came back unsent
   */
  constructor({ calls, drafts, me }, onChange) {
    this.#calls = calls;
    this.#drafts = drafts;
    this.#agent = me.id;
    this.#onChange = onChange;
  }

  /**
   * @param {string} conversation
   * @param {WritingMode} mode
   */
  read(conversation, mode) {
    return this.#drafts.read(this.#key(conversation, mode));
  }

  /**
   * Keep what was typed, and save it soon.
   * @param {string} conversation
   * @param {WritingMode} mode
   * @param {string} text
   */
  write(conversation, mode, text) {
    const key = this.#key(conversation, mode);
    this.#touch(key);
    const state = this.#stateOf(key);
    if (!text && !state) {
      this.#drafts.drop(key);
      return;
    }
    this.#put(key, text, { id: state?.id ?? newId(), isSaved: false });
    this.#saveSoon(conversation, mode, SAVE_AFTER_MS);
  }

  /**
   * It is being sent: returns the id under which, the same in every window that has this draft.
   * @param {string} conversation
   * @param {WritingMode} mode
   */
  send(conversation, mode) {
    const key = this.#key(conversation, mode);
    const id = this.#stateOf(key)?.id ?? newId();
    this.#touch(key);
    this.#forget(key);
    return id;
  }

  /**
   * Nothing is left of a conversation.
   * @param {string} conversation
   */
  drop(conversation) {
    for (const mode of MODES) this.#forget(this.#key(conversation, mode));
  }

  /**
   * Take what the server has; what is being typed here wins, and so does what was typed since the server was asked.
   * @param {string} conversation
   * @param {AgentWork} work
   * @param {number} asked when the server was asked, in ms of the page's clock
   */
  take(conversation, { drafts }, asked) {
    for (const mode of MODES) {
      const found = drafts.find((draft) => draft.mode === mode) ?? null;
      this.#takeOne(conversation, mode, found, asked);
    }
  }

  /**
   * @param {string} conversation
   * @param {WritingMode} mode
   * @param {DraftCard | null} found
   * @param {number} asked
   */
  #takeOne(conversation, mode, found, asked) {
    const key = this.#key(conversation, mode);
    const state = this.#stateOf(key);
    const text = this.#drafts.read(key);
    if (this.#underway.has(key) || this.#due.has(key)) {
      if (found?.returned && found.id !== state?.id) this.#join(conversation, mode, found);
      return;
    }
    if (asked < (this.#touched.get(key) ?? 0)) return;
    if (text && !state?.isSaved && !found) {
      this.write(conversation, mode, text); // typed while nothing could be saved
      return;
    }
    if (text === (found?.text ?? "")) {
      this.#adopt(key, found);
      if (found?.returned) this.#onChange(conversation, mode, found.returned);
      return;
    }
    this.#adopt(key, found);
    this.#onChange(conversation, mode, found?.returned ?? null);
  }

  /**
   * @param {string} key
   * @param {DraftCard | null} found
   */
  #adopt(key, found) {
    if (found) this.#noteSaved(key, found.text, found.id);
    else this.#forget(key);
  }

  /**
   * Words have come back while more is being typed: they go before it.
   * @param {string} conversation
   * @param {WritingMode} mode
   * @param {DraftCard} found
   */
  #join(conversation, mode, found) {
    const key = this.#key(conversation, mode);
    const rest = `\n\n${this.#saved.get(key) ?? ""}`;
    const back = rest.length > 2 && found.text.endsWith(rest) ? found.text.slice(0, -rest.length) : found.text;
    const text = [back, this.#drafts.read(key)].filter(Boolean).join("\n\n");
    this.#put(key, text, { id: found.id, isSaved: false });
    this.#saveSoon(conversation, mode, SAVE_AFTER_MS);
    this.#onChange(conversation, mode, found.returned ?? null);
  }

  /**
   * @param {string} conversation
   * @param {WritingMode} mode
   * @param {number} ms
   */
  #saveSoon(conversation, mode, ms) {
    const key = this.#key(conversation, mode);
    clearTimeout(this.#due.get(key));
    this.#due.set(
      key,
      setTimeout(() => {
        this.#due.delete(key);
        this.#save(conversation, mode);
      }, ms),
    );
  }

  /**
   * @param {string} conversation
   * @param {WritingMode} mode
   */
  async #save(conversation, mode) {
    const key = this.#key(conversation, mode);
    const state = this.#stateOf(key);
    if (!state || this.#underway.has(key)) return;
    const text = this.#drafts.read(key);
    this.#underway.set(key, text);
    try {
      await this.#calls.post(`conversations/${conversation}/draft`, { mode, draft: state.id, text });
      if (this.#stateOf(key)?.id === state.id && this.#drafts.read(key) === text) this.#noteSaved(key, text, state.id);
    } catch (error) {
      await this.#recover(error, conversation, mode, state.id);
    } finally {
      this.#underway.delete(key);
      this.#touch(key);
    }
    const now = this.#stateOf(key);
    if (now && !now.isSaved && !this.#due.has(key) && this.#drafts.read(key) !== text)
      this.#saveSoon(conversation, mode, SAVE_AFTER_MS);
  }

  /**
   * @param {string} key
   * @param {string} text
   * @param {string} id
   */
  #noteSaved(key, text, id) {
    this.#saved.set(key, text);
    if (text) this.#put(key, text, { id, isSaved: true });
    else this.#forget(key);
  }

  /**
   * @param {unknown} error
   * @param {string} conversation
   * @param {WritingMode} mode
   * @param {string} id
   */
  async #recover(error, conversation, mode, id) {
    const key = this.#key(conversation, mode);
    const state = this.#stateOf(key);
    if (state?.id !== id) return;
    const code = error instanceof Refused ? error.code : "";
    if (code === "not_found") this.#forget(key);
    else if (code === "draft_sent") this.#leaveSent(conversation, mode);
    else if (code !== "draft_changed") {
      const isForGood = error instanceof Refused && error.status < 500 && error.status !== 429;
      if (!isForGood) this.#saveSoon(conversation, mode, AGAIN_AFTER_MS); // else it is in this browser only
    } else {
      const asked = performance.now();
      /** @type {AgentWork | null} */
      const work = await this.#calls.get(`conversations/${conversation}/work`).catch(() => null);
      if (work) this.take(conversation, work, asked);
      else this.#saveSoon(conversation, mode, AGAIN_AFTER_MS);
    }
  }

  /**
   * It was sent from another window: what is more than that is a new draft.
   * @param {string} conversation
   * @param {WritingMode} mode
   */
  #leaveSent(conversation, mode) {
    const key = this.#key(conversation, mode);
    const text = this.#drafts.read(key);
    if (text === this.#saved.get(key)) {
      this.#forget(key);
      this.#onChange(conversation, mode, null);
      return;
    }
    this.#put(key, text, { id: newId(), isSaved: false });
    this.#saveSoon(conversation, mode, SAVE_AFTER_MS);
  }

  /** @param {string} key */
  #touch(key) {
    this.#touched.set(key, performance.now());
  }

  /** @param {string} key */
  #forget(key) {
    clearTimeout(this.#due.get(key));
    this.#due.delete(key);
    this.#saved.delete(key);
    this.#drafts.drop(key);
    this.#drafts.drop(`${key}.state`);
  }

  /**
   * @param {string} key
   * @param {string} text
   * @param {DraftState} state
   */
  #put(key, text, state) {
    this.#drafts.keep(key, text);
    this.#drafts.keepJson(`${key}.state`, state);
  }

  /**
   * @param {string} key
   * @returns {DraftState | null}
   */
  #stateOf(key) {
    return this.#drafts.readJson(`${key}.state`);
  }

  /**
   * @param {string} conversation
   * @param {WritingMode} mode
   */
  #key(conversation, mode) {
    return `draft.${this.#agent}.${conversation}.${mode}`;
  }
}
