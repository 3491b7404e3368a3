// Whether an agent takes conversations now.

import { byId } from "../shared/elements.js";
import { showTrouble } from "./problem.js";

/** @import { DeskPage } from "./types.js" */

/**
 * @param {DeskPage} page
 * @param {() => void} onChange
 */
export function listenToAvailability({ calls }, onChange) {
  byId("availability").addEventListener("change", async ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    try {
      await calls.post("availability", { availability: target.value });
    } catch (error) {
      showTrouble(error);
    }
    onChange();
  });
}
