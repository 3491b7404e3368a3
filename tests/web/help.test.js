/** The help centre's search while one types; without the script the page works as it is. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { get, openStaffPage, type, until } from "./staff-page.js";

/** @import { FakeServer } from "./staff-page.js" */

const PAGE = `<form data-results="#results" action="/help/search"><input name="q"></form>
  <div id="results"><p>Topics</p></div><button data-staffel-open hidden></button>`;
const FOUND = `<div id="results"><h2>2 articles</h2><button data-staffel-open hidden>Chat</button></div>`;

/** @type {FakeServer} */
let server;
let visit = 0;

beforeEach(async () => {
  ({ server } = openStaffPage("admin/confirmation.html", { more: PAGE }));
  server.on("GET https://help.example/help/search", () => new Response(FOUND));
  await import(`../../helpdesk/web/help/help.js?visit=${++visit}`);
});

const field = () => /** @type {HTMLInputElement} */ (document.querySelector("input[name=q]"));
const results = () => get("results").textContent?.trim();

test("what is found stands in place, is told, and its buttons open the chat", async () => {
  type(field(), "return");
  await until(() => results()?.startsWith("2 articles") ?? false);
  assert.equal(document.querySelector("[role=status]")?.textContent, "2 articles");
  assert.equal(document.querySelectorAll("[data-staffel-open][hidden]").length, 0);
  assert.equal(server.calls.at(-1)?.path.endsWith("?q=return&typing=1"), true);
});

test("too few letters bring back what stood there, and nothing is asked", async () => {
  type(field(), "return");
  await until(() => results()?.startsWith("2 articles") ?? false);
  type(field(), "re");
  assert.deepEqual([results(), server.calls.length], ["Topics", 1]);
});

test("without a network the page is as it was", async () => {
  server.on("GET https://help.example/help/search", new TypeError("offline"));
  type(field(), "return");
  await until(() => server.calls.length === 1);
  assert.equal(results(), "Topics");
});
