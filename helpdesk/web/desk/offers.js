// What is offered to me: a calm card at the top of the lists, with the time there is to take it.

import { byId, find, make, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { channelMark, nameOf } from "./marks.js";
import { distance } from "./moments.js";

/** @import { Card, DeskPage } from "./types.js" */

/** As they are read. */
const BECAUSE = [
  "assigned",
  "transfer",
  "last_agent",
  "speaks",
  "knows_topic",
  "in_team",
  "widened",
  "fewest_open",
  "only_free",
];
const ENDING_MS = 10_000;

/** @typedef {{ accept: (id: string) => void, decline: (id: string) => void, look: (id: string) => void }} Decisions */

/** The offers that stand. */
export class Offers {
  #page;
  #decisions;
  #box = byId("offers");
  #bar = byId("offer-bar");
  /** @type {Card[]} */
  #cards = [];
  /** @type {Set<string>} */
  #known = new Set();

  /**
   * @param {DeskPage} page
   * @param {Decisions} decisions called when the agent decides
   */
  constructor(page, decisions) {
    this.#page = page;
    this.#decisions = decisions;
    this.#bar.addEventListener("click", () => {
      if (this.first) decisions.look(this.first);
    });
    setInterval(() => this.#tick(), 1000);
  }

  /** The conversation of the first one. */
  get first() {
    return this.#cards[0]?.id ?? null;
  }

  /**
   * What is offered of a conversation.
   * @param {string} id
   */
  find(id) {
    return this.#cards.find((card) => card.id === id);
  }

  /**
   * Take what the server says is offered; returns whether there is news.
   * @param {Card[]} cards
   */
  take(cards) {
    this.#cards = cards;
    const fresh = cards.filter((card) => !this.#known.has(keyOf(card)));
    this.#known = new Set(cards.map(keyOf));
    if (fresh.length || this.#box.children.length !== cards.length) this.#draw();
    this.#box.hidden = this.#bar.hidden = !cards.length;
    if (cards.length) this.#bar.textContent = announcementOf(cards[0]);
    if (fresh.length) byId("said").textContent = announcementOf(fresh[0]);
    this.#tick();
    return fresh.length > 0;
  }

  /** Who was about to press a button finds the cursor on it again. */
  #draw() {
    const focused = document.activeElement;
    const offer = focused?.closest("#offers [data-offer]")?.getAttribute("data-offer");
    const verb = focused?.getAttribute("data-verb");
    this.#box.replaceChildren(...this.#cards.map((card) => this.#drawCard(card)));
    if (!offer) return;
    const again = this.#box.querySelector(`[data-offer="${CSS.escape(offer)}"] [data-verb="${verb}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {Card} card */
  #drawCard(card) {
    const name = nameOf(card);
    const said = card.triggers.find((trigger) => trigger.text)?.text;
    const look = { type: "button", class: "offer-look", "data-verb": "look", title: say("desk_offer_open") };
    return make(
      "article",
      { class: "offer", "data-offer": card.id, "aria-label": say("desk_offer_title", { name }) },
      make(
        "button",
        { ...look, onclick: () => this.#decisions.look(card.id) },
        make(
          "span",
          { class: "line" },
          channelMark(card.channel),
          make("strong", { class: "name" }, quoted(name)),
          make("span", { class: "when", "data-waits": card.waiting_since }),
        ),
        make("strong", { class: "request", dir: "auto" }, card.request || said || card.preview || "…"),
        this.#drawReason(card),
      ),
      drawBecause(card),
      drawCountdown(),
      make(
        "div",
        { class: "row answers" },
        this.#button(card.id, "accept", "desk_accept", "primary"),
        this.#button(card.id, "decline", "desk_offer_later", ""),
      ),
    );
  }

  /** @param {Card} card */
  #drawReason(card) {
    const first = card.triggers.length ? say(`trigger_${card.triggers[0].kind}`) : "";
    const why = card.reason[this.#page.me.language] ?? card.reason.de ?? first;
    if (!why && !card.important) return null;
    const important = card.important ? make("span", { class: "badge danger" }, say("desk_important")) : null;
    return make("span", { class: "hint" }, important, why);
  }

  /** @type {(id: string, verb: "accept" | "decline", key: string, look: string) => HTMLElement} */
  #button(id, verb, key, look) {
    const looks = { type: "button", class: `button ${look}`, "data-verb": verb };
    return make("button", { ...looks, onclick: () => this.#decisions[verb](id) }, say(key));
  }

  #tick() {
    for (const card of this.#cards) {
      const item = this.#box.querySelector(`[data-offer="${CSS.escape(card.id)}"]`);
      if (!item) continue;
      const until = Date.parse(card.offered_until ?? "");
      const left = until - this.#page.clock.now();
      const share = left / (until - Date.parse(card.offered_at ?? ""));
      find(item, ".rest").style.transform = `scaleX(${Math.max(0, Math.min(1, share))})`;
      find(item, ".left").textContent = say("desk_offer_left", { time: distance(Math.max(0, left)) });
      const waits = card.waiting_since && this.#page.clock.elapsed(card.waiting_since);
      find(item, ".when").textContent = waits ? say("desk_offer_waiting", { time: waits }) : "";
      item.classList.toggle("ending", left < ENDING_MS);
    }
  }
}

/** @param {Card} card */
const keyOf = (card) => `${card.id} ${card.offered_at}`;

/** @param {Card} card */
const announcementOf = (card) => say("desk_offer_said", { name: nameOf(card) });

function drawCountdown() {
  return make(
    "div",
    { class: "line" },
    make("div", { class: "countdown", "aria-hidden": "true" }, make("div", { class: "rest" })),
    make("span", { class: "left hint", role: "timer" }),
  );
}

/**
 * Why it is offered to me, in one line; nothing when routing gave no reason that is about me.
 * @param {Card} card
 */
function drawBecause(card) {
  const given = new Set(card.offered_because.map((why) => (why.startsWith("widened_") ? "widened" : why)));
  const values = {
    language: say(`desk_language_${card.language}`),
    topic: card.topic ?? "",
    name: card.agent_name ?? "",
    team: card.team ?? "",
  };
  const reasons = BECAUSE.filter((why) => given.has(why)).map((why) => say(`desk_because_${why}`, values));
  if (!reasons.length) return null;
  return make("p", { class: "hint because", dir: "auto" }, say("desk_because", { reasons: reasons.join(" · ") }));
}
