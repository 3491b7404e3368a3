// A conversation in a list: who, since when, about what or where it was found, and what sets it apart from the others.

import { make, quoted } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { badge, channelMark, importantMark, isThere, nameOf, urgencyMark } from "./marks.js";

import { drawTag } from "./tag-part.js";

/** @import { Card, DeskPage, FoundLine } from "./types.js" */

/** A promise that is due later than this is told in its own list and in the conversation, not in every row. */
const PROMISE_NEAR_MS = 4 * 3_600_000;
/** Tags of a row; the others are in the conversation. */
const MAX_TAGS = 2;
/** Reasons that say no more than that somebody waits for a person. */
const SELF_EVIDENT = new Set(["agent_took", "asked"]);

/**
 * @param {DeskPage} page
 * @param {Card} card
 * @param {{ found?: FoundLine, isCurrent: boolean, isOfMine?: boolean, onChoose: () => void }} more `found`: the line
 *   that shows what was looked for; `isOfMine`: the list has my conversations only
 */
export function drawCard(page, card, { found, isCurrent, isOfMine = false, onChoose }) {
  const isNew = card.unread && card.agent_id === page.me.id;
  const look = { type: "button", class: "conversation", "aria-current": isCurrent ? "true" : null };
  const button = make(
    "button",
    { ...look, onclick: onChoose },
    make(
      "span",
      { class: "line" },
      channelMark(card.channel),
      make("strong", { class: "name" }, quoted(nameOf(card))),
      isNew ? make("span", { class: "fresh" }, make("span", { class: "quiet" }, say("desk_unread"))) : null,
      make("span", { class: "here", "data-here": card.id, hidden: true }),
      drawWhen(page, card),
    ),
    found ? drawFound(found, nameOf(card)) : drawRequest(card),
    make("span", { class: "line tags" }, ...drawTags(page, card, isOfMine)),
  );
  return make("li", { "data-id": card.id, "data-key": card.id }, button);
}

/**
 * @param {DeskPage} page
 * @param {string} since
 */
export const waitingFor = ({ clock }, since) => say("desk_waiting", { time: clock.elapsed(since) });

/** @param {Card} card */
const drawRequest = (card) =>
  make("span", { class: "request", dir: "auto" }, card.request || plain(card.preview) || "…");

/**
 * @param {FoundLine} line
 * @param {string} name the contact's
 */
function drawFound({ author, parts }, name) {
  const by = author === "contact" ? name : say(`desk_found_by_${author}`);
  const words = parts.map(({ text, is_found: isFound }) => (isFound ? make("mark", {}, text) : text));
  return make("span", { class: "request" }, make("span", { class: "by" }, quoted(by), ": "), make("bdi", {}, ...words));
}

/**
 * @param {DeskPage} page
 * @param {Card} card
 */
function drawWhen(page, { waiting_since: since, changed_at: changed }) {
  if (since) return make("span", { class: "when wait", "data-since": since }, waitingFor(page, since));
  return make("span", { class: "when", title: page.clock.moment(changed) }, page.clock.listed(changed));
}

/**
 * Only what isn't true of every row of the list.
 * @param {DeskPage} page
 * @param {Card} card
 * @param {boolean} isOfMine
 */
function drawTags(page, card, isOfMine) {
  const isResolved = card.status === "resolved";
  const marks = isResolved ? [] : drawMarks(page, card);
  return [
    ...marks,
    drawSnooze(page, card),
    isOfMine ? null : drawOwner(page, card),
    ...(isResolved ? [] : drawTriggers(card, marks.length > 1 ? 1 : 2)),
    ...card.tags.slice(0, MAX_TAGS).map(drawTag),
    drawLanguage(page, card),
  ];
}

/**
 * @param {DeskPage} page
 * @param {Card} card
 */
function drawSnooze({ clock }, { snoozed_until: until }) {
  return until ? badge(say("desk_snoozed_until", { time: clock.short(until) })) : null;
}

/**
 * A language that isn't the agent's own.
 * @param {DeskPage} page
 * @param {Card} card
 */
function drawLanguage({ me }, { language, foreign_language: foreign }) {
  const written = foreign ?? language;
  if (written === me.language) return null;
  const title = sayOr(`desk_language_${written}`, written);
  return make("span", { class: "badge", title }, written.toUpperCase());
}

/**
 * @param {DeskPage} page
 * @param {Card} card
 */
function drawOwner(page, card) {
  if (card.status === "bot") return make("span", { class: "badge" }, say("desk_with_bot"));
  if (card.status !== "assigned") return null;
  const owner = card.agent_id === page.me.id ? say("desk_with_you") : say("desk_with", { name: card.agent_name });
  return make("span", { class: "badge accent" }, owner);
}

/**
 * What makes this one come first.
 * @param {DeskPage} page
 * @param {Card} card
 */
function drawMarks(page, card) {
  return [
    drawOffered(page, card),
    importantMark(card),
    urgencyMark(card),
    card.team ? badge(say("desk_team", { name: card.team })) : null,
    isNear(page, card.promise_due) ? make("span", { class: "badge until", "data-due": card.promise_due }) : null,
  ].filter(isThere);
}

/**
 * @param {DeskPage} page
 * @param {string | null} due
 */
const isNear = ({ clock }, due) => due !== null && Date.parse(due) - clock.now() < PROMISE_NEAR_MS;

/**
 * @param {DeskPage} page
 * @param {Card} card
 */
function drawOffered(page, { offered_to: to, offered_name: name }) {
  if (!to) return null;
  return badge(to === page.me.id ? say("desk_offered_you") : say("desk_offered", { name }), "accent");
}

/**
 * @param {Card} card
 * @param {number} most
 */
function drawTriggers(card, most) {
  return card.triggers
    .filter(({ kind }) => !SELF_EVIDENT.has(kind))
    .slice(0, most)
    .map(({ kind }) => {
      const look = kind === "complaint" ? "danger" : "warn";
      return make("span", { class: `badge ${look}` }, say(`trigger_${kind}`));
    });
}

/**
 * A preview without the signs of Markdown.
 * @param {string} text
 */
const plain = (text) => text.replace(/\*\*|__|^#+\s|`/g, "").replace(/(^|\s)\*(\S[^*]*)\*/g, "$1$2");
