// What is typed into an editor and not saved: kept in the browser, held on to when the window closes, offered again.

import { byId, find, within } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { asLocal } from "./times.js";

/** @import { Drafts } from "../shared/drafts.js" */

/**
 * The changes of one editor.
 * @template {object} T what stands in it
 */
export class UnsavedChanges {
  #drafts;
  #key;
  #part;
  #read;
  isChanged = false;

  /**
   * @param {Drafts} drafts
   * @param {{ key: string, part: string }} place under which they are kept
   * @param {() => T} read what stands in the editor
   */
  constructor(drafts, { key, part }, read) {
    this.#drafts = drafts;
    this.#key = key;
    this.#part = part;
    this.#read = read;
    addEventListener("beforeunload", (event) => {
      if (this.isChanged) event.preventDefault();
    });
  }

  note() {
    this.isChanged = true;
    this.keep();
  }

  keep() {
    this.#drafts.keepForm(this.#key, this.#part, this.#read());
  }

  /** The server has what stands in the editor, or the admin has given it up. */
  settle() {
    this.isChanged = false;
    this.#drafts.drop(this.#key);
  }

  /**
   * Offer what was kept when the window closed, if it says something else than the editor does now.
   * @param {{ notice: string, word: string, isSame: (kept: T) => boolean, onTake: (kept: T) => void }} offer `notice`
   *   is the id of an element with a sentence and two buttons
   */
  offer({ notice, word, isSame, onTake }) {
    const box = byId(notice);
    /** @type {import("../shared/types.js").KeptForm<T> | null} */
    const kept = this.#drafts.readForm(this.#key, this.#part);
    if (!kept || isSame(kept.values)) return;
    find(box, "span").textContent = say(word, { time: asLocal(kept.at) });
    box.hidden = false;
    box.addEventListener("click", (event) => {
      const choice = within(event, "[data-rescue]")?.dataset.rescue;
      if (!choice) return;
      box.hidden = true;
      if (choice === "no") this.#drafts.drop(this.#key);
      else onTake(kept.values);
    });
  }
}

/**
 * Whether two values say the same, as JSON.
 * @param {unknown} one
 * @param {unknown} other
 */
export const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);
