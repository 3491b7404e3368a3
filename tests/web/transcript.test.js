import assert from "node:assert/strict";
import { test } from "node:test";
import { addPending, applyFrame, EMPTY, markSent } from "../../helpdesk/web/chat/widget/log.js";
import { transcribe } from "../../helpdesk/web/chat/widget/transcript.js";
import { loadWords } from "../../helpdesk/web/chat/widget/words.js";
import { ack, asked, NOW, ready, said, welcome } from "./frames.js";

const words = await loadWords("de");
/** @type {(...frames: object[]) => Log} */
const read = (...frames) =>
  [welcome(), ...frames].reduce((/** @type {Log} */ log, frame) => applyFrame(log, frame, NOW), EMPTY);
/** @type {(log: Log, isLive?: boolean) => Item[]} */
const show = (log, isLive = true) => transcribe(log, { now: NOW, isLive, words });
/** @type {(log: Log, isLive?: boolean) => BubbleItem[]} */
const bubbles = (log, isLive) => show(log, isLive).filter((item) => item.type === "bubble");
/** @type {(log: Log, clientId: string, fields?: Partial<Pending>) => Log} */
const write = (log, clientId, fields = {}) =>
  addPending(log, { clientId, type: "message", text: clientId, at: "2026-11-22T15:00:00Z", ...fields });

test("each day is named once", () => {
  const log = read(
    said(1, { at: "2026-11-20T12:00:00Z" }),
    said(2, { at: "2026-11-21T12:00:00Z" }),
    said(3),
    said(4),
    ready,
  );
  assert.deepEqual(
    show(log)
      .filter((item) => item.type === "day")
      .map((item) => item.text),
    ["Freitag, 20. November", "Gestern", "Heute"],
  );
});

test("lines of one author in a row are one group", () => {
  const log = read(said(1), said(2), asked(3), said(4, { author: "agent", name: "Mia" }), ready);
  assert.deepEqual(
    bubbles(log).map((item) => [item.isFirst, item.isLast]),
    [
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ],
  );
});

test("a message's state goes from waiting to sent to stored to read", () => {
  const waiting = write(read(ready), "m1");
  assert.equal(bubbles(waiting, false)[0].delivery, "kept");
  assert.equal(bubbles(waiting)[0].delivery, "waiting");
  const sent = markSent(waiting, "m1");
  assert.equal(bubbles(sent)[0].delivery, "sent");
  const stored = applyFrame(sent, ack("m1", 1), NOW);
  assert.equal(bubbles(stored)[0].delivery, "stored");
  const line = applyFrame(stored, asked(1, "m1", { client_id: "m1" }), NOW);
  assert.equal(bubbles(line)[0].delivery, "stored");
  assert.equal(bubbles(applyFrame(line, { type: "read", seq: 1 }, NOW))[0].delivery, "read");
});

test("a pending bubble and the line it becomes have one key, so that it stays where it is", () => {
  const waiting = write(read(ready), "m1");
  const line = applyFrame(waiting, asked(1, "m1", { client_id: "m1" }), NOW);
  assert.equal(bubbles(waiting)[0].key, bubbles(line)[0].key);
});

test("a choice is shown as chosen once: as the customer's words where they follow, beside the question otherwise", () => {
  const choices = [{ title: "Ja" }, { title: "Nein" }];
  const open = read(said(1, { choices }), ready);
  assert.deepEqual(bubbles(open)[0].choices, ["Ja", "Nein"]);
  const answered = applyFrame(open, asked(2, "Nein"), NOW);
  assert.deepEqual(
    bubbles(answered).map((item) => [item.choices.length, item.chosen, item.isChoice]),
    [
      [0, null, false],
      [0, null, true],
    ],
  );
  const silent = applyFrame(open, said(1, { choices, chosen: 1 }), NOW);
  assert.deepEqual([bubbles(silent)[0].choices.length, bubbles(silent)[0].chosen], [0, "Nein"]);
});

test("a line that is not for the customer is not shown and comes between nothing", () => {
  const log = read(
    said(1, { choices: [{ title: "Ja" }] }),
    said(2, { kind: "hidden", author: "system", text: "" }),
    asked(3, "Ja"),
    ready,
  );
  assert.deepEqual(
    bubbles(log).map((item) => [item.text, item.isChoice]),
    [
      ["answer 1", false],
      ["Ja", true],
    ],
  );
});

test("an e-mail address is not shown as a message", () => {
  assert.deepEqual(show(write(read(ready), "e1", { type: "email" })), []);
});

test("an answer says which article it comes from, what belongs to it and where it folds", () => {
  const article = {
    key: "returns",
    title: "Wie sende ich etwas zurück?",
    link: "https://help.example/help/de/returns",
  };
  const related = [{ question: "Wer zahlt die Rücksendung?", link: "https://help.example/help/de/return-cost" }];
  const [bubble] = bubbles(read(said(1, { article, related, fold: 1 }), ready));
  assert.deepEqual([bubble.article, bubble.related, bubble.fold], [article, related, 1]);
});

test("a line that was kept before there were folds is shown whole", () => {
  const [bubble] = bubbles(read(said(1), ready));
  assert.deepEqual([bubble.article, bubble.related, bubble.fold], [null, [], null]);
});

test("a suggestion that was taken up is the customer's own words", () => {
  const log = write(read(ready), "s1", { type: "suggestion", text: "Wie sende ich etwas zurück?", article: "returns" });
  assert.deepEqual(
    bubbles(log).map((item) => [item.author, item.text]),
    [["contact", "Wie sende ich etwas zurück?"]],
  );
});
