// Above the conversation: who it is with, how it stands, and what can be done with it.

import { byId, findAll, make, notify, quoted } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { channelIcon, nameOf } from "./marks.js";
import { offerNotice } from "./transfer-offer.js";

/** @import { Card, DeskPage } from "./types.js" */
/** @import { DeskClock } from "./clock.js" */

const LOOKS = { bot: "", queued: "warn", assigned: "accent", resolved: "ok" };
const NOTICES = { bot: "desk_bot_answers", queued: "desk_waiting_notice", resolved: "desk_resolved_notice" };

/** @param {DeskPage} page */
export function drawHead({ state, me, clock }) {
  const { isMine } = state;
  const { card } = state.open;
  byId("who").replaceChildren(quoted(nameOf(card)));
  byId("where").replaceChildren(
    channelIcon(card.channel),
    say(`channel_${card.channel}`),
    " · ",
    say(`desk_language_${card.language}`),
    card.foreign_language ? ` (${sayOr(`desk_language_${card.foreign_language}`, card.foreign_language)})` : "",
    " ",
    make("span", { class: `badge ${LOOKS[card.status]}` }, say(`desk_status_${card.status}`)),
  );
  for (const button of findAll(document, "[data-do]")) button.hidden = !state.mayDo(button.dataset.do ?? "");
  const more = byId("more", HTMLDetailsElement);
  const wasMine = !more.classList.contains("only-narrow");
  more.classList.toggle("only-narrow", !isMine); // where no other way leads to the commands
  if (wasMine && !isMine) more.open = false; // not at every change: whoever reads it would lose it
  notify(byId("state"), offerNotice(card, me.id) ?? (isMine ? snoozeOf(card, clock) : noticeOf(card)));
}

/** @param {Card} card */
function noticeOf(card) {
  if (card.status !== "assigned") return say(NOTICES[card.status]);
  return `${say("desk_taken", { name: card.agent_name })} ${say("desk_taken_hint")}`;
}

/**
 * @param {Card} card
 * @param {DeskClock} clock
 */
function snoozeOf({ snoozed_until: until }, clock) {
  return until ? say("desk_snoozed_notice", { time: clock.short(until) }) : null;
}
