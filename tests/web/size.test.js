/** The web chat is loaded on other people's pages: it stays small. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const FOLDER = new URL("../../helpdesk/web/static/webchat/", import.meta.url);
const BUDGET = 30 * 1024;

test("all scripts together are at most 30 KiB, compressed", () => {
  const sizes = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".js"))
    .map((name) => gzipSync(readFileSync(new URL(name, FOLDER)), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(sizes.length > 10, "the scripts were not found");
  assert.ok(total <= BUDGET, `${total} bytes in ${sizes.length} files, the budget is ${BUDGET}`);
});
