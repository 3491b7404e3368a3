// The story so far on the right: the handoff's card, the summary with its evidence, promises, and who is writing.

import * as baton from "./handoff-card.js";
import { $, ask, make, me, momentOf, quoted, say } from "./page.js";
import * as promises from "./promises.js";

let shown = null;
let follow = () => {};
let fresh = { of: null }; // `fresh`: the summary that was asked for, and of what

/** Draw what is known. `onTurn(seq)` follows a line to its message, `onInsert(text)` puts text into the answer. */
export function draw(detail, onTurn, onInsert) {
  baton.draw(detail, onTurn, onInsert);
  shown = detail;
  follow = onTurn;
  drawSummary();
  if (detail.asked_at && detail.summary.language !== me.language && fresh.of !== keyOf(detail)) renew().catch(() => {}); // the stored one is there
  promises.draw(detail, onTurn);
  $("contact").replaceChildren(...facts(detail));
  $("unreachable").hidden = detail.contact_reachable;
  drawImportance(detail.card);
  $("elsewhere-part").hidden = !detail.elsewhere.length;
  $("elsewhere").replaceChildren(...detail.elsewhere.map(drawElsewhere));
  $("details-body").hidden = false;
}

/** Who doesn't have the conversation while somebody else does only sees how it is. */
function drawImportance(card) {
  $("is-important").hidden = !card.important;
  $("important").hidden = $("important-hint").hidden = card.status === "assigned" && card.agent_id !== me.id;
  $("important").textContent = say(card.important ? "desk_important_unmark" : "desk_important_mark");
}

/** A summary stands for the handoff it was made for. */
const keyOf = (detail) => `${detail.card.id} ${detail.asked_at} ${detail.card.agent_id}`;

function drawSummary() {
  const summary = fresh.of === keyOf(shown) && fresh.summary ? fresh.summary : shown.summary;
  const lines = (summary.lines ?? []).filter((line) => !isSaidAbove(line, shown));
  $("summary").replaceChildren(
    ...(lines.length
      ? lines.map((line) => drawLine(line, follow))
      : [
          make(
            "div",
            {},
            make("dd", { class: "muted" }, say(shown.asked_at ? "desk_summary_short" : "desk_summary_none")),
          ),
        ]),
  );
}

/** Have the story told as of now, in the agent's own language. */
export async function renew() {
  const of = keyOf(shown);
  if (fresh.of !== of) fresh = { of, summary: null };
  const { summary } = await ask(`conversations/${shown.card.id}/summary`);
  fresh = { of, summary };
  if (keyOf(shown) === of) drawSummary();
}

/** The card above has the request as the customer heard it, and the mood with its course. */
function isSaidAbove(line, detail) {
  return (line.label === "request" && detail.confirmation) || (line.label === "mood" && detail.mood.length > 0);
}

const wordOr = (key, otherwise) => {
  const word = say(key);
  return word === key ? otherwise : word;
};
const named = (label) =>
  wordOr(`summary_${label}`, label.charAt(0).toUpperCase() + label.slice(1).replaceAll("_", " "));

function drawLine(line, onTurn) {
  const text = line.label === "language" ? wordOr(`desk_language_${line.text}`, line.text) : line.text;
  const outcome = line.outcome ? wordOr(`summary_${line.outcome}`, null) : null;
  return make(
    "div",
    { class: `summary-line ${line.label}` },
    make("dt", {}, named(line.label)),
    make(
      "dd",
      {},
      quoted(text),
      outcome ? make("span", { class: `badge ${line.outcome === "did_not_help" ? "warn" : ""}` }, outcome) : null,
      line.label === "language" ? null : baton.turns(line.turns, onTurn),
    ),
  );
}

function drawElsewhere(other) {
  return make(
    "li",
    {},
    make(
      "a",
      { href: `/desk?conversation=${other.id}` },
      say(`channel_${other.channel}`),
      " · ",
      momentOf(other.changed_at),
    ),
    make("p", { class: "hint", dir: "auto" }, other.preview),
  );
}

function facts(detail) {
  const rows = [
    ["desk_contact_name", detail.card.contact_name && quoted(detail.card.contact_name)],
    [
      "desk_contact_email",
      detail.contact_email &&
        make("a", { href: `mailto:${encodeURIComponent(detail.contact_email)}` }, detail.contact_email),
    ],
    [
      "desk_contact_phone",
      detail.contact_phone &&
        make("a", { href: `tel:${detail.contact_phone.replace(/[^+\d]/g, "")}` }, detail.contact_phone),
    ],
    ["desk_contact_channel", say(`channel_${detail.card.channel}`)],
    ["desk_contact_language", say(`desk_language_${detail.card.language}`)],
    ["desk_contact_time_zone", detail.contact_time_zone],
    ["desk_contact_page", detail.page && page(detail.page)],
    ["desk_contact_since", momentOf(detail.contact_since)],
    ["desk_asked_at", detail.asked_at && momentOf(detail.asked_at)],
  ];
  return rows.map(([key, value]) =>
    make(
      "div",
      {},
      make("dt", {}, say(key)),
      make("dd", {}, value || make("span", { class: "muted" }, say("desk_unknown"))),
    ),
  );
}

/** The page a customer is on is theirs to claim: a link only if it is a web address. */
function page(address) {
  if (!/^https?:\/\//i.test(address)) return quoted(address);
  const shown = address.replace(/^https?:\/\//i, "");
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, shown);
}
