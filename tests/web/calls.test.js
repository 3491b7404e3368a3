/** Calls to the server and their refusals, as desk and admin pages share them. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Calls, csrfOf, newId, Refused, sentenceOf } from "../../helpdesk/web/shared/calls.js";
import { openStaffPage, refusal } from "./staff-page.js";

/** @import { FakeServer } from "./staff-page.js" */

/** @type {FakeServer} */
let server;
/** @type {string[]} */
let left;

beforeEach(() => {
  ({ server, left } = openStaffPage("admin/confirmation.html", { address: "/admin/teams?archived=yes" }));
});

const calls = (options = {}) => new Calls({ csrf: csrfOf(), ...options });

/** @param {Promise<unknown>} work */
async function refused(work) {
  const error = await work.then(
    () => null,
    (reason) => reason,
  );
  assert.ok(error instanceof Refused);
  return error;
}

test("a body goes as JSON with the page's token, what is only read goes without", async () => {
  /** @type {RequestInit[]} */
  const requests = [];
  globalThis.fetch = (_, request = {}) => {
    requests.push(request);
    return Promise.resolve(Response.json({ id: 7 }));
  };
  assert.deepEqual(await calls({ base: "/desk/api/" }).post("notes", { text: "a" }), { id: 7 });
  await calls().get("/desk/api/agents");
  const [post, get] = requests.map(({ headers }) => new Headers(headers));
  assert.deepEqual([post.get("x-csrf-token"), post.get("content-type")], ["token-1", "application/json"]);
  assert.deepEqual([get.get("x-csrf-token"), get.get("accept")], [null, "application/json"]);
  assert.equal(requests[0].body, '{"text":"a"}');
});

test("an answer without words is null", async () => {
  server.on("POST /seen", () => new Response(null, { status: 204 }));
  assert.equal(await calls().post("/seen"), null);
});

test("a refusal brings the server's sentence, its code, and what is wrong field by field", async () => {
  const problems = [{ field: "name", sentence: "A team needs a name." }];
  server.on("POST /teams", () => refusal(422, "Please look again.", { code: "invalid", problems }));
  const error = await refused(calls().post("/teams", {}));
  assert.deepEqual([error.status, error.code, error.message], [422, "invalid", "Please look again."]);
  assert.deepEqual(error.problems, problems);
});

test("a refusal that is no JSON has the page's own sentence", async () => {
  server.on("GET /broken", () => new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }));
  assert.equal(
    (await refused(calls({ otherwise: "That did not work." }).get("/broken"))).message,
    "That did not work.",
  );
  server.on("GET /broken", () => new Response("", { status: 502, statusText: "Bad Gateway" }));
  assert.equal((await refused(calls().get("/broken"))).message, "Bad Gateway");
});

test("without a session one signs in and comes back to the same page", async () => {
  server.on("GET /teams", () => refusal(401, "Please sign in."));
  await refused(calls().get("/teams"));
  assert.deepEqual(left, ["/signin?next=%2Fadmin%2Fteams%3Farchived%3Dyes"]);
});

test("lines come as soon as they are whole, however the network cuts them", async () => {
  const chunks = ['{"done":1}\n{"do', 'ne":2}\n', '{"text":"gr\u00fc', '\u00dfe"}\n'];
  const encoded = chunks.map((chunk) => new TextEncoder().encode(chunk));
  const body = new ReadableStream({
    pull(controller) {
      const next = encoded.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
  });
  server.on("POST /replay", () => new Response(body));
  const lines = [];
  for await (const line of calls().lines("/replay", {}, new AbortController().signal)) lines.push(line);
  assert.deepEqual(lines, [{ done: 1 }, { done: 2 }, { text: "grüße" }]);
});

test("lines that are refused say why", async () => {
  server.on("POST /replay", () => refusal(409, "One at a time."));
  const reading = calls().lines("/replay", {}, new AbortController().signal);
  assert.equal((await refused(reading.next())).message, "One at a time.");
});

test("what is told of trouble is the server's sentence, else the page's, else the browser's", () => {
  const known = new Refused(409, { error: { message: "Too late." } }, "");
  assert.equal(sentenceOf(known, "That did not work."), "Too late.");
  assert.equal(sentenceOf(new TypeError("Failed to fetch"), "That did not work."), "That did not work.");
  assert.equal(sentenceOf(new TypeError("Failed to fetch")), "Failed to fetch");
});

test("ids differ", () => assert.notEqual(newId(), newId()));

test("who signs out is led nowhere else by what the server says meanwhile", () => {
  const page = calls({ leave: (/** @type {string} */ address) => left.push(address) });
  page.signOut();
  page.signInAgain();
  assert.deepEqual(left, []);
  calls({ leave: (/** @type {string} */ address) => left.push(address) }).signInAgain();
  assert.deepEqual(left, ["/signin?next=%2Fadmin%2Fteams%3Farchived%3Dyes"]);
});
