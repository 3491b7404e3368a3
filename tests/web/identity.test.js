/** Who is signed in on the web site, as the chat keeps it: what is shown to the server, and what is forgotten when. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIdentity } from "../../helpdesk/web/chat/widget/identity.js";
import { createMemory } from "../../helpdesk/web/chat/widget/memory.js";

const SERVER = new URL("https://help.example/");

/** @param {string} sub */
const token = (sub, jti = "1") => `${btoa(JSON.stringify({ sub, jti })).replaceAll("=", "")}.00`;

function storage() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return /** @type {Storage} */ (
    /** @type {unknown} */ ({
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
      removeItem: (/** @type {string} */ key) => kept.delete(key),
    })
  );
}

function browser(shared = storage()) {
  const memory = createMemory({ server: "help.example/", account: "", shared, own: storage() });
  /** @type {{address: string, body: unknown, keepalive?: boolean}[]} */
  const sent = [];
  /** @type {string[]} */
  const told = [];
  const element = new EventTarget();
  element.addEventListener("staffel-identity", (event) => told.push(/** @type {CustomEvent} */ (event).detail.state));
  const identity = createIdentity({
    memory,
    server: SERVER,
    element,
    shared,
    send: async (address, options) => sent.push({ address: address.href, ...options, body: options.body }),
  });
  const calls = { restart: 0, forget: 0 };
  const chat = /** @type {Chat} */ (
    /** @type {unknown} */ ({ restart: () => calls.restart++, forget: () => calls.forget++ })
  );
  /** @param {string} held */
  const welcomed = (held, state = "signed_in", next = held) => {
    memory.keepToken(next);
    identity.hear({ conversation: "c", token: next, identity: { state } }, held);
  };
  const customer = () => shared.getItem(`${memory.prefix}customer`);
  return { memory, identity, sent, told, calls, chat, welcomed, customer, shared };
}

test("a sign-in is shown once, and again when access has ended", () => {
  const { identity, memory, told, welcomed, customer } = browser();
  identity.follow(token("K-1"), null);
  const first = /** @type {any} */ (identity.proof());
  assert.equal(first.identity, token("K-1"));
  assert.match(first.browser, /^[0-9a-f]{32}$/);
  welcomed("v1");
  assert.deepEqual(identity.proof(), {});
  assert.equal(customer(), "K-1");
  assert.deepEqual(told, ["signed_in"]);
  identity.lapse("v2");
  assert.equal(memory.token(), "v1");
  identity.lapse("v1");
  assert.equal(memory.token(), null);
  assert.deepEqual(identity.proof(), first);
});

test("nothing is written on the device before the chat connects", () => {
  const { identity, memory, shared } = browser();
  identity.follow(token("K-1"), null);
  assert.equal(shared.getItem(`${memory.prefix}browser`), null);
});

test("what an anonymous visitor said stays when they sign in, and the chat says hello again", () => {
  const { identity, memory, calls, chat, sent } = browser();
  memory.keepToken("anonymous");
  identity.follow(token("K-1"), chat);
  assert.equal(memory.token(), "anonymous");
  assert.deepEqual(calls, { restart: 1, forget: 0 });
  assert.deepEqual(sent, []);
});

test("another customer never finds what the former one has left, not even on a page that loads", () => {
  const shared = storage();
  const first = browser(shared);
  first.identity.follow(token("K-1"), null);
  first.welcomed("v1");
  first.memory.keepDraft("geheim");

  const second = browser(shared);
  second.memory.keepDraft("geheim");
  second.identity.follow(token("K-2"), null);
  assert.equal(second.memory.token(), null);
  assert.equal(second.memory.draft(), "");
  assert.deepEqual(
    second.sent.map(({ address, body }) => [address, body]),
    [["https://help.example/webchat/sign-out", "v1"]],
  );
  assert.equal(second.sent[0].keepalive, true);
});

test("signing out forgets, tells the server and the open chat; for an anonymous visitor it does nothing", () => {
  const { identity, memory, calls, chat, sent, welcomed, customer } = browser();
  memory.keepToken("anonymous");
  identity.follow("", chat);
  assert.equal(memory.token(), "anonymous");
  identity.follow(token("K-1"), chat);
  welcomed("anonymous", "signed_in", "v1");
  identity.follow("", chat);
  assert.equal(memory.token(), null);
  assert.equal(customer(), null);
  assert.deepEqual(calls, { restart: 1, forget: 1 });
  assert.equal(sent.length, 1);
});

test("a fresh token of the same customer renews and forgets nothing", () => {
  const { identity, memory, calls, chat, sent, welcomed } = browser();
  identity.follow(token("K-1"), chat);
  welcomed("v1");
  identity.follow(token("K-1", "2"), chat);
  assert.equal(memory.token(), "v1");
  assert.deepEqual(calls, { restart: 2, forget: 0 });
  assert.deepEqual(sent, []);
  assert.notDeepEqual(identity.proof(), {});
});

test("a refused sign-in is told and not shown again; who was here only goes when the server gives another token", () => {
  const { identity, memory, told, welcomed, customer, shared } = browser();
  shared.setItem(`${memory.prefix}customer`, "K-1");
  identity.follow(token("K-1"), null);
  welcomed("v1", "refused");
  assert.deepEqual(identity.proof(), {});
  assert.equal(customer(), "K-1");
  welcomed("v1", "refused", "v2");
  assert.equal(customer(), null);
  assert.deepEqual(told, ["refused", "refused"]);
});

test("a token that can not be read is its own customer", () => {
  const { identity, memory, shared } = browser();
  memory.keepToken("v1");
  shared.setItem(`${memory.prefix}customer`, "K-1");
  identity.follow("nonsense", null);
  assert.equal(memory.token(), null);
});
