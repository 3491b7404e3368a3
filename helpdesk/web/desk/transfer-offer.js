// A transfer that waits for the colleague's yes: said to whoever gives and to whoever is asked, and called back.

import { byId, make } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { showProblem, troubleOfOpen } from "./problem.js";

/** @import { Card, DeskPage } from "./types.js" */

/**
 * What the line above the field says of it; null when nobody is asked.
 * @param {Card} card
 * @param {string} me
 */
export function offerNotice(card, me) {
  if (card.status !== "assigned" || !card.offered_to) return null;
  if (card.offered_to === me) return say("desk_transfer_asked", { name: card.agent_name });
  return card.agent_id === me ? say("desk_transfer_offered", { name: card.offered_name }) : null;
}

/**
 * The button beside it, for whoever can call it back.
 * @param {DeskPage} page
 * @param {() => void} onRecalled
 */
export function drawRecall({ calls, state, me }, onRecalled) {
  const { card } = state.open;
  if (card.status !== "assigned" || card.agent_id !== me.id || !card.offered_to) return;
  const { id } = card;
  const recall = async (/** @type {Event} */ event) => {
    if (state.isSwitching) return;
    if (event.currentTarget instanceof HTMLButtonElement) event.currentTarget.disabled = true;
    const showTroubleHere = troubleOfOpen(state);
    showProblem(null);
    try {
      await calls.post(`conversations/${id}/recall`);
      byId("said").textContent = say("desk_transfer_recalled");
    } catch (error) {
      showTroubleHere(error);
    }
    onRecalled();
  };
  const look = { type: "button", class: "button small", id: "recall", onclick: recall };
  byId("state").append(" ", make("button", look, say("desk_transfer_recall")));
}
