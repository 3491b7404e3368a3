// The words that the server gave the page, under the keys of its catalogs.

/** @import { Values } from "./types.js" */

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("words")?.textContent || "{}");

/**
 * The word `key` with its gaps filled; the key itself when the page has no such word.
 * @param {string} key
 * @param {Values} values
 * @returns {string}
 */
export function say(key, values = {}) {
  return fill(words[key] ?? key, values);
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
  return key in words ? fill(words[key], values) : otherwise;
}

/** @type {(text: string, values: Values) => string} */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
}
