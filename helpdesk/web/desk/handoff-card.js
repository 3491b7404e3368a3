// The handoff's card: in five seconds what it is about, why it came over, how the customer feels and what may help.

import { byId, draw, make } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { badge, importantMark, isThere, urgencyMark } from "./marks.js";
import { dotted, HEIGHT, moodOf, placed, signsOf, told, WIDTH } from "./mood-chart.js";
import { troubleOfOpen } from "./problem.js";
import { drawChip, drawTurns } from "./turns.js";

/** @import { Child } from "../shared/types.js" */
/** @import { ConversationDetail, DeskPage, FollowTurn, MoodPoint, Sign, Trigger } from "./types.js" */

const MAX_CHIPS = 3;

/** Draws itself for the open conversation, and brings its articles into the answer. */
export class HandoffCard {
  #page;
  #onTurn;
  #onInsert;

  /**
   * @param {DeskPage} page
   * @param {{ onTurn: FollowTurn, onInsert: (words: string) => void }} handlers
   *   `onInsert` puts words into the answer
   */
  constructor(page, { onTurn, onInsert }) {
    this.#page = page;
    this.#onTurn = onTurn;
    this.#onInsert = onInsert;
  }

  draw() {
    const detail = this.#page.state.open;
    const marks = marksOf(detail);
    byId("marks").hidden = !marks.length;
    byId("marks").replaceChildren(...marks);
    this.#drawConfirmation(detail);
    byId("why").replaceChildren(...this.#drawWhy(detail));
    byId("baton").hidden = !detail.asked_at;
    byId("mood-part").hidden = !detail.mood.length;
    if (detail.mood.length) byId("mood").replaceChildren(...this.#drawMood(detail));
    this.#drawArticles(detail);
  }

  /**
   * Put article number `place` (from 0) into the answer.
   * @param {number} place
   */
  async insert(place) {
    const detail = this.#page.state.current;
    const article = detail?.articles[place];
    if (!detail || !article) return;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    const path = `articles/${encodeURIComponent(article.key)}?language=${detail.card.language}`;
    try {
      /** @type {{ answer: string }} */
      const found = await this.#page.calls.get(path);
      if (this.#page.state.shows(detail.card.id)) this.#onInsert(found.answer);
    } catch (error) {
      showTroubleHere(error);
    }
  }

  /** @param {ConversationDetail} detail */
  #drawConfirmation({ confirmation, summary }) {
    const figure = byId("confirmation");
    figure.hidden = !confirmation;
    if (!confirmation) return;
    const request = (summary.lines ?? []).find((line) => line.label === "request");
    const seqs = confirmation.seq ? [confirmation.seq] : request?.turns;
    const state = say(`desk_confirmation_${confirmation.state}`);
    figure.className = `confirmation ${confirmation.state}`;
    figure.replaceChildren(
      make("blockquote", { dir: "auto" }, confirmation.text),
      make("figcaption", {}, state, drawTurns(seqs, this.#onTurn)),
    );
    if (confirmation.before) {
      const before = say("desk_confirmation_before", { text: confirmation.before });
      figure.append(make("p", { class: "hint", dir: "auto" }, before));
    }
  }

  /**
   * One sentence when the rules gave one, and the words it rests on; else each reason by itself.
   * @param {ConversationDetail} detail
   */
  #drawWhy({ card, confirmation }) {
    const sentence = card.reason[this.#page.me.language] ?? card.reason.de;
    if (!sentence) {
      const above = confirmation?.text ?? "";
      const reasons = card.triggers.map((trigger) => this.#drawTrigger(trigger, above));
      return [make("ul", { class: "why" }, ...reasons)];
    }
    const chips = evidenceOf(card.triggers).map((trigger) => this.#triggerChip(trigger));
    return [make("p", { class: "reason" }, sentence), ...drawEvidence("desk_evidence", chips)];
  }

  /**
   * @param {Trigger} trigger
   * @param {string} above what stands above: the words in it are not said again
   */
  #drawTrigger(trigger, above) {
    const isSaid = !trigger.text || above.includes(trigger.text);
    return make(
      "li",
      {},
      make("strong", {}, say(`trigger_${trigger.kind}`)),
      isSaid ? " " : make("q", { dir: "auto" }, trigger.text),
      drawTurns(trigger.turns, this.#onTurn),
    );
  }

  /** @param {Trigger} trigger */
  #triggerChip({ kind, text, turns }) {
    const otherwise = say(`trigger_${kind}`);
    const seq = turns?.at(-1) ?? 0;
    return drawChip({ words: text, seq, label: `${otherwise}: ${text}`, otherwise }, this.#onTurn);
  }

  /** @param {Sign} sign */
  #signChip([kind, seq, text]) {
    const named = sayOr(`desk_sign_${kind}`, "");
    const label = [named, text].filter(Boolean).join(": ");
    return drawChip({ words: text, seq, label, otherwise: named || kind }, this.#onTurn);
  }

  /** @param {ConversationDetail} detail */
  #drawMood({ mood: points, card }) {
    const [key, values] = told(points);
    const words = say(key, Object.fromEntries(Object.entries(values).map(([name, word]) => [name, say(word)])));
    const above = new Set(card.triggers.map((trigger) => trigger.text));
    const signs = signsOf(points).filter(([, , text]) => !above.has(text));
    const chips = signs.slice(0, MAX_CHIPS).map((sign) => this.#signChip(sign));
    return [
      points.length > 1 ? this.#drawChart(points) : "",
      make("p", { class: "course" }, words.charAt(0).toUpperCase() + words.slice(1)),
      ...drawEvidence("desk_mood_shown", chips),
    ];
  }

  /** @param {MoodPoint[]} points */
  #drawChart(points) {
    const at = placed(points);
    return draw(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "mood-chart", role: "group", "aria-label": say("desk_mood") },
      draw("line", { x1: 0, x2: WIDTH, y1: HEIGHT - 8, y2: HEIGHT - 8, class: "ground" }),
      draw("line", { x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2, class: "half" }),
      draw("polyline", { points: at.map(({ x, y }) => `${x},${y}`).join(" "), class: "course-line" }),
      ...dotted(at).map((point) => this.#drawDot(point)),
    );
  }

  /** @param {ReturnType<typeof placed>[number]} point */
  #drawDot(point) {
    const label = say("desk_mood_at", { seq: point.seq, mood: say(moodOf(point)) });
    const title = draw("title", {});
    title.textContent = label;
    const dot = draw(
      "a",
      { href: `#line-${point.seq}`, class: `dot level-${point.level}`, "aria-label": label },
      title,
      draw("circle", { cx: point.x, cy: point.y, r: 12, class: "reach" }),
      draw("circle", { cx: point.x, cy: point.y, r: 4.5 }),
    );
    dot.addEventListener("click", (event) => {
      event.preventDefault();
      this.#onTurn(point.seq);
    });
    return dot;
  }

  /** @param {ConversationDetail} detail */
  #drawArticles({ articles }) {
    byId("articles-part").hidden = !articles.length;
    byId("articles").replaceChildren(
      ...articles.map((article, place) => {
        const label = say("desk_article_insert_title", { title: article.title });
        const given = article.given ? make("span", { class: "badge" }, say("desk_article_given")) : null;
        const look = { type: "button", class: "button small", "aria-label": label };
        return make(
          "li",
          {},
          make("kbd", { class: "only-keys", "aria-hidden": "true" }, String(place + 1)),
          make("span", { class: "title", dir: "auto" }, article.title, given),
          make("button", { ...look, onclick: () => this.insert(place) }, say("desk_article_insert")),
        );
      }),
    );
  }
}

/** @param {ConversationDetail} detail */
function marksOf({ card, before }) {
  return [
    importantMark(card),
    urgencyMark(card),
    roundMark(card.round, before),
    card.team ? badge(say("desk_team", { name: card.team }), "accent") : null,
    card.topic ? badge(say("desk_topic", { name: card.topic })) : null,
  ].filter(isThere);
}

/** @type {(round: number, before: string | null) => HTMLElement | null} */
function roundMark(round, before) {
  if (round <= 1) return before ? badge(say("desk_before_name", { name: before })) : null;
  return badge(say(before ? "desk_round_before" : "desk_round", { round, name: before }), "warn");
}

/**
 * The reasons that rest on words of the customer, each words once, none that are part of others of the same line.
 * @param {Trigger[]} triggers
 */
function evidenceOf(triggers) {
  const shown = triggers.filter(({ turns }) => turns?.length);
  const isTold = (/** @type {Trigger} */ one, /** @type {number} */ place) =>
    shown.some((by, other) => {
      if (`${by.turns}` !== `${one.turns}`) return false;
      return by.text === one.text ? other < place : Boolean(one.text) && by.text.includes(one.text);
    });
  return shown.filter((one, place) => !isTold(one, place)).slice(0, MAX_CHIPS);
}

/** @type {(key: string, chips: HTMLElement[]) => Exclude<Child, null | undefined>[]} */
function drawEvidence(key, chips) {
  if (!chips.length) return [];
  const items = chips.map((chip) => make("li", {}, chip));
  return [make("ul", { class: "evidence", "aria-label": say(key) }, ...items)];
}
