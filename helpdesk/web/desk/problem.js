// The sentence above the timeline about what didn't work.

import { Refused, sentenceOf } from "../shared/calls.js";
import { byId, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { nameOf } from "./marks.js";

/** @import { DeskState } from "./state.js" */
/** @import { Card } from "./types.js" */

/** @param {string | null} sentence */
export const showProblem = (sentence) => notify(byId("problem"), sentence);

/** @param {unknown} error */
export const showTrouble = (error) => showProblem(sentenceOf(error, say("desk_failed")));

/**
 * Shows what doesn't work in a conversation: with its name, unless it is the one on the screen by then.
 * @param {DeskState} state
 * @param {Card} card
 * @returns {(reason: string) => void}
 */
const problemsOf = (state, card) => (reason) =>
  showProblem(state.shows(card.id) ? reason : say("desk_problem_of", { name: nameOf(card), reason }));

/**
 * As `problemsOf`, in the conversation that is open now.
 * @param {DeskState} state
 */
export const problemsOfOpen = (state) => problemsOf(state, state.open.card);

/**
 * As `problemsOf`, for what was thrown.
 * @param {DeskState} state
 * @param {Card} card
 * @returns {(error: unknown) => void}
 */
export function troubleOf(state, card) {
  const show = problemsOf(state, card);
  return (error) => show(sentenceOf(error, say("desk_failed")));
}

/**
 * As `troubleOf`, in the conversation that is open now.
 * @param {DeskState} state
 */
export const troubleOfOpen = (state) => troubleOf(state, state.open.card);

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
