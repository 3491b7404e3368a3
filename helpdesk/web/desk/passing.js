// One short sentence above everything that goes away by itself: what a key did not do, what happened elsewhere.

import { byId, notify } from "../shared/elements.js";

/** @type {ReturnType<typeof setTimeout> | undefined} */
let ending;

/**
 * Say something in passing; the next sentence takes its place.
 * @param {string} sentence
 * @param {number} ms how long it stands; 0: until `endPassing`
 */
export function sayInPassing(sentence, ms = 6000) {
  clearTimeout(ending);
  ending = ms ? setTimeout(() => notify(byId("passing"), null), ms) : undefined;
  notify(byId("passing"), sentence);
}

/** What was said until something has come isn't true any more. */
export function endPassing() {
  if (ending === undefined) notify(byId("passing"), null);
}
