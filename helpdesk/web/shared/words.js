// The words that the server gave the page, under the keys of its catalogs.

/** @import { PluralForms, Values } from "./types.js" */

/** @type {Record<string, string | PluralForms>} */
const words = JSON.parse(document.getElementById("words")?.textContent || "{}");
const rules = new Intl.PluralRules(document.documentElement.lang || "en");

/**
 * The word `key` with its gaps filled; the key itself when the page has no such word.
 * @param {string} key
 * @param {Values} values
 * @returns {string}
 */
export function say(key, values = {}) {
  return sayOr(key, key, values);
}

/**
 * The word `key` as the language says it of `count` things, with its gaps filled; `{count}` is the count.
 * @param {string} key
 * @param {number} count
 * @param {Values} values
 * @returns {string}
 */
export function sayCount(key, count, values = {}) {
  const forms = words[key];
  if (typeof forms !== "object") return key;
  return fill(forms[rules.select(count)] ?? forms.other, { count, ...values });
}

/**
 * The word `key` if the page has it.
 * @template {string | null} T
 * @param {string} key
 * @param {T} otherwise
 * @param {Values} values
 * @returns {string | T}
 */
export function sayOr(key, otherwise, values = {}) {
  const text = words[key];
  return typeof text === "string" ? fill(text, values) : otherwise;
}

/** @type {(text: string, values: Values) => string} */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
}
