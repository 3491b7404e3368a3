// Writing: answer or note, draft, preview, and a message that is sent once however often it is tried.

import { $, ask, kept, me, Refused, say } from "./page.js";
import { addPending, settle } from "./timeline.js";

const TYPING_EVERY = 3000;
const unsent = new Map(restore().map((message) => [message.clientId, message])); // until the server has them
let conversation = null;
let onSent = () => {};
let onTrouble = () => {};
let onDraft = () => {};
let lastTyping = 0;
let stopped;
let previewing = false;

const text = $("text");
const mode = () => $("composer").elements.mode.value;
const draftKey = () => `draft.${me.id}.${conversation.card.id}.${mode()}`;

/** `sent()` is called when something was stored, `trouble(error)` when the server refuses, `drafted(text)` as one types. */
export function start(sent, trouble, drafted) {
  onSent = sent;
  onTrouble = trouble;
  onDraft = drafted;
  text.addEventListener("input", () => {
    keepDraft();
    grow();
    sayTyping();
    if (mode() === "answer") onDraft(text.value);
  });
  text.addEventListener("keydown", (event) => {
    const coarse = matchMedia("(pointer: coarse)").matches;
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    if (event.ctrlKey || event.metaKey || !coarse) {
      event.preventDefault();
      submit();
    }
  });
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  $("mode").addEventListener("change", () => {
    loadDraft();
    relabel();
  });
  $("preview-toggle").addEventListener("click", () => preview(!previewing));
}

/** Write in this conversation from now on; only its owner may answer, everybody may leave a note. */
export function open(detail) {
  const changed = conversation?.card.id !== detail.card.id;
  const wasMine = conversation && mayAnswer();
  conversation = detail;
  const answer = $("composer").querySelector('[value="answer"]');
  answer.disabled = !mayAnswer();
  if (changed || wasMine !== mayAnswer()) {
    $("composer").elements.mode.value = mayAnswer() ? "answer" : "note";
    loadDraft();
    preview(false);
  }
  if (changed)
    for (const message of unsent.values()) if (message.id === detail.card.id) show(message)(!message.underway);
  relabel();
}

const mayAnswer = () => conversation.card.status === "assigned" && conversation.card.agent_id === me.id;

/** Put the cursor into the field. */
export function focus(kind) {
  if (!conversation) return;
  if (kind === "answer" && !mayAnswer()) return;
  $("composer").elements.mode.value = kind;
  loadDraft();
  relabel();
  preview(false);
  text.focus();
}

/** Put an article's answer into the answer, with room above it for a personal sentence; false when it isn't ours. */
export function insert(words) {
  if (!conversation || !mayAnswer() || text.readOnly) return false;
  focus("answer");
  const before = text.value.trimEnd();
  text.value = before ? `${before}\n\n${words}` : `\n\n${words}`;
  text.setSelectionRange(before.length, before.length);
  keepDraft();
  grow();
  text.scrollTop = 0;
  return true;
}

/** While it is being settled whose conversation this is, nothing is typed: it could end up in the wrong field. */
export function wait(on) {
  text.readOnly = on;
  $("composer").setAttribute("aria-busy", String(on));
}

function relabel() {
  const note = mode() === "note";
  $("composer").classList.toggle("writes-note", note);
  const label = note
    ? say("desk_write_note")
    : say("desk_write", { name: conversation.card.contact_name || say("desk_visitor") });
  $("text-label").textContent = label;
  text.placeholder = label;
  $("send").textContent = note ? say("desk_send_note") : say("desk_send");
}

function loadDraft() {
  text.value = kept.read(draftKey()) ?? "";
  $("draft-state").textContent = text.value ? say("desk_draft") : "";
  grow();
}

function keepDraft() {
  kept.write(draftKey(), text.value);
  $("draft-state").textContent = text.value ? say("desk_draft") : "";
}

function grow() {
  text.rows = Math.min(10, Math.max(3, text.value.split("\n").length));
}

async function preview(on) {
  previewing = on;
  $("preview-toggle").setAttribute("aria-pressed", String(on));
  text.hidden = on;
  $("preview").hidden = !on;
  if (!on) return;
  if (!text.value.trim()) {
    $("preview").textContent = say("desk_preview_empty");
    return;
  }
  try {
    $("preview").innerHTML = (await ask("preview", { text: text.value })).html; // sanitised by the server
  } catch (error) {
    onTrouble(error);
  }
}

function submit() {
  const words = text.value.trim();
  if (!words || !conversation || text.readOnly) return;
  const message = {
    id: conversation.card.id,
    epoch: conversation.epoch,
    note: mode() === "note",
    text: words,
    clientId: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`,
  };
  if (!message.note && !mayAnswer()) return;
  text.value = "";
  keepDraft();
  grow();
  preview(false);
  sayTyping(false);
  remember(message);
  deliver(message, show(message));
}

function show(message) {
  const mark = addPending(
    message,
    () => deliver(message, mark),
    () => {
      settle(message.clientId);
      forget(message);
    },
  );
  return mark;
}

function remember(message) {
  unsent.set(message.clientId, message);
  store();
}
function forget(message) {
  unsent.delete(message.clientId);
  store();
}
function store() {
  const messages = [...unsent.values()].map(({ underway, ...message }) => message);
  kept.write(`unsent.${me.id}`, messages.length ? JSON.stringify(messages) : "");
}
function restore() {
  try {
    return JSON.parse(kept.read(`unsent.${me.id}`) ?? "[]");
  } catch {
    return [];
  }
}

async function deliver(message, mark) {
  mark(false);
  message.underway = true;
  const body = message.note
    ? { text: message.text, client_id: message.clientId }
    : { text: message.text, client_id: message.clientId, epoch: message.epoch };
  try {
    await ask(`conversations/${message.id}/${message.note ? "notes" : "messages"}`, body);
  } catch (error) {
    if (error instanceof Refused && error.status < 500 && error.status !== 429) giveBack(message, error);
    else mark(true);
    return;
  } finally {
    message.underway = false;
  }
  forget(message);
  onSent();
}

/** Refused for good: the words go back into the field, nothing is lost. */
function giveBack(message, error) {
  settle(message.clientId);
  forget(message);
  if (conversation.card.id !== message.id) {
    const key = `draft.${me.id}.${message.id}.${message.note ? "note" : "answer"}`;
    kept.write(key, [message.text, kept.read(key)].filter(Boolean).join("\n\n"));
  } else {
    text.value = [message.text, text.value].filter(Boolean).join("\n\n");
    keepDraft();
    grow();
  }
  onTrouble(error);
}

function sayTyping(on = true) {
  if (!conversation || !mayAnswer() || (on && mode() === "note")) return;
  clearTimeout(stopped);
  if (on) {
    stopped = setTimeout(() => sayTyping(false), 5000);
    if (Date.now() - lastTyping < TYPING_EVERY) return;
    lastTyping = Date.now();
  } else if (!lastTyping) return;
  else lastTyping = 0;
  ask(`conversations/${conversation.card.id}/typing`, { on }).catch(() => {}); // a lost hint costs nothing
}
