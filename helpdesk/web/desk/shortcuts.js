// Single keys for what agents do all day; who doesn't want them turns them off.

import { byId } from "../shared/elements.js";

/** @import { DeskPage } from "./types.js" */

/** What may be pressed while another conversation is on its way, or it is being settled who has this one. */
const WHILE_SWITCHING = new Set(["j", "k", "/", "?"]);
/**
 * What opens or focuses something, and does nothing by itself: pressed too early it is done as soon as the decision has
 * ended well. What acts at once is not: it was meant for what the screen showed.
 */
const OPENING = new Set(["r", "n", "t", "z", "p", "#", "@", "m", "c"]);
/** After these the rest is words. */
const WRITING = new Set(["r", "n"]);
const MAX_EARLY = 500;
/** Fields in which a letter is a letter. */
const FIELDS = "textarea, select, dialog, input:not([type=radio])";
/** A dialog that was just closed keeps the focus until the page is drawn again. */
const CLOSED = "dialog:not([open])";

/**
 * @param {DeskPage} page
 * @param {Record<string, () => void>} actions by key
 * @param {(words: string) => void} type puts words where the cursor is, if that is in the composer
 */
export function listenToShortcuts({ drafts, me, state }, actions, type) {
  const early = new EarlyKeys(state, actions, type);
  const isOn = byId("shortcuts", HTMLInputElement);
  const key = `shortcuts.${me.id}`;
  isOn.checked = drafts.read(key) !== "off";
  isOn.addEventListener("change", () => drafts.keep(key, isOn.checked ? "" : "off"));
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (event.key === "Escape" && target?.closest("#composer")) {
      target.blur();
      return;
    }
    if (state.isOpening || !isOn.checked || isChord(event)) return;
    const isHeldField = target?.id === "text" && state.isDecided(state.id ?? "");
    if (early.take(event, { isHeldField, isElsewhere: isField(target) && !isHeldField }) || isField(target)) return;
    act(event);
  });

  /** @param {KeyboardEvent} event */
  function act(event) {
    const pressed = event.key.toLowerCase();
    if ((state.isSwitching || state.isDeciding) && !WHILE_SWITCHING.has(pressed)) return;
    if (!actions[pressed]) return;
    event.preventDefault();
    actions[pressed]();
  }
}

/** @param {KeyboardEvent} event */
const isChord = ({ ctrlKey, metaKey, altKey, isComposing }) => ctrlKey || metaKey || altKey || isComposing;

/** What is pressed while it is being settled who has the open conversation: kept, and done as if it had come after. */
class EarlyKeys {
  #state;
  #actions;
  #type;
  #id = "";
  /** @type {string[]} */
  #keys = [];

  /**
   * @param {DeskPage["state"]} state
   * @param {Record<string, () => void>} actions
   * @param {(words: string) => void} type
   */
  constructor(state, actions, type) {
    this.#state = state;
    this.#actions = actions;
    this.#type = type;
    state.onDeciding((ended) => {
      if (ended) this.#end(ended);
      else this.#keys = [];
    });
    state.onLeave(() => {
      this.#keys = [];
    });
    document.addEventListener("pointerdown", () => {
      this.#keys = [];
    });
  }

  /**
   * Whether a key is kept for later. What leads elsewhere is done at once, and drops those before it.
   * @param {KeyboardEvent} event
   * @param {{ isHeldField: boolean, isElsewhere: boolean }} where it was pressed
   */
  take(event, { isHeldField, isElsewhere }) {
    const { id, isSwitching } = this.#state;
    if (!id || isElsewhere || isSwitching || !this.#state.isDecided(id)) return false;
    const areWords = isHeldField || this.#areWords;
    if (event.key === "Escape" || (!areWords && WHILE_SWITCHING.has(event.key))) {
      this.#keys = [];
      return false;
    }
    this.#id = id;
    if (event.key === " " && !this.#keys.length && event.target instanceof HTMLButtonElement) return false;
    if (event.key === "Backspace") this.#keys.pop();
    else if (event.key.length === 1 && this.#keys.length < MAX_EARLY) this.#keys.push(event.key);
    else return false;
    event.preventDefault();
    return true;
  }

  /** Whether what comes now are words, of which any letter may be one. */
  get #areWords() {
    const [first] = this.#keys;
    return first !== undefined && (this.#state.leadsToAnswer || WRITING.has(first.toLowerCase()));
  }

  /** @param {{ id: string, isDone: boolean }} ended */
  #end({ id, isDone }) {
    const keys = this.#keys.splice(0);
    const isShown = this.#state.id === id && !this.#state.isSwitching;
    if (!keys.length || !isDone || id !== this.#id || !isShown) return;
    if (document.activeElement?.id === "text") {
      this.#type(keys.join(""));
      return;
    }
    const first = keys[0].toLowerCase();
    if (document.querySelector("dialog[open]") || !OPENING.has(first)) return;
    this.#actions[first]?.();
    if (WRITING.has(first)) this.#type(keys.slice(1).join(""));
  }
}

/** @param {HTMLElement | null} target */
const isField = (target) => Boolean(target?.closest(FIELDS) && !target.closest(CLOSED));
