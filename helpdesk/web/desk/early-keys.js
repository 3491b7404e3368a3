// Keys that are pressed before what they are meant for is there: kept and done then, or said to be lost.

import { say } from "../shared/words.js";
import { endPassing, sayInPassing } from "./passing.js";

/** @import { DeskState } from "./state.js" */

/** What leads elsewhere: done at once, and what waits is dropped. */
export const LEADING_ON = new Set(["j", "k", "/", "?"]);
/**
 * What opens or focuses something, and does nothing by itself: pressed too early it is done as soon as it can be. What
 * acts at once is not: it was meant for what the screen showed. Only accepting waits, for the conversation asked for.
 */
const OPENING = new Set(["r", "n", "t", "z", "p", "#", "@", "m", "c"]);
const ACCEPT = "a";
const MAX_EARLY = 500;

/**
 * What waits: for which conversation, the keys in order, whether all of them are words, and where the cursor was.
 * @typedef {{ id: string, keys: string[], areWords: boolean, from: Element | null }} WaitingPress
 */

/** One for the page. What is kept belongs to the conversation that was asked for, and is done in no other. */
export class EarlyKeys {
  #state;
  #actions;
  #accept;
  /** @type {WaitingPress | null} */
  #waiting = null;
  /** Whoever clicks or presses Escape has something else in mind than what is opening. */
  #isGivenUp = false;

  /**
   * @param {DeskState} state
   * @param {Record<string, () => void>} actions by key
   * @param {() => boolean} accept accepts the conversation that is shown; returns whether it can be
   */
  constructor(state, actions, accept) {
    this.#state = state;
    this.#actions = actions;
    this.#accept = accept;
    const dropOthers = () => {
      if (this.#waiting && state.awaited?.id !== this.#waiting.id) this.#drop();
    };
    state.onAwaiting((ended) => {
      if (ended) this.#end(ended);
      else dropOthers();
    });
    state.onLeave(dropOthers);
    document.addEventListener("pointerdown", () => this.#giveUp());
    document.addEventListener("focusin", ({ target }) => {
      if (state.isSwitching && target instanceof Element && isTextField(target)) this.#drop();
    });
  }

  /**
   * Whether a key is kept for later, or said to be lost.
   * @param {KeyboardEvent} event
   * @param {{ isHeldField: boolean, isElsewhere: boolean }} where it was pressed
   */
  take(event, { isHeldField, isElsewhere }) {
    const { awaited } = this.#state;
    if (!awaited || isElsewhere || this.#isGivenUp) return false;
    const areWords = isHeldField || awaited.why === "opening" || (this.#waiting !== null && !this.#isOnlyAccept);
    if (event.key === "Escape" || (!areWords && LEADING_ON.has(event.key))) {
      this.#giveUp();
      return false;
    }
    if (event.key === " " && !this.#waiting && event.target instanceof HTMLButtonElement) return false;
    if (event.key === "Backspace") this.#takeBack();
    else if (event.key.length === 1) this.#put(event.key, awaited, areWords);
    else return false;
    event.preventDefault();
    return true;
  }

  /**
   * @param {string} key
   * @param {{ id: string, why: string }} awaited
   * @param {boolean} areWords
   */
  #put(key, { id, why }, areWords) {
    const isWord = areWords || (why === "deciding" && this.#state.leadsToAnswer);
    if (this.#waiting) {
      if (this.#waiting.keys.length < MAX_EARLY) this.#waiting.keys.push(key);
      return;
    }
    if (!isWord && !isKept(key, why)) {
      this.refuse(key);
      return;
    }
    this.#waiting = { id, keys: [key], areWords: isWord, from: document.activeElement };
    const told = why === "switching" ? "desk_early_kept" : "desk_early_kept_here";
    if (!isWord) sayInPassing(say(told, { key: nameOf(key) }), 0);
  }

  /** The last key was a slip. */
  #takeBack() {
    this.#waiting?.keys.pop();
    if (!this.#waiting?.keys.length) this.#waiting = null;
  }

  /**
   * Say that a key did nothing, if it is one that does something.
   * @param {string} key
   */
  refuse(key) {
    if (!this.#actions[key.toLowerCase()]) return;
    const isComing = this.#state.awaited?.why === "switching";
    sayInPassing(say(isComing ? "desk_early_lost" : "desk_early_busy", { key: nameOf(key) }));
  }

  /** Say that what is typed now goes nowhere. */
  refuseWords() {
    sayInPassing(say("desk_early_words"));
  }

  /** Accepting leads on, if nothing has been typed for the answer yet. */
  get #isOnlyAccept() {
    const { keys, areWords } = this.#waiting ?? { keys: [], areWords: false };
    return keys.length === 1 && !areWords && keys[0].toLowerCase() === ACCEPT;
  }

  /** What waited is not done any more; a shortcut is said to be lost, half a word isn't worth it. */
  #drop() {
    const dropped = this.#waiting;
    this.#waiting = null;
    if (dropped && !dropped.areWords) sayInPassing(say("desk_early_dropped", { key: nameOf(dropped.keys[0]) }));
  }

  #giveUp() {
    this.#drop();
    this.#isGivenUp = this.#state.isOpening;
  }

  /** @param {{ id: string, isDone: boolean }} ended */
  #end({ id, isDone }) {
    if (!this.#state.isOpening) this.#isGivenUp = false;
    if (this.#state.awaited?.id === id) return; // it goes on waiting: accepted, and still on its way
    const press = this.#waiting;
    this.#waiting = null;
    endPassing();
    if (!press) return;
    const isMeant = isDone && id === press.id && (this.#state.id ?? "") === id && !this.#state.isSwitching;
    if (!isMeant) this.refuse(press.keys[0]);
    else if (press.areWords) this.#type(press.keys, press.from);
    else this.#act(id, press.keys);
  }

  /**
   * @param {string} id
   * @param {string[]} keys the first is a shortcut, words may follow
   */
  #act(id, [key, ...words]) {
    const first = key.toLowerCase();
    if (document.querySelector("dialog[open]")) return;
    const from = document.activeElement;
    if (first !== ACCEPT) this.#actions[first]?.();
    else if (!this.#accept()) sayInPassing(say("desk_early_no_accept"));
    if (!words.length) return;
    if (this.#state.awaited?.id !== id) this.#type(words, from);
    else this.#waiting = { id, keys: words, areWords: true, from };
  }

  /**
   * Words go where the cursor has come to, never where it was.
   * @param {string[]} words
   * @param {Element | null} from where it was
   */
  #type(words, from) {
    const field = document.activeElement;
    const isHeld = field === from && field?.id !== "text";
    if (isHeld || !isTextField(field) || field.readOnly) return;
    field.setRangeText(words.join(""), field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** @type {(key: string, why: string) => boolean} */
const isKept = (key, why) => OPENING.has(key.toLowerCase()) || (why === "switching" && key.toLowerCase() === ACCEPT);

/** @param {string} key as it stands on the keyboard */
const nameOf = (key) => key.toUpperCase();

/**
 * @param {Element | null} field
 * @returns {field is HTMLTextAreaElement | HTMLInputElement}
 */
const isTextField = (field) =>
  field instanceof HTMLTextAreaElement ||
  (field instanceof HTMLInputElement && (field.type === "text" || field.type === "search"));
