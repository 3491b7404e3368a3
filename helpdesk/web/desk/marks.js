// Small signs that lists, offers and cards have in common: the channel, and what makes a conversation come first.

import { icon, make, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { Card, Channel } from "./types.js" */

/** @type {Partial<Record<Channel, string>> & { webchat: string }} */
const SHAPES = {
  webchat: "M4 5h16v11H9l-5 4z",
  telegram: "M21 4 3 11.5l6 2 2 6 3.5-4 4.5 3.5z",
  email: "M3 6h18v12H3zM3 7l9 6 9-6",
  slack: "M9 3v18M15 3v18M3 9h18M3 15h18",
};

/** @param {Channel} channel */
export const channelIcon = (channel) => icon(SHAPES[channel] ?? SHAPES.webchat);

/** @param {Channel} channel */
export const channelMark = (channel) =>
  make("span", { class: "channel", title: say(`channel_${channel}`) }, channelIcon(channel));

/** @param {{ contact_name: string | null, contact_number: number }} of */
export const nameOf = (of) => of.contact_name || say("desk_guest", { number: of.contact_number });

/**
 * @param {string} text
 * @param {string} look
 */
export const badge = (text, look = "") => make("span", { class: `badge ${look}` }, quoted(text));

/** @param {Card} card */
export const importantMark = (card) => (card.important ? badge(say("desk_important"), "danger") : null);

/** @param {Card} card */
export const urgencyMark = (card) =>
  card.urgency > 0
    ? badge(say(`desk_urgency_${Math.min(2, card.urgency)}`), card.urgency > 1 ? "danger" : "warn")
    : null;

/** @template T @param {T | null | undefined | false | "" | 0} one @returns {one is T} */
export const isThere = (one) => Boolean(one);
