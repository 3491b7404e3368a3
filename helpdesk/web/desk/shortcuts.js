// Single keys for what agents do all day; who doesn't want them turns them off.

import { byId } from "../shared/elements.js";

/** @import { DeskPage } from "./types.js" */

/** Fields in which a letter is a letter. */
const FIELDS = "textarea, select, dialog, input:not([type=radio])";

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
    if (isChord || state.isDeciding || !isOn.checked || target?.closest(FIELDS)) return;
    const action = actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
