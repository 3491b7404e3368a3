// How one line of the log looks: a bubble, a note, or one sentence about what happened.

import { icon, make, quoted } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { drawFiles } from "./files.js";

/** @import { DeskClock } from "./clock.js" */
/** @import { ConversationDetail, Me, TimelineLine } from "./types.js" */

/** States behind which the channel's or the mail server's own words stand. */
const TELLS_WHY = new Set(["failed", "mail_failed", "mail_bounced", "bounced", "unseen_mail_trying"]);
/** States of what the customer can't have read: it isn't where they read. */
const NOT_THERE = new Set(["pending", "sending", "failed"]);

/** What is said of an answer that an agent has changed. */
const CHANGES = new Set(["answer_corrected", "answer_taken_back"]);

/** Draws the lines of one conversation. */
export class LineDrawing {
  #me;
  #clock;
  #detail;

  /**
   * @param {Me} me
   * @param {DeskClock} clock
   * @param {ConversationDetail} detail
   */
  constructor(me, clock, detail) {
    this.#me = me;
    this.#clock = clock;
    this.#detail = detail;
  }

  /** @param {TimelineLine} line */
  draw(line) {
    if (line.kind === "activity" && line.event) return this.#activity(line, line.event);
    const role = line.kind === "note" ? "note" : line.author;
    const look = `line-item ${role}${line.withheld ? " withheld" : ""}`;
    return make(
      "li",
      { class: look, id: `line-${line.seq}`, tabindex: "-1" },
      this.#head(line),
      this.#words(line),
      line.attachments.length ? drawFiles(line, this.#detail.card.id) : null,
      ...line.before.map((words) => make("p", { class: "meta", dir: "auto" }, say("desk_before", { text: words }))),
      line.choices.length ? drawChoices(line) : null,
      this.#origin(line),
      this.#delivery(line),
    );
  }

  /**
   * What to call who wrote a line.
   * @param {TimelineLine} line
   */
  nameOf(line) {
    if (line.author === "contact") return this.#detail.card.contact_name || say("desk_customer");
    return line.name || (line.author === "agent" ? this.#me.name : say("desk_bot"));
  }

  /** @param {TimelineLine} line */
  #head(line) {
    return make(
      "p",
      { class: "meta" },
      line.changeable ? drawChangeButton(line) : null,
      make("strong", {}, quoted(this.nameOf(line))),
      " ",
      make("time", { datetime: line.at, title: this.#clock.moment(line.at) }, this.#clock.time(line.at)),
      line.kind === "note" ? make("span", { class: "badge warn" }, say("desk_note")) : null,
      line.whisper ? make("span", { class: "badge accent" }, say("desk_whisper")) : null,
      line.edited && !line.withdrawn ? make("span", { class: "badge" }, say("desk_edited")) : null,
      line.program ? make("span", { class: "badge" }, say("desk_by_program", { name: line.program })) : null,
    );
  }

  /** @param {TimelineLine} line */
  #words(line) {
    if (line.withdrawn)
      return make("p", { class: "meta" }, say(line.author === "agent" ? "desk_taken_back" : "desk_withdrawn"));
    return line.text ? drawBubble(line) : null;
  }

  /**
   * Which article it is from, and why the bot's answer was not sent: who had the conversation by then.
   * @param {TimelineLine} line
   */
  #origin(line) {
    const parts = [];
    if (line.withheld) parts.push(this.#whyWithheld(line.withheld_by));
    if (line.article_title) parts.push(say("desk_from_article", { title: line.article_title }));
    return parts.length ? make("p", { class: "meta", dir: "auto" }, parts.join(" · ")) : null;
  }

  /** @param {TimelineLine["withheld_by"]} by */
  #whyWithheld(by) {
    if (!by) return say("desk_withheld");
    const values = { name: by.name || say("desk_bot"), time: this.#clock.time(by.at) };
    return sayOr(`desk_withheld_${by.event}`, null, values) ?? say("desk_withheld_other", values);
  }

  /** @param {TimelineLine} line */
  #delivery(line) {
    if (line.kind !== "outgoing" || line.withheld || !line.delivery) return null;
    const isRead = line.seq <= this.#detail.contact_seen_seq && !NOT_THERE.has(line.delivery);
    const state = isRead ? "read" : line.delivery;
    const time = line.delivery_at ? this.#clock.short(line.delivery_at) : "";
    return make(
      "p",
      { class: `meta delivery ${state}` },
      isRead ? icon("M2 13l4 4L15 7M11 16l1 1L22 7") : null,
      say(`delivery_${state}`, { time }),
      line.delivery_reason && TELLS_WHY.has(state) ? `: ${whyOf(line)}` : "",
    );
  }

  /**
   * @param {TimelineLine} line
   * @param {string} event
   */
  #activity(line, event) {
    const { what = "", due, done } = line.facts;
    const values = {
      name: line.name || say("desk_bot"),
      of: line.of ?? "",
      what,
      due: due ? this.#clock.short(due) : "",
    };
    const sentence = sayOr(`event_${event}`, line.text || event, values);
    return make(
      "li",
      { class: `activity ${event}`, id: `line-${line.seq}`, tabindex: "-1" },
      make(
        "span",
        { dir: "auto" },
        done ? `${sentence}: ${sayOr(`desk_follow_up_reason_${done}`, done)}` : sentence,
        " · ",
        make("time", { datetime: line.at }, this.#clock.time(line.at)),
        CHANGES.has(event) && line.delivery && line.delivery !== "sent" ? ` · ${deliveryOf(line)}` : "",
      ),
    );
  }
}

/**
 * Why it didn't arrive: in our words where the numbers of the refusal say it, and in the server's own.
 * @param {TimelineLine} line
 */
const whyOf = ({ delivery_reason: reason, delivery_cause: cause }) =>
  cause ? `${say(`delivery_cause_${cause}`)} (${reason})` : reason;

/**
 * How far the channel has come with a change of what was sent.
 * @param {TimelineLine} line
 */
const deliveryOf = ({ delivery, delivery_reason: reason }) =>
  `${say(`desk_change_${delivery}`)}${reason && TELLS_WHY.has(delivery ?? "") ? `: ${reason}` : ""}`;

/** @param {TimelineLine} line */
const drawChangeButton = ({ seq }) =>
  make(
    "button",
    { type: "button", class: "button plain small change", "data-change": String(seq) },
    say("desk_answer_change"),
  );

/** @param {TimelineLine} line */
function drawBubble(line) {
  if (!line.html) return make("div", { class: "bubble plain", dir: "auto" }, line.text);
  const bubble = make("div", { class: "bubble prose", dir: "auto" });
  bubble.innerHTML = line.html; // rendered and sanitised by the server; see store/markdown.py
  for (const link of bubble.querySelectorAll("a")) link.target = "_blank";
  return bubble;
}

/** @param {TimelineLine} line */
function drawChoices(line) {
  const items = line.choices.map((title, place) =>
    make("li", { class: place === line.chosen ? "chosen" : null, dir: "auto" }, title),
  );
  return make("ul", { class: "choices" }, ...items);
}
