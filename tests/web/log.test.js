import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addPending,
  applyFrame,
  countUnread,
  discard,
  disconnect,
  EMPTY,
  expireTyping,
  failInFlight,
  isSlow,
  markSent,
  nextToSend,
  openChoices,
  SLOW_AFTER,
  TYPING_LASTS,
  tryAgain,
} from "../../helpdesk/web/chat/widget/log.js";
import { ack, asked, NOW, ready, said, welcome } from "./frames.js";

/** @typedef {{ seq: number } & Record<string, unknown>} LineFrame */

/** @type {(log: Log, ...frames: object[]) => Log} */
const read = (log, ...frames) => frames.reduce((/** @type {Log} */ state, frame) => applyFrame(state, frame, NOW), log);
/** @type {(...lines: LineFrame[]) => Log} */
const opened = (...lines) => read(EMPTY, welcome({ seq: lines.at(-1)?.seq ?? 0 }), ...lines, ready);
/** @param {Log} log */
const seqs = (log) => log.lines.map((line) => line.seq);
/** @type {(log: Log, clientId: string, fields?: Partial<Pending>) => Log} */
const typed = (log, clientId, fields = {}) =>
  addPending(log, { clientId, type: "message", text: clientId, at: "2026-11-22T15:00:00Z", ...fields });

test("F66: a line that comes twice is held once", () => {
  assert.deepEqual(seqs(read(opened(said(1), said(2)), said(2), said(1))), [1, 2]);
});

test("a repeated line may bring the choice, and never takes it back", () => {
  const choices = [{ title: "Ja" }, { title: "Nein" }];
  const chosen = read(opened(said(1, { choices })), said(1, { choices, chosen: 1 }));
  assert.equal(chosen.lines[0].chosen, 1);
  assert.equal(read(chosen, said(1, { choices })).lines[0].chosen, 1);
});

test("a live line with a hole before it is not taken: something was missed", () => {
  const log = read(opened(said(1)), said(3));
  assert.equal(log.gap, true);
  assert.deepEqual(seqs(log), [1]);
});

test("what the server sends between welcome and ready is the whole rest, wherever it begins", () => {
  const log = read(opened(said(1)), welcome({ seq: 5 }), said(4), said(5), ready);
  assert.equal(log.gap, false);
  assert.deepEqual(seqs(log), [1, 4, 5]);
});

test("replay and live lines in any order give the state of a fresh client", () => {
  const lines = [said(1), asked(2), said(3), asked(4), said(5)];
  const fresh = opened(...lines);
  const resumed = read(opened(lines[0], lines[1]), welcome({ seq: 5 }), lines[4], lines[2], lines[3], lines[4], ready);
  assert.deepEqual(resumed.lines, fresh.lines);
  assert.equal(resumed.lastSeq, fresh.lastSeq);
});

test("F70: a resync replaces everything", () => {
  const resync = { type: "resync", reason: "too_far_behind" };
  const log = read(opened(said(1), said(2)), welcome({ seq: 900 }), resync, said(899), said(900), ready);
  assert.deepEqual(seqs(log), [899, 900]);
  assert.equal(log.lastSeq, 900);
});

test("another conversation drops the lines held", () => {
  const log = read(opened(said(1), said(2)), welcome({ conversation: "c2", seq: 1 }), said(1), ready);
  assert.deepEqual(seqs(log), [1]);
  assert.equal(log.gap, false);
});

test("another conversation replayed from the old last_seq is asked for again, from its start", () => {
  const log = read(opened(said(1), said(2)), welcome({ conversation: "c2", seq: 2 }), ready);
  assert.equal(log.gap, true);
  assert.equal(log.lastSeq, 0);
});

test("F31: a restored database drops the lines held", () => {
  assert.deepEqual(seqs(read(opened(said(1), said(2)), welcome({ log_epoch: "e2" }))), []);
});

test("the stored line takes the pending bubble's place, whichever of ack and line comes first", () => {
  const waiting = markSent(typed(opened(said(1)), "m1"), "m1");
  const line = asked(2, "m1", { client_id: "m1" });
  for (const order of [
    [ack("m1", 2), line],
    [line, ack("m1", 2)],
  ]) {
    const log = read(waiting, ...order);
    assert.deepEqual(log.pending, []);
    assert.equal(log.lines.at(-1)?.client_id, "m1");
  }
});

test("a stored line without the customer's own id takes the bubble's place by its number", () => {
  const log = read(markSent(typed(opened(said(1)), "m1"), "m1"), ack("m1", 2), asked(2, "m1"));
  assert.deepEqual([log.pending.length, log.lines.length], [0, 2]);
});

test("between ack and line the bubble is shown as stored", () => {
  assert.equal(read(markSent(typed(opened(), "m1"), "m1"), ack("m1", 1)).pending[0].state, "stored");
});

test("frames leave one at a time, in the order in which they were written", () => {
  let log = typed(typed(opened(), "m1"), "m2");
  assert.equal(nextToSend(log)?.clientId, "m1");
  log = markSent(log, "m1");
  assert.equal(nextToSend(log), null);
  assert.equal(nextToSend(read(log, ack("m1", 1)))?.clientId, "m2");
});

test("what was on the wire when the connection broke waits to be sent again", () => {
  const log = disconnect(markSent(typed(opened(), "m1"), "m1"));
  assert.equal(nextToSend(log)?.clientId, "m1");
});

test("a busy server is tried again by itself, later, and only so often", () => {
  let log = typed(opened(), "m1");
  const busy = { type: "error", code: "slow_down", text: "Bitte langsamer.", client_id: "m1" };
  for (let attempt = 1; attempt < 4; attempt += 1) {
    log = read(markSent(log, "m1"), busy);
    assert.equal(log.pending[0].state, "waiting");
    assert.ok(log.pending[0].due > NOW);
  }
  assert.equal(read(markSent(log, "m1"), busy).pending[0].state, "failed");
});

test("a refused message fails with the server's words, lets the next one pass, and can be tried again or discarded", () => {
  const refused = read(markSent(typed(typed(opened(), "m1"), "m2"), "m1"), {
    type: "error",
    code: "too_long",
    text: "Zu lang.",
    client_id: "m1",
  });
  assert.deepEqual([refused.pending[0].state, refused.pending[0].reason], ["failed", "Zu lang."]);
  assert.equal(nextToSend(refused)?.clientId, "m2");
  assert.equal(nextToSend(tryAgain(refused, "m1"))?.clientId, "m1");
  assert.equal(discard(refused, "m1").pending.length, 1);
});

test("a frame that was too large for the socket fails instead of going round for ever", () => {
  assert.equal(failInFlight(markSent(typed(opened(), "m1"), "m1"), "too_long").pending[0].state, "failed");
});

test("buttons are open on the last line only, and closed as soon as something is said", () => {
  const choices = [{ title: "Ja" }, { title: "Nein" }];
  const log = opened(said(1, { choices }));
  assert.equal(openChoices(log)?.seq, 1);
  assert.equal(openChoices(typed(log, "m1")), null);
  assert.equal(openChoices(read(log, said(2))), null);
  assert.equal(openChoices(read(log, said(2, { kind: "hidden", author: "system" })))?.seq, 1);
});

test("a tap that was stored is remembered on its line", () => {
  const choices = [{ title: "Ja" }, { title: "Nein" }];
  const tapped = markSent(
    typed(opened(said(1, { choices })), "c1", { type: "choice", text: "Nein", seq: 1, choice: 1 }),
    "c1",
  );
  assert.equal(read(tapped, ack("c1", 2)).lines[0].chosen, 1);
});

test("another tab learns of a tap by the line that says the button's words", () => {
  const log = read(opened(said(1, { choices: [{ title: "Ja" }, { title: "Nein" }] })), asked(2, "Nein"));
  assert.equal(log.lines[0].chosen, 1);
});

test("an e-mail address that was stored is remembered until the wait is over", () => {
  const queue = { position: 1, agents_online: 0, wait_minutes: null };
  const queued = { type: "status", status: "queued", agent: null, language: "de", queue };
  const log = markSent(typed(read(opened(), queued), "e1", { type: "email", text: "kim@beispiel.de" }), "e1");
  const stored = read(log, ack("e1", 1));
  assert.deepEqual([stored.emailed, stored.pending.length], [true, 0]);
  assert.equal(read(stored, queued).emailed, true);
  assert.equal(read(stored, { ...queued, status: "bot", queue: null }).emailed, false);
});

test("typing ends with the message, with its time, and with the connection", () => {
  const log = read(opened(), { type: "typing", author: "agent", name: "Mia", on: true });
  assert.equal(log.typing.agent?.name, "Mia");
  assert.equal(read(log, said(1, { author: "agent" })).typing.agent, null);
  assert.notEqual(expireTyping(log, NOW + TYPING_LASTS - 1).typing.agent, null);
  assert.equal(expireTyping(log, NOW + TYPING_LASTS).typing.agent, null);
  assert.equal(disconnect(log).typing.agent, null);
});

test("whoever waits for the bot for eight seconds is told that it takes longer, until it answers or types", () => {
  const log = read(opened(asked(1)), asked(2));
  assert.equal(isSlow(log, NOW + SLOW_AFTER - 1), false);
  assert.equal(isSlow(log, NOW + SLOW_AFTER), true);
  assert.equal(isSlow(read(log, said(3)), NOW + SLOW_AFTER), false);
  assert.equal(
    isSlow(read(log, { type: "typing", author: "bot", name: "Staffel", on: true }), NOW + SLOW_AFTER),
    false,
  );
  const taken = read(log, { type: "status", status: "assigned", agent: { name: "Mia" }, queue: null, language: "de" });
  assert.equal(isSlow(taken, NOW + SLOW_AFTER), false);
});

test("a message that is acknowledged and not yet in the log waits too", () => {
  const sent = markSent(typed(opened(), "a1"), "a1");
  assert.equal(isSlow(sent, NOW + SLOW_AFTER), false);
  assert.equal(isSlow(read(sent, ack("a1", 1)), NOW + SLOW_AFTER), true);
});

test("the bot is not shown typing once a person is on the way", () => {
  const log = read(opened(), { type: "typing", author: "bot", name: "Staffel", on: true });
  assert.equal(
    read(log, { type: "status", status: "queued", agent: null, queue: null, language: "de" }).typing.bot,
    null,
  );
});

test("what an agent has read only grows", () => {
  const log = read(opened(asked(1)), { type: "read", seq: 1 }, { type: "read", seq: 0 });
  assert.equal(log.read, 1);
});

test("unread are the others' messages after the last seen line", () => {
  assert.equal(countUnread(opened(said(1), asked(2), said(3), said(4, { kind: "activity" })), 1), 1);
});

test("frames that make no sense change nothing", () => {
  const log = opened(said(1));
  const nonsense = [
    null,
    7,
    {},
    { type: "constructor" },
    { type: "__proto__" },
    { type: "message" },
    { type: "message", seq: -1 },
    { type: "message", seq: 2 ** 70 },
    { type: "read", seq: "9" },
    { type: "ack", client_id: "x" },
    { type: "error", code: "x" },
  ];
  for (const frame of nonsense) assert.equal(applyFrame(log, frame, NOW), log);
});

test("an answer that was corrected or taken back stands so at once, and after a replay", () => {
  const article = { key: "delivery", title: "Lieferung", link: null };
  const before = opened(said(1, { author: "agent", article }), said(2));
  const hidden = (/** @type {number} */ seq, /** @type {object} */ change) =>
    said(seq, { kind: "hidden", text: "", change });
  const edited = hidden(3, { seq: 1, state: "edited", text: "neu", html: "<p>neu</p>" });
  const live = read(before, edited);
  assert.deepEqual([live.lines[0].text, live.lines[0].state, live.lines[0].article], ["neu", "edited", article]);
  const back = read(live, welcome({ seq: 4 }), hidden(4, { seq: 1, state: "taken_back", text: "", html: "" }), ready);
  assert.deepEqual([back.lines[0].text, back.lines[0].state, back.lines[0].article], ["", "taken_back", null]);
  assert.equal(read(back, hidden(5, { seq: 99, state: "edited", text: "x", html: "x" })).lines.length, 5);
});
