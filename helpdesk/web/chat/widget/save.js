/** The button that asks for the conversation to take along; it is loaded when the chat is opened. */
import { icon, make } from "./elements.js";

/**
 * @param {HTMLElement} header
 * @param {Pick<Shown, "words">} shown
 * @param {Log} log
 * @param {Pick<Handlers, "onSend">} handlers
 */
export function drawSave(header, { words }, log, { onSend }) {
  let button = /** @type {HTMLButtonElement|null} */ (header.querySelector(".save"));
  if (!button) {
    const arrow = icon("send");
    arrow.style.transform = "rotate(180deg)";
    button = make("button", { class: "tool save", type: "button" }, arrow);
    header.lastElementChild?.before(button);
  }
  button.hidden = log.lines.length < 2;
  button.onclick = () => onSend(words.save);
  for (const name of ["aria-label", "title"]) button.setAttribute(name, words.save);
}
