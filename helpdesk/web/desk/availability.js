// Whether an agent takes conversations now.

import { byId, find } from "../shared/elements.js";
import { showTrouble } from "./problem.js";

/** @import { DeskPage } from "./types.js" */

/**
 * @param {DeskPage} page
 * @param {() => void} onChange
 */
export function listenToAvailability({ calls }, onChange) {
  const box = byId("availability");
  const choice = (/** @type {string} */ value) => find(box, `[value="${value}"]`, HTMLInputElement);
  const shown = box.querySelector(":checked");
  let known = shown instanceof HTMLInputElement ? shown.value : "offline";
  let isSaid = Promise.resolve();
  /** One after the other, so that the last one stands; what the server doesn't take is not shown either. */
  const choose = (/** @type {string} */ availability) => {
    isSaid = isSaid.then(async () => {
      try {
        await calls.post("availability", { availability });
        known = availability;
        byId("only-looking").hidden = known !== "looking";
      } catch (error) {
        if (choice(availability).checked) choice(known).checked = true;
        showTrouble(error);
      }
      onChange();
    });
  };
  box.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) choose(target.value);
  });
  byId("take-part").addEventListener("click", () => {
    choice("online").checked = true;
    choose("online");
  });
}
