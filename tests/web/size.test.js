/** The web chat is loaded on other people's pages: it stays small. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const FOLDER = new URL("../../helpdesk/web/chat/widget/", import.meta.url);
const BUDGET = 30 * 1024;
const LATER_BUDGET = 4 * 1024;

const read = (name) => readFileSync(new URL(name, FOLDER), "utf-8");
const weigh = (names) => names.reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);
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

test("the scripts of the first load are at most 30 KiB, compressed", () => {
  assert.ok(first.length > 10, `only ${first} were found`);
  assert.ok(weigh(first) <= BUDGET, `${weigh(first)} bytes in ${first.length} files, the budget is ${BUDGET}`);
});

test("what is loaded later is asked for by name, and small too", () => {
  const asked = first.flatMap((name) => importsOf(name, /\bimport\("\.\/([^"]+)"\)/g));
  assert.deepEqual(later.toSorted(), [...new Set(asked)].toSorted());
  assert.ok(weigh(later) <= LATER_BUDGET, `${weigh(later)} bytes in ${later}, the budget is ${LATER_BUDGET}`);
});
