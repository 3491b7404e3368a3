import assert from "node:assert/strict";
import { test } from "node:test";
import { accentRules, asText, contrast, inkOn, parseRgb, toCss } from "../../helpdesk/web/chat/widget/accent.js";

/** @type {Rgb[]} */
const SURFACES = [
  [255, 255, 255],
  [19, 28, 46],
];
/** @type {Rgb[]} */
const COLOURS = [
  [255, 235, 59],
  [15, 118, 110],
  [0, 0, 0],
  [255, 255, 255],
  [230, 0, 126],
  [128, 128, 128],
  [0, 90, 255],
];

test("black on white is 21 to 1", () => {
  assert.equal(Math.round(contrast([0, 0, 0], [255, 255, 255])), 21);
});

test("whatever colour a shop has, it can be read", () => {
  for (const colour of COLOURS) {
    assert.ok(contrast(inkOn(colour), colour) >= 4.5, `ink on ${colour}`);
    for (const surface of SURFACES)
      assert.ok(contrast(asText(colour, surface), surface) >= 4.5, `${colour} on ${surface}`);
  }
});

test("a colour that can be read already stays as it is", () => {
  assert.deepEqual(asText([15, 118, 110], [255, 255, 255]), [15, 118, 110]);
});

test("computed colours are understood, others are not", () => {
  assert.deepEqual(parseRgb("rgb(15, 118, 110)"), [15, 118, 110]);
  assert.deepEqual(parseRgb("rgba(15, 118, 110, 0.5)"), [15, 118, 110]);
  assert.equal(parseRgb("color(display-p3 1 0 0)"), null);
  assert.equal(toCss([1, 2, 3]), "rgb(1 2 3)");
});

test("a shop's colour gives rules for light and dark, and what is no colour gives none", () => {
  const rules = accentRules("rgb(0, 170, 85)");
  assert.match(rules, /^\.staffel \{ --accent: rgb\(0 170 85\); --accent-ink: rgb\(0 0 0\);/);
  assert.equal(rules.match(/--accent-text/g)?.length, 3);
  assert.equal(accentRules("color(display-p3 0 1 0)"), "");
});
