/** The article editor as its admins use it: what is typed is never lost, and two editors never overwrite one another. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { get, openStaffPage, press, refusal, settled, textsOf, type } from "./staff-page.js";

/** @import { FakeServer } from "./staff-page.js" */

const API = "/admin/api/articles/returns";
const FACTS = { key: "returns", version: 8, stage: "draft", has_draft: true, possible: ["publish", "submit"] };
const DE = { question: "Kann ich das zurückgeben?", answer: "Ja, in 14 Tagen.", phrasings: ["Rückgabe"] };

/** @type {FakeServer} */
let server;
/** @type {string[]} */
let left;
let visit = 0;

/** Open the editor of an article at version 7 with a German text. */
async function open() {
  await import(`../../helpdesk/web/admin/articles/article.js?visit=${++visit}`);
  await settled();
}

beforeEach(() => {
  ({ server, left } = openStaffPage("admin/articles/article.html", {
    include: ["admin/confirmation.html"],
    values: {
      "view.key if view else ''": "returns",
      "view.key": "returns",
      "facts.version": "7",
      "facts.stage": "draft",
      "'yes' if facts.has_draft else 'no'": "yes",
      "others | tojson | forceescape":
        "{&quot;fr&quot;:{&quot;question&quot;:&quot;Q&quot;,&quot;answer&quot;:&quot;R&quot;,&quot;phrasings&quot;:[]}}",
    },
    words: {
      article_conflict_title: "{name} was quicker",
      article_rescued: "Kept at {time}",
      article_take_theirs: "Take {name}'s",
    },
  }));
  document.querySelector('label [name="key"]')?.closest("label")?.remove(); // that is for an article without a key
  field("de-question").value = DE.question;
  field("de-answer").value = DE.answer;
  field("de-phrasings").value = DE.phrasings.join("\n");
  server.on("POST /admin/api/look", { hints: [], previews: {} });
  server.on(`POST ${API}/presence`, { others: [], version: 7, changed_by: null });
  server.on(`POST ${API}/draft`, FACTS);
  server.on(`POST ${API}/publish`, FACTS);
});

/**
 * @param {string} name
 * @returns {HTMLTextAreaElement}
 */
const field = (name) => /** @type {HTMLTextAreaElement} */ (document.querySelector(`#article [name="${name}"]`));

/** @param {string} selector */
async function click(selector) {
  /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();
  await settled();
}

async function save() {
  get("article", HTMLFormElement).requestSubmit();
  await settled();
}

test("saving sends both languages, those without fields too, under the version that was read", async () => {
  await open();
  type(field("de-answer"), "Ja, in 30 Tagen.");
  await save();
  const [sent] = server.sentTo(`${API}/draft`);
  const variants = { fr: { question: "Q", answer: "R", phrasings: [] }, de: { ...DE, answer: "Ja, in 30 Tagen." } };
  assert.deepEqual(sent, { content: { variants }, version: 7 });
  assert.deepEqual([get("article").dataset.version, get("article-status").textContent], ["8", "article_saved"]);
});

test("Ctrl+S saves from anywhere", async () => {
  await open();
  press(document.body, "s", { ctrlKey: true });
  await settled();
  assert.equal(server.sentTo(`${API}/draft`).length, 1);
});

test("a language that is half written is not sent, and the cursor goes to what is missing", async () => {
  await open();
  type(field("en-question"), "Can I return it?");
  await save();
  assert.deepEqual(server.sentTo(`${API}/draft`), []);
  assert.deepEqual([get("article-problem").textContent, document.activeElement?.id], ["article_half", "en-answer"]);
});

test("publishing saves first what was changed, and leads to the article with a word about it", async () => {
  await open();
  type(field("de-answer"), "Ja.");
  await click("#publish");
  assert.deepEqual(server.sentTo(`${API}/publish`), [{ version: 8 }]);
  assert.deepEqual(left, ["/admin/articles/edit/returns"]);
  assert.equal(sessionStorage.getItem("staffel.told"), "article_published");
});

test("what is refused is told, and everything typed stays", async () => {
  server.on(`POST ${API}/draft`, () => refusal(422, "Too long."));
  await open();
  type(field("de-answer"), "Ja, wirklich.");
  await save();
  assert.deepEqual([get("article-problem").textContent, field("de-answer").value], ["Too long.", "Ja, wirklich."]);
  assert.equal(get("save", HTMLButtonElement).disabled, false);
});

const MERGED = {
  version: 9,
  changed_by: "Tom",
  taken: ["Category"],
  values: [
    { language: "de", field: "answer", value: "Ja, in 30 Tagen." },
    { language: "de", field: "phrasings", value: ["Rückgabe", "umtauschen"] },
    { language: null, field: "category", value: "Returns" },
    { language: "fr", field: "answer", value: "Oui" },
  ],
  clashes: [
    {
      language: "de",
      field: "answer",
      label: "Antwort",
      theirs: "Ja, in 21 Tagen.",
      pieces: [
        { kind: "same", text: "Ja, in " },
        { kind: "removed", text: "21" },
        { kind: "added", text: "30" },
      ],
    },
  ],
  changes: "<p>what Tom did</p>",
};

/** Save words that somebody else has changed meanwhile. */
async function meetConflict() {
  server.on(`POST ${API}/draft`, () => refusal(409, "Somebody was quicker.", { code: "conflict" }));
  server.on(`POST ${API}/merge`, MERGED);
  await open();
  type(field("de-answer"), "Ja, in 30 Tagen.");
  await save();
}

test("who was slower gets both texts brought together instead of an error", async () => {
  await meetConflict();
  assert.deepEqual([get("conflict").hidden, get("conflict-title").textContent], [false, "Tom was quicker"]);
  assert.deepEqual(
    ["de-answer", "de-phrasings", "category"].map((name) => field(name).value),
    ["Ja, in 30 Tagen.", "Rückgabe\numtauschen", "Returns"],
  );
  assert.deepEqual(textsOf("#conflict-clashes .diff > *"), ["article_removed 21", "article_added 30"]);
  assert.equal(get("article").dataset.version, "9");
});

test("where both changed the same, one chooses and may choose again", async () => {
  await meetConflict();
  const [mine, theirs] = [...document.querySelectorAll("#conflict-clashes button")];
  /** @type {HTMLElement} */ (theirs).click();
  assert.deepEqual([field("de-answer").value, theirs.getAttribute("aria-pressed")], ["Ja, in 21 Tagen.", "true"]);
  /** @type {HTMLElement} */ (mine).click();
  assert.equal(field("de-answer").value, "Ja, in 30 Tagen.");
});

test("after a conflict the next save carries the merged version and the other languages", async () => {
  await meetConflict();
  server.on(`POST ${API}/draft`, FACTS);
  await save();
  const sent = /** @type {{ version: number, content: { variants: Record<string, { answer: string }> } }} */ (
    server.sentTo(`${API}/draft`).at(-1)
  );
  assert.deepEqual([sent.version, sent.content.variants.fr.answer], [9, "Oui"]);
});

test("what stood in a window that was closed is offered, and taken back as it stood", async () => {
  const values = { "de-answer": "not saved yet", key: "returns" };
  localStorage.setItem("staffel.article.returns", JSON.stringify({ at: "2026-11-22T15:00:00Z", values }));
  await open();
  assert.equal(get("article-rescued").hidden, false);
  await click('[data-rescue="yes"]');
  assert.deepEqual([field("de-answer").value, get("article-rescued").hidden], ["not saved yet", true]);
});

test("what is dropped is gone, and what says the same is not offered", async () => {
  const kept = { at: "2026-11-22T15:00:00Z", values: { "de-answer": DE.answer } };
  localStorage.setItem("staffel.article.returns", JSON.stringify(kept));
  await open();
  assert.equal(get("article-rescued").hidden, true);
  localStorage.setItem("staffel.article.returns", JSON.stringify({ ...kept, values: { "de-answer": "other" } }));
  await open();
  await click('[data-rescue="no"]');
  assert.deepEqual([field("de-answer").value, localStorage.getItem("staffel.article.returns")], [DE.answer, null]);
});

test("a newer version by somebody else is told before one saves", async () => {
  server.on(`POST ${API}/presence`, { others: ["Tom"], version: 9, changed_by: "Tom" });
  await open();
  assert.deepEqual([get("article-newer").hidden, get("article-presence").hidden], [false, false]);
});

test("hints mark their words by characters, also behind an emoji", async () => {
  const hint = { language: "de", rule: "long", sentence: "Shorter.", found: "Tagen", start: 8, end: 13 };
  field("de-answer").value = "🎁 in 14 Tagen";
  server.on("POST /admin/api/look", {
    hints: [hint],
    previews: { de: { webchat: { html: "<p>!</p>", messages: 1 } } },
  });
  await open();
  assert.deepEqual(textsOf('[data-language="de"] .marks mark'), ["Tagen"]);
  assert.equal(document.querySelector('[data-preview="de"]')?.innerHTML, "<p>!</p>");
});
