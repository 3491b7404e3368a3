// The rows of the supervisor's page: who waits, who is there with what they have, teams, promises.

import { make, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { Card, PromiseCard } from "../desk/types.js" */
/** @import { AgentRow, OwnedConversation, TeamRow } from "./types.js" */

/**
 * A wait as people say it: 45 s, 12 min, 2 h 05 min.
 * @param {number} ms
 */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${Math.floor(hours / 24)} d`;
}

/** @param {{ contact_name: string | null, contact_number: number }} of */
export const nameOf = (of) => of.contact_name || say("live_guest", { number: of.contact_number });

/** @param {Card[]} cards */
export function drawWaiting(cards) {
  if (!cards.length) return [make("li", { class: "muted" }, say("live_waiting_none"))];
  return cards.map((card) =>
    make(
      "li",
      {},
      make(
        "span",
        { class: "line" },
        link(card),
        card.urgency > 1 ? make("span", { class: "badge danger" }, say("live_urgent")) : null,
        card.team ? make("span", { class: "badge" }, say("live_team", { name: card.team })) : null,
        card.offered_name
          ? make("span", { class: "badge accent" }, say("live_offered", { name: card.offered_name }))
          : null,
        make("span", { class: "when", "data-since": card.waiting_since }),
      ),
      make(
        "span",
        { class: "line below" },
        make("span", { class: "words", dir: "auto" }, card.request || card.preview),
        act(card, "take-over", "live_take_over"),
        act(card, "assign", "live_assign"),
      ),
    ),
  );
}

/**
 * @param {AgentRow[]} agents
 * @param {string} me
 */
export function drawAgents(agents, me) {
  const order = { online: 0, paused: 1, looking: 2, offline: 3 };
  const sorted = agents.toSorted((one, other) => order[one.presence] - order[other.presence]);
  return sorted.map((agent) => {
    const open = agent.conversations.length;
    const fill = make("span", {});
    fill.style.width = `${Math.min(100, (100 * open) / agent.capacity)}%`;
    return make(
      "li",
      {},
      make(
        "span",
        { class: "line" },
        make("span", { class: `presence ${agent.presence}`, "aria-hidden": "true" }),
        make("strong", { class: "name" }, quoted(agent.name)),
        make("span", { class: "hint" }, say(`desk_${agent.presence}`)),
        agent.teams.length ? make("span", { class: "hint", dir: "auto" }, agent.teams.join(", ")) : null,
        agent.overdue ? make("span", { class: "badge danger" }, say("live_overdue", { count: agent.overdue })) : null,
        make(
          "span",
          { class: "when line" },
          make("span", { class: `meter ${open >= agent.capacity ? "full" : ""}`, "aria-hidden": "true" }, fill),
          say("live_load", { open, capacity: agent.capacity }),
        ),
      ),
      open ? make("ul", { class: "has" }, ...agent.conversations.map((one) => drawOwned(one, agent.id === me))) : null,
    );
  });
}

/**
 * @param {OwnedConversation} owned
 * @param {boolean} isMine
 */
function drawOwned({ card, unanswered_since: since }, isMine) {
  return make(
    "li",
    { class: "line" },
    link(card),
    make(
      "span",
      since ? { class: "when", "data-unanswered": since } : { class: "when" },
      since ? "" : say("live_answered"),
    ),
    isMine ? null : act(card, "take-over", "live_take_over"),
    isMine ? null : act(card, "whisper", "live_whisper"),
    act(card, "assign", "live_assign"),
  );
}

/** @param {TeamRow[]} teams */
export function drawTeams(teams) {
  const hasTeams = teams.some(({ id }) => id);
  return teams.map((team) => {
    const name = team.id ? quoted(team.name) : say(hasTeams ? "live_no_team" : "live_all");
    const wait = (/** @type {number | null} */ seconds) => (seconds === null ? "–" : elapsed(seconds * 1000));
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      make("td", {}, String(team.waiting)),
      make("td", {}, team.waiting_since ? make("span", { "data-wait": team.waiting_since }) : "–"),
      make("td", {}, String(team.online)),
      make("td", {}, String(team.accepted)),
      make("td", {}, wait(team.wait_median_seconds)),
      make("td", {}, wait(team.wait_p90_seconds)),
    );
  });
}

/** @param {PromiseCard[]} promises */
export function drawOverdue(promises) {
  if (!promises.length) return [make("li", { class: "muted" }, say("live_overdue_none"))];
  return promises.map((promise) =>
    make(
      "li",
      {},
      make(
        "span",
        { class: "line" },
        make("a", { class: "name", href: `/desk?conversation=${promise.conversation_id}` }, quoted(nameOf(promise))),
        make("span", { class: "hint", dir: "auto" }, say("live_of", { name: promise.agent_name ?? say("live_by_us") })),
        make("span", { class: "when", "data-due": promise.due_at }),
      ),
      make("span", { class: "words", dir: "auto" }, promise.text),
    ),
  );
}

/** @param {Card} card */
const link = (card) =>
  make(
    "a",
    { class: "name", href: `/desk?conversation=${card.id}`, "data-focus": `open ${card.id}` },
    quoted(nameOf(card)),
  );

/**
 * @param {Card} card
 * @param {string} what
 * @param {string} key
 */
const act = (card, what, key) => {
  const name = { "aria-label": `${say(key)}: ${nameOf(card)}`, "data-focus": `${what} ${card.id}` };
  return make(
    "button",
    { type: "button", class: "button small", "data-act": what, "data-id": card.id, ...name },
    say(key),
  );
};
