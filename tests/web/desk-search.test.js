/** The desk's search and its long lists: what is asked of the server, what is shown, and what the keys do. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { countFilters, queryOf } from "../../helpdesk/web/desk/wanted.js";
import { answer, card, detail, line, listing } from "./desk-data.js";
import { get, openStaffPage, press, settled, textsOf, type, until } from "./staff-page.js";

/** @import { Call, FakeServer } from "./staff-page.js" */

const API = "/desk/api";
const VALUES = { "agent.id": "me", "agent.name": "Mia", language: "de" };
const FOUND = { a: { seq: 7, author: "contact", parts: [{ text: "Mein " }, { text: "Paket", is_found: true }] } };

/** @type {FakeServer} */
let server;
let visit = 0;

beforeEach(async () => {
  const more = '<form id="sign-out"></form>';
  ({ server } = openStaffPage("desk/desk.html", { values: VALUES, more, address: "/desk?view=mine" }));
  server.on(`GET ${API}/conversations`, (/** @type {Call} */ { path }) => {
    const query = new URLSearchParams(path.split("?")[1]);
    if (query.get("q")) return listing([card("a")], [], { found: FOUND, count: 1, after: null });
    if (query.get("after")) return listing([card("d"), card("b")], [], { after: null });
    return listing([card("b"), card("c")], [], { after: "next" });
  });
  server.on(`GET ${API}/conversations/a`, answer(detail("a"), [line(6), line(7), line(8)]));
  server.on(`GET ${API}/views`, { views: [view("v1", "Ärger", { mood: "upset" })] });
  server.on(`GET ${API}/filters`, { team: [], agent: [], topic: [], language: [], shares_with: [] });
  server.on(`POST ${API}/views`, (/** @type {Call} */ { body }) => view("v2", "Neu", Object(body).wanted));
  await import(`../../helpdesk/web/desk/desk.js?search=${++visit}`);
  await settled();
});

/** @type {(id: string, name: string, wanted: object) => object} */
const view = (id, name, wanted) => ({ id, name, wanted, team: null, shared: false, is_own: true });
const field = () => get("search", HTMLInputElement);
/** The queries with which lists were asked for. */
const asked = () =>
  server.calls.filter(({ path }) => path.startsWith(`${API}/conversations?`)).map(({ path }) => queryIn(path));
/** @param {string} path */
const queryIn = (path) => Object.fromEntries(new URLSearchParams(path.split("?")[1]));

/** @param {string} words */
async function look(words) {
  type(field(), words);
  await until(() => asked().some(({ q }) => q === words));
  await settled();
}

test("a search asks in all conversations and shows the line with its words marked", async () => {
  await look("paket");
  assert.deepEqual(asked().at(-1), { view: "all", q: "paket", count: "", limit: "50" });
  assert.deepEqual(textsOf("#list mark"), ["Paket"]);
  assert.equal(document.querySelector('.views [aria-pressed="true"]'), null);
});

test("a space that was typed stays: another word may follow", async () => {
  type(field(), "mein ");
  await until(() => asked().some(({ q }) => q === "mein"));
  await settled();
  assert.equal(field().value, "mein ");
});

test("what is found opens at its line", async () => {
  await look("paket");
  press(field(), "Enter");
  await settled();
  assert.equal(document.querySelector(".marked")?.id, "line-7");
});

test("Enter waits for what is looked for, and opens nothing of the list before", async () => {
  const release = server.hold(`GET ${API}/conversations?view=all&q=paket&count=&limit=50`, listing([card("a")], []));
  await look("paket");
  press(field(), "Enter");
  await settled();
  assert.equal(server.calls.filter(({ path }) => path.startsWith(`${API}/conversations/`)).length, 0);
  await release();
  await until(() => server.calls.some(({ path }) => path === `${API}/conversations/a`));
});

test("Enter opens nothing when the search has failed", async () => {
  server.on(`GET ${API}/conversations?view=all&q=paket&count=&limit=50`, new Error("no network"));
  await look("paket");
  press(field(), "Enter");
  await settled();
  assert.equal(server.calls.filter(({ path }) => path.startsWith(`${API}/conversations/`)).length, 0);
});

test("the cursor stays on a kept view that is pressed", async () => {
  const chip = () => /** @type {HTMLElement} */ (document.querySelector("#saved-views button"));
  chip().focus();
  chip().click();
  await settled();
  assert.equal(document.activeElement, chip());
});

test("slash goes into the search, Escape out of it and back to the list", async () => {
  press(document.body, "/");
  assert.equal(document.activeElement, field());
  await look("paket");
  press(field(), "Escape");
  await settled();
  assert.deepEqual(textsOf("#list .name"), ["Customer b", "Customer c"]);
  assert.equal(field().value, "");
});

test("the arrow keys go from the search through the list and back", () => {
  press(field(), "ArrowDown");
  const key = () => document.activeElement?.closest("li")?.dataset.key;
  assert.equal(key(), "b");
  press(/** @type {HTMLElement} */ (document.activeElement), "ArrowDown");
  assert.equal(key(), "c");
  for (const _ of [1, 2]) press(/** @type {HTMLElement} */ (document.activeElement), "ArrowUp");
  assert.equal(document.activeElement, field());
});

test("a kept view sets its filters, and a second press takes them back", async () => {
  const chip = () => /** @type {HTMLElement} */ (document.querySelector("#saved-views button"));
  chip().click();
  await settled();
  assert.equal(asked().at(-1)?.mood, "upset");
  assert.equal(chip().getAttribute("aria-pressed"), "true");
  assert.equal(get("filter-count").textContent, "1");
  chip().click();
  await settled();
  assert.equal(asked().at(-1)?.mood, undefined);
});

test("what is filtered is kept under a name", async () => {
  get("filter-toggle").click();
  await until(() => !get("filters").hidden);
  const status = /** @type {HTMLSelectElement} */ (document.querySelector("#filters [name=status]"));
  status.value = "resolved";
  status.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
  assert.equal(asked().at(-1)?.status, "resolved");
  const name = /** @type {HTMLInputElement} */ (document.querySelector("#filters .keep input"));
  name.value = "Neu";
  /** @type {HTMLElement} */ (document.querySelector("#filters .keep + .row button")).click();
  await settled();
  const kept = { name: "Neu", wanted: { status: "resolved" }, shared: false, team: null };
  assert.deepEqual(server.sentTo(`${API}/views`), [kept]);
  assert.deepEqual(textsOf("#saved-views button"), ["Ärger", "Neu"]);
});

test("the end of a list brings the next page, and nobody twice", async () => {
  const box = /** @type {HTMLElement} */ (document.querySelector(".lists"));
  box.getBoundingClientRect = () => /** @type {DOMRect} */ ({ top: 0, bottom: 800, height: 800 });
  box.dispatchEvent(new Event("scroll"));
  await until(() => document.querySelectorAll("#list .name").length === 3);
  assert.deepEqual(textsOf("#list .name"), ["Customer b", "Customer c", "Customer d"]);
  assert.equal(asked().at(-1)?.after, "next");
});

test("days are those of the browser, from the first to the end of the last", () => {
  const wanted = queryOf({ period: "days", from: "2026-11-02", to: "2026-11-03", q: " " }, new Date());
  const [since, until] = [new Date(2026, 10, 2), new Date(2026, 10, 4)];
  assert.deepEqual(wanted, { since: since.toISOString(), until: until.toISOString(), count: "" });
  const today = queryOf({ period: "1" }, new Date(2026, 10, 29, 23, 59));
  assert.equal(today?.since, new Date(2026, 10, 29).toISOString());
  assert.equal(queryOf({ q: "" }, new Date()), null);
  assert.equal(countFilters({ q: "x", sort: "wait", team: "t", period: "7" }), 2);
});
