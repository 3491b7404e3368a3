// The hint above the composer: what is being written promises something that isn't on record.

import { byId, make } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { isOpen } from "./promises.js";

/** @import { DeskPage, FoundPromise } from "./types.js" */

const PAUSE_MS = 700;
const MIN_LENGTH = 12;
const MAX_LENGTH = 4000;
const SAME_TIME_MS = 60_000;

/** Looks, when the agent pauses, whether the draft promises something. */
export class PromiseHint {
  #page;
  #onRecord;
  #box = byId("noticed");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #conversation = "";
  #asked = "";
  /** The words that the hint stands for now. */
  #shown = "";
  /** @type {Set<string>} */
  #refused = new Set();

  /**
   * @param {DeskPage} page
   * @param {(promise: FoundPromise) => void} onRecord called when the agent wants it on record
   */
  constructor(page, onRecord) {
    this.#page = page;
    this.#onRecord = onRecord;
  }

  /** Forget what was seen and refused in another conversation. */
  follow() {
    const id = this.#page.state.id ?? "";
    if (id === this.#conversation) return;
    this.#conversation = id;
    this.#asked = "";
    this.#refused.clear();
    this.drop();
  }

  /** @param {string} draft */
  read(draft) {
    clearTimeout(this.#due);
    const words = draft.slice(-MAX_LENGTH);
    if (words.trim().length < MIN_LENGTH || words === this.#asked) return;
    this.#due = setTimeout(() => this.#look(words), PAUSE_MS);
  }

  drop() {
    this.#shown = "";
    this.#box.hidden = true;
    this.#box.replaceChildren();
  }

  /** @param {string} words */
  async #look(words) {
    const detail = this.#page.state.current;
    if (!detail) return;
    this.#asked = words;
    try {
      /** @type {{ promise: FoundPromise | null }} */
      const { promise } = await this.#page.calls.post("promises/notice", {
        text: words,
        language: detail.card.language === "en" ? "en" : "de",
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
      });
      if (this.#page.state.id === detail.card.id && this.#asked === words) this.#show(promise);
    } catch {
      /* a hint that doesn't come costs nothing */
    }
  }

  /** @param {FoundPromise | null} promise */
  #show(promise) {
    if (!promise || this.#refused.has(promise.words)) this.drop();
    else if (!this.#isOnRecord(promise)) this.#draw(promise);
  }

  /**
   * A promise for the same time is on record already.
   * @param {FoundPromise} found
   */
  #isOnRecord({ due }) {
    if (!due) return false;
    const isSame = (/** @type {string} */ at) => Math.abs(Date.parse(at) - Date.parse(due)) < SAME_TIME_MS;
    return this.#page.state.open.promises.some((promise) => isOpen(promise) && isSame(promise.due_at));
  }

  /** @param {FoundPromise} promise */
  #draw(promise) {
    if (this.#shown === promise.words) return;
    this.#shown = promise.words;
    const refuse = () => {
      this.#refused.add(promise.words);
      this.drop();
    };
    const small = { type: "button", class: "button small" };
    const plain = { type: "button", class: "button plain small" };
    this.#box.replaceChildren(
      make("span", { dir: "auto" }, say("desk_promise_noticed", { words: promise.words })),
      make("button", { ...small, onclick: () => this.#onRecord(promise) }, say("desk_promise_save")),
      make("button", { ...plain, onclick: refuse }, say("desk_promise_dismiss")),
    );
    this.#box.hidden = false;
  }
}
