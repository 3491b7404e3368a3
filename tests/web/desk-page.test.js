/** The desk as its agents use it: switching, writing, drafts, handing over, what a late answer must not do. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answer, card, detail, line, listing } from "./desk-data.js";
import { FakePageSocket, get, openStaffPage, press, refusal, settled, textsOf, type, until } from "./staff-page.js";

/** @import { FakeServer } from "./staff-page.js" */

const API = "/desk/api";
const VALUES = { "agent.id": "me", "agent.name": "Mia", language: "de" };
const OUTSIDE = '<form id="sign-out"></form>';

/** @type {FakeServer} */
let server;
/** @type {string[]} */
let left;
let visit = 0;

beforeEach(async () => {
  ({ server, left } = openStaffPage("desk/desk.html", { values: VALUES, more: OUTSIDE, address: "/desk?view=mine" }));
  server.on(`GET ${API}/conversations`, listing([card("a"), card("b"), card("c")]));
  for (const id of ["a", "b", "c"]) {
    server.on(`GET ${API}/conversations/${id}`, answer(detail(id)));
    server.on(`POST ${API}/conversations/${id}/messages`, { seq: 2 });
    server.on(`POST ${API}/conversations/${id}/notes`, { seq: 2 });
  }
  server.on(`GET ${API}/agents`, { agents: [{ id: "tom", name: "Tom", availability: "online" }], teams: [] });
  await import(`../../helpdesk/web/desk/desk.js?visit=${++visit}`);
  await settled();
});

const field = () => get("text", HTMLTextAreaElement);
const dialogNote = () => get("transfer-note", HTMLTextAreaElement);
const returnNote = () => /** @type {HTMLTextAreaElement} */ (document.querySelector("#return-form [name=note]"));

/** @param {string} id */
async function open(id) {
  /** @type {HTMLElement | null} */ (document.querySelector(`#list [data-id="${id}"] button`))?.click();
  await settled();
}

/** @param {string} action */
async function act(action) {
  /** @type {HTMLElement | null} */ (document.querySelector(`[data-do="${action}"]`))?.click();
  await settled();
}

test("the list shows whose conversations they are, and the open one is marked", async () => {
  assert.deepEqual(textsOf("#list .name"), ["Customer a", "Customer b", "Customer c"]);
  await open("b");
  assert.equal(document.querySelector("#list [aria-current]")?.closest("li")?.dataset.id, "b");
  assert.equal(get("who").textContent, "Customer b");
});

test("J and K go through the list and stop at its ends", async () => {
  for (const _ of [1, 2, 3, 4]) {
    press(document.body, "j");
    await settled();
  }
  assert.equal(get("who").textContent, "Customer c");
  press(document.body, "k");
  await settled();
  assert.equal(get("who").textContent, "Customer b");
});

test("an answer is sent once, under the epoch it was written for, and the field is empty", async () => {
  await open("a");
  type(field(), "Guten Tag");
  press(field(), "Enter");
  await settled();
  const [sent] = server.sentTo(`${API}/conversations/a/messages`);
  assert.deepEqual([sent, field().value], [{ ...Object(sent), text: "Guten Tag", epoch: 1 }, ""]);
  assert.equal(localStorage.getItem("staffel.unsent.me"), null);
});

test("each conversation has its own draft", async () => {
  await open("a");
  type(field(), "for a");
  await open("b");
  assert.equal(field().value, "");
  type(field(), "for b");
  await open("a");
  assert.equal(field().value, "for a");
});

test("while another conversation is on its way nothing is sent to anybody", async () => {
  await open("a");
  type(field(), "meant for a");
  const arrive = server.hold(`GET ${API}/conversations/b`, answer(detail("b")));
  await open("b");
  assert.equal(field().readOnly, true);
  press(field(), "Enter");
  get("composer", HTMLFormElement).requestSubmit();
  await arrive();
  assert.deepEqual([field().readOnly, field().value], [false, ""]);
  assert.deepEqual(server.sentTo(`${API}/conversations/a/messages`), []);
  assert.deepEqual(server.sentTo(`${API}/conversations/b/messages`), []);
  assert.equal(localStorage.getItem("staffel.draft.me.a.answer"), "meant for a");
});

test("a draft that a slow switch puts under the cursor does not go out by the key that was meant for the words before", async () => {
  localStorage.setItem("staffel.draft.me.b.answer", "half a sentence");
  await open("a");
  field().focus();
  type(field(), "meant for a");
  const arrive = server.hold(`GET ${API}/conversations/b`, answer(detail("b")));
  await open("b");
  await arrive();
  press(field(), "Enter");
  await settled();
  assert.deepEqual([server.sentTo(`${API}/conversations/b/messages`), field().value], [[], "half a sentence"]);
  type(field(), "a whole sentence");
  press(field(), "Enter");
  await settled();
  assert.equal(server.sentTo(`${API}/conversations/b/messages`).length, 1);
});

test("the conversation that was asked for last wins, whichever answer comes first", async () => {
  const arrive = server.hold(`GET ${API}/conversations/a`, answer(detail("a")));
  await open("a");
  await open("b");
  await arrive();
  assert.deepEqual([get("who").textContent, field().readOnly], ["Customer b", false]);
});

test("a switch that fails leaves the conversation before, ready to be written in", async () => {
  await open("a");
  type(field(), "meant for a");
  server.on(`GET ${API}/conversations/b`, new TypeError("offline"));
  await open("b");
  assert.deepEqual(
    [get("problem").textContent, field().value, field().readOnly],
    ["desk_failed", "meant for a", false],
  );
});

test("what was typed in a return dialog and cancelled does not come up again, in another customer's neither", async () => {
  await open("a");
  await act("return");
  type(returnNote(), "refunded 20 euros");
  get("return-dialog", HTMLDialogElement).close();
  await open("b");
  await act("return");
  assert.equal(returnNote().value, "");
  get("return-dialog", HTMLDialogElement).close();
  await open("a");
  await act("return");
  assert.equal(returnNote().value, "");
});

test("the same holds for the note of a transfer", async () => {
  await open("a");
  await act("transfer");
  type(dialogNote(), "she is furious");
  get("transfer-dialog", HTMLDialogElement).close();
  await open("b");
  await act("transfer");
  assert.equal(dialogNote().value, "");
});

test("a transfer takes its note along and leaves none behind", async () => {
  server.on(`POST ${API}/conversations/a/transfer`, answer(detail("a", { agent_id: "tom", agent_name: "Tom" })));
  await open("a");
  await act("transfer");
  type(dialogNote(), "she is furious");
  /** @type {HTMLElement | null} */ (document.querySelector("#colleagues button"))?.click();
  await settled();
  assert.equal(
    /** @type {{ text: string }} */ (server.sentTo(`${API}/conversations/a/notes`)[0]).text,
    "she is furious",
  );
  assert.deepEqual(server.sentTo(`${API}/conversations/a/transfer`), [{ to: "tom", seq: 1 }]);
  assert.equal(dialogNote().value, "");
});

test("who is not there comes last among the colleagues, and is asked back about", async () => {
  const agents = [
    { id: "ada", name: "Ada", availability: "offline" },
    { id: "tom", name: "Tom", availability: "online" },
  ];
  server.on(`GET ${API}/agents`, { agents, teams: [] });
  server.on(`POST ${API}/conversations/a/transfer`, answer(detail("a", { agent_id: "ada", agent_name: "Ada" })));
  await open("a");
  await act("transfer");
  const buttons = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#colleagues button")]);
  assert.deepEqual(
    buttons.map((button) => button.textContent?.includes("Ada")),
    [false, true],
  );
  buttons[1].click();
  await settled();
  assert.deepEqual(server.sentTo(`${API}/conversations/a/transfer`), []);
  assert.equal(buttons[1].textContent, "desk_transfer_away");
  buttons[1].click();
  await settled();
  assert.deepEqual(server.sentTo(`${API}/conversations/a/transfer`), [{ to: "ada", seq: 1 }]);
});

test("who has no answer yet is not closed by one key: the reason is asked for, and colleagues can read it", async () => {
  server.on(`POST ${API}/conversations/a/resolve`, answer(detail("a", { status: "resolved", agent_id: null })));
  await open("a");
  press(document.body, "e");
  await settled();
  assert.deepEqual(server.sentTo(`${API}/conversations/a/resolve`), []);
  const dialog = get("resolve-dialog", HTMLDialogElement);
  assert.equal(dialog.open, true);
  assert.equal(get("resolve-last").textContent, "line 1");
  /** @type {HTMLInputElement} */ (dialog.querySelector("[value=spam]")).checked = true;
  get("resolve-form", HTMLFormElement).requestSubmit();
  await settled();
  assert.deepEqual(server.sentTo(`${API}/conversations/a/resolve`), [{ seq: 1, reason: "desk_resolve_note" }]);
});

test("who was answered is closed at once, and can be opened again", async () => {
  const lines = [line(1), line(2, { author: "agent", kind: "outgoing" }), line(3)];
  server.on(`GET ${API}/conversations/a`, answer(detail("a"), lines));
  server.on(`POST ${API}/conversations/a/resolve`, answer(detail("a", { status: "resolved", agent_id: null }), lines));
  server.on(`POST ${API}/conversations/a/reopen`, answer(detail("a"), lines));
  await open("a");
  const again = /** @type {HTMLButtonElement} */ (document.querySelector("[data-do=reopen]"));
  assert.equal(again.hidden, true);
  server.on(`GET ${API}/conversations/a`, answer(detail("a", { status: "resolved", agent_id: null }), lines));
  press(document.body, "e");
  await settled();
  assert.deepEqual(server.sentTo(`${API}/conversations/a/resolve`), [{ seq: 3 }]);
  assert.equal(again.hidden, false);
  server.on(`GET ${API}/conversations/a`, answer(detail("a"), lines));
  await act("reopen");
  assert.equal(server.sentTo(`${API}/conversations/a/reopen`).length, 1);
  assert.equal(again.hidden, true);
});

test("the bell says that it is silent until the page is touched, and rings for a customer of one's own", async () => {
  let tones = 0;
  let isTouchEnough = false;
  class Sound extends EventTarget {
    currentTime = 0;
    state = "suspended";
    resume() {
      if (isTouchEnough && this.state !== "running") {
        this.state = "running";
        this.dispatchEvent(new Event("statechange"));
      }
      return Promise.resolve();
    }
    createOscillator() {
      tones += 1;
      return { frequency: {}, connect: () => ({ connect() {} }), start() {}, stop() {} };
    }
    createGain() {
      return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} } };
    }
  }
  Object.assign(globalThis, { AudioContext: Sound });
  ({ server, left } = openStaffPage("desk/desk.html", { values: VALUES, more: OUTSIDE, address: "/desk?view=mine" }));
  localStorage.setItem("staffel.alerts.me", "on");
  const counts = { queue: 0, mine: 1, open: 1, promises: 0, due: 0, unread: 0 };
  server.on(`GET ${API}/conversations`, listing([card("a")], [], { counts }));
  await import(`../../helpdesk/web/desk/desk.js?visit=${++visit}`);
  await settled();
  assert.equal(get("alerts").classList.contains("silent"), true);
  document.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  await settled();
  assert.equal(get("alerts").classList.contains("silent"), true, "a touch that the browser doesn't count");
  isTouchEnough = true;
  document.dispatchEvent(new Event("pointerup", { bubbles: true }));
  await settled();
  assert.equal(get("alerts").classList.contains("silent"), false);

  server.on(`GET ${API}/conversations`, listing([card("a")], [], { counts: { ...counts, unread: 1 } }));
  FakePageSocket.last?.say({ type: "conversation", id: "a" });
  await until(() => tones > 0);
  assert.equal(tones, 2);
});

test("colleagues that are fetched slowly do not open the dialog for the next customer", async () => {
  const arrive = server.hold(`GET ${API}/agents`, { agents: [], teams: [] });
  await open("a");
  await act("transfer");
  await open("b");
  await arrive();
  assert.equal(get("transfer-dialog", HTMLDialogElement).open, false);
});

test("an answer that was refused for good goes back into the field, with the server's sentence", async () => {
  await open("a");
  server.on(`POST ${API}/conversations/a/messages`, () => refusal(409, "Tom has it now."));
  type(field(), "too late");
  press(field(), "Enter");
  await settled();
  assert.deepEqual(
    [field().value, get("problem").textContent, textsOf("#pending li")],
    ["too late", "Tom has it now.", []],
  );
});

test("an answer that was refused after a switch goes back into its own conversation's draft", async () => {
  await open("a");
  const arrive = server.hold(`POST ${API}/conversations/a/messages`, refusal(409, "Tom has it now."));
  type(field(), "too late");
  press(field(), "Enter");
  await open("b");
  await arrive();
  assert.deepEqual([field().value, localStorage.getItem("staffel.draft.me.a.answer")], ["", "too late"]);
});

test("without a network an answer stays, is kept over a reload, and is tried again with the same id", async () => {
  await open("a");
  server.on(`POST ${API}/conversations/a/messages`, new TypeError("offline"));
  type(field(), "hello");
  press(field(), "Enter");
  await settled();
  assert.match(localStorage.getItem("staffel.unsent.me") ?? "", /hello/);
  server.on(`POST ${API}/conversations/a/messages`, { seq: 2 });
  /** @type {HTMLElement | null} */ (document.querySelector("#pending button"))?.click();
  await settled();
  const ids = server.sentTo(`${API}/conversations/a/messages`).map((body) => Object(body).client_id);
  assert.deepEqual([ids.length, new Set(ids).size, localStorage.getItem("staffel.unsent.me")], [2, 1, null]);
});

test("who does not have a conversation leaves a note, and no answer", async () => {
  server.on(`GET ${API}/conversations/c`, answer(detail("c", { agent_id: "tom", agent_name: "Tom" })));
  await open("c");
  type(field(), "for colleagues");
  press(field(), "Enter");
  await settled();
  assert.equal(server.sentTo(`${API}/conversations/c/notes`).length, 1);
  assert.deepEqual(server.sentTo(`${API}/conversations/c/messages`), []);
});

test("a hint brings new lines, and the customer's are read out", async () => {
  await open("a");
  server.on(`GET ${API}/conversations/a`, answer(detail("a"), [line(1), line(2, { text: "And now?" })]));
  FakePageSocket.last?.say({ type: "conversation", id: "a" });
  await until(() => textsOf("#lines .bubble").length === 2);
  assert.deepEqual(textsOf("#lines .bubble"), ["line 1", "And now?"]);
  assert.match(get("said").textContent ?? "", /And now\?/);
});

test("an offer stands above the list, and accepting it opens it and puts the cursor into the answer", async () => {
  const times = { offered_at: "2026-11-22T14:59:00Z", offered_until: "2026-11-22T15:01:00Z" };
  const offer = card("d", { status: "queued", agent_id: null, offered_to: "me", ...times });
  server.on(`GET ${API}/conversations`, listing([card("a"), offer], [offer]));
  server.on(`POST ${API}/conversations/d/accept`, answer(detail("d")));
  server.on(`GET ${API}/conversations/d`, answer(detail("d")));
  FakePageSocket.last?.say({ type: "ready" });
  await settled();
  assert.deepEqual([textsOf("#list .name"), textsOf("#offers .name")], [["Customer a"], ["Customer d"]]);
  press(document.body, "a");
  await settled();
  assert.deepEqual([get("who").textContent, document.activeElement?.id], ["Customer d", "text"]);
});

test("an accepted conversation that can not be shown does not put the cursor into another customer's answer", async () => {
  const offer = card("d", { status: "queued", agent_id: null, offered_to: "me" });
  await open("a");
  server.on(`GET ${API}/conversations`, listing([], [offer]));
  server.on(`GET ${API}/conversations/d`, new TypeError("offline"));
  FakePageSocket.last?.say({ type: "ready" });
  await settled();
  /** @type {HTMLElement | null} */ (document.querySelector('#offers [data-verb="accept"]'))?.click();
  await settled();
  assert.notEqual(document.activeElement?.id, "text");
});

test("without a session the agent signs in and comes back", async () => {
  server.on(`GET ${API}/conversations/b`, () => refusal(401, "Please sign in."));
  await open("b");
  assert.deepEqual(left, [`/signin?next=${encodeURIComponent("/desk?view=mine")}`]);
});

test("signing out leaves no customer's words in the browser, but the settings", async () => {
  localStorage.setItem("staffel.shortcuts.me", "off");
  await open("a");
  type(field(), "secret");
  get("sign-out").dispatchEvent(new Event("submit", { cancelable: true }));
  assert.deepEqual(
    Array.from({ length: localStorage.length }, (_, place) => localStorage.key(place)),
    ["staffel.shortcuts.me"],
  );
});
