// Who takes a conversation over: the one who is likely to when the list opens, and the one whom the note names.

import { fold, isBegun } from "./names.js";

/** @import { Colleague } from "./types.js" */

/** Of a name at most so many words are looked for. */
const MAX_NAME_WORDS = 4;

/**
 * Who is there, speaks the customer's language and has the least to do; nobody when nobody is there.
 * @param {Colleague[]} colleagues
 * @param {string} language
 * @returns {Colleague | undefined}
 */
export function likelyReceiver(colleagues, language) {
  const busy = ({ open = 0, capacity = 0 }) => open / Math.max(1, capacity);
  const speaks = (/** @type {Colleague} */ { languages = [] }) => !languages.length || languages.includes(language);
  return colleagues
    .filter(({ availability }) => availability === "online")
    .toSorted((one, other) => Number(speaks(other)) - Number(speaks(one)) || busy(one) - busy(other))[0];
}

/**
 * Whom a note names at its beginning: "@jo wants a word" goes to Jo, with the rest of it as the note. Of several the one
 * who is called just so, else the first.
 * @param {string} note
 * @param {string[]} names
 * @returns {{ place: number, name: string, note: string } | null} `place` is -1 when nobody is called so; null when
 *   nobody is named
 */
export function namedReceiver(note, names) {
  const written = note.trimStart();
  const words = written.slice(1).split(/\s+/).filter(Boolean);
  if (!written.startsWith("@") || !words.length || /^@\s/.test(written)) return null;
  const folded = names.map(fold);
  for (let count = Math.min(words.length, MAX_NAME_WORDS); count > 0; count--) {
    const begun = fold(words.slice(0, count).join(" "));
    const exact = folded.findIndex((name) => name === begun || name.split(" ").includes(begun));
    const place = exact >= 0 ? exact : folded.findIndex((name) => isBegun(name, begun));
    if (place >= 0) return { place, name: names[place], note: wordsAfter(written, count) };
  }
  return { place: -1, name: words[0], note: written.trimEnd() };
}

/** @type {(text: string, count: number) => string} */
const wordsAfter = (text, count) => text.replace(new RegExp(`^(?:\\S+\\s*){${count}}`), "").trim();
