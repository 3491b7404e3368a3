import assert from "node:assert/strict";
import { test } from "node:test";
import { BEAT, backOff, createConnection, delayAfter, PATIENCE } from "../../helpdesk/web/chat/widget/socket.js";
import { FakeClock, fakeSockets } from "./doubles.js";
import { ready, welcome } from "./frames.js";

/** @param {{ random?: () => number }} options */
function connect({ random = () => 0 } = {}) {
  const clock = new FakeClock();
  const Sockets = fakeSockets();
  /** @type {[state: ConnectionState, code: number][]} */
  const states = [];
  /** @type {object[]} */
  const frames = [];
  const line = createConnection({
    url: "wss://help.example/webchat/ws",
    hello: () => ({ type: "hello" }),
    onFrame: (frame) => frames.push(frame),
    onState: (state, code) => states.push([state, code]),
    clock,
    random,
    WebSocket: /** @type {typeof WebSocket} */ (/** @type {unknown} */ (Sockets)),
  });
  const goLive = () => {
    Sockets.last.accept();
    Sockets.last.say(welcome(), ready);
  };
  const again = () => {
    for (const before = Sockets.opened.length; Sockets.opened.length === before; ) clock.pass(100);
  };
  return { line, clock, Sockets, states, frames, goLive, again, state: () => states[states.length - 1][0] };
}

test("nothing is opened before it is asked for", () => {
  assert.equal(connect().Sockets.opened.length, 0);
});

test("it says hello first and is live with ready", () => {
  const { line, Sockets, goLive, state } = connect();
  line.open();
  assert.equal(line.send({ type: "typing", on: true }), false);
  goLive();
  assert.deepEqual(Sockets.last.sent, [{ type: "hello" }]);
  assert.equal(state(), "live");
  assert.equal(line.send({ type: "typing", on: true }), true);
});

test("F76: back-off is full jitter between 0.5 s and 30 s", () => {
  for (let attempt = 0; attempt < 12; attempt += 1) {
    assert.equal(
      backOff(attempt, () => 0),
      500,
    );
    assert.ok(backOff(attempt, () => 0.999999) <= 30_000);
  }
  assert.ok(backOff(9, () => 0.999999) > 29_000);
  assert.ok(backOff(1, () => 0.5) < backOff(2, () => 0.5));
});

test("F12: a restarting server is met again at once, then with back-off", () => {
  assert.ok(delayAfter(1012, 0, () => 0.999) < 500);
  assert.ok(delayAfter(1012, 3, () => 0.999) > 500);
});

test("one who was turned away waits at least 30 s, whatever happens", () => {
  const { line, clock, Sockets } = connect();
  line.open();
  Sockets.last.end(4429);
  line.hurry();
  clock.pass(29_000);
  assert.equal(Sockets.opened.length, 1);
  clock.pass(2_000);
  assert.equal(Sockets.opened.length, 2);
});

test("after a loss it comes back by itself, with longer waits", () => {
  const { line, clock, Sockets } = connect({ random: () => 0.999 });
  line.open();
  Sockets.last.end(1006);
  clock.pass(1_000);
  assert.equal(Sockets.opened.length, 2);
  Sockets.last.end(1006);
  clock.pass(1_000);
  assert.equal(Sockets.opened.length, 2);
  clock.pass(1_000);
  assert.equal(Sockets.opened.length, 3);
});

test("a connection that held makes the next wait short again", () => {
  const { line, clock, Sockets, goLive, again } = connect({ random: () => 0.999 });
  line.open();
  for (let loss = 0; loss < 4; loss += 1) {
    Sockets.last.end(1006);
    again();
  }
  goLive();
  clock.pass(11_000);
  const before = Sockets.opened.length;
  Sockets.last.end(1006);
  clock.pass(1_000);
  assert.equal(Sockets.opened.length, before + 1);
});

test("it asks every 25 s and takes 10 s without an answer as a loss", () => {
  const { line, clock, Sockets, goLive, state } = connect();
  line.open();
  goLive();
  clock.pass(BEAT);
  assert.equal(Sockets.last.ofType("ping").length, 1);
  Sockets.last.say({ type: "pong" });
  clock.pass(BEAT);
  assert.equal(Sockets.last.ofType("ping").length, 2);
  const silent = Sockets.last;
  clock.pass(PATIENCE);
  assert.equal(silent.isClosed, true);
  assert.equal(state(), "waiting");
});

test("a server that talks all the time still hears from us", () => {
  const { line, clock, Sockets, goLive } = connect();
  line.open();
  goLive();
  for (let second = 0; second < 60; second += 5) {
    clock.pass(5_000);
    Sockets.last.say({ type: "typing", author: "bot", name: "Staffel", on: true });
  }
  assert.equal(Sockets.last.ofType("ping").length, 2);
});

test("a server that accepts and says nothing is left after 10 s", () => {
  const { line, clock, Sockets } = connect();
  line.open();
  Sockets.last.accept();
  clock.pass(PATIENCE + 500);
  assert.equal(Sockets.opened.length, 2);
});

test("refused three times in a row means unavailable, until somebody tries again", () => {
  const { line, clock, Sockets, again, state } = connect();
  line.open();
  for (let refusal = 0; refusal < 3; refusal += 1) {
    if (refusal) again();
    Sockets.last.end(4400);
  }
  assert.equal(state(), "unavailable");
  clock.pass(300_000);
  assert.equal(Sockets.opened.length, 3);
  line.hurry();
  assert.equal(Sockets.opened.length, 4);
});

test("hurry ends a wait early, drop ends a connection early", () => {
  const { line, Sockets, goLive, state } = connect();
  line.open();
  goLive();
  line.drop();
  assert.equal(state(), "waiting");
  line.hurry();
  assert.equal(Sockets.opened.length, 2);
});

test("a restart does not hear the old socket any more", () => {
  const { line, clock, Sockets, goLive, frames, state } = connect();
  line.open();
  goLive();
  const old = Sockets.last;
  line.restart();
  clock.pass(0);
  goLive();
  old.say({ type: "pong" });
  old.end(1006);
  assert.equal(frames.length, 4);
  assert.equal(state(), "live");
});

test("a restart again and again slows down", () => {
  const { line, clock, Sockets } = connect();
  line.open();
  line.restart();
  clock.pass(0);
  line.restart();
  clock.pass(400);
  assert.equal(Sockets.opened.length, 2);
  clock.pass(100);
  assert.equal(Sockets.opened.length, 3);
});

test("closing is for good", () => {
  const { line, clock, Sockets, goLive } = connect();
  line.open();
  goLive();
  line.close();
  clock.pass(120_000);
  assert.deepEqual([Sockets.opened.length, Sockets.last.isClosed], [1, true]);
});

test("what is not JSON is passed over", () => {
  const { line, Sockets, goLive, frames } = connect();
  line.open();
  goLive();
  Sockets.last.say("{", "null", "7");
  assert.equal(frames.length, 2);
});
