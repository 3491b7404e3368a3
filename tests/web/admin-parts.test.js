/** What admin pages work out by themselves: deciding words, lines, units, times. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openStaffPage } from "./staff-page.js";

openStaffPage("admin/confirmation.html");
const { marked } = await import("../../helpdesk/web/admin/handoff/rule-trials.js");
const { inLines } = await import("../../helpdesk/web/admin/handoff/sensitive-topics.js");
const { inUnits } = await import("../../helpdesk/web/admin/articles/preview.js");
const { problemOf } = await import("../../helpdesk/web/admin/articles/content.js");
const { asTime, nextSpan } = await import("../../helpdesk/web/admin/teams/week.js");
const { inStretches } = await import("../../helpdesk/web/admin/teams/closed-days.js");
const { confirmed } = await import("../../helpdesk/web/admin/page.js");

/** @param {(string | Node)[]} parts */
const texts = (parts) => parts.map((part) => (typeof part === "string" ? part : `[${part.textContent}]`));

test("the deciding words are marked where they stand first", () => {
  assert.deepEqual(texts(marked("I want a lawyer, a lawyer!", ["absent", "lawyer"])), [
    "I want a ",
    "[lawyer]",
    ", a lawyer!",
  ]);
  assert.deepEqual(texts(marked("one two", ["two", "one"])), ["", "[one]", " two"]);
  assert.deepEqual(marked("nothing", ["absent", ""]), ["nothing"]);
});

test("lines are taken once, without white space and empty ones", () => {
  assert.deepEqual(inLines(" a \n\nb\na\n"), ["a", "b"]);
});

test("characters of the server become units of the browser", () => {
  const unit = inUnits("a🎁b🎁c");
  assert.deepEqual([0, 1, 2, 3, 4].map(unit), [0, 1, 3, 4, 6]);
});

test("an article is whole, and ends after it begins", () => {
  const de = { question: "Q", answer: "A", phrasings: [] };
  assert.equal(problemOf({ variants: { de } }), null);
  assert.deepEqual(problemOf({ variants: { de: { ...de, answer: "" } } }), {
    field: "de-answer",
    word: "article_half",
  });
  assert.equal(problemOf({ variants: {} })?.word, "article_half");
  const window = { valid_from: "2026-12-02T00:00:00Z", valid_until: "2026-12-01T00:00:00Z" };
  assert.equal(problemOf({ variants: { de }, ...window })?.field, "valid_until");
});

test("times are read as people type them, and what is no time stays", () => {
  assert.deepEqual(["9", "930", "9.30", "17 Uhr", "24:00", "noon"].map(asTime), [
    "09:00",
    "09:30",
    "09:30",
    "17:00",
    "24:00",
    "noon",
  ]);
});

test("the next time of a day comes after the last one", () => {
  assert.deepEqual(nextSpan([]), ["09:00", "17:00"]);
  assert.deepEqual(nextSpan([["09:00", "12:00"]]), ["13:00", "16:00"]);
  assert.deepEqual(nextSpan([["09:00", "23:00"]]), ["", ""]);
});

test("dates that follow on one another are one stretch, over the end of a year too", () => {
  assert.deepEqual(inStretches(["2026-12-31", "2027-01-01", "2027-01-03"]), [
    ["2026-12-31", "2027-01-01"],
    ["2027-01-03", "2027-01-03"],
  ]);
});

test("what needs no question is done without one, and only a yes is a yes", async () => {
  assert.equal(await confirmed(undefined), true);
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("sure"));
  const asking = confirmed("Really?");
  assert.deepEqual([dialog.open, document.getElementById("sure-text")?.textContent], [true, "Really?"]);
  dialog.close();
  assert.equal(await asking, false);
  const again = confirmed("Really?");
  dialog.close("yes");
  assert.equal(await again, true);
});
