// The story so far on the right: summary with its evidence, the reason for the handoff, and who is writing.

import { $, make, momentOf, quoted, say } from "./page.js";

/** Draw what is known. `onTurn(seq)` is called when the agent follows a line to its message. */
export function draw(detail, onTurn) {
  const lines = detail.summary.lines ?? [];
  $("summary").replaceChildren(...(lines.length ? lines.map((line) => drawLine(line, onTurn)) : [make("div", {}, make("dd", { class: "muted" }, say("desk_summary_none")))]));
  $("why-part").hidden = !detail.card.triggers.length;
  $("why").replaceChildren(...detail.card.triggers.map((trigger) => drawTrigger(trigger, onTurn)));
  $("contact").replaceChildren(...facts(detail));
  $("unreachable").hidden = detail.contact_reachable;
  $("elsewhere-part").hidden = !detail.elsewhere.length;
  $("elsewhere").replaceChildren(...detail.elsewhere.map(drawElsewhere));
  $("details-body").hidden = false;
}

function drawLine(line, onTurn) {
  const outcome = line.outcome ? say(`summary_${line.outcome}`) : null;
  return make("div", { class: `summary-line ${line.label}` },
    make("dt", {}, say(`summary_${line.label}`)),
    make("dd", {}, quoted(line.text), outcome && outcome !== `summary_${line.outcome}` ? make("span", { class: `badge ${line.outcome === "did_not_help" ? "warn" : ""}` }, outcome) : null,
      turns(line.turns, onTurn)));
}

function drawTrigger(trigger, onTurn) {
  return make("li", {}, make("strong", {}, say(`trigger_${trigger.kind}`)), trigger.text ? make("q", { dir: "auto" }, trigger.text) : null, turns(trigger.turns, onTurn));
}

function turns(seqs, onTurn) {
  if (!seqs?.length) return null;
  return make("span", { class: "turns" }, ...seqs.map((seq) => make("button", { type: "button", class: "turn", "aria-label": say("desk_to_message", { seq }), title: say("desk_to_message", { seq }), onclick: () => onTurn(seq) }, String(seq))));
}

function drawElsewhere(other) {
  return make("li", {}, make("a", { href: `/desk?conversation=${other.id}` }, say(`channel_${other.channel}`), " · ", momentOf(other.changed_at)), make("p", { class: "hint", dir: "auto" }, other.preview));
}

function facts(detail) {
  const rows = [
    ["desk_contact_name", detail.card.contact_name && quoted(detail.card.contact_name)],
    ["desk_contact_email", detail.contact_email && make("a", { href: `mailto:${encodeURIComponent(detail.contact_email)}` }, detail.contact_email)],
    ["desk_contact_channel", say(`channel_${detail.card.channel}`)],
    ["desk_contact_language", say(`desk_language_${detail.card.language}`)],
    ["desk_contact_time_zone", detail.contact_time_zone],
    ["desk_contact_page", detail.page && page(detail.page)],
    ["desk_contact_since", momentOf(detail.contact_since)],
    ["desk_asked_at", detail.asked_at && momentOf(detail.asked_at)],
  ];
  return rows.map(([key, value]) => make("div", {}, make("dt", {}, say(key)), make("dd", {}, value || make("span", { class: "muted" }, say("desk_unknown")))));
}

/** The page a customer is on is theirs to claim: a link only if it is a web address. */
function page(address) {
  if (!/^https?:\/\//i.test(address)) return quoted(address);
  const shown = address.replace(/^https?:\/\//i, "");
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, shown);
}
