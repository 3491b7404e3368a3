// Whether an agent takes conversations now.

import { byId, find } from "../shared/elements.js";
import { showTrouble } from "./problem.js";

/** @import { DeskPage } from "./types.js" */

/**
 * @param {DeskPage} page
 * @param {() => void} onChange
 */
export function listenToAvailability({ calls }, onChange) {
  const choose = async (/** @type {string} */ availability) => {
    try {
      await calls.post("availability", { availability });
      byId("only-looking").hidden = availability !== "looking";
    } catch (error) {
      showTrouble(error);
    }
    onChange();
  };
  byId("availability").addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) choose(target.value);
  });
  byId("take-part").addEventListener("click", () => {
    find(byId("availability"), '[value="online"]', HTMLInputElement).checked = true;
    choose("online");
  });
}
