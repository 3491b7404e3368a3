// The sentence above the timeline about what didn't work.

import { Refused, sentenceOf } from "../shared/calls.js";
import { byId, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @param {string | null} sentence */
export const showProblem = (sentence) => notify(byId("problem"), sentence);

/** @param {unknown} error */
export const showTrouble = (error) => showProblem(sentenceOf(error, say("desk_failed")));

/**
 * What didn't work in a conversation that isn't shown any more names it; "" is the one that is.
 * @param {string} name
 * @param {unknown} error
 */
export function showTroubleOf(name, error) {
  const reason = sentenceOf(error, say("desk_failed"));
  showProblem(name ? say("desk_problem_of", { name, reason }) : reason);
}

/**
 * A refresh that fails isn't worth a message while the connection is being looked for.
 * @param {unknown} error
 */
export function showTroubleIfGone(error) {
  if (isGone(error)) showTrouble(error);
}

/**
 * What was asked for is not there any more.
 * @param {unknown} error
 */
export const isGone = (error) => error instanceof Refused && error.status === 404;
