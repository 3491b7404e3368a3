// Above the conversation: who it is with, how it stands, and what can be done with it.

import { byId, findAll, make, notify, quoted } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { channelIcon, nameOf } from "./marks.js";
import { isAllowed } from "./state.js";

/** @import { Card } from "./types.js" */
/** @import { DeskState } from "./state.js" */

const LOOKS = { bot: "", queued: "warn", assigned: "accent", resolved: "ok" };
const NOTICES = { bot: "desk_bot_answers", queued: "desk_waiting_notice", resolved: "desk_resolved_notice" };

/** @param {DeskState} state */
export function drawHead({ open: { card }, isMine }) {
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
  for (const button of findAll(document, "[data-do]"))
    button.hidden = !isAllowed(button.dataset.do ?? "", card, isMine);
  const more = byId("more", HTMLDetailsElement);
  more.hidden = !isMine;
  if (!isMine) more.open = false;
  notify(byId("state"), isMine ? null : noticeOf(card));
}

/** @param {Card} card */
function noticeOf(card) {
  if (card.status !== "assigned") return say(NOTICES[card.status]);
  return `${say("desk_taken", { name: card.agent_name })} ${say("desk_taken_hint")}`;
}
