// The story so far on the right: the handoff's card, the summary with its evidence, promises, and who is writing.

import { byId, make, quoted } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { TakeAlong } from "./take-along.js";
import { drawTurns } from "./turns.js";

/** @import { Child } from "../shared/types.js" */
/** @import { ContactPart } from "./contact.js" */
/** @import { FollowUpPanel } from "./follow-up.js" */
/** @import { HandoffCard } from "./handoff-card.js" */
/** @import { PromisePanel } from "./promises.js" */
/** @import { TagPart } from "./tag-part.js" */
/** @import { Card, ConversationDetail, DeskPage, FollowTurn, Summary, SummaryLine, ToldNotice } from "./types.js" */

/** Everything that is known about the open conversation. */
export class Details {
  #page;
  #card;
  #promises;
  #followUp;
  #contact;
  #tags;
  #onTurn;
  #takeAlong;
  /** The summary that was asked for, and of what; `summary` is null while it is on its way. */
  #renewed = { of: "", summary: /** @type {Summary | null} */ (null) };
  /** How often it was asked for, and the last of these questions whose answer is known. */
  #asked = 0;
  #answered = 0;

  /**
   * @param {DeskPage} page
   * @param {{ card: HandoffCard, promises: PromisePanel, followUp: FollowUpPanel, contact: ContactPart,
   *   tags: TagPart, onTurn: FollowTurn }} parts
   */
  constructor(page, { card, promises, followUp, contact, tags, onTurn }) {
    this.#page = page;
    this.#card = card;
    this.#promises = promises;
    this.#followUp = followUp;
    this.#contact = contact;
    this.#tags = tags;
    this.#onTurn = onTurn;
    this.#takeAlong = new TakeAlong(page);
  }

  draw() {
    const detail = this.#page.state.open;
    this.#card.draw();
    this.#takeAlong.draw();
    this.#drawSummary();
    const isForeign = detail.asked_at && detail.summary.language !== this.#page.me.language;
    if (isForeign && this.#renewed.of !== keyOf(detail)) this.renew().catch(() => {}); // the stored one is there
    this.#promises.draw();
    this.#followUp.draw();
    byId("contact").replaceChildren(...this.#facts(detail));
    byId("contact-rest").replaceChildren(...this.#moreFacts(detail));
    byId("unreachable").hidden = detail.contact_reachable;
    byId("masked").hidden = !detail.is_masked;
    byId("contact-actions").hidden = Boolean(detail.is_masked);
    this.#drawImportance(detail);
    this.#contact.draw();
    this.#tags.draw();
    byId("details-body").hidden = false;
  }

  /** Have the story told as of now, in the agent's own language. */
  async renew() {
    const detail = this.#page.state.open;
    const [of, asked] = [keyOf(detail), ++this.#asked];
    if (this.#renewed.of !== of) this.#renewed = { of, summary: null };
    /** @type {{ summary: Summary }} */
    const { summary } = await this.#page.calls.get(`conversations/${detail.card.id}/summary`);
    if (asked < this.#answered) return;
    this.#answered = asked;
    this.#renewed = { of, summary };
    if (keyOf(this.#page.state.open) === of) this.#drawSummary();
  }

  #drawSummary() {
    const detail = this.#page.state.open;
    const summary = (this.#renewed.of === keyOf(detail) && this.#renewed.summary) || detail.summary;
    const lines = (summary.lines ?? []).filter((line) => !isSaidAbove(line, detail));
    const none = say(detail.asked_at ? "desk_summary_short" : "desk_summary_none");
    byId("summary").replaceChildren(
      ...(lines.length
        ? lines.map((line) => drawLine(line, this.#onTurn))
        : [make("div", {}, make("dd", { class: "muted" }, none))]),
    );
  }

  /**
   * Who doesn't have the conversation while somebody else does only sees how it is.
   * @param {ConversationDetail} detail
   */
  #drawImportance({ card }) {
    const isAnothers = card.status === "assigned" && !this.#page.state.has(card);
    byId("is-important").hidden = !card.important;
    byId("important").hidden = byId("important-hint").hidden = isAnothers;
    byId("important").textContent = say(card.important ? "desk_important_unmark" : "desk_important_mark");
  }

  /** @param {ToldNotice} notice */
  #drawNotice({ name, seq, asked }) {
    const about = asked ? make("span", { class: "badge" }, say("desk_notice_asked")) : "";
    return make("span", {}, quoted(name), " ", about, drawTurns([seq], this.#onTurn));
  }

  /** @param {ConversationDetail} detail */
  #facts(detail) {
    const { card, contact_email: email, contact_phone: phone } = detail;
    const { clock } = this.#page;
    /** @type {[key: string, value: Child][]} */
    const rows = [
      [
        "desk_contact_name",
        card.contact_name ? quoted(card.contact_name) : say("desk_guest", { number: card.contact_number }),
      ],
      [
        "desk_contact_email",
        email
          ? make(
              "span",
              {},
              make("a", { href: `mailto:${encodeURIComponent(email)}` }, email),
              signed(detail, "email", email),
            )
          : null,
      ],
      [
        "desk_contact_phone",
        phone
          ? make(
              "span",
              {},
              make("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone),
              signed(detail, "phone", phone),
            )
          : null,
      ],
      ["desk_contact_language", languagesOf(card)],
      ["desk_contact_time_zone", detail.contact_time_zone ? clock.timeThere(detail.contact_time_zone) : null],
      ...detail.notices.map(
        (notice) => /** @type {[string, Child]} */ (["desk_notice_told", this.#drawNotice(notice)]),
      ),
    ];
    return rows.filter(([, value]) => value).map(drawFact);
  }

  /**
   * What is seldom needed.
   * @param {ConversationDetail} detail
   */
  #moreFacts(detail) {
    const { card, contact_campaign: campaign, asked_at: asked } = detail;
    const { clock } = this.#page;
    /** @type {[key: string, value: Child][]} */
    const rows = [
      ["desk_contact_channel", say(`channel_${card.channel}`)],
      ["desk_contact_page", detail.page ? drawPage(detail.page) : null],
      ["desk_contact_campaign", campaign ? quoted(campaign) : null],
      ["desk_contact_since", clock.moment(detail.contact_since)],
      ["desk_asked_at", asked ? clock.moment(asked) : null],
      ["desk_rated", detail.helped === null ? null : drawRating(detail.helped)],
    ];
    return rows.filter(([, value]) => value).map(drawFact);
  }
}

/** @param {[key: string, value: Child]} fact */
const drawFact = ([key, value]) => make("div", {}, make("dt", {}, say(key)), make("dd", {}, value));

/** @param {boolean} helped */
const drawRating = (helped) =>
  make("span", { class: `badge ${helped ? "ok" : "danger"}` }, say(helped ? "desk_rated_good" : "desk_rated_bad"));

/**
 * A sign beside an address that the web site has signed.
 * @param {ConversationDetail} detail
 * @param {"email" | "phone"} field
 * @param {string} value
 */
function signed({ contact }, field, value) {
  const isSigned = contact.identities.some((identity) => identity[field] === value);
  return isSigned ? make("span", { class: "badge ok" }, say("desk_identity_signed")) : null;
}

/**
 * What the customer is answered in, and what they write, where that isn't offered.
 * @param {Card} card
 */
const languagesOf = (card) => {
  const answered = say(`desk_language_${card.language}`);
  const foreign = card.foreign_language;
  if (!foreign) return answered;
  return say("desk_writes_language", { answered, written: sayOr(`desk_language_${foreign}`, foreign) });
};

/**
 * A summary stands for the handoff it was made for.
 * @param {ConversationDetail} detail
 */
const keyOf = (detail) => `${detail.card.id} ${detail.asked_at} ${detail.card.agent_id}`;

/**
 * The card above has the request as the customer heard it, and the mood with its course.
 * @param {SummaryLine} line
 * @param {ConversationDetail} detail
 */
function isSaidAbove({ label }, detail) {
  return (label === "request" && detail.confirmation) || (label === "mood" && detail.mood.length > 0);
}

/**
 * @param {SummaryLine} line
 * @param {FollowTurn} onTurn
 */
function drawLine(line, onTurn) {
  const isLanguage = line.label === "language";
  const label = sayOr(`summary_${line.label}`, capitalised(line.label.replaceAll("_", " ")));
  const text = isLanguage ? sayOr(`desk_language_${line.text}`, line.text) : line.text;
  const outcome = line.outcome ? sayOr(`summary_${line.outcome}`, null) : null;
  const look = line.outcome === "did_not_help" ? "warn" : "";
  return make(
    "div",
    { class: `summary-line ${line.label}` },
    make("dt", {}, label),
    make(
      "dd",
      {},
      quoted(text),
      outcome ? make("span", { class: `badge ${look}` }, outcome) : null,
      isLanguage ? null : drawTurns(line.turns, onTurn),
    ),
  );
}

/** @param {string} words */
const capitalised = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/**
 * The page a customer is on is theirs to claim: a link only if it is a web address.
 * @param {string} address
 */
function drawPage(address) {
  const scheme = /^https?:\/\//i;
  if (!scheme.test(address)) return quoted(address);
  const look = { href: address, target: "_blank", rel: "noopener noreferrer nofollow" };
  return make("a", look, address.replace(scheme, ""));
}
