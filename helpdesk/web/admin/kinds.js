// What came out of a trial, kind by kind: those that need a look are open.

import { make } from "../shared/elements.js";

/**
 * @param {string[]} sentences
 */
export const drawVerdict = (sentences) =>
  make("div", { class: "verdict" }, ...sentences.map((sentence) => make("p", {}, sentence)));

/**
 * @param {{ title: string, hint: string, isOpen: boolean, content: HTMLElement, more: string | null }} kind `more` says
 *   how many are not shown
 */
export function drawKind({ title, hint, isOpen, content, more }) {
  const summary = make("summary", {}, make("span", {}, title), make("span", { class: "hint" }, hint));
  const rest = more ? make("p", { class: "hint" }, more) : null;
  return make("details", { class: "kind", open: isOpen }, summary, content, rest);
}
