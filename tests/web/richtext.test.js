import assert from "node:assert/strict";
import { test } from "node:test";
import { copyChildren, safeAddress } from "../../helpdesk/web/chat/widget/richtext.js";
import { FakeElement, fakeDocument, node } from "./doubles.js";

const BASE = "https://shop.example/cart";

/** @param {(Parsed | string)[]} children */
function copy(...children) {
  const target = new FakeElement("div");
  const labels = { table: "Tabelle", code: "Textblock" };
  copyChildren(node("body", {}, ...children), target, { document: fakeDocument, base: BASE, labels }, 0);
  return target.inside;
}

test("what answers are made of is copied", () => {
  assert.equal(
    copy(node("p", {}, "a ", node("strong", {}, "b"), node("br"), node("del", {}, "c"))),
    "<p>a <strong>b</strong><br></br><del>c</del></p>",
  );
});

test("attributes are not copied, whatever they are called", () => {
  assert.equal(
    copy(node("p", { onclick: "x()", style: "position:fixed", id: "input", class: "panel" }, "a")),
    "<p>a</p>",
  );
});

test("elements that can do something are left out with all that is in them", () => {
  for (const name of [
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "template",
    "noscript",
    "textarea",
  ]) {
    assert.equal(copy(node(name, { src: "https://evil.example" }, "alert(1)", node("p", {}, "x"))), "");
  }
});

test("other unknown elements are left out and their words stay", () => {
  const image = node("img", { src: "x", onerror: "y" });
  assert.equal(copy(node("form", { action: "/x" }, node("div", {}, "a", image), node("button", {}, "b"))), "ab");
});

test("text is text", () => {
  assert.equal(copy("<img src=x onerror=alert(1)>"), "&lt;img src=x onerror=alert(1)>");
});

test("links open elsewhere and give nothing away", () => {
  assert.equal(
    copy(node("a", { href: "https://a.example/x", rel: "opener", target: "_top" }, "x")),
    '<a href="https://a.example/x" target="_blank" rel="noopener noreferrer nofollow">x</a>',
  );
});

test("addresses of other schemes are no links, however they are written", () => {
  const refused = [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "blob:https://a/b",
    "file:///etc",
    "",
    "  ",
    "https://",
  ];
  for (const href of refused) {
    assert.equal(safeAddress(href, BASE), null, href);
    assert.equal(copy(node("a", { href }, "x")), "x");
  }
});

test("addresses of the page itself are made whole", () => {
  assert.equal(safeAddress("/returns", BASE), "https://shop.example/returns");
  assert.equal(safeAddress("mailto:kim@beispiel.de", BASE), "mailto:kim@beispiel.de");
  assert.equal(safeAddress("tel:+4930123", BASE), "tel:+4930123");
});

test("what may be wider than the bubble scrolls, has a name and can be reached by keyboard", () => {
  assert.equal(
    copy(node("table", {}, node("tr", {}, node("td", {}, "x")))),
    '<div class="wide table" role="group" tabindex="0" aria-label="Tabelle"><table><tr><td>x</td></tr></table></div>',
  );
});

test("nesting without end ends", () => {
  let deep = node("em", {}, "x");
  for (let level = 0; level < 5_000; level += 1) deep = node(level % 2 ? "em" : "div", {}, deep);
  assert.ok(copy(deep).length < 1_000);
});
