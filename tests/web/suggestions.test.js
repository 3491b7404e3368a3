import assert from "node:assert/strict";
import { test } from "node:test";
import { createSuggestions, PAUSE, saysEnough } from "../../helpdesk/web/chat/widget/suggestions.js";
import { loadWords } from "../../helpdesk/web/chat/widget/words.js";
import { FakeClock, withFakePage } from "./doubles.js";

const WORDS = await loadWords("de");

/** @param {{ isWanted?: () => boolean }} options */
function field({ isWanted = () => true } = {}) {
  const clock = new FakeClock();
  const page = withFakePage();
  /** @type {{ id?: number, type?: string, text?: string }[]} */
  const asked = [];
  /** @type {string[][]} */
  const picked = [];
  const input = page.make();
  const place = page.make();
  place.append(input);
  const list = createSuggestions({
    root: /** @type {ShadowRoot} */ (/** @type {unknown} */ (page.root)),
    input: /** @type {HTMLTextAreaElement} */ (/** @type {unknown} */ (input)),
    place: /** @type {HTMLElement} */ (/** @type {unknown} */ (place)),
    clock,
    isWanted,
    words: () => WORDS,
    ask: (frame) => asked.push(frame),
    pick: (article, question) => picked.push([article, question]),
  });
  /** @param {string} text */
  const type = (text) => {
    input.value = text;
    input.selectionEnd = text.length;
    input.fire("input");
  };
  /** @type {(on: ReturnType<typeof page.make>, key: string) => { isPrevented: boolean, isStopped: boolean }} */
  const press = (on, key) => {
    const event = {
      key,
      target: on,
      isPrevented: false,
      isStopped: false,
      preventDefault() {
        this.isPrevented = true;
      },
      stopPropagation() {
        this.isStopped = true;
      },
    };
    on.fire("keydown", event);
    return event;
  };
  const group = place.children[0];
  const shown = () => (group.hidden ? [] : group.children.slice(1).map((button) => button.textContent));
  /** @param {string[]} questions */
  const answer = (...questions) =>
    list.hear({
      type: "suggestions",
      id: asked.at(-1)?.id,
      items: questions.map((question) => ({ article: question.slice(0, 2), question })),
    });
  return { asked, picked, input, place, group, list, clock, type, press, shown, answer, page };
}

test("a word or two are looked up, a letter or two are not", () => {
  const enough = ["wo ist", "retoure", "my parcel", "  wo ist  "];
  const notEnough = ["", "wo", "wo ", "hallo", "   ", "x".repeat(501)];
  assert.deepEqual([...enough, ...notEnough].filter(saysEnough), enough);
});

test("only a pause in typing asks, and only with the last words", () => {
  const { clock, type, asked } = field();
  for (const text of ["wo i", "wo is", "wo ist"]) {
    type(text);
    clock.pass(PAUSE - 1);
  }
  assert.equal(asked.length, 0);
  clock.pass(1);
  assert.deepEqual(
    asked.map((frame) => [frame.type, frame.text]),
    [["suggest", "wo ist"]],
  );
});

test("an answer to older words is passed over", () => {
  const { clock, type, asked, list, shown } = field();
  type("wo ist mein");
  clock.pass(PAUSE);
  const id = asked.at(-1)?.id;
  type("wo ist meine rechnung");
  list.hear({ type: "suggestions", id, items: [{ article: "a", question: "A?" }] });
  assert.deepEqual(shown(), []);
});

test("choosing one hands over the article and closes the list", () => {
  const { clock, type, answer, group, picked, shown } = field();
  type("wo ist mein");
  clock.pass(PAUSE);
  answer("Wo bleibt mein Paket?", "Wann kommt es?");
  assert.deepEqual(shown(), ["Wo bleibt mein Paket?", "Wann kommt es?"]);
  group.children[2].fire("click");
  assert.deepEqual(picked, [["Wa", "Wann kommt es?"]]);
  assert.deepEqual(shown(), []);
});

test("arrow up leads into the list, arrow down back to the field", () => {
  const { clock, type, answer, input, group, press, page } = field();
  type("wo ist mein");
  clock.pass(PAUSE);
  answer("A?", "B?");
  assert.equal(press(input, "ArrowUp").isPrevented, true);
  assert.equal(page.focused(), group.children[2]);
  press(group.children[2], "ArrowUp");
  assert.equal(page.focused(), group.children[1]);
  press(group.children[1], "ArrowUp");
  assert.equal(page.focused(), group.children[1]);
  press(group.children[1], "ArrowDown");
  press(group.children[2], "ArrowDown");
  assert.equal(page.focused(), input);
});

test("enter is the field's own, and arrow up in a second line moves in the text", () => {
  const { clock, type, answer, input, press } = field();
  type("wo ist\nmein");
  clock.pass(PAUSE);
  answer("A?");
  assert.equal(press(input, "Enter").isPrevented, false);
  assert.equal(press(input, "ArrowUp").isPrevented, false);
});

test("escape closes the list first, and the chat only after that", () => {
  const { clock, type, answer, input, press, shown } = field();
  type("wo ist mein");
  clock.pass(PAUSE);
  answer("A?");
  assert.equal(press(input, "Escape").isStopped, true);
  assert.deepEqual(shown(), []);
  assert.equal(press(input, "Escape").isStopped, false);
});

test("while a person answers nothing is asked and nothing is shown", () => {
  let isBots = true;
  const { clock, type, asked, answer, shown } = field({ isWanted: () => isBots });
  type("wo ist mein");
  clock.pass(PAUSE);
  isBots = false;
  answer("A?");
  assert.deepEqual(shown(), []);
  type("wo ist mein paket");
  clock.pass(PAUSE);
  assert.equal(asked.length, 1);
});

test("the number of suggestions is said politely", () => {
  const { clock, type, answer, place } = field();
  type("wo ist mein");
  clock.pass(PAUSE);
  answer("A?", "B?");
  assert.equal(place.children[1].attributes.role, "status");
  assert.match(place.children[1].textContent, /^2 passende Antworten/);
});
