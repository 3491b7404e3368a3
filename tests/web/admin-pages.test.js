/** The smaller admin pages: each does what its buttons say, and says what went wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { get, openStaffPage, refusal, settled, textsOf } from "./staff-page.js";

/** @import { Rendering } from "./staff-page.js" */

const CONFIRMATION = ["admin/confirmation.html"];
let visit = 0;

/**
 * Open a page with its script.
 * @param {string} template below helpdesk/web/admin
 * @param {string} script beside it
 * @param {Rendering & { words?: Record<string, string>, more?: string }} options
 */
async function open(template, script, options = {}) {
  const page = openStaffPage(`admin/${template}`, { include: CONFIRMATION, ...options });
  await import(`../../helpdesk/web/admin/${script}?visit=${++visit}`);
  return page;
}

/** @param {string} selector */
async function click(selector) {
  /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();
  await settled();
}

/** @param {string} selector */
async function submit(selector) {
  /** @type {HTMLFormElement | null} */ (document.querySelector(selector))?.requestSubmit();
  await settled();
}

/**
 * @param {string} selector
 * @param {string} value
 */
function fill(selector, value) {
  /** @type {HTMLInputElement} */ (document.querySelector(selector)).value = value;
}

test("connecting a channel lists what was found, step by step, and empties the form", async () => {
  const { server } = await open("channels/channels.html", "channels/channels.js");
  const findings = [{ level: "ok", name: "Token", found: "works" }];
  server.on("POST /admin/api/channels/telegram", { connected: true, findings });
  fill("[data-connect=telegram] [name=token]", "1:abc");
  await submit("[data-connect=telegram]");
  assert.deepEqual(server.sentTo("/admin/api/channels/telegram"), [{ secrets: { token: "1:abc" } }]);
  assert.deepEqual(textsOf("#findings li"), ["channels_ok Token: works"]);
  assert.equal(document.querySelector("[data-connect=telegram] button")?.hasAttribute("disabled"), false);
});

test("a channel that can not be connected says why, and what was pasted stays", async () => {
  const { server } = await open("channels/channels.html", "channels/channels.js");
  server.on("POST /admin/api/channels/telegram", () => refusal(422, "Telegram doesn't know this token."));
  fill("[data-connect=telegram] [name=token]", "1:abc");
  await submit("[data-connect=telegram]");
  assert.equal(get("channels-problem").textContent, "Telegram doesn't know this token.");
  assert.equal(document.querySelector("[data-connect=telegram] input")?.getAttribute("name"), "token");
});

test("what a language model was told and answered is shown with the objections to it", async () => {
  const { server } = await open("rewording/rewording.html", "rewording/rewording.js", { values: { language: "en" } });
  const objections = [{ fault: "figure", found: "5 €" }];
  const trial = { ending: "refused", seconds: 0.8, reason: null, sent: ["one", "two"], theirs: "three", objections };
  server.on("POST /admin/api/rewording/try", trial);
  get("try").querySelector("button")?.removeAttribute("disabled");
  fill("#try [name=question]", "Can I?");
  fill("#try [name=text]", "You can.");
  await submit("#try");
  const [asked] = server.sentTo("/admin/api/rewording/try");
  assert.deepEqual(asked, { question: "Can I?", text: "You can.", language: "en" });
  assert.deepEqual(
    [get("sent").textContent, get("theirs").textContent, get("ending").className],
    ["one\n\ntwo", "three", "badge warn"],
  );
  assert.deepEqual(textsOf("#objections li"), ["rewording_fault_figure 5 €"]);
});

test("a service is switched on only after a yes", async () => {
  const { server, left } = await open("rewording/rewording.html", "rewording/rewording.js");
  get("service").dataset.sure = "Really send to {url}?";
  fill("#service [name=url]", "https://models.example.org/v1");
  fill("#service [name=model]", "m");
  /** @type {HTMLInputElement} */ (document.querySelector("#service [name=answers]")).checked = true;
  await submit("#service");
  assert.equal(get("sure-text").textContent, "Really send to https://models.example.org/v1?");
  assert.deepEqual(server.sentTo("/admin/api/rewording"), []);
  get("sure", HTMLDialogElement).close("yes");
  await settled();
  assert.deepEqual([server.sentTo("/admin/api/rewording").length, left], [1, ["reload"]]);
});

const GAP = `<ol id="mine"><li class="gap" data-questions="q1 q2" data-customers="4" data-key="returns" data-examples='["Can I?"]'
  data-nearest='[{"key":"lost","question":"Lost?"},{"key":"late","question":"Late?"}]'>
  <button data-open="new"></button><button data-open="add"></button><button data-open="dismiss"></button></li></ol>`;

/** The page about gaps with one group; no grouping is under way. */
async function openGaps() {
  const page = openStaffPage("admin/gaps/gaps.html", { more: GAP });
  get("reading").remove();
  await import(`../../helpdesk/web/admin/gaps/gaps.js?visit=${++visit}`);
  return page;
}

test("a gap becomes a draft with its examples and a key to change", async () => {
  const { server, left } = await openGaps();
  server.on("POST /admin/api/gaps/draft", { key: "returns-2" });
  await click('#mine [data-open="new"]');
  assert.deepEqual([textsOf("#new [data-examples] li"), get("new", HTMLDialogElement).open], [["Can I?"], true]);
  fill("#new [name=key]", " returns-2 ");
  await submit("#new form");
  assert.deepEqual(server.sentTo("/admin/api/gaps/draft"), [{ questions: ["q1", "q2"], key: "returns-2" }]);
  assert.deepEqual(left, ["/admin/articles/edit/returns-2"]);
});

test("a gap goes to the nearest article, or to another by its key", async () => {
  const { server } = await openGaps();
  server.on("POST /admin/api/gaps/phrasings", { key: "lost" });
  await click('#mine [data-open="add"]');
  await submit("#add form");
  fill("#add [name=other]", "delivery");
  await submit("#add form");
  const articles = server.sentTo("/admin/api/gaps/phrasings").map((body) => Object(body).article);
  assert.deepEqual(articles, ["lost", "delivery"]);
});

test("what a gap's dialog is refused is told in it", async () => {
  const { server, left } = await openGaps();
  server.on("POST /admin/api/gaps/dismiss", () => refusal(409, "The group is gone."));
  await click('#mine [data-open="dismiss"]');
  fill("#dismiss [name=why]", "not ours");
  await submit("#dismiss form");
  assert.deepEqual([document.querySelector("#dismiss [role=alert]")?.textContent, left], ["The group is gone.", []]);
});

test("a question is tried side by side, and what stays the same is said so", async () => {
  const { server } = await open("replay/replay.html", "replay/replay.js", {
    lists: { choices: ["draft", "all"], periods: ["30"] },
    values: { "view.key": "returns" },
  });
  const side = JSON.stringify({ html: "<p>yes</p>", outcome: "answer", choices: [], candidates: [] });
  server.on("POST /admin/api/articles/returns/try", () => new Response(`{"now":${side},"then":${side}}`));
  document.querySelector("#what input")?.setAttribute("checked", "");
  fill("#try [name=text]", "Can I?");
  await submit("#try");
  assert.deepEqual(server.sentTo("/admin/api/articles/returns/try"), [{ text: "Can I?", what: "draft" }]);
  assert.deepEqual(textsOf("#try-result .preview-bubble"), ["yes", "yes"]);
  assert.equal(textsOf("#try-result > .hint")[0], "try_same");
});

test("a replay shows its verdict, and what got worse is open", async () => {
  const { server } = await open("replay/replay.html", "replay/replay.js", {
    lists: { choices: ["draft"], periods: ["30"] },
    values: { "view.key": "returns" },
  });
  const said = { outcome: "none", confidence: 0.2, articles: [] };
  const change = { text: "Can I?", language: "en", customers: 3, before: said, after: said };
  const kinds = [
    { kind: "worse", count: 2, changes: [change] },
    { kind: "better", count: 0, changes: [] },
  ];
  const result = { verdict: ["One got worse."], kinds, clashes: [] };
  server.on("POST /admin/api/articles/returns/replay", () => new Response(`${JSON.stringify(result)}\n`));
  await submit("#replay");
  assert.deepEqual(textsOf("#replay-result .verdict p"), ["One got worse."]);
  const isOpen = [...document.querySelectorAll("#replay-result details")].map((one) => one.hasAttribute("open"));
  assert.deepEqual([isOpen, textsOf("#replay-result tbody th")], [[true, false], ["Can I?"]]);
});
