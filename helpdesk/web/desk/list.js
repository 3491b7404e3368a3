// The lists on the left: who waits, my conversations, all open ones, the resolved.

import * as offers from "./offers.js";
import { $, ask, channelIcons, elapsed, icon, make, me, now, quoted, say, setClock, timeOf } from "./page.js";
import * as promises from "./promises.js";

const views = [...document.querySelectorAll(".views button")];
let view = new URLSearchParams(location.search).get("view") ?? "queue";
if (!views.some((button) => button.dataset.view === view)) view = "queue";
let cards = [];
let chosen = null;
let choose = () => {};

/** `onChoose(id)` is called when the agent opens a conversation. */
export function start(onChoose) {
  choose = onChoose;
  for (const button of views) button.addEventListener("click", () => show(button.dataset.view));
  setInterval(tick, 1000);
}

export const currentView = () => view;

/** Switch to a list. */
export async function show(wanted) {
  view = wanted;
  await refresh();
}

/** Fetch the list again; returns what there is to be told: counts, and whether an offer is new. */
export async function refresh() {
  const wanted = view;
  const promised = wanted === "promises";
  const [found, mine] = await Promise.all([
    ask(`conversations?view=${promised ? "mine" : wanted}`),
    promised ? ask("promises") : null,
  ]);
  setClock(found.now);
  const news = { ...found.counts, offered: offers.take(found.offers), offers: found.offers.length };
  if (wanted !== view) return news;
  cards = promised
    ? mine.promises.map((promise) => ({ ...promise, key: promise.id, id: promise.conversation_id }))
    : found.conversations.filter((card) => !found.offers.some((offer) => offer.id === card.id));
  draw(found.counts);
  drawLoad(found.load);
  return news;
}

function drawLoad({ open, capacity }) {
  $("load").hidden = false;
  $("load").textContent = say("desk_load", { open, capacity });
  $("load").classList.toggle("full", open >= capacity);
  $("load").title = open >= capacity ? say("desk_load_full", { open, capacity }) : "";
}

/** Mark the conversation that is open. */
export function mark(id) {
  chosen = id;
  for (const item of $("list").children) {
    const button = item.firstElementChild;
    if (item.dataset.id === id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

/** Open the conversation `step` places further down. */
export function move(step) {
  if (!cards.length) return;
  const here = cards.findIndex((card) => card.id === chosen);
  const there = here < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.min(cards.length - 1, Math.max(0, here + step));
  choose(cards[there].id);
  $("list").children[there].scrollIntoView({ block: "nearest" });
}

function draw(counts) {
  for (const button of views) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
    const count = counts[button.dataset.view];
    const badge = button.querySelector(".count");
    badge.textContent = count ?? "";
    badge.hidden = !count;
  }
  const focused = document.activeElement?.closest?.("#list li")?.dataset.key;
  $("list").replaceChildren(
    ...cards.map((card) => (card.key ? promises.drawCard({ ...card, id: card.key }, chosen, choose) : drawCard(card))),
  );
  if (focused)
    $("list")
      .querySelector(`li[data-key="${CSS.escape(focused)}"] button`)
      ?.focus();
  const due = document.querySelector('.count[data-count="promises"]');
  due.classList.toggle("due", counts.due > 0);
  tick();
  const empty = $("list-empty");
  empty.hidden = cards.length > 0;
  empty.querySelector("strong").textContent = say(`desk_empty_${view}`);
  const more = `desk_empty_${view}_more`;
  empty.querySelector(".muted").textContent = say(more) === more ? "" : say(more);
}

function drawCard(card) {
  const name = card.contact_name || say("desk_visitor");
  const text = card.request || plain(card.preview);
  const button = make(
    "button",
    {
      type: "button",
      class: "conversation",
      "aria-current": card.id === chosen ? "true" : null,
      onclick: () => choose(card.id),
    },
    make(
      "span",
      { class: "line" },
      make(
        "span",
        { class: "channel", title: say(`channel_${card.channel}`) },
        icon(channelIcons[card.channel] ?? channelIcons.webchat),
      ),
      make("strong", { class: "name" }, quoted(name)),
      drawWhen(card),
    ),
    make("span", { class: "request", dir: "auto" }, text || "…"),
    make("span", { class: "line tags" }, ...drawTags(card)),
  );
  return make("li", { "data-id": card.id, "data-key": card.id }, button);
}

/** A preview without the signs of Markdown. */
const plain = (text) => text.replace(/\*\*|__|^#+\s|`/g, "").replace(/(^|\s)\*(\S[^*]*)\*/g, "$1$2");

function drawWhen(card) {
  if (card.waiting_since)
    return make(
      "span",
      { class: "when wait", "data-since": card.waiting_since },
      say("desk_waiting", { time: elapsed(card.waiting_since) }),
    );
  return make("span", { class: "when" }, timeOf(card.changed_at));
}

function drawTags(card) {
  const tags = [
    make("span", { class: "badge", title: say(`desk_language_${card.language}`) }, card.language.toUpperCase()),
  ];
  const marks = card.status === "resolved" ? [] : marksOf(card);
  tags.unshift(...marks);
  if (card.status === "assigned")
    tags.push(
      make(
        "span",
        { class: "badge accent" },
        card.agent_id === me.id ? say("desk_with_you") : say("desk_with", { name: card.agent_name }),
      ),
    );
  if (card.status === "bot") tags.push(make("span", { class: "badge" }, say("desk_with_bot")));
  if (card.status !== "resolved")
    for (const trigger of card.triggers.slice(0, marks.length > 1 ? 1 : 2)) {
      if (trigger.kind !== "agent_took")
        tags.push(
          make(
            "span",
            { class: `badge ${trigger.kind === "complaint" ? "danger" : "warn"}` },
            say(`trigger_${trigger.kind}`),
          ),
        );
    }
  if (card.unread && card.agent_id === me.id) tags.push(make("span", { class: "badge ok" }, say("desk_unread")));
  return tags;
}

/** What makes this one come first. */
function marksOf(card) {
  return [
    card.offered_to && [
      "accent",
      card.offered_to === me.id ? say("desk_offered_you") : say("desk_offered", { name: card.offered_name }),
    ],
    card.important && ["danger", say("desk_important")],
    card.urgency > 0 && [card.urgency > 1 ? "danger" : "warn", say(`desk_urgency_${Math.min(2, card.urgency)}`)],
    card.team && ["", say("desk_team", { name: card.team })],
  ]
    .filter(Boolean)
    .map(([look, text]) => make("span", { class: `badge ${look}` }, quoted(text)))
    .concat(card.promise_due ? [make("span", { class: "badge until", "data-due": card.promise_due })] : []);
}

function tick() {
  promises.tick();
  for (const wait of document.querySelectorAll("#list .wait[data-since]")) {
    const text = say("desk_waiting", { time: elapsed(wait.dataset.since) });
    if (wait.textContent !== text) wait.textContent = text;
    const minutes = (now() - Date.parse(wait.dataset.since)) / 60_000;
    wait.classList.toggle("long", minutes >= 5);
  }
}
