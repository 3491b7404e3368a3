// What was promised: the panel of a conversation, the list of mine, the form, and the hint when a draft promises.

import { turns } from "./handoff-card.js";
import { distance, fieldValue, quick } from "./moments.js";
import { $, ask, make, me, now, quoted, Refused, say, shortly } from "./page.js";

const NOTICE_AFTER = 700;
const form = $("promise-form");
const field = form.elements;
let conversation = null;
let changed = () => {};
let trouble = () => {};
let due;
let asked = "";
let noticed = null;
let refused = new Set();
let clientId = newId();

/** `onChange()` is called when the register has changed, `onTrouble(error)` when the server refuses. */
export function start(onChange, onTrouble) {
  changed = onChange;
  trouble = onTrouble;
  for (const button of form.querySelectorAll("[data-quick]"))
    button.addEventListener("click", () => choose(button.dataset.quick));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  $("promise-new").addEventListener("toggle", () => {
    if ($("promise-new").open) prepare();
  });
}

/** The promises of the open conversation. */
export function draw(detail, onTurn) {
  if (conversation?.card.id !== detail.card.id) reset();
  conversation = detail;
  $("promises").replaceChildren(...detail.promises.map((promise) => drawPromise(promise, onTurn)));
  $("promises-none").hidden = detail.promises.length > 0;
  const mine = isMine(detail);
  field.shown.disabled = !mine;
  if (!mine) field.shown.checked = false;
  tick();
}

const isMine = ({ card }) => card.status === "assigned" && card.agent_id === me.id;
export const isOpen = (promise) => promise.state !== "kept" && promise.state !== "withdrawn";
function newId() {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

function reset() {
  form.reset();
  $("promise-new").open = false;
  problem(null);
  dropNotice();
  asked = "";
  refused = new Set();
}

function drawPromise(promise, onTurn) {
  const open = isOpen(promise);
  const who = promise.agent_name || say("desk_bot");
  const meta = make(
    "p",
    { class: "hint row" },
    dueOf(promise),
    make("span", {}, say("desk_promise_by", { name: who })),
    promise.shown ? make("span", { class: "badge" }, say("desk_promise_shown")) : null,
  );
  return make(
    "li",
    { class: promise.state === "open" ? "promise" : `promise ${promise.state}` },
    make("p", { class: "what", dir: "auto" }, promise.text, promise.seq ? turns([promise.seq], onTurn) : null),
    meta,
    open ? buttons(promise) : null,
  );
}

function buttons(promise) {
  const end = (verb, key, look) =>
    make(
      "button",
      {
        type: "button",
        class: `button small ${look}`,
        "aria-label": say(`${key}_what`, { what: promise.text }),
        onclick: (event) => finish(event.currentTarget, promise.id, verb),
      },
      say(key),
    );
  return make(
    "p",
    { class: "row" },
    end("keep", "desk_promise_kept", ""),
    end("withdraw", "desk_promise_withdraw", "plain"),
  );
}

async function finish(button, id, verb) {
  button.disabled = true;
  try {
    await ask(`promises/${id}/${verb}`, {});
  } catch (error) {
    trouble(error);
  }
  button.disabled = false;
  changed();
}

/** When it is due; what is overdue says so in words, not by its colour alone. */
export function dueOf(promise) {
  if (!isOpen(promise)) {
    const state = promise.state === "kept" && promise.late ? "late" : promise.state;
    return make("span", { class: `badge ${promise.state === "kept" ? "ok" : ""}` }, say(`desk_promise_state_${state}`));
  }
  return make("strong", { class: "due", "data-due": promise.due_at }, untilOf(promise.due_at));
}

function untilOf(at) {
  const time = shortly(at);
  const ahead = Date.parse(at) - now();
  if (ahead <= 0) return say("desk_promise_overdue", { time });
  const until = say("desk_promise_until", { time });
  return ahead < 6 * 3_600_000 ? `${until} · ${say("desk_promise_left", { time: distance(ahead) })}` : until;
}

/** A promise in the list of mine. */
export function drawCard(promise, chosen, onChoose) {
  const button = make(
    "button",
    {
      type: "button",
      class: "conversation",
      "aria-current": promise.conversation_id === chosen ? "true" : null,
      onclick: () => onChoose(promise.conversation_id),
    },
    make("span", { class: "line" }, dueOf(promise)),
    make("strong", { class: "request what", dir: "auto" }, promise.text),
    make(
      "span",
      { class: "line tags" },
      make("span", { class: "name" }, quoted(promise.contact_name || say("desk_visitor"))),
      promise.agent_id === me.id
        ? null
        : make("span", { class: "badge" }, say("desk_promise_by", { name: promise.agent_name || say("desk_bot") })),
    ),
  );
  return make("li", { "data-id": promise.conversation_id, "data-key": promise.id }, button);
}

/** Keep the times true. */
export function tick() {
  for (const item of document.querySelectorAll("[data-due]")) {
    const text = untilOf(item.dataset.due);
    if (item.textContent !== text) item.textContent = text;
    item.classList.toggle("overdue", Date.parse(item.dataset.due) <= now());
  }
}

function prepare() {
  form.querySelector('[data-quick="today"]').hidden = quick("today", now()) === null;
  field.due.min = fieldValue(new Date(now()));
  field.what.focus();
}

function choose(choice) {
  const at = quick(choice, now());
  if (at) field.due.value = fieldValue(at);
}

/** Open the form, filled in as far as is known. */
export function write(what = "", at = null) {
  if (!conversation) return;
  $("promise-new").open = true;
  if (what) field.what.value = what;
  if (at) field.due.value = fieldValue(new Date(at));
  $("promise-new").scrollIntoView({ block: "nearest" });
  (what && !at ? field.due : field.what).focus();
}

async function save() {
  const what = field.what.value.trim();
  problem(null);
  if (!what) {
    field.what.focus();
    return;
  }
  if (!field.due.value) {
    problem(say("desk_promise_when_missing"));
    field.due.focus();
    return;
  }
  const body = {
    text: what,
    due: new Date(field.due.value).toISOString(),
    shown: field.shown.checked,
    client_id: clientId,
  };
  try {
    await ask(`conversations/${conversation.card.id}/promises`, body);
    clientId = newId();
    form.reset();
    dropNotice();
    $("promise-new").open = false;
    $("promise-new").firstElementChild.focus();
    $("said").textContent = say("desk_promise_saved");
  } catch (error) {
    problem(error instanceof Refused ? error.message : say("desk_failed"));
  }
  changed();
}

function problem(sentence) {
  $("promise-problem").hidden = !sentence;
  $("promise-problem").textContent = sentence ?? "";
}

/** Look, when the agent pauses, whether the draft promises something that isn't on record. */
export function read(draft) {
  clearTimeout(due);
  const words = draft.slice(-4000);
  if (words.trim().length < 12 || words === asked) return;
  due = setTimeout(() => look(words), NOTICE_AFTER);
}

async function look(words) {
  const id = conversation?.card.id;
  if (!id) return;
  asked = words;
  try {
    const { promise } = await ask("promises/notice", {
      text: words,
      language: conversation.card.language === "en" ? "en" : "de",
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    });
    if (conversation?.card.id !== id || asked !== words) return;
    if (promise && !isOnRecord(promise) && !refused.has(promise.words)) drawNotice(promise);
    else if (!promise || refused.has(promise.words)) dropNotice();
  } catch {
    /* a hint that doesn't come costs nothing */
  }
}

/** A promise for the same time is on record already. */
const isOnRecord = (found) =>
  found.due &&
  conversation.promises.some(
    (promise) => isOpen(promise) && Math.abs(Date.parse(promise.due_at) - Date.parse(found.due)) < 60_000,
  );

function drawNotice(promise) {
  if (noticed?.words === promise.words) return;
  noticed = promise;
  const record = make(
    "button",
    {
      type: "button",
      class: "button small",
      onclick: () => {
        document.getElementById("content").dispatchEvent(new CustomEvent("record", { detail: promise }));
      },
    },
    say("desk_promise_save"),
  );
  const no = make(
    "button",
    {
      type: "button",
      class: "button plain small",
      onclick: () => {
        refused.add(promise.words);
        dropNotice();
      },
    },
    say("desk_promise_dismiss"),
  );
  $("noticed").replaceChildren(
    make("span", { dir: "auto" }, say("desk_promise_noticed", { words: promise.words })),
    record,
    no,
  );
  $("noticed").hidden = false;
}

function dropNotice() {
  noticed = null;
  $("noticed").hidden = true;
  $("noticed").replaceChildren();
}
