// Single keys for what agents do all day; who doesn't want them turns them off.

import { byId } from "../shared/elements.js";

/** @import { DeskPage } from "./types.js" */

/** What may be pressed while another conversation is on its way, or it is being settled who has this one. */
const WHILE_SWITCHING = new Set(["j", "k", "/", "?"]);
/** Fields in which a letter is a letter. */
const FIELDS = "textarea, select, dialog, input:not([type=radio])";
/** A dialog that was just closed keeps the focus until the page is drawn again. */
const CLOSED = "dialog:not([open])";

/**
 * @param {DeskPage} page
 * @param {Record<string, () => void>} actions by key
 */
export function listenToShortcuts({ drafts, me, state }, actions) {
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
    const isChord = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (isChord || state.isOpening || !isOn.checked || isField(target)) return;
    const pressed = event.key.toLowerCase();
    const action = actions[pressed];
    if (!action || ((state.isSwitching || state.isDeciding) && !WHILE_SWITCHING.has(pressed))) return;
    event.preventDefault();
    action();
  });
}

/** @param {HTMLElement | null} target */
const isField = (target) => Boolean(target?.closest(FIELDS) && !target.closest(CLOSED));
