/** Sending while files are on their way: what was wanted leaves when they are there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";

const window = new Window();
for (const name of ["document", "HTMLElement", "Node", "Event", "KeyboardEvent"])
  Object.defineProperty(globalThis, name, {
    value: /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (window))[name],
    configurable: true,
  });
const { createComposer } = await import("../../helpdesk/web/chat/widget/composer.js");

function open() {
  /** @type {string[]} */
  const sent = [];
  const composer = createComposer({
    onSend: (/** @type {string} */ text) => void sent.push(text),
    onType: () => {},
    onPerson: () => {},
    onFiles: () => {},
  });
  const enter = () => composer.input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  return { composer, sent, enter };
}

test("Enter pressed while a file is on its way sends as soon as it is there, and once", () => {
  const { composer, sent, enter } = open();
  composer.hold(-1);
  composer.set("hier das Bild");
  enter();
  assert.deepEqual(sent, []);
  composer.hold(1);
  composer.hold(0);
  assert.deepEqual(sent, ["hier das Bild"]);
});

test("nothing leaves by itself when a file failed, or when nobody asked for it", () => {
  const { composer, sent, enter } = open();
  composer.hold(-1);
  enter();
  composer.hold(1, true);
  composer.hold(1);
  assert.deepEqual(sent, []);
  composer.hold(-1);
  composer.hold(2);
  assert.deepEqual(sent, []);
});
