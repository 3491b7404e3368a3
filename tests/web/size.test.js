/** The web chat is loaded on other people's pages: it stays small. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const FOLDER = new URL("../../helpdesk/web/chat/widget/", import.meta.url);
const BUDGET = 32 * 1024;
const LATER_BUDGET = 7 * 1024;

/** @param {string} name */
const read = (name) => readFileSync(new URL(name, FOLDER), "utf-8");
/** @param {string[]} names */
const weigh = (names) => names.reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);
/** @type {(name: string, form: RegExp) => string[]} */
const importsOf = (name, form) => [...read(name).matchAll(form)].map((found) => found[1]);

/** What a page gets before anybody has touched the chat: the script tag's file, and all that index.js imports. */
function firstLoad(name = "index.js", seen = new Set(["webchat.js"])) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of importsOf(name, /^(?:import|export)\b[^;]*?from "\.\/([^"]+)"/gm)) firstLoad(next, seen);
  return seen;
}

const first = [...firstLoad()];
const later = readdirSync(FOLDER).filter((name) => name.endsWith(".js") && !first.includes(name));
const words = readdirSync(new URL("words/", FOLDER)).map((name) => `words/${name}`);
const languages = words.filter((name) => !first.includes(name));

const largest = Math.max(...languages.map((name) => weigh([name])));

test("the scripts of the first load and the words of one language are at most 32 KiB, compressed", () => {
  assert.ok(first.length > 10, `only ${first} were found`);
  const bytes = weigh(first) + largest;
  assert.ok(bytes <= BUDGET, `${bytes} bytes in ${first.length} files and a language, the budget is ${BUDGET}`);
});

test("no language is loaded but the one that is spoken", () => {
  assert.ok(languages.length >= 4, `only ${languages} were found`);
  assert.deepEqual(
    first.filter((name) => name.startsWith("words/")),
    ["words/index.js"],
  );
});

test("what is loaded later is asked for by name, and small too", () => {
  const asked = first.flatMap((name) => importsOf(name, /\bimport\("\.\/([^"]+)"\)/g));
  assert.deepEqual(later.toSorted(), [...new Set(asked)].toSorted());
  for (const name of later)
    assert.ok(weigh([name]) <= LATER_BUDGET, `${weigh([name])} bytes in ${name}, the budget is ${LATER_BUDGET}`);
});
