import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemory } from "../../helpdesk/web/chat/widget/memory.js";
import { FakeStorage } from "./doubles.js";

const remember = (fields = {}) =>
  createMemory({ server: "help.example", account: "", shared: new FakeStorage(), own: new FakeStorage(), ...fields });

test("two servers and two accounts on one page do not share a visitor", () => {
  const shared = new FakeStorage();
  const first = remember({ shared });
  first.keepToken("t1");
  assert.equal(first.token(), "t1");
  assert.equal(remember({ shared, account: "b2b" }).token(), null);
  assert.equal(remember({ shared, server: "other.example" }).token(), null);
});

test("a browser without storage gets a chat that forgets", () => {
  const memory = remember({ shared: null, own: null });
  memory.keepToken("t1");
  const kept = [memory.token(), memory.seen(), memory.draft(), memory.pending(), memory.isOpen()];
  assert.deepEqual(kept, [null, 0, "", [], null]);
});

test("a storage that is full or broken is no error", () => {
  const full = new FakeStorage();
  full.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  remember({ own: full }).keepDraft("viel");
  const broken = new FakeStorage();
  broken.getItem = () => "{";
  assert.equal(remember({ shared: broken }).token(), null);
});

test("a log too long for the tab's storage is not kept at all, so that no half log is resumed from", () => {
  const memory = remember();
  const copy = {
    lines: /** @type {Line[]} */ ([{ text: "x".repeat(500_000) }]),
    conversation: "c1",
    logEpoch: "e1",
    lastSeq: 1,
    read: 0,
    emailed: false,
  };
  memory.keepCopy({ ...copy, lines: [] });
  assert.notEqual(memory.copy(), null);
  memory.keepCopy(copy);
  assert.equal(memory.copy(), null);
});
