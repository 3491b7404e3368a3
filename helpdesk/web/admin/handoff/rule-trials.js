// Trying rules that nobody goes by yet: on past conversations, line by line as they are done, and on a sentence.

import { byId, fieldOf, find, make } from "../../shared/elements.js";
import { say, sayCount } from "../../shared/words.js";
import { drawKind, drawVerdict } from "../kinds.js";
import { attempt } from "../page.js";
import { LongRun } from "../progress.js";

/** @import { AdminPage } from "../page.js" */
/** @import { JudgedLine, Outcome, Rules, TriedConversation, TriedKind } from "./types.js" */

/** The kinds that are open at first. */
const OPEN = new Set(["new", "gone"]);
/** @type {Record<string, string | undefined>} */
const LOOKS = { hand_over: "accent", offer: "accent", limit: "danger" };

/** Both trials. */
export class RuleTrials {
  #page;
  #rules;
  #past = byId("try", HTMLFormElement);
  #sentence = byId("sentence", HTMLFormElement);

  /**
   * @param {AdminPage} page
   * @param {() => Rules} rules as they stand on the page
   */
  constructor(page, rules) {
    this.#page = page;
    this.#rules = rules;
  }

  listen() {
    const start = find(this.#past, "button.primary", HTMLButtonElement);
    /** @type {LongRun<Outcome>} */
    const run = new LongRun(
      this.#page.calls,
      { start, stop: "stop", bar: "try-progress", result: "try-result", problem: "try-problem" },
      {
        stopped: say("rules_try_stopped"),
        isCounted: ({ stage }) => stage !== "waiting",
        tell: (progress) =>
          progress.stage === "waiting"
            ? say("rules_try_waiting")
            : sayCount("rules_try_reading", progress.total, { ...progress }),
      },
      ({ verdict, kinds }) => byId("try-result").replaceChildren(drawVerdict(verdict), ...kinds.map(drawTriedKind)),
    );
    this.#past.addEventListener("submit", (event) => {
      event.preventDefault();
      const last = Number(fieldOf(this.#past, "last", HTMLSelectElement).value);
      run.run("/admin/api/handoff/try", { rules: this.#rules(), last });
    });
    this.#sentence.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#trySentence();
    });
  }

  async #trySentence() {
    const form = this.#sentence;
    const box = byId("sentence-result");
    const body = {
      rules: this.#rules(),
      text: fieldOf(form, "text", HTMLTextAreaElement).value,
      important: fieldOf(form, "important").checked,
    };
    const around = { buttons: [find(form, "button", HTMLButtonElement)], notice: byId("sentence-problem") };
    const isDone = await attempt(around, async () => {
      /** @type {{ lines: JudgedLine[] }} */
      const { lines } = await this.#page.calls.post("/admin/api/handoff/sentence", body);
      box.replaceChildren(...lines.map(drawLine));
    });
    if (!isDone) box.replaceChildren();
  }
}

/** @param {TriedKind} tried */
function drawTriedKind({ kind, count, conversations }) {
  const hidden = count - conversations.length;
  return drawKind({
    title: `${say(`rules_try_kind_${kind}`)} (${count})`,
    hint: say(`rules_try_hint_${kind}`),
    isOpen: OPEN.has(kind),
    content: make("ul", { class: "tried" }, ...conversations.map(drawConversation)),
    more: hidden > 0 ? say("rules_try_more", { count: hidden }) : null,
  });
}

/** @param {TriedConversation} tried */
function drawConversation({ conversation, seq, language, text, words, sentence, before }) {
  const link = { href: `/desk?conversation=${conversation}`, target: "_blank", rel: "noopener" };
  const quote = make("q", { lang: language ?? "", dir: "auto" }, ...marked(text, words));
  return make(
    "li",
    {},
    make("p", { class: "deciding" }, quote, " ", make("a", link, say("rules_try_open", { seq }))),
    make("p", {}, sentence),
    before ? make("p", { class: "hint" }, say("rules_try_now", { sentence: before })) : null,
  );
}

/**
 * The text with the deciding words marked where they stand in it.
 * @param {string} text
 * @param {string[]} words
 */
export function marked(text, words) {
  const found = words.filter((word) => word && text.includes(word));
  if (!found.length) return [text];
  const first = found.reduce((one, other) => (text.indexOf(other) < text.indexOf(one) ? other : one));
  const at = text.indexOf(first);
  return [text.slice(0, at), make("mark", {}, first), text.slice(at + first.length)];
}

/** @param {JudgedLine} line */
function drawLine(line) {
  const author = make("strong", {}, say(`rules_author_${line.author}`));
  return make(
    "li",
    { class: line.author },
    make("p", { class: "row" }, author, make("span", { dir: "auto" }, line.text)),
    line.act === undefined ? null : drawAct(line.act, line.sentence),
    line.act === undefined || line.frustration === undefined ? null : drawMood(line),
  );
}

/**
 * @param {string} act
 * @param {string} [sentence]
 */
function drawAct(act, sentence) {
  const badge = make("span", { class: `badge ${LOOKS[act] ?? ""}` }, say(`rules_act_${act}`));
  return make("p", { class: "row" }, badge, make("span", {}, sentence || say("rules_sentence_nothing")));
}

/** @param {JudgedLine} line */
function drawMood({ frustration = 0, abuse = 0, signs = [] }) {
  const meters = Object.entries({ frustration, abuse }).flatMap(([name, value]) => {
    const label = say(`rules_sentence_${name}`);
    return [
      make("span", {}, label),
      make("meter", { min: 0, max: 1, value, "aria-label": label }),
      make("span", {}, value.toLocaleString(document.documentElement.lang)),
    ];
  });
  const shown = signs.length ? make("span", {}, `${say("rules_sentence_signs")}: ${signs.join(", ")}`) : null;
  return make("p", { class: "moods hint" }, ...meters, shown);
}
