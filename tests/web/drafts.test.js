/** What is kept in the browser of what people typed. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Drafts } from "../../helpdesk/web/shared/drafts.js";
import { openStaffPage } from "./staff-page.js";

beforeEach(() => void openStaffPage("admin/confirmation.html"));

test("a draft is kept under the name of its place, and an empty one is none", () => {
  const drafts = new Drafts();
  drafts.keep("draft.me.c1.answer", "Guten Tag");
  assert.equal(localStorage.getItem("staffel.draft.me.c1.answer"), "Guten Tag");
  assert.equal(new Drafts().read("draft.me.c1.answer"), "Guten Tag");
  drafts.keep("draft.me.c1.answer", "");
  assert.equal(localStorage.length, 0);
});

test("drafts are forgotten by how their names begin, and others stay", () => {
  const drafts = new Drafts();
  for (const key of ["draft.a", "draft.b", "unsent.me", "alerts.me"]) drafts.keep(key, "x");
  drafts.forget(["draft.", "unsent."]);
  assert.deepEqual([drafts.read("draft.b"), drafts.read("unsent.me"), drafts.read("alerts.me")], ["", "", "x"]);
});

test("a form comes back with the time at which it was kept", () => {
  const drafts = new Drafts();
  drafts.keepForm("team.7", "team", { name: "Returns" });
  const kept = drafts.readForm("team.7", "team");
  assert.deepEqual(kept?.values, { name: "Returns" });
  assert.ok(Date.now() - Date.parse(kept?.at ?? "") < 60_000);
});

test("what somebody else has put there is nothing", () => {
  for (const text of ["{half", '"words"', "null", '{"at":"x"}']) {
    localStorage.setItem("staffel.team.7", text);
    assert.equal(new Drafts().readForm("team.7", "team"), null);
  }
});

test("a storage that is full or forbidden costs the draft and nothing else", () => {
  const drafts = new Drafts(() => {
    throw new DOMException("forbidden", "SecurityError");
  });
  drafts.keep("draft.a", "x");
  drafts.forget(["draft."]);
  assert.deepEqual([drafts.read("draft.a"), drafts.readForm("draft.a", "team")], ["", null]);
});
