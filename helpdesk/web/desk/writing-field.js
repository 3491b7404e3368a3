// The field that answers and notes are written in: how large it is, where its cursor stands, and the gaps in its words.

import { byId } from "../shared/elements.js";

/** Rows of the field while somebody writes; before that it has one. */
const MIN_ROWS = 3;
const MAX_ROWS = 10;
/** What a canned reply has left to be filled in. */
const GAP = /⟨[^⟨⟩\n]{1,40}⟩/;

/** It knows nothing of conversations: whose words these are, the composer knows. */
export class WritingField {
  #form;
  element = byId("text", HTMLTextAreaElement);

  /** @param {HTMLFormElement} form around it */
  constructor(form) {
    this.#form = form;
  }

  get words() {
    return this.element.value;
  }

  set words(words) {
    this.element.value = words;
    this.grow();
  }

  /** Nothing can be typed for the moment. */
  get isHeld() {
    return this.element.readOnly;
  }

  set isHeld(isHeld) {
    this.element.readOnly = isHeld;
    this.#form.setAttribute("aria-busy", String(isHeld));
  }

  get hasCursor() {
    return document.activeElement === this.element;
  }

  /** @param {boolean} isUsed whether somebody writes, even if nothing is there yet */
  grow(isUsed = this.hasCursor) {
    const isInUse = isUsed || this.words !== "";
    this.#form.classList.toggle("in-use", isInUse);
    const lines = this.words.split("\n").length;
    this.element.rows = isInUse ? Math.min(MAX_ROWS, Math.max(MIN_ROWS, lines)) : 1;
  }

  /**
   * Put words where the cursor is, and the cursor at the first ⟨gap⟩ of theirs or behind them.
   * @param {string} words
   */
  put(words) {
    const { selectionStart: start, selectionEnd: end } = this.element;
    this.element.setRangeText(words, start, end, "end");
    this.element.focus();
    this.#selectGap(words, start);
  }

  /**
   * Put words below what is there, with the cursor above them: there is room for a personal sentence.
   * @param {string} words
   */
  putBelow(words) {
    const before = this.words.trimEnd();
    this.words = `${before}\n\n${words}`;
    this.element.setSelectionRange(before.length, before.length);
    this.element.scrollTop = 0;
  }

  /**
   * Put words at the end, in the place of the spaces that are there.
   * @param {string} words
   */
  append(words) {
    const { length } = this.words.trimEnd();
    this.element.setSelectionRange(length, this.words.length);
    this.put(`${length ? " " : ""}${words}`);
  }

  /**
   * The words have been changed elsewhere: the cursor stays where it is in them.
   * @param {string} words
   */
  exchange(words) {
    const { selectionStart: start, selectionEnd: end, value: before } = this.element;
    const shift = words.endsWith(before) ? words.length - before.length : 0;
    this.element.value = words;
    this.element.setSelectionRange(Math.min(start + shift, words.length), Math.min(end + shift, words.length));
    this.grow();
  }

  /** The first ⟨gap⟩ that is still to be filled in, if there is one: the cursor is put there. */
  goToGap() {
    if (!GAP.test(this.words)) return null;
    this.element.focus();
    return this.#selectGap(this.words, 0);
  }

  /**
   * @param {string} words
   * @param {number} start where they begin in the field
   */
  #selectGap(words, start) {
    const gap = GAP.exec(words);
    if (gap) this.element.setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
    return gap?.[0] ?? null;
  }
}
