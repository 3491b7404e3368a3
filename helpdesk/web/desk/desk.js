// The agents' desk: puts list, timeline, details and composer together and keeps them up to date.

import * as alerts from "./alerts.js";
import * as composer from "./composer.js";
import * as details from "./details.js";
import * as baton from "./handoff-card.js";
import * as list from "./list.js";
import * as offers from "./offers.js";
import { $, ask, channelIcons, icon, kept, make, me, quoted, Refused, say, setClock } from "./page.js";
import * as promises from "./promises.js";
import { listen } from "./socket.js";
import * as timeline from "./timeline.js";

const OVERLAP = 20; // lines fetched again with the new ones: their delivery may have moved on
const POLL_EVERY = 15_000;
const desk = $("content");
let current = null;
let opening = 0;
let busy = false;
let connected = false;
let typingEnds;
let listDue;
let lineDue;
let seenSeq = 0;

list.start((id) => openConversation(id));
composer.start(
  () => refreshConversation(),
  (error) => {
    trouble(error);
    refreshAll();
  },
  promises.read,
);
promises.start(refreshAll, trouble);
offers.start({ accept: (id) => decide(id, "accept"), decline: (id) => decide(id, "decline"), look: openConversation });
alerts.start();
listen(hear, (open) => {
  connected = open;
  $("lost").hidden = open;
  if (open) refreshAll();
});
setInterval(() => {
  if (!connected && !document.hidden) refreshAll();
}, POLL_EVERY);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    refreshAll();
    noteSeen();
  }
});
refreshList();
const linked = new URLSearchParams(location.search).get("conversation");
if (linked) openConversation(linked);

function hear(frame) {
  if (frame.type === "typing") {
    if (frame.id === current?.card.id) showTyping(frame);
    return;
  }
  if (!listDue)
    listDue = setTimeout(() => {
      listDue = null;
      refreshList();
    }, 200);
  if (frame.type === "conversation" && frame.id === current?.card.id && !lineDue)
    lineDue = setTimeout(() => {
      lineDue = null;
      refreshConversation();
    }, 60);
}

function refreshAll() {
  refreshList();
  refreshConversation();
}

async function refreshList() {
  try {
    const news = await list.refresh();
    list.mark(current?.card.id ?? null);
    alerts.tell(news);
  } catch (error) {
    quietly(error);
  }
}

async function openConversation(id) {
  const turn = ++opening;
  problem(null);
  try {
    const found = await ask(`conversations/${encodeURIComponent(id)}`);
    if (turn !== opening) return;
    setClock(found.now);
    seenSeq = 0;
    timeline.reset(found.conversation);
    apply(found.conversation);
    timeline.take(found.lines, found.conversation);
    $("nothing").hidden = true;
    $("open").hidden = false;
    desk.dataset.view = "talk";
    timeline.toEnd();
    list.mark(id);
    noteSeen();
    remember();
  } catch (error) {
    trouble(error);
  }
}

async function refreshConversation() {
  if (!current) return;
  const id = current.card.id;
  try {
    const found = await ask(`conversations/${id}?after=${Math.max(0, timeline.lastSeq() - OVERLAP)}`);
    if (current?.card.id !== id) return;
    apply(found.conversation);
    announce(timeline.take(found.lines, found.conversation));
    noteSeen();
  } catch (error) {
    quietly(error);
  }
}

/** Show who has the conversation and what can be done with it. */
function apply(detail) {
  current = detail;
  const { card } = detail;
  const mine = card.status === "assigned" && card.agent_id === me.id;
  $("who").replaceChildren(quoted(card.contact_name || say("desk_visitor")));
  $("where").replaceChildren(
    icon(channelIcons[card.channel] ?? channelIcons.webchat),
    say(`channel_${card.channel}`),
    " · ",
    say(`desk_language_${card.language}`),
    " ",
    make(
      "span",
      { class: `badge ${{ queued: "warn", assigned: "accent", resolved: "ok" }[card.status] ?? ""}` },
      say(`desk_status_${card.status}`),
    ),
  );
  for (const button of document.querySelectorAll("[data-do]")) button.hidden = !allowed(button.dataset.do, card, mine);
  $("more").hidden = !mine;
  if (!mine) $("more").open = false;
  const notice = noticeFor(card, mine);
  $("state").hidden = !notice;
  $("state").textContent = notice ?? "";
  composer.open(detail);
  details.draw(detail, goTo, insert);
}

function allowed(action, card, mine) {
  if (action === "accept") return card.status === "queued" || card.status === "bot";
  if (action === "resolve") return mine || card.status === "queued" || card.status === "bot";
  return mine;
}

function noticeFor(card, mine) {
  if (mine) return null;
  if (card.status === "assigned") return `${say("desk_taken", { name: card.agent_name })} ${say("desk_taken_hint")}`;
  return say({ bot: "desk_bot_answers", queued: "desk_waiting_notice", resolved: "desk_resolved_notice" }[card.status]);
}

async function act(action, body = {}) {
  if (!current) return;
  const id = current.card.id;
  const button = document.querySelector(`[data-do="${action}"]`);
  if (!allowed(action, current.card, current.card.status === "assigned" && current.card.agent_id === me.id)) return;
  problem(null);
  button.disabled = busy = true;
  composer.wait(true);
  try {
    const found = await ask(`conversations/${id}/${action}`, body);
    if (current?.card.id === id) apply(found.conversation);
    $("said").textContent = say(`desk_status_${found.conversation.card.status}`);
    if (action === "accept") {
      composer.wait(false);
      composer.focus("answer");
      await list.show("mine");
    }
  } catch (error) {
    trouble(error);
  }
  composer.wait(false);
  button.disabled = busy = false;
  refreshAll();
}

/** Take what is offered, or let it pass to somebody else. */
async function decide(id, verb) {
  if (!id || busy) return;
  busy = true;
  problem(null);
  try {
    await ask(`conversations/${id}/${verb}`, {});
    if (verb === "accept") {
      await openConversation(id);
      composer.focus("answer");
      await list.show("mine");
    }
  } catch (error) {
    trouble(error);
  }
  busy = false;
  refreshAll();
}

async function markImportant() {
  if (!current) return;
  const id = current.card.id;
  const on = !current.card.important;
  problem(null);
  try {
    const found = await ask(`conversations/${id}/important`, { on });
    if (current?.card.id === id) apply(found.conversation);
    $("said").textContent = say(on ? "desk_important_on" : "desk_important_off");
  } catch (error) {
    trouble(error);
  }
  refreshAll();
}

/** The shortcut for accepting: the open conversation if it can be, else what is offered. */
function accept() {
  const open = current && allowed("accept", current.card, false);
  if (open) act("accept");
  else decide(offers.first(), "accept");
}

function insert(words) {
  if (!composer.insert(words)) {
    problem(say("desk_article_not_yours"));
    return;
  }
  desk.dataset.view = "talk";
  $("said").textContent = say("desk_article_inserted");
}

function recordPromise(what, at) {
  if (!current) return;
  if (getComputedStyle($("details-close")).display !== "none") showDetails(true);
  promises.write(what, at);
}

/** Follow a line of the summary to its message, fetching older pages until it is there. */
async function goTo(seq) {
  desk.dataset.view = "talk";
  $("details-open").setAttribute("aria-expanded", "false");
  while (seq < timeline.firstSeq() && timeline.firstSeq() > 1) await showEarlier();
  timeline.reveal(seq);
}

async function showEarlier() {
  try {
    timeline.takeEarlier((await ask(`conversations/${current.card.id}?before=${timeline.firstSeq()}`)).lines);
  } catch (error) {
    trouble(error);
  }
}

function noteSeen() {
  if (!current || document.hidden || current.card.agent_id !== me.id || timeline.lastSeq() <= seenSeq) return;
  seenSeq = timeline.lastSeq();
  ask(`conversations/${current.card.id}/seen`, { seq: seenSeq }).catch(() => {
    seenSeq = 0;
  });
}

/** Read new messages out to a screen reader, not the whole log. */
function announce(fresh) {
  const heard = fresh.filter((line) => line.author === "contact");
  if (heard.length) $("typing").hidden = true;
  const last = heard.at(-1);
  if (last) $("said").textContent = `${say("desk_said_new", { name: timeline.nameOf(last) })}: ${last.text}`;
}

function showTyping(frame) {
  const name =
    frame.author === "contact" ? current.card.contact_name || say("desk_customer") : frame.name || say("desk_bot");
  const atEnd = timeline.isAtEnd();
  $("typing").textContent = say("desk_typing", { name });
  $("typing").hidden = !frame.on;
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => {
    $("typing").hidden = true;
  }, 8000);
  if (atEnd) timeline.toEnd();
}

function problem(sentence) {
  $("problem").hidden = !sentence;
  $("problem").textContent = sentence ?? "";
}

function trouble(error) {
  problem(error instanceof Refused ? error.message : say("desk_failed"));
}

/** A refresh that fails isn't worth a message while the connection is being looked for. */
function quietly(error) {
  if (error instanceof Refused && error.status === 404) trouble(error);
}

function remember() {
  const address = new URL(location.href);
  address.searchParams.set("conversation", current.card.id);
  history.replaceState(null, "", address);
}

function backToList() {
  desk.dataset.view = "list";
  $("list").querySelector("[aria-current]")?.focus();
}

function showDetails(on) {
  desk.dataset.view = on ? "details" : "talk";
  $("details-open").setAttribute("aria-expanded", String(on));
  (on ? $("details-close") : $("details-open")).focus();
}

async function transfer() {
  if (
    !current ||
    !allowed("transfer", current.card, current.card.status === "assigned" && current.card.agent_id === me.id)
  )
    return;
  const { agents, teams } = await ask("agents").catch((error) => {
    trouble(error);
    return { agents: [], teams: [] };
  });
  const choose = async (receiver) => {
    const note = $("transfer-note").value.trim();
    const id = current.card.id;
    $("transfer-dialog").close();
    try {
      if (note)
        await ask(`conversations/${id}/notes`, { text: note, client_id: crypto.randomUUID?.() ?? String(Date.now()) });
      $("transfer-note").value = "";
      if (current?.card.id === id) await act("transfer", receiver);
    } catch (error) {
      trouble(error);
    }
  };
  const group = (key, items) => (items.length ? [make("h3", {}, say(key)), ...items] : []);
  const receivers = [
    ...group(
      "desk_transfer_teams",
      teams.map((team) =>
        make(
          "button",
          { type: "button", class: "button wide between", onclick: () => choose({ to: null, team: team.id }) },
          quoted(team.name),
        ),
      ),
    ),
    ...group(
      "desk_transfer_colleagues",
      agents.map((agent) =>
        make(
          "button",
          { type: "button", class: "button wide between", onclick: () => choose({ to: agent.id }) },
          quoted(agent.name),
          make(
            "span",
            { class: `badge ${agent.availability === "online" ? "ok" : ""}` },
            say(`desk_${agent.availability}`),
          ),
        ),
      ),
    ),
  ];
  $("colleagues").replaceChildren(
    ...(receivers.length ? receivers : [make("p", { class: "muted" }, say("desk_transfer_nobody"))]),
  );
  $("transfer-dialog").showModal();
}

$("return-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const note = event.target.elements.note.value.trim();
  $("return-dialog").close();
  event.target.reset();
  act("return", { note });
});

const asking = { transfer, return: () => $("return-dialog").showModal() };
for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => {
    $("more").open = false;
    (asking[button.dataset.do] ?? (() => act(button.dataset.do)))();
  });
}
$("earlier").addEventListener("click", showEarlier);
$("newest").addEventListener("click", timeline.toEnd);
$("scroll").addEventListener(
  "scroll",
  () => {
    if (timeline.isAtEnd()) $("newest").hidden = true;
  },
  { passive: true },
);
$("back").addEventListener("click", backToList);
$("details-open").addEventListener("click", () => showDetails(true));
$("details-close").addEventListener("click", () => showDetails(false));
$("summary-renew").addEventListener("click", async () => {
  try {
    await details.renew();
    $("said").textContent = say("desk_summary_renewed");
  } catch (error) {
    trouble(error);
  }
});
$("important").addEventListener("click", markImportant);
$("help").addEventListener("click", () => $("help-dialog").showModal());
$("availability").addEventListener("change", async (event) => {
  try {
    await ask("availability", { availability: event.target.value });
  } catch (error) {
    trouble(error);
  }
  refreshList();
});

// Who signs out leaves no customer's words behind in a browser that others may use.
$("sign-out").addEventListener("submit", () => kept.forget(["draft.", "unsent."]));

const insertArticle = (place) => baton.insert(place).catch(trouble);
desk.addEventListener("record", (event) => recordPromise(event.detail.words, event.detail.due));

const shortcutsKey = `shortcuts.${me.id}`;
$("shortcuts").checked = kept.read(shortcutsKey) !== "off";
$("shortcuts").addEventListener("change", () => kept.write(shortcutsKey, $("shortcuts").checked ? "" : "off"));
const shortcuts = {
  j: () => list.move(1),
  k: () => list.move(-1),
  a: accept,
  e: () => act("resolve"),
  o: () => offers.first() && openConversation(offers.first()),
  x: () => decide(offers.first(), "decline"),
  1: () => insertArticle(0),
  2: () => insertArticle(1),
  3: () => insertArticle(2),
  p: () => recordPromise(),
  t: transfer,
  r: () => composer.focus("answer"),
  n: () => composer.focus("note"),
  "?": () => $("help-dialog").showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.("#composer")) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || busy || !$("shortcuts").checked) return;
  if (event.target.closest?.("textarea, select, dialog, input:not([type=radio])")) return;
  const shortcut = shortcuts[event.key.toLowerCase()];
  if (shortcut) {
    event.preventDefault();
    shortcut();
  }
});
