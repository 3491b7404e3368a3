// Somebody else was quicker: shows what they changed, and lets one choose where both changed the same.

import { byId, find, make } from "../../shared/elements.js";
import { say } from "../../shared/words.js";

/** @import { Clash, Merged, Piece } from "./types.js" */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/** The box above the editor. */
export class ConflictBox {
  #fieldOf;
  #onChoice;
  #box = byId("conflict");

  /**
   * @param {{ fieldOf: (clash: Clash) => Field | null, onChoice: () => void }} editor `fieldOf` finds the field that a
   *   clash is about, `onChoice` is called after each choice
   */
  constructor({ fieldOf, onChoice }) {
    this.#fieldOf = fieldOf;
    this.#onChoice = onChoice;
    byId("conflict-done").addEventListener("click", () => {
      this.#box.hidden = true;
      byId("save").focus();
    });
  }

  /**
   * Show what was made of both texts.
   * @param {Merged} merged
   */
  open({ changed_by: author, taken, clashes, changes }) {
    const name = author ?? "";
    const also = taken.length ? ` ${say("article_conflict_taken", { fields: taken.join(", ") })}.` : "";
    byId("conflict-title").textContent = say("article_conflict_title", { name });
    byId("conflict-lead").textContent = say("article_conflict_lead", { name }) + also;
    byId("conflict-clashes").replaceChildren(...clashes.map((clash) => this.#drawClash(clash, name)));
    const box = byId("conflict-changes", HTMLDetailsElement);
    find(box, "summary").textContent = say("article_conflict_changes", { name });
    find(box, "div").innerHTML = changes; // made and escaped by our own templates
    box.open = !clashes.length;
    this.#box.hidden = false;
    this.#box.focus();
    this.#box.scrollIntoView({ block: "start" });
  }

  /**
   * @param {Clash} clash
   * @param {string} name
   */
  #drawClash(clash, name) {
    const field = this.#fieldOf(clash);
    const mine = field?.value ?? "";
    const keep = drawChoice(say("article_keep_mine"), true);
    const take = drawChoice(say("article_take_theirs", { name }), false);
    const choose = (/** @type {HTMLElement} */ chosen, /** @type {string} */ value) => {
      if (field) field.value = value;
      for (const button of [keep, take]) button.setAttribute("aria-pressed", String(button === chosen));
      this.#onChoice();
    };
    keep.addEventListener("click", () => choose(keep, mine));
    take.addEventListener("click", () => choose(take, clash.theirs));
    return make(
      "section",
      { class: "clash" },
      make("h3", {}, say("article_conflict_clash", { field: clash.label })),
      make("p", { class: "hint" }, say("article_conflict_key", { name })),
      make("p", { class: "diff", dir: "auto", lang: clash.language || null }, ...clash.pieces.map(drawPiece)),
      make("p", { class: "row" }, keep, take),
    );
  }
}

/**
 * @param {string} label
 * @param {boolean} isPressed
 */
const drawChoice = (label, isPressed) =>
  make("button", { type: "button", class: "button", "aria-pressed": String(isPressed) }, label);

/** @param {Piece} piece */
function drawPiece({ kind, text }) {
  if (kind === "same") return text;
  const isRemoved = kind === "removed";
  const spoken = make("span", { class: "quiet" }, `${say(isRemoved ? "article_removed" : "article_added")} `);
  return make(isRemoved ? "del" : "ins", {}, spoken, text);
}
