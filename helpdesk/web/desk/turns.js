// Buttons that lead to the lines something rests on.

import { make } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { FollowTurn } from "./types.js" */

/**
 * @param {number[] | undefined} seqs
 * @param {FollowTurn} onTurn
 */
export function drawTurns(seqs, onTurn) {
  if (!seqs?.length) return null;
  const buttons = seqs.map((seq) => {
    const label = say("desk_to_message", { seq });
    const look = { type: "button", class: "turn", "aria-label": label, title: label };
    return make("button", { ...look, onclick: () => onTurn(seq) }, String(seq));
  });
  return make("span", { class: "turns" }, ...buttons);
}

/**
 * Words of the customer that lead to their line.
 * @param {{ words: string, seq: number, label: string, otherwise: string }} chip `otherwise` stands where no words are
 * @param {FollowTurn} onTurn
 */
export function drawChip({ words, seq, label, otherwise }, onTurn) {
  const title = `${label} – ${say("desk_to_message", { seq })}`;
  return make(
    "button",
    { type: "button", class: "chip", title, "aria-label": title, onclick: () => onTurn(seq) },
    words ? make("q", { dir: "auto" }, shortened(words)) : otherwise,
    make("span", { class: "seq" }, String(seq)),
  );
}

const MAX_CHIP_LENGTH = 42; // characters of words that stand on a chip

/** @param {string} words */
const shortened = (words) =>
  words.length > MAX_CHIP_LENGTH ? `${words.slice(0, MAX_CHIP_LENGTH).trimEnd()} …` : words;
