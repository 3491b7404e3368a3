import assert from "node:assert/strict";
import { test } from "node:test";
import { createChat } from "../../helpdesk/web/chat/widget/chat.js";
import { createMemory } from "../../helpdesk/web/chat/widget/memory.js";
import { FakeClock, FakeStorage, fakeSockets } from "./doubles.js";
import { ack, asked, ready, said, welcome } from "./frames.js";

function visit({ shared = new FakeStorage(), own = new FakeStorage(), clock = new FakeClock() } = {}) {
  const Sockets = fakeSockets();
  const memory = createMemory({ server: "help.example", account: "", shared, own });
  /** @type {ChatState} */
  let state;
  let ids = 0;
  let changes = 0;
  let lapses = 0;
  /** @type {object[]} */
  const suggested = [];
  const chat = createChat(
    {
      address: "wss://help.example/webchat/ws",
      memory,
      clock,
      language: () => "de",
      page: () => "https://shop.example/cart",
      newId: () => `id${++ids}`,
      random: () => 0,
      WebSocket: /** @type {typeof WebSocket} */ (/** @type {unknown} */ (Sockets)),
      onSuggestions: (frame) => suggested.push(frame),
      onLapse: () => void (lapses += 1),
    },
    (next) => {
      state = next;
      changes += 1;
    },
  );
  /** @param {({ seq: number } & Record<string, unknown>)[]} lines */
  const goLive = (...lines) => {
    Sockets.last.accept();
    Sockets.last.say(welcome({ seq: lines.at(-1)?.seq ?? 0 }), ...lines, ready);
  };
  return {
    ...{ chat, clock, Sockets, memory, shared, own, goLive, suggested },
    changes: () => changes,
    lapses: () => lapses,
    state: () => state,
  };
}

test("whoever is put out, or leaves, leaves nothing of what they were about to send", () => {
  const { chat, Sockets, goLive, lapses } = visit();
  chat.open();
  goLive(said(1));
  assert.equal(lapses(), 0);
  Sockets.last.end(4401);
  assert.equal(lapses(), 1);
  chat.forget();
  assert.equal(lapses(), 2);
});

test("before the chat is opened nothing is connected and nothing is stored", () => {
  const { chat, Sockets, shared, own } = visit();
  chat.refresh();
  assert.equal(chat.isAwaited(), false);
  assert.deepEqual([Sockets.opened.length, shared.items.size, own.items.size], [0, 0, 0]);
});

test("the first hello has no token, the next one has the token of the welcome and the last seq", () => {
  const { chat, clock, Sockets, goLive } = visit();
  chat.open();
  goLive(said(1), said(2));
  assert.deepEqual(Sockets.last.sent[0], {
    type: "hello",
    protocol: 1,
    last_seq: 0,
    language: "de",
    page: "https://shop.example/cart",
  });
  Sockets.last.end(1012);
  clock.pass(500);
  Sockets.last.accept();
  const { token, last_seq: lastSeq, log_epoch: logEpoch } = Sockets.last.ofType("hello")[0];
  assert.deepEqual([token, lastSeq, logEpoch], ["t1", 2, "e1"]);
});

test("F66: a gap brings a new hello with the last seq held", () => {
  const { chat, clock, Sockets, goLive, state } = visit();
  chat.open();
  goLive(said(1));
  Sockets.last.say(said(4));
  clock.pass(500);
  Sockets.last.accept();
  assert.equal(Sockets.last.sent[0].last_seq, 1);
  Sockets.last.say(welcome({ seq: 4 }), said(2), said(3), said(4), ready);
  assert.deepEqual(
    state().log.lines.map((line) => line.seq),
    [1, 2, 3, 4],
  );
});

test("what is written without a connection is sent after it, in order, once each", () => {
  const { chat, clock, Sockets, goLive, state } = visit();
  chat.open();
  chat.send("eins");
  chat.send("zwei");
  goLive();
  assert.deepEqual(
    Sockets.last.ofType("message").map((frame) => frame.text),
    ["eins"],
  );
  Sockets.last.end(1006);
  clock.pass(1_000);
  goLive();
  Sockets.last.say(ack("id1", 1), asked(1, "eins", { client_id: "id1" }));
  assert.deepEqual(
    Sockets.last.ofType("message").map(({ text, client_id: id }) => [text, id]),
    [
      ["eins", "id1"],
      ["zwei", "id2"],
    ],
  );
  Sockets.last.say(ack("id2", 2), asked(2, "zwei", { client_id: "id2" }));
  assert.deepEqual(state().log.pending, []);
});

test("a reload loses neither the unsent words nor the log", () => {
  const first = visit();
  first.chat.open();
  first.goLive(said(1));
  first.Sockets.last.end(1006);
  first.chat.send("noch nicht weg");
  first.chat.remember();
  const second = visit({ shared: first.shared, own: first.own });
  assert.equal(second.chat.isAwaited(), true);
  second.chat.open();
  second.Sockets.last.accept();
  assert.equal(second.Sockets.last.sent[0].last_seq, 1);
  second.Sockets.last.say(welcome({ seq: 1 }), ready);
  assert.deepEqual(
    second.Sockets.last.ofType("message").map((frame) => frame.text),
    ["noch nicht weg"],
  );
  assert.deepEqual(
    second.state().log.lines.map((line) => line.seq),
    [1],
  );
});

test("another tab starts from the whole log", () => {
  const first = visit();
  first.chat.open();
  first.goLive(said(1));
  const second = visit({ shared: first.shared });
  second.chat.open();
  second.Sockets.last.accept();
  assert.deepEqual([second.Sockets.last.sent[0].token, second.Sockets.last.sent[0].last_seq], ["t1", 0]);
});

test("a tab whose neighbour became another visitor becomes that visitor too", () => {
  const { chat, clock, Sockets, goLive, memory } = visit();
  chat.open();
  goLive(said(1));
  memory.keepToken("t2");
  chat.follow();
  clock.pass(500);
  Sockets.last.accept();
  assert.equal(Sockets.last.sent[0].token, "t2");
});

test("a copy of the log without the visitor it belongs to is not shown", () => {
  const { chat, goLive, shared, own } = visit();
  chat.open();
  goLive(said(1));
  chat.remember();
  shared.items.clear();
  const stranger = visit({ own });
  stranger.chat.refresh();
  assert.deepEqual(stranger.state().log.lines, []);
});

test("own typing is told once, repeated after 6 s, and taken back after a pause or with the message", () => {
  const { chat, clock, Sockets, goLive } = visit();
  const told = () => Sockets.last.ofType("typing").map((frame) => frame.on);
  chat.open();
  goLive();
  chat.typed(true);
  chat.typed(true);
  assert.deepEqual(told(), [true]);
  clock.pass(4_000);
  chat.typed(true);
  clock.pass(2_000);
  chat.typed(true);
  assert.deepEqual(told(), [true, true]);
  clock.pass(5_000);
  assert.deepEqual(told(), [true, true, false]);
  chat.typed(true);
  chat.send("fertig");
  assert.deepEqual(told(), [true, true, false, true, false]);
});

test("seen is told once for each new last line, and the other tabs count nothing as unread", () => {
  const { chat, clock, Sockets, goLive, state, memory } = visit();
  chat.open();
  goLive(said(1), said(2));
  assert.equal(state().unread, 2);
  chat.markSeen();
  clock.pass(500);
  chat.markSeen();
  clock.pass(500);
  assert.deepEqual(
    Sockets.last.ofType("seen").map((frame) => frame.seq),
    [2],
  );
  assert.deepEqual([state().unread, memory.seen()], [0, 2]);
});

test("asking for a person takes the bot's offer if it stands and words otherwise", () => {
  const { chat, Sockets, goLive } = visit();
  chat.open();
  goLive(said(1, { choices: [{ title: "Ja" }, { title: "Mit einem Menschen sprechen", person: true }] }));
  chat.askPerson("Ich möchte mit einem Menschen sprechen.");
  assert.deepEqual(Sockets.last.ofType("choice"), [{ type: "choice", client_id: "id1", seq: 1, choice: 1 }]);
  Sockets.last.say(ack("id1", 2), asked(2, "Mit einem Menschen sprechen", { client_id: "id1" }));
  chat.askPerson("Ich möchte mit einem Menschen sprechen.");
  assert.equal(Sockets.last.ofType("message")[0].text, "Ich möchte mit einem Menschen sprechen.");
});

test("a busy server is tried again after a while, without the customer's help", () => {
  const { chat, clock, Sockets, goLive } = visit();
  chat.open();
  goLive();
  chat.send("hallo");
  Sockets.last.say({ type: "error", code: "slow_down", text: "Bitte langsamer.", client_id: "id1" });
  assert.equal(Sockets.last.ofType("message").length, 1);
  clock.pass(1_500);
  assert.equal(Sockets.last.ofType("message").length, 2);
});

test("a message that broke the socket by its size fails and is not sent again", () => {
  const { chat, clock, Sockets, goLive, state } = visit();
  chat.open();
  goLive();
  chat.send("x");
  Sockets.last.end(1009);
  assert.equal(state().log.pending[0].state, "failed");
  clock.pass(1_000);
  goLive();
  assert.equal(Sockets.last.ofType("message").length, 0);
});

test("a typing sign that is not repeated goes away", () => {
  const { chat, clock, Sockets, goLive, state } = visit();
  chat.open();
  goLive();
  Sockets.last.say({ type: "typing", author: "agent", name: "Mia", on: true });
  assert.equal(state().log.typing.agent?.name, "Mia");
  clock.pass(11_000);
  assert.equal(state().log.typing.agent, null);
});

test("the screen is drawn anew when an answer begins to take longer", () => {
  const { chat, clock, goLive, changes } = visit();
  chat.open();
  goLive(asked(1));
  const before = changes();
  clock.pass(7_900);
  assert.equal(changes(), before);
  clock.pass(200);
  assert.equal(changes(), before + 1);
});

test("suggestions are heard and change nothing of the log", () => {
  const { chat, Sockets, goLive, suggested, state } = visit();
  chat.open();
  goLive(said(1));
  const before = state().log;
  assert.equal(chat.tell({ type: "suggest", id: 1, text: "wo ist mein" }), true);
  const frame = { type: "suggestions", id: 1, items: [{ article: "returns", question: "Wie?" }] };
  Sockets.last.say(frame);
  assert.deepEqual(suggested, [frame]);
  assert.equal(state().log, before);
});

test("a suggestion is sent by its article, and again after a loss", () => {
  const { chat, clock, Sockets, goLive, state } = visit();
  chat.open();
  goLive(said(1));
  chat.pick("returns", "Wie sende ich etwas zurück?");
  const wanted = [{ type: "suggestion", client_id: "id1", article: "returns" }];
  assert.deepEqual(Sockets.last.ofType("suggestion"), wanted);
  Sockets.last.end(1006);
  clock.pass(1_000);
  Sockets.last.accept();
  Sockets.last.say(welcome({ seq: 1 }), ready);
  assert.deepEqual(Sockets.last.ofType("suggestion"), wanted);
  Sockets.last.say(ack("id1", 2), asked(2, "Wie sende ich etwas zurück?", { client_id: "id1" }));
  assert.deepEqual(state().log.pending, []);
});
