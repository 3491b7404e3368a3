// Between the fields of the editor and an article as the server keeps it.

import { fieldOf, findAll } from "../../shared/elements.js";
import { asField, asIso } from "../time-fields.js";
import { LANGUAGES } from "./preview.js";

/** @import { ArticleContent, Language, MergedValue, Wording } from "./types.js" */

const MAX_ASK_AGAIN_DAYS = 90;

/**
 * What stands in the form, as it stands there.
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
export function valuesOf(form) {
  const fields = findAll(form, "[name]").map((field) => /** @type {HTMLInputElement} */ (field));
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

/**
 * What the form says, as an article; half-written languages are left as they are.
 * @param {HTMLFormElement} form
 * @param {Record<string, Wording>} others languages that the form has no fields for
 * @returns {ArticleContent}
 */
export function contentOf(form, others) {
  const { value: owner } = fieldOf(form, "owner", HTMLSelectElement);
  const facts = {
    category: fieldOf(form, "category").value.trim(),
    owner,
    review_on: fieldOf(form, "review_on").value,
    ask_again_after: fieldOf(form, "ask_again_after").value,
    valid_from: asIso(fieldOf(form, "valid_from")),
    valid_until: asIso(fieldOf(form, "valid_until")),
  };
  const variants = { ...others };
  for (const language of LANGUAGES) {
    const wording = wordingOf(form, language);
    if (wording.question || wording.answer || wording.phrasings.length) variants[language] = wording;
  }
  return { ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value)), variants };
}

/** @type {(form: HTMLFormElement, language: Language) => Wording} */
function wordingOf(form, language) {
  const answer = fieldOf(form, `${language}-answer`, HTMLTextAreaElement).value.trim();
  const lines = fieldOf(form, `${language}-phrasings`, HTMLTextAreaElement).value.split("\n");
  const phrasings = [...new Set(lines.map((line) => line.trim()).filter(Boolean))];
  return { question: fieldOf(form, `${language}-question`).value.trim(), answer, phrasings };
}

/**
 * What is wrong with it before it is sent: the field, and the key of a sentence.
 * @param {ArticleContent} content
 * @returns {{ field: string, word: string } | null}
 */
export function problemOf({ variants, valid_from: from, valid_until: until, ask_again_after: days }) {
  for (const [language, wording] of Object.entries(variants)) {
    const missing = /** @type {const} */ (["question", "answer"]).find((name) => !wording[name]);
    if (missing) return { field: `${language}-${missing}`, word: "article_half" };
  }
  if (!Object.keys(variants).length) return { field: "", word: "article_half" };
  if (days && !(Number(days) >= 1 && Number(days) <= MAX_ASK_AGAIN_DAYS && Number.isInteger(Number(days))))
    return { field: "ask_again_after", word: "article_bad_days" };
  return from && until && until <= from ? { field: "valid_until", word: "article_bad_window" } : null;
}

/**
 * The name of the field that has a part of an article.
 * @param {{ language: string | null, field: string }} part
 */
export const fieldNameOf = ({ language, field }) => (language ? `${language}-${field}` : field);

/**
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} field
 * @param {MergedValue} merged
 */
export function writeValue(field, { value }) {
  const text = Array.isArray(value) ? value.join("\n") : (value ?? "");
  field.value = text && field.dataset.time !== undefined ? asField(text) : text;
}
