import assert from "node:assert/strict";
import { test } from "node:test";
import { tidy } from "../../helpdesk/web/chat/widget/composer.js";
import { timeOfDay } from "../../helpdesk/web/chat/widget/transcript.js";
import { speak } from "../../helpdesk/web/chat/widget/words.js";

const queue = (position, wait, online = 2) => ({ position, agents_online: online, wait_minutes: wait });
const shape = (value) =>
  value && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
    : typeof value;

test("both languages say the same things", () => {
  assert.deepEqual(shape(speak("en", "sie")), shape(speak("de", "sie")));
});

test("du has no Sie in it, and Sie no du", () => {
  const all = (value) => {
    if (value && typeof value === "object") return Object.values(value).flatMap(all);
    return [typeof value === "function" ? value("Mia") : value];
  };
  const said = (address) =>
    all({ ...speak("de", address), queue: speak("de", address).queue(queue(2, [1, 4])) }).join(" ");
  assert.doesNotMatch(said("du"), /\b(Sie|Ihre?|Ihnen)\b/);
  assert.doesNotMatch(said("sie"), /\b([Dd]u|[Dd]eine?|[Dd]ich|[Dd]ir)\b/);
});

test("the queue is told honestly", () => {
  const { queue: german } = speak("de", "sie");
  assert.equal(german(queue(2, [1, 4])), "Sie sind an 2. Stelle · etwa 1–4 Minuten");
  assert.equal(german(queue(1, null)), "Sie sind als Nächstes dran · Wartezeit noch nicht absehbar");
  assert.equal(german(queue(3, [0, 1])), "Sie sind an 3. Stelle · etwa 1 Minute");
  assert.equal(german(queue(3, [0, 5])), "Sie sind an 3. Stelle · bis zu 5 Minuten");
  assert.equal(german(queue(1, null, 0)), "Gerade ist niemand online");
  assert.equal(speak("de", "du").queue(queue(2, [3, 3])), "Du bist an 2. Stelle · etwa 3 Minuten");
  assert.equal(speak("en", "sie").queue(queue(2, [1, 4])), "You are number 2 in the queue · about 1–4 minutes");
});

test("what is sent has no stray control characters, half characters or outer white space", () => {
  assert.equal(tidy(" a\r\nb\u0000\u001b[31m\tc\ud800 \n"), "a\nb[31m\tc");
  assert.equal(tidy("👩‍👧"), "👩‍👧");
});

test("a time that is none is left out", () => {
  assert.match(timeOfDay("2026-11-22T15:04:05.123456+00:00", "de"), /^\d\d:\d\d$/);
  assert.equal(timeOfDay("gestern", "de"), "");
});
