// What is offered to me: a calm card at the top of the lists, with the time there is to take it.

import { distance } from "./moments.js";
import { $, channelIcons, elapsed, icon, make, me, now, quoted, say } from "./page.js";

const BECAUSE = ["last_agent", "speaks", "knows_topic", "in_team", "widened", "fewest_open", "only_free"]; // as they are read
let offers = [];
let known = new Set();
let doors = {};

/** `accept(id)`, `decline(id)` and `look(id)` are called when the agent decides, `heard(card)` when an offer is new. */
export function start(onDecision) {
  doors = onDecision;
  $("offer-bar").addEventListener("click", () => doors.look(offers[0]?.id));
  setInterval(tick, 1000);
}

export const first = () => offers[0]?.id ?? null;

/** Take what the server says is offered; returns whether there is news. */
export function take(found) {
  offers = found;
  const fresh = offers.filter((card) => !known.has(`${card.id} ${card.offered_at}`));
  known = new Set(offers.map((card) => `${card.id} ${card.offered_at}`));
  const focused = document.activeElement?.closest?.("#offers [data-offer]");
  const verb = document.activeElement?.dataset?.verb;
  if (fresh.length || $("offers").children.length !== offers.length) {
    $("offers").replaceChildren(...offers.map(draw));
    if (focused)
      $("offers")
        .querySelector(`[data-offer="${CSS.escape(focused.dataset.offer)}"] [data-verb="${verb}"]`)
        ?.focus();
  }
  $("offers").hidden = $("offer-bar").hidden = !offers.length;
  if (offers.length) $("offer-bar").textContent = say("desk_offer_said", { name: nameOf(offers[0]) });
  if (fresh.length) $("said").textContent = say("desk_offer_said", { name: nameOf(fresh[0]) });
  tick();
  return fresh.length > 0;
}

const nameOf = (card) => card.contact_name || say("desk_visitor");

/** Why it is offered to me, in one line; empty when routing gave no reason that is about me. */
function because(card) {
  const given = new Set(card.offered_because.map((why) => (why.startsWith("widened_") ? "widened" : why)));
  const values = { language: say(`desk_language_${card.language}`), topic: card.topic ?? "", team: card.team ?? "" };
  const reasons = BECAUSE.filter((why) => given.has(why)).map((why) => say(`desk_because_${why}`, values));
  return reasons.length
    ? make("p", { class: "hint because", dir: "auto" }, say("desk_because", { reasons: reasons.join(" · ") }))
    : null;
}

function draw(card) {
  const why =
    card.reason[me.language] ??
    card.reason.de ??
    card.triggers
      .slice(0, 1)
      .map((trigger) => say(`trigger_${trigger.kind}`))
      .join("");
  const button = (verb, key, look) =>
    make(
      "button",
      { type: "button", class: `button ${look}`, "data-verb": verb, onclick: () => doors[verb](card.id) },
      say(key),
    );
  return make(
    "article",
    { class: "offer", "data-offer": card.id, "aria-label": say("desk_offer_title", { name: nameOf(card) }) },
    make(
      "button",
      {
        type: "button",
        class: "offer-look",
        "data-verb": "look",
        title: say("desk_offer_open"),
        onclick: () => doors.look(card.id),
      },
      make(
        "span",
        { class: "line" },
        make(
          "span",
          { class: "channel", title: say(`channel_${card.channel}`) },
          icon(channelIcons[card.channel] ?? channelIcons.webchat),
        ),
        make("strong", { class: "name" }, quoted(nameOf(card))),
        make("span", { class: "when", "data-waits": card.waiting_since }),
      ),
      make(
        "strong",
        { class: "request", dir: "auto" },
        card.request || card.triggers.find((trigger) => trigger.text)?.text || card.preview || "…",
      ),
      why || card.important
        ? make(
            "span",
            { class: "hint" },
            card.important ? make("span", { class: "badge danger" }, say("desk_important")) : null,
            why,
          )
        : null,
    ),
    because(card),
    make(
      "div",
      { class: "line" },
      make("div", { class: "countdown", "aria-hidden": "true" }, make("div", { class: "rest" })),
      make("span", { class: "left hint", role: "timer" }),
    ),
    make(
      "div",
      { class: "row answers" },
      button("accept", "desk_accept", "primary"),
      button("decline", "desk_offer_later", ""),
    ),
  );
}

function tick() {
  for (const card of offers) {
    const item = $("offers").querySelector(`[data-offer="${CSS.escape(card.id)}"]`);
    if (!item) continue;
    const whole = Date.parse(card.offered_until) - Date.parse(card.offered_at);
    const left = Date.parse(card.offered_until) - now();
    item.querySelector(".rest").style.transform = `scaleX(${Math.max(0, Math.min(1, left / whole))})`;
    item.querySelector(".left").textContent = say("desk_offer_left", { time: distance(Math.max(0, left)) });
    item.querySelector("[data-waits]").textContent = say("desk_offer_waiting", { time: elapsed(card.waiting_since) });
    item.classList.toggle("ending", left < 10_000);
  }
}
