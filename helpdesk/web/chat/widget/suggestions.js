/**
 * Articles that may answer what the customer is still writing, above the field. Loaded with the first focus. Enter in
 * the field still sends; plain buttons are what screen readers know best beside a field.
 */
import { make } from "./elements.js";
import { toSheet } from "./styles.js";

/** A pause in typing after which the server is asked, in ms. */
export const PAUSE = 250;
const MAX_DRAFT = 500;

const RULES = `
.suggestions { display: grid; gap: 6px; margin-bottom: 10px; }
.suggestions p { font-size: 12.5px; font-weight: 600; color: var(--muted); margin-left: 4px; }
.suggestions button { display: block; width: 100%; min-height: 40px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 12px;
  background: var(--background); font-size: 14px; line-height: 1.35; text-align: left; overflow-wrap: anywhere; }
.suggestions button:hover { border-color: var(--accent-text); color: var(--accent-text); }
@media (max-width: 480px) { .suggestions button { min-height: 44px; } }
@media (max-height: 520px) { .suggestions button:nth-of-type(n + 2) { display: none; } }`;

/**
 * Whether a text says enough to be looked up: two words or a long one.
 * @param {string} text
 */
export function saysEnough(text) {
  const words = text.trim();
  return words.length >= 3 && words.length <= MAX_DRAFT && (words.length >= 6 || /\S\s+\S/.test(words));
}

/** @type {(options: SuggestionOptions) => SuggestionList} */
export function createSuggestions({ root, input, place, ask, pick, isWanted, words, clock }) {
  const label = make("p", { "aria-hidden": "true" });
  const buttons = make("div", { class: "suggestions", role: "group", hidden: true, onkeydown: moveInList }, label);
  const news = make("p", { class: "sr", role: "status" });
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, toSheet(RULES)];
  place.prepend(buttons, news);
  input.addEventListener("input", typed);
  input.addEventListener("keydown", moveInField);
  let asked = 0;
  /** @type {any} */
  let timer;
  typed();

  function typed() {
    asked += 1;
    clock.clearTimeout(timer);
    if (!isWanted() || !saysEnough(input.value)) return show([]);
    timer = clock.setTimeout(() => ask({ type: "suggest", id: asked, text: input.value.trim() }), PAUSE);
  }

  /** @param {Suggestion[]} items */
  function show(items) {
    const hadFocus = buttons.contains(/** @type {ShadowRoot} */ (root).activeElement);
    const { suggestions, found, language } = words();
    label.textContent = suggestions;
    buttons.setAttribute("aria-label", suggestions);
    buttons.setAttribute("lang", language);
    buttons.replaceChildren(
      label,
      ...items.map(({ article, question }) => {
        const onclick = () => {
          clear();
          pick(article, question);
        };
        return make("button", { type: "button", onclick }, question);
      }),
    );
    buttons.hidden = items.length === 0;
    const note = items.length ? found(items.length) : "";
    if (news.textContent !== note) news.textContent = note;
    if (hadFocus) input.focus();
  }

  function clear() {
    asked += 1;
    clock.clearTimeout(timer);
    if (!buttons.hidden) show([]);
  }

  /** @param {KeyboardEvent} event */
  function moveInField(event) {
    if (buttons.hidden || event.isComposing) return;
    if (event.key === "Escape") leave(event);
    const isAtTop = !input.value.slice(0, input.selectionEnd).includes("\n");
    if (event.key !== "ArrowUp" || !isAtTop) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (buttons.lastElementChild).focus();
  }

  /** @param {KeyboardEvent} event */
  function moveInList(event) {
    const here = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape") return leave(event);
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const next = event.key === "ArrowUp" ? here.previousElementSibling : (here.nextElementSibling ?? input);
    if (next !== label) /** @type {HTMLElement|null} */ (next)?.focus();
  }

  /** @param {KeyboardEvent} event closes the list first, then the chat */
  function leave(event) {
    event.stopPropagation();
    clear();
    input.focus();
  }

  return {
    clear,
    hear: (frame) => {
      if (frame.id === asked && isWanted()) show(Array.isArray(frame.items) ? frame.items : []);
    },
  };
}
