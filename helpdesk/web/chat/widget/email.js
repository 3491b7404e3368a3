/** Where the customer leaves an e-mail address while nobody is online. Loaded when that comes to pass. */
import { make } from "./elements.js";
import { toSheet } from "./styles.js";

const RULES = `
.email { padding: 14px 16px; border-top: 1px solid var(--line); background: var(--surface); font-size: 14px; flex: none; }
.email label { display: block; margin: 10px 0 4px; font-size: 13px; font-weight: 600; }
.email .row { display: flex; flex-wrap: wrap; gap: 8px; }
.email input { flex: 1 1 170px; min-width: 0; min-height: 44px; padding: 8px 12px; border-radius: 12px; border: 1px solid var(--edge); background: var(--background); }
.email input::placeholder { color: var(--muted); opacity: 1; }
.email button { min-height: 44px; padding: 8px 16px; border-radius: 12px; background: var(--accent); color: var(--accent-ink); font-weight: 600; }
.email .wrong { color: var(--danger); font-size: 13px; }
.email .wrong:not(:empty) { margin-top: 6px; }
@media (max-width: 480px) { .email input { font-size: 16px; } }`;

/** @type {(place: Element, onEmail: (email: string) => void) => EmailForm} the form takes the place of `place` */
export function createEmailForm(place, onEmail) {
  const lead = make("p", { class: "lead", id: "lead" });
  const input = make("input", {
    type: "email",
    id: "email",
    autocomplete: "email",
    required: true,
    maxlength: "254",
    "aria-describedby": "lead wrong",
    oninput: () => (wrong.textContent = ""),
  });
  const label = make("label", { for: "email" });
  const button = make("button", { type: "submit" });
  const wrong = make("p", { class: "wrong", id: "wrong", role: "alert" });
  const form = make(
    "form",
    { novalidate: true, onsubmit: submit },
    label,
    make("div", { class: "row" }, input, button),
    wrong,
  );
  const element = make("div", { class: "email", hidden: true }, lead, form);
  const root = /** @type {ShadowRoot} */ (place.getRootNode());
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, toSheet(RULES)];
  place.replaceWith(element);
  let complaint = "";

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    if (!input.value.trim() || !input.checkValidity()) {
      wrong.textContent = complaint;
      return input.focus();
    }
    onEmail(input.value.trim());
  }

  return {
    /** @type {(words: Words, need: {isOpen: boolean, isWrong: boolean}) => void} */
    render({ email: words }, { isOpen, isWrong }) {
      complaint = words.wrong;
      element.hidden = !isOpen;
      lead.textContent = words.lead;
      label.textContent = words.label;
      input.placeholder = words.example;
      button.textContent = words.send;
      if (isWrong) wrong.textContent = words.wrong;
    },
  };
}
