// The log of one conversation in the middle: each line once, by its seq, whatever order the news arrives in.

import { drawFiles } from "./files.js";
import { $, dayOf, icon, make, me, momentOf, quoted, say, shortly, timeOf } from "./page.js";

let lines = new Map();
let drawn = new Map();
let seenByContact = 0;
let conversation = null;

/** Start over with another conversation. */
export function reset(detail) {
  lines = new Map();
  drawn = new Map();
  conversation = detail;
  seenByContact = detail.contact_seen_seq;
  $("lines").replaceChildren();
  $("pending").replaceChildren();
  $("typing").hidden = true;
}

export const lastSeq = () => Math.max(0, ...lines.keys());
export const firstSeq = () => Math.min(...lines.keys());

/** Take lines in; returns those that are new. The view stays at the end if it was there. */
export function take(found, detail) {
  conversation = detail;
  const fresh = found.filter((line) => !lines.has(line.seq));
  const atEnd = isAtEnd();
  seenByContact = detail.contact_seen_seq;
  for (const line of found) lines.set(line.seq, line);
  for (const line of fresh) if (line.client_id) settle(line.client_id);
  draw();
  $("earlier").hidden = !lines.size || firstSeq() <= 1;
  if (atEnd) toEnd();
  else if (fresh.some((line) => line.seq === lastSeq())) $("newest").hidden = false;
  return fresh;
}

/** Show older lines without moving what is being read. */
export function takeEarlier(found) {
  const box = $("scroll");
  const before = box.scrollHeight - box.scrollTop;
  for (const line of found) lines.set(line.seq, line);
  draw();
  $("earlier").hidden = firstSeq() <= 1;
  box.scrollTop = box.scrollHeight - before;
}

export function isAtEnd() {
  const box = $("scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

export function toEnd() {
  const box = $("scroll");
  box.scrollTop = box.scrollHeight;
  $("newest").hidden = true;
}

/** Scroll to a line and mark it for a moment. */
export function reveal(seq) {
  const item = document.getElementById(`line-${seq}`);
  if (!item) return false;
  item.scrollIntoView({
    block: "center",
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  });
  item.classList.add("marked");
  item.focus({ preventScroll: true });
  setTimeout(() => item.classList.remove("marked"), 2500);
  return true;
}

/** A bubble for what is on its way to the server. */
export function addPending(message, onRetry, onDiscard) {
  const status = make("span", { class: "delivery" }, say("desk_pending"));
  const item = make(
    "li",
    { class: `line-item ${message.note ? "note" : "agent"} pending`, id: `pending-${message.clientId}` },
    make("div", { class: "bubble plain", dir: "auto" }, message.text),
    make("p", { class: "meta" }, status),
  );
  $("pending").append(item);
  toEnd();
  return (failed) => {
    item.classList.toggle("failed", failed);
    const parts = failed
      ? [say("desk_unsent"), " ", small("desk_try_again", onRetry), small("desk_discard", onDiscard)]
      : [say("desk_pending")];
    status.replaceChildren(...parts);
  };
}

export function settle(clientId) {
  document.getElementById(`pending-${clientId}`)?.remove();
}

function small(key, onclick) {
  return make("button", { type: "button", class: "button plain small", onclick }, say(key));
}

function draw() {
  const list = $("lines");
  let previousDay = null;
  let cursor = list.firstElementChild;
  for (const line of [...lines.values()].sort((one, other) => one.seq - other.seq)) {
    const today = dayOf(line.at);
    if (today !== previousDay) {
      if (cursor?.dataset.day === today) cursor = cursor.nextElementSibling;
      else list.insertBefore(make("li", { class: "day", "data-day": today }, make("span", {}, today)), cursor);
      previousDay = today;
    }
    while (cursor?.classList.contains("day")) {
      const gone = cursor;
      cursor = cursor.nextElementSibling;
      gone.remove();
    }
    const state = JSON.stringify([line, line.seq <= seenByContact, conversation.card.contact_name]);
    const old = drawn.get(line.seq);
    if (old?.state === state && old.item === cursor) {
      cursor = cursor.nextElementSibling;
      continue;
    }
    const item = old?.state === state ? old.item : drawLine(line);
    if (old && old.item === cursor) {
      cursor = cursor.nextElementSibling;
      old.item.replaceWith(item);
    } else list.insertBefore(item, cursor);
    drawn.set(line.seq, { state, item });
  }
}

function drawLine(line) {
  if (line.kind === "activity" && line.event) return drawActivity(line);
  const item = make("li", {
    class: `line-item ${roleOf(line)}${line.withheld ? " withheld" : ""}`,
    id: `line-${line.seq}`,
    tabindex: "-1",
  });
  item.append(
    make(
      "p",
      { class: "meta" },
      make("strong", {}, quoted(nameOf(line))),
      " ",
      make("time", { datetime: line.at, title: momentOf(line.at) }, timeOf(line.at)),
      line.kind === "note" ? make("span", { class: "badge warn" }, say("desk_note")) : null,
      line.before.length ? make("span", { class: "badge" }, say("desk_edited")) : null,
    ),
  );
  if (line.withdrawn) item.append(make("p", { class: "meta" }, say("desk_withdrawn")));
  else if (line.text) item.append(drawBubble(line));
  if (line.attachments.length) item.append(drawFiles(line, conversation.card.id));
  for (const words of line.before)
    item.append(make("p", { class: "meta", dir: "auto" }, say("desk_before", { text: words })));
  if (line.choices.length)
    item.append(
      make(
        "ul",
        { class: "choices" },
        ...line.choices.map((title, index) =>
          make("li", { class: index === line.chosen ? "chosen" : null, dir: "auto" }, title),
        ),
      ),
    );
  const below = [
    line.withheld ? whyWithheld(line.withheld_by) : null,
    line.article_title ? say("desk_from_article", { title: line.article_title }) : null,
  ].filter(Boolean);
  if (below.length) item.append(make("p", { class: "meta", dir: "auto" }, below.join(" · ")));
  const delivery = deliveryOf(line);
  if (delivery)
    item.append(
      make(
        "p",
        { class: `meta delivery ${delivery}` },
        delivery === "read" ? icon("M2 13l4 4L15 7M11 16l1 1L22 7") : null,
        say(`delivery_${delivery}`),
        line.delivery_reason && delivery === "failed" ? `: ${line.delivery_reason}` : "",
      ),
    );
  return item;
}

function drawBubble(line) {
  const bubble = make("div", { class: "bubble", dir: "auto" });
  if (line.html) {
    bubble.innerHTML = line.html; // rendered and sanitised by the server; see helpdesk/markdown.py
    for (const link of bubble.querySelectorAll("a")) link.target = "_blank";
    bubble.classList.add("prose");
  } else {
    bubble.textContent = line.text;
    bubble.classList.add("plain");
  }
  return bubble;
}

/** Why the bot's answer was not sent: who had the baton by then. */
function whyWithheld(by) {
  if (!by) return say("desk_withheld");
  const key = `desk_withheld_${by.event}`;
  return say(say(key) === key ? "desk_withheld_other" : key, { name: by.name || say("desk_bot"), time: timeOf(by.at) });
}

function drawActivity(line) {
  const { what = "", due, done } = line.facts;
  const key = `event_${line.event}`;
  const known = say(key) !== key;
  const sentence = known
    ? say(key, { name: line.name || say("desk_bot"), of: line.of ?? "", what, due: due ? shortly(due) : "" })
    : line.text || line.event;
  return make(
    "li",
    { class: `activity ${line.event}`, id: `line-${line.seq}`, tabindex: "-1" },
    make(
      "span",
      { dir: "auto" },
      done ? `${sentence}: ${done}` : sentence,
      " · ",
      make("time", { datetime: line.at }, timeOf(line.at)),
    ),
  );
}

function roleOf(line) {
  return line.kind === "note" ? "note" : line.author;
}

/** What to call who wrote a line. */
export function nameOf(line) {
  if (line.author === "contact") return conversation.card.contact_name || say("desk_customer");
  return line.name || (line.author === "agent" ? me.name : say("desk_bot"));
}

function deliveryOf(line) {
  if (line.kind !== "outgoing" || line.withheld || !line.delivery) return null;
  return line.delivery === "sent" && line.seq <= seenByContact ? "read" : line.delivery;
}
