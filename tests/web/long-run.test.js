/** A run that takes a while: how far it is, what came out, and stopping it. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { get, openStaffPage, settled } from "./staff-page.js";

/** @import { FakeServer } from "./staff-page.js" */

const PAGE = `<button id="go"></button><button id="halt" hidden></button><p id="wrong" hidden></p>
  <div id="bar" hidden><progress></progress><span role="status"></span></div><div id="out"></div>`;

/** @type {FakeServer} */
let server;
/** @type {unknown[]} */
let results;

beforeEach(() => {
  ({ server } = openStaffPage("admin/confirmation.html", { more: PAGE }));
  results = [];
});

/** @returns {Promise<import("../../helpdesk/web/admin/progress.js").LongRun<unknown>>} */
async function makeRun() {
  const { LongRun } = await import("../../helpdesk/web/admin/progress.js");
  const { Calls } = await import("../../helpdesk/web/shared/calls.js");
  const start = get("go", HTMLButtonElement);
  const ids = { start, stop: "halt", bar: "bar", result: "out", problem: "wrong" };
  const words = {
    stopped: "stopped",
    isCounted: (/** @type {{ stage: string }} */ { stage }) => stage === "asking",
    tell: (/** @type {{ stage: string, done: number }} */ { stage, done }) => `${stage} ${done}`,
  };
  return new LongRun(new Calls({ csrf: "" }), ids, words, (result) => void results.push(result));
}

/** @param {object[]} lines */
const stream = (...lines) => new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

test("it tells how far it is and hands over what came out", async () => {
  server.on("POST /run", () =>
    stream({ stage: "waiting", done: 0, total: 0 }, { stage: "asking", done: 3, total: 9 }, { ok: 1 }),
  );
  await (await makeRun()).run("/run", {});
  assert.deepEqual([get("bar").querySelector("progress")?.value, get("bar").textContent?.trim()], [3, "asking 3"]);
  assert.deepEqual([results, get("bar").hidden, get("halt").hidden], [[{ ok: 1 }], true, true]);
});

test("a line with an error ends it with the error's sentence", async () => {
  server.on("POST /run", () => stream({ error: "The articles are being learnt." }, { ok: 1 }));
  await (await makeRun()).run("/run", {});
  assert.deepEqual([get("wrong").textContent, results], ["The articles are being learnt.", []]);
  assert.equal(get("go", HTMLButtonElement).disabled, false);
});

test("who stops it is told so", async () => {
  const run = await makeRun();
  globalThis.fetch = (_, { signal } = {}) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const running = run.run("/run", {});
  await settled();
  assert.equal(get("go", HTMLButtonElement).disabled, true);
  get("halt").click();
  await running;
  assert.deepEqual([get("wrong").textContent, get("go", HTMLButtonElement).disabled], ["stopped", false]);
});
