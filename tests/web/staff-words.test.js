/** How desk and admin pages say what the server gave them: gaps filled, counts in the plural of the page's language. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";

const FORMS = { one: "{count} Frage", other: "{count} Fragen" };
const WORDS = {
  questions: FORMS,
  read: { one: "{done} von {count} Frage", other: "{done} von {count} Fragen" },
  hi: "Hallo {name}",
};
let visit = 0;

/**
 * @param {string} language
 * @param {object} words
 * @returns {Promise<typeof import("../../helpdesk/web/shared/words.js")>}
 */
function load(language, words) {
  const { document } = new Window();
  document.documentElement.lang = language;
  const given = document.createElement("script");
  Object.assign(given, { id: "words", type: "application/json", textContent: JSON.stringify(words) });
  document.body.append(given);
  Object.assign(globalThis, { document });
  return import(`../../helpdesk/web/shared/words.js?visit=${++visit}`);
}

test("a count is said in the plural of the page's language", async () => {
  const german = await load("de", WORDS);
  assert.deepEqual(
    [0, 1, 2].map((count) => german.sayCount("questions", count)),
    ["0 Fragen", "1 Frage", "2 Fragen"],
  );
  const french = await load("fr", WORDS);
  assert.equal(french.sayCount("questions", 0), "0 Frage");
  const polish = await load("pl", { people: { one: "{count} osoba", few: "{count} osoby", other: "{count} osób" } });
  assert.deepEqual(
    [1, 3, 5].map((count) => polish.sayCount("people", count)),
    ["1 osoba", "3 osoby", "5 osób"],
  );
});

test("other gaps are filled beside the count", async () => {
  const { sayCount } = await load("de", WORDS);
  assert.equal(sayCount("read", 1, { done: 0 }), "0 von 1 Frage");
});

test("a word that the page has not shows its key, and so does one that is said the wrong way", async () => {
  const { say, sayCount, sayOr } = await load("de", WORDS);
  assert.deepEqual([say("nothing"), sayCount("nothing", 2)], ["nothing", "nothing"]);
  assert.deepEqual([say("questions"), sayCount("hi", 2), sayOr("questions", null)], ["questions", "hi", null]);
  assert.equal(say("hi", { name: "Mia" }), "Hallo Mia");
});
