// The lists on the left: who waits, my conversations, all open ones, the resolved.

import { $, ask, channelIcons, elapsed, icon, make, me, quoted, say, setClock, timeOf } from "./page.js";

const views = [...document.querySelectorAll(".views button")];
let view = new URLSearchParams(location.search).get("view") ?? "queue";
if (!views.some((button) => button.dataset.view === view)) view = "queue";
let cards = [], chosen = null, choose = () => {};

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

/** Fetch the list again; returns the counts. */
export async function refresh() {
  const wanted = view;
  const found = await ask(`conversations?view=${wanted}`);
  if (wanted !== view) return found.counts;
  setClock(found.now);
  cards = found.conversations;
  draw(found.counts);
  return found.counts;
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
    const count = counts[button.dataset.view], badge = button.querySelector(".count");
    badge.textContent = count ?? "";
    badge.hidden = !count;
  }
  const focused = document.activeElement?.closest?.("#list li")?.dataset.id;
  $("list").replaceChildren(...cards.map(drawCard));
  if (focused) $("list").querySelector(`li[data-id="${CSS.escape(focused)}"] button`)?.focus();
  const empty = $("list-empty");
  empty.hidden = cards.length > 0;
  empty.querySelector("strong").textContent = say(`desk_empty_${view}`);
  const more = `desk_empty_${view}_more`;
  empty.querySelector(".muted").textContent = say(more) === more ? "" : say(more);
}

function drawCard(card) {
  const name = card.contact_name || say("desk_visitor");
  const text = card.request || plain(card.preview);
  const button = make("button", { type: "button", class: "conversation", "aria-current": card.id === chosen ? "true" : null, onclick: () => choose(card.id) },
    make("span", { class: "line" },
      make("span", { class: "channel", title: say(`channel_${card.channel}`) }, icon(channelIcons[card.channel] ?? channelIcons.webchat)),
      make("strong", { class: "name" }, quoted(name)),
      drawWhen(card)),
    make("span", { class: "request", dir: "auto" }, text || "…"),
    make("span", { class: "line tags" }, ...drawTags(card)));
  return make("li", { "data-id": card.id }, button);
}

/** A preview without the signs of Markdown. */
const plain = (text) => text.replace(/\*\*|__|^#+\s|`/g, "").replace(/(^|\s)\*(\S[^*]*)\*/g, "$1$2");

function drawWhen(card) {
  if (card.waiting_since) return make("span", { class: "when wait", "data-since": card.waiting_since }, say("desk_waiting", { time: elapsed(card.waiting_since) }));
  return make("span", { class: "when" }, timeOf(card.changed_at));
}

function drawTags(card) {
  const tags = [make("span", { class: "badge", title: say(`desk_language_${card.language}`) }, card.language.toUpperCase())];
  if (card.status === "assigned") tags.push(make("span", { class: "badge accent" }, card.agent_id === me.id ? say("desk_with_you") : say("desk_with", { name: card.agent_name })));
  if (card.status === "bot") tags.push(make("span", { class: "badge" }, say("desk_with_bot")));
  if (card.status !== "resolved") for (const trigger of card.triggers.slice(0, 2)) {
    if (trigger.kind !== "agent_took") tags.push(make("span", { class: `badge ${trigger.kind === "complaint" ? "danger" : "warn"}` }, say(`trigger_${trigger.kind}`)));
  }
  if (card.unread && card.agent_id === me.id) tags.push(make("span", { class: "badge ok" }, say("desk_unread")));
  return tags;
}

function tick() {
  for (const wait of document.querySelectorAll("#list .wait")) {
    const text = say("desk_waiting", { time: elapsed(wait.dataset.since) });
    if (wait.textContent !== text) wait.textContent = text;
    const minutes = (Date.now() - Date.parse(wait.dataset.since)) / 60_000;
    wait.classList.toggle("long", minutes >= 5);
  }
}
