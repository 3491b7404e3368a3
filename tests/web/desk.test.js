// The desk's arithmetic: the course of a mood, and the moments one chooses quickly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dayValue, distance, fieldValue, quick, quickDay } from "../../helpdesk/web/desk/moments.js";
import { dotted, HEIGHT, moodOf, placed, signsOf, told, WIDTH } from "../../helpdesk/web/desk/mood-chart.js";
import { likelyReceiver, namedReceiver } from "../../helpdesk/web/desk/receivers.js";

/** @param {Date | null} at */
const fieldAt = (at) => at && fieldValue(at);

/** @import { Colleague, Sign } from "../../helpdesk/web/desk/types.js" */

/** @type {(seq: number, frustration: number, signs?: Sign[], abuse?: number) => { seq: number, frustration: number, abuse: number, signs: Sign[] }} */
const point = (seq, frustration, signs = [], abuse = 0) => ({ seq, frustration, abuse, signs });

test("who is likely to take over is there, speaks the language and has the least to do", () => {
  /** @type {(id: string, availability: "online" | "paused", open: number, languages: string[]) => Colleague} */
  const colleague = (id, availability, open, languages) => ({
    id,
    name: id,
    availability,
    open,
    capacity: 5,
    languages,
  });
  const ada = colleague("ada", "online", 1, ["en"]);
  const jo = colleague("jo", "online", 3, ["de", "en"]);
  const kim = colleague("kim", "online", 2, []);
  const tom = colleague("tom", "paused", 0, ["de"]);
  assert.equal(likelyReceiver([ada, jo, kim, tom], "de")?.id, "kim");
  assert.equal(likelyReceiver([ada, jo, tom], "de")?.id, "jo");
  assert.equal(likelyReceiver([ada, tom], "de")?.id, "ada");
  assert.equal(likelyReceiver([tom], "de"), undefined);
});

test("a name in front of a note says whom it goes to, and isn't part of it", () => {
  const names = ["Joana Berg", "Jo", "Dr. Käthe Aydın", "Versand"];
  /** @type {(note: string) => [number, string] | null} */
  const named = (note) => {
    const found = namedReceiver(note, names);
    return found && [found.place, found.note];
  };
  assert.deepEqual(named("@jo ruft morgen an"), [1, "ruft morgen an"]);
  assert.deepEqual(named("@joa ruft morgen an"), [0, "ruft morgen an"]);
  assert.deepEqual(named("@joana berg\nruft an"), [0, "ruft an"]);
  assert.deepEqual(named(" @kathe"), [2, ""]);
  assert.deepEqual(named("@vers bitte"), [3, "bitte"]);
  assert.deepEqual(named("@jona bitte"), [-1, "@jona bitte"]);
  assert.equal(named("@"), null);
  assert.equal(named("@ jo"), null);
  assert.equal(named("schreib an jo@example.org"), null);
});

test("a calm line is at the foot and an angry one at the top, in their order", () => {
  const [calm, angry] = placed([point(1, 0), point(2, 1)]);
  assert.ok(calm.x < angry.x && angry.x < WIDTH);
  assert.ok(calm.y > angry.y && calm.y < HEIGHT);
  assert.deepEqual([calm.level, angry.level], [0, 3]);
});

test("one line stands in the middle", () => assert.equal(placed([point(1, 0.5)])[0].x, WIDTH / 2));

test("abuse is named as what it is, annoyance as annoyance", () => {
  assert.equal(moodOf(point(1, 0.9)), "desk_mood_3");
  assert.equal(moodOf(point(1, 0.2, [], 0.8)), "desk_mood_abusive");
});

test("the course says how it began, what was between, and how it is now", () => {
  assert.deepEqual(told([point(1, 0), point(2, 0.1)]), ["desk_mood_steady", { mood: "desk_mood_0" }]);
  assert.equal(told([point(1, 0), point(2, 0.8)])[0], "desk_mood_course");
  assert.deepEqual(told([point(1, 0), point(2, 0.8), point(3, 0.45)]), [
    "desk_mood_peak",
    { first: "desk_mood_0", peak: "desk_mood_3", last: "desk_mood_1" },
  ]);
});

test("dots are where words show something, and at the end, however long the conversation", () => {
  const many = Array.from({ length: 200 }, (_, seq) => point(seq, seq / 200, seq % 2 ? [["anger", seq, "!"]] : []));
  const dots = dotted(many);
  assert.equal(dots.length, 12);
  assert.equal(dots.at(-1)?.seq, 199);
});

test("the strongest signs come first, and the same words once", () => {
  const signs = signsOf([
    point(1, 0.2, [["anger", 1, "a"]]),
    point(2, 0.9, [
      ["anger", 2, "b"],
      ["shouting", 2, "b"],
    ]),
  ]);
  assert.deepEqual(
    signs.map(([, , text]) => text),
    ["b", "a"],
  );
});

test("the days to ask again are days, and next Monday is never today", () => {
  const days = (/** @type {string} */ from) =>
    ["tomorrow", "3", "week", "monday"].map((choice) => dayValue(quickDay(choice, new Date(from).getTime())).slice(5));
  assert.deepEqual(days("2026-11-30T12:00"), ["12-01", "12-03", "12-07", "12-07"]); // a Monday
  assert.deepEqual(days("2026-12-06T12:00"), ["12-07", "12-09", "12-13", "12-07"]); // a Sunday
});

test("quick choices are in the future, or not offered", () => {
  const tuesday = new Date(2026, 10, 24, 14, 0).getTime();
  assert.equal(fieldAt(quick("today", tuesday)), "2026-11-24T17:00");
  assert.equal(fieldAt(quick("tomorrow", tuesday)), "2026-11-25T12:00");
  assert.equal(fieldAt(quick("friday", tuesday)), "2026-11-27T17:00");
  assert.equal(quick("today", new Date(2026, 10, 24, 18, 0).getTime()), null);
  assert.equal(fieldAt(quick("friday", new Date(2026, 10, 27, 18, 0).getTime())), "2026-12-04T17:00");
  assert.equal(fieldAt(quick("hour", tuesday)), "2026-11-24T15:01");
});

test("distances are short", () =>
  assert.deepEqual([4_000, 90_000, 7_200_000, 3 * 86_400_000].map(distance), ["4 s", "2 min", "2 h", "3 d"]));
