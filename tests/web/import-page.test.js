/** The page of the import: a file is looked at, its columns are said, and it is brought in as it was shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { get, openStaffPage, refusal, settled, textsOf } from "./staff-page.js";

/** @import { FakeServer } from "./staff-page.js" */

const PREVIEW = "POST /admin/api/import/preview";
const IMPORT = "POST /admin/api/import";
const TABLES = `<div data-table="FAQ"><select data-header id="header"><option value="">none</option><option value="1" selected>1</option></select>
  <select data-column id="a"><option value="ignore" selected></option><option value="question:de"></option></select>
  <select data-column id="b"><option value="answer" selected></option></select></div>`;
let visit = 0;

/**
 * What the server says of a file.
 * @param {{ counts?: object, held?: number, revision?: number, tables?: string }} more
 */
const preview = ({ counts = {}, ...more } = {}) => ({
  html: "<p>the plan</p>",
  tables: "",
  revision: 7,
  held: 0,
  counts: { new: 2, changed: 0, unchanged: 0, archived: 0, refused: 0, ...counts },
  ...more,
});

/** @param {object[]} lines */
const stream = (...lines) => new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

/** The page with its script; `megabytes` are what a file may have. */
async function open() {
  const page = openStaffPage("admin/exchange/import.html", {
    values: { megabytes: "10" },
    lists: { languages: ["de", "en"] },
    words: { import_stage_storing: "{done} of {total}" },
  });
  await import(`../../helpdesk/web/admin/exchange/import.js?visit=${++visit}`);
  return page;
}

/** @param {string} name */
async function choose(name, text = "Wo?;Da.") {
  const input = /** @type {HTMLInputElement} */ (document.querySelector("[name=file]"));
  Object.defineProperty(input, "files", { value: [new File([text], name)], configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
}

/** @param {string} id */
async function click(id) {
  get(id).click();
  await settled();
}

/**
 * The fields that were sent with each file.
 * @param {FakeServer} server
 * @param {string} path
 */
const sent = (server, path) =>
  server.sentTo(path).map((body) => {
    const { file, ...fields } = /** @type {Record<string, unknown>} */ (body);
    return { name: /** @type {File} */ (file).name, ...fields };
  });

test("a file is looked at as soon as it is chosen", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview({ counts: { refused: 1 } }));
  await choose("faq.xlsx");
  assert.deepEqual(sent(server, "/admin/api/import/preview"), [{ name: "faq.xlsx" }]);
  assert.deepEqual(
    [get("plan-shown").textContent, get("plan").hidden, get("tables").hidden, get("chosen").textContent],
    ["the plan", false, true, "faq.xlsx"],
  );
  assert.deepEqual([get("go").hidden, get("publish").hidden, get("keep").hidden], [false, false, false]);
});

test("a file that was chosen before the script was there is looked at too", async () => {
  const { server } = openStaffPage("admin/exchange/import.html", { values: { megabytes: "10" } });
  server.on(PREVIEW, preview());
  const input = /** @type {HTMLInputElement} */ (document.querySelector("[name=file]"));
  Object.defineProperty(input, "files", { value: [new File(["x"], "early.xlsx")], configurable: true });
  await import(`../../helpdesk/web/admin/exchange/import.js?visit=${++visit}`);
  await settled();
  assert.deepEqual(sent(server, "/admin/api/import/preview"), [{ name: "early.xlsx" }]);
});

test("what is said of the columns goes along with every further look, and with the import", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview({ tables: TABLES }));
  server.on(IMPORT, () => stream({ html: "", live: true }));
  await choose("faq.csv");
  get("a", HTMLSelectElement).value = "question:de";
  get("a").dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
  await click("publish");
  const mapping = {
    FAQ: {
      header_row: 1,
      columns: [
        { role: "question", language: "de" },
        { role: "answer", language: null },
      ],
    },
  };
  const [first, second] = sent(server, "/admin/api/import/preview");
  const [brought] = sent(server, "/admin/api/import");
  assert.equal("mapping" in first, false);
  assert.deepEqual(JSON.parse(String(Object(second).mapping)), mapping);
  assert.deepEqual(JSON.parse(String(Object(brought).mapping)), mapping);
});

test("a table that was unfolded stays so when the preview follows", async () => {
  const { server } = await open();
  const tables = `<details data-table="A"><summary>A</summary><select data-header id="header"></select></details>`;
  server.on(PREVIEW, preview({ tables }));
  await choose("faq.zip");
  document.querySelector("details[data-table]")?.setAttribute("open", "");
  get("header").dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
  assert.equal(server.sentTo("/admin/api/import/preview").length, 2);
  assert.equal(document.querySelector("details[data-table]")?.hasAttribute("open"), true);
});

test("an import says how far it is, and then lets a question be tried", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview());
  server.on(IMPORT, () => stream({ stage: "storing", done: 1, total: 2 }, { html: "<p>2 live</p>", live: true }));
  await choose("faq.xlsx");
  await click("publish");
  assert.deepEqual(sent(server, "/admin/api/import"), [{ name: "faq.xlsx", revision: "7", stream: "yes" }]);
  assert.equal(get("import-stage").textContent, "1 of 2");
  assert.deepEqual([get("done-shown").textContent, get("done").hidden, get("try").hidden], ["2 live", false, false]);
  assert.deepEqual([get("plan").hidden, get("go").hidden, document.activeElement?.id], [true, true, "ask-text"]);
});

test("drafts are kept as drafts, and there is nothing to try", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview());
  server.on(IMPORT, () => stream({ html: "", live: false }));
  await choose("faq.xlsx");
  await click("keep");
  assert.equal(Object(sent(server, "/admin/api/import")[0]).drafts, "yes");
  assert.equal(get("try").hidden, true);
});

test("a file that brings nothing offers nothing to do", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview({ counts: { new: 0, refused: 3 } }));
  await choose("faq.xlsx");
  assert.deepEqual([get("plan").hidden, get("go").hidden], [false, true]);
});

test("what may only become drafts is not offered to be published", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview({ held: 2 }));
  await choose("faq.xlsx");
  assert.deepEqual([get("publish").hidden, get("keep").hidden], [true, false]);
});

test("a file that is refused says why, and the same one can be chosen again", async () => {
  const { server } = await open();
  server.on(PREVIEW, () => refusal(422, "The file is protected by a password."));
  await choose("faq.xlsx");
  assert.deepEqual(
    [get("import-problem").textContent, get("plan").hidden],
    ["The file is protected by a password.", true],
  );
  assert.equal(/** @type {HTMLInputElement} */ (document.querySelector("[name=file]")).value, "");
});

test("a file that is too big is not even sent", async () => {
  const { server } = await open();
  get("import").dataset.megabytes = "0";
  await choose("faq.xlsx");
  assert.deepEqual([server.calls, get("import-problem").textContent], [[], "import_too_big"]);
});

test("articles that changed since the look are looked at anew", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview());
  server.on(IMPORT, () => refusal(409, "changed", { code: "plan_old" }));
  await choose("faq.xlsx");
  await click("publish");
  assert.equal(server.sentTo("/admin/api/import/preview").length, 2);
  assert.deepEqual([get("import-problem").textContent, get("go").hidden], ["import_changed_meanwhile", false]);
});

test("an answer to an earlier look doesn't take the place of a later one", async () => {
  const { server } = await open();
  const release = server.hold(PREVIEW, preview({ counts: { new: 9 } }));
  await choose("old.xlsx");
  server.on(PREVIEW, { ...preview(), html: "<p>the newer plan</p>" });
  await choose("new.xlsx");
  await release();
  assert.equal(get("plan-shown").textContent, "the newer plan");
});

/** @param {File[]} files */
async function drop(files) {
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { files } });
  document.dispatchEvent(event);
  await settled();
  return event.defaultPrevented;
}

test("a file may be dropped anywhere, but only one, and no folder", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview());
  assert.equal(await drop([new File(["x"], "a.csv"), new File(["y"], "b.csv")]), true);
  assert.deepEqual([server.calls, get("import-problem").textContent], [[], "import_one_file"]);
  const folder = new File([], "faq");
  folder.arrayBuffer = () => Promise.reject(new Error("a folder"));
  await drop([folder]);
  assert.deepEqual([server.calls, get("import-problem").textContent], [[], "import_unreadable"]);
  await drop([new File(["x"], "a.csv")]);
  assert.deepEqual(sent(server, "/admin/api/import/preview"), [{ name: "a.csv" }]);
  assert.equal(get("plan-told").textContent, "2 import_new, 0 import_changed, 0 import_unchanged, 0 import_refused");
});

test("a file is brought in as it was looked at, whatever is saved in the meantime", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview());
  server.on(IMPORT, () => stream({ html: "", live: true }));
  const file = new File(["Wo?;Da."], "faq.csv");
  await drop([file]);
  file.arrayBuffer = () => Promise.reject(new Error("changed"));
  await click("publish");
  const [body] = server.sentTo("/admin/api/import");
  assert.equal(await /** @type {File} */ (Object(body).file).text(), "Wo?;Da.");
});

test("pasted text is a file without a name", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview());
  /** @type {HTMLTextAreaElement} */ (document.querySelector("[name=pasted]")).value = "Frage: Wo?\nAntwort: Da.";
  await click("look");
  assert.deepEqual(sent(server, "/admin/api/import/preview"), [{ name: "pasted.txt" }]);
  assert.equal(get("chosen").textContent, "import_pasted");
});

test("an import that breaks says so, and can be tried again", async () => {
  const { server } = await open();
  server.on(PREVIEW, preview());
  server.on(IMPORT, () => stream({ stage: "storing", done: 0, total: 2 }, { error: "The database is away." }));
  await choose("faq.xlsx");
  await click("publish");
  assert.deepEqual(
    [get("import-problem").textContent, get("publish", HTMLButtonElement).disabled],
    ["The database is away.", false],
  );
});

test("a question that is tried shows the answer that a customer would get", async () => {
  const { server } = await open();
  await import(`../../helpdesk/web/admin/articles/question.js?visit=${++visit}`);
  const candidates = [{ article: "pay", question: "How do I pay?", confidence: 0.93 }];
  server.on("POST /admin/api/ask", { outcome: "answer", candidates, answer: "<p>By <strong>card</strong>.</p>" });
  get("ask-text", HTMLInputElement).value = "pay?";
  get("ask", HTMLFormElement).requestSubmit();
  await settled();
  assert.equal(document.querySelector("#ask-result .prose strong")?.textContent, "card");
  server.on("POST /admin/api/ask", {
    outcome: "answer",
    candidates,
    answer: "<p>All of it.</p>",
    short: "<p>By card.</p>",
  });
  get("ask", HTMLFormElement).requestSubmit();
  await settled();
  assert.deepEqual(textsOf("#ask-result .prose"), ["By card.", "All of it."]);
  assert.equal(document.querySelector("#ask-result details .prose")?.textContent, "All of it.");
  server.on("POST /admin/api/ask", { outcome: "none", candidates: [], answer: "", short: "" });
  get("ask", HTMLFormElement).requestSubmit();
  await settled();
  assert.equal(document.querySelector("#ask-result .prose"), null);
});
