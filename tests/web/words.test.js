import assert from "node:assert/strict";
import { test } from "node:test";
import { tidy } from "../../helpdesk/web/chat/widget/composer.js";
import { timeOfDay } from "../../helpdesk/web/chat/widget/transcript.js";
import { LANGUAGES } from "../../helpdesk/web/chat/widget/words/index.js";
import { fileOf, languageOf, loadWords } from "../../helpdesk/web/chat/widget/words.js";

const FILES = Object.keys(LANGUAGES).flatMap((code) => [...new Set([fileOf(code, "sie"), fileOf(code, "du")])]);
const WORDS = Object.fromEntries(await Promise.all(FILES.map(async (file) => [file, await loadWords(file)])));

/** @type {(position: number, wait: [number, number] | null, online?: number) => Queue} */
const queue = (position, wait, online = 2) => ({ position, agents_online: online, wait_minutes: wait });
/** @type {(value: unknown) => unknown} */
const shape = (value) =>
  value && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
    : typeof value;

test("every language says the same things", () => {
  for (const file of FILES) assert.deepEqual(shape(WORDS[file]), shape(WORDS.en), file);
});

test("a language is found by its beginning, and English stands in for what there is not", () => {
  assert.deepEqual(["de-AT", "FR", "en-US", "tlh", "constructor", ""].map(languageOf), [
    "de",
    "fr",
    "en",
    "en",
    "en",
    "en",
  ]);
});

test("only a language with two forms of address has a file for each", () => {
  assert.deepEqual(FILES, ["de", "de-informal", "en", "fr"]);
  assert.equal(fileOf("fr", "du"), "fr");
});

test("plurals are those of the language", () => {
  assert.deepEqual([0, 1, 2].map(WORDS.de.unread), ["0 neue Nachrichten", "1 neue Nachricht", "2 neue Nachrichten"]);
  assert.deepEqual([0, 1, 2].map(WORDS.fr.unread), ["0 nouveau message", "1 nouveau message", "2 nouveaux messages"]);
});

test("a name is said as it is written, whatever is in it", () => {
  assert.equal(WORDS.en.typing("$& {count}"), "$& {count} is typing …");
});

test("du has no Sie in it, and Sie no du", () => {
  /** @type {(value: unknown) => unknown[]} */
  const all = (value) => {
    if (value && typeof value === "object") return Object.values(value).flatMap(all);
    return [typeof value === "function" ? value("Mia") : value];
  };
  /** @param {string} address */
  const said = (address) => {
    const words = WORDS[fileOf("de", address)];
    return all({ ...words, queue: words.queue(queue(2, [1, 4])) }).join(" ");
  };
  assert.doesNotMatch(said("du"), /\b(Sie|Ihre?|Ihnen)\b/);
  assert.doesNotMatch(said("sie"), /\b([Dd]u|[Dd]eine?|[Dd]ich|[Dd]ir)\b/);
});

test("the queue is told honestly", () => {
  const { queue: german } = WORDS.de;
  assert.equal(german(queue(2, [1, 4])), "Sie sind an 2. Stelle · etwa 1–4 Minuten");
  assert.equal(german(queue(1, null)), "Sie sind als Nächstes dran · Wartezeit noch nicht absehbar");
  assert.equal(german(queue(3, [0, 1])), "Sie sind an 3. Stelle · etwa 1 Minute");
  assert.equal(german(queue(3, [0, 5])), "Sie sind an 3. Stelle · bis zu 5 Minuten");
  assert.equal(german(queue(1, null, 0)), "Gerade ist niemand online");
  assert.equal(WORDS["de-informal"].queue(queue(2, [3, 3])), "Du bist an 2. Stelle · etwa 3 Minuten");
  assert.equal(WORDS.en.queue(queue(2, [1, 4])), "You are number 2 in the queue · about 1–4 minutes");
  assert.equal(WORDS.fr.queue(queue(2, [1, 4])), "Vous êtes numéro 2 dans la file · environ 1–4 minutes");
});

test("what is sent has no stray control characters, half characters or outer white space", () => {
  assert.equal(tidy(" a\r\nb\u0000\u001b[31m\tc\ud800 \n"), "a\nb[31m\tc");
  assert.equal(tidy("👩‍👧"), "👩‍👧");
});

test("a time that is none is left out", () => {
  assert.match(timeOfDay("2026-11-22T15:04:05.123456+00:00", "de"), /^\d\d:\d\d$/);
  assert.equal(timeOfDay("gestern", "de"), "");
});
