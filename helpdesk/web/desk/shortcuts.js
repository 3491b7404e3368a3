// Single keys for what agents do all day; who doesn't want them turns them off.

import { byId } from "../shared/elements.js";
import { EarlyKeys, LEADING_ON } from "./early-keys.js";

/** @import { DeskPage } from "./types.js" */

/** Fields in which a letter is a letter. */
const FIELDS = "textarea, select, dialog, input:not([type=radio])";
/** A dialog that was just closed keeps the focus until the page is drawn again. */
const CLOSED = "dialog:not([open])";

/**
 * @param {DeskPage} page
 * @param {Record<string, () => void>} actions by key
 * @param {() => boolean} accept accepts the conversation that is shown; returns whether it can be
 */
export function listenToShortcuts({ drafts, me, state }, actions, accept) {
  const early = new EarlyKeys(state, actions, accept);
  const isOn = byId("shortcuts", HTMLInputElement);
  const key = `shortcuts.${me.id}`;
  isOn.checked = drafts.read(key) !== "off";
  isOn.addEventListener("change", () => drafts.keep(key, isOn.checked ? "" : "off"));
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (event.key === "Escape" && target?.closest("#composer")) target.blur();
    else if (isOn.checked && !event.defaultPrevented && !isChord(event)) press(event, target);
  });

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement | null} target
   */
  function press(event, target) {
    const isText = target?.id === "text";
    const isHeldField = state.isOpening ? isField(target) : isText && state.isDecided(state.id ?? "");
    if (early.take(event, { isHeldField, isElsewhere: isField(target) && !isHeldField })) return;
    if (isText && state.isSwitching && event.key.length === 1) early.refuseWords();
    if (!isField(target)) act(event);
  }

  /** @param {KeyboardEvent} event */
  function act(event) {
    const pressed = event.key.toLowerCase();
    if (!actions[pressed]) return;
    event.preventDefault();
    if ((state.isSwitching || state.isDeciding) && !LEADING_ON.has(pressed)) early.refuse(pressed);
    else actions[pressed]();
  }
}

/** @param {KeyboardEvent} event */
const isChord = ({ ctrlKey, metaKey, altKey, isComposing }) => ctrlKey || metaKey || altKey || isComposing;

/** @param {HTMLElement | null} target */
const isField = (target) => Boolean(target?.closest(FIELDS) && !target.closest(CLOSED));
