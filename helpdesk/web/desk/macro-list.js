// Several steps with one key: macros are searched, show what they will do here, and do it.

import { newId, sentenceOf } from "../shared/calls.js";
import { byId, make, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { problemsOfOpen, showProblem } from "./problem.js";

/** @import { Composer } from "./composer.js" */
/** @import { ConversationView } from "./conversation.js" */
/** @import { DeskPage, MacroCard, MacroOutcome, MacroStep } from "./types.js" */

const MAX_WORDS = 160;

/** Opens above the field, and belongs to the conversation that it was opened in. */
export class MacroList {
  #page;
  #composer;
  #conversation;
  #onDone;
  #box = byId("macros");
  #field;
  #list;
  #preview;
  #problem;
  /** What it was opened for: the conversation as it was shown, and the id of what is done from here. */
  #start = { id: "", epoch: 0, seq: 0, run: "" };
  /** @type {MacroCard[]} */
  #macros = [];
  /** @type {MacroCard[]} */
  #shown = [];
  #chosen = 0;
  /** It was opened while an answer or note was being written. */
  #isFromText = false;

  /**
   * @param {DeskPage} page
   * @param {{ composer: Composer, conversation: ConversationView }} parts
   * @param {() => void} onDone called after every try
   */
  constructor(page, { composer, conversation }, onDone) {
    this.#page = page;
    this.#composer = composer;
    this.#conversation = conversation;
    this.#onDone = onDone;
    const search = say("desk_macro_search");
    this.#field = make("input", {
      ...{ type: "search", role: "combobox", id: "macro-search", maxlength: 80, autocomplete: "off" },
      ...{ "aria-expanded": "true", "aria-controls": "macro-entries", "aria-autocomplete": "list" },
      ...{ "aria-label": search, placeholder: search, "aria-describedby": "macro-preview" },
    });
    this.#list = make("div", { id: "macro-entries", role: "listbox", "aria-label": search, tabindex: "-1" });
    this.#preview = make("div", { id: "macro-preview", class: "macro-preview", role: "status" });
    this.#problem = make("p", { class: "notice danger", role: "alert", hidden: true });
    const keys = make("p", { class: "hint reply-keys only-keys" }, say("desk_macro_keys"));
    const keep = make("a", { class: "button plain small", href: "/admin/macros" }, say("desk_macro_keep"));
    const foot = make("div", { class: "reply-foot" }, keys, keep);
    this.#box.replaceChildren(this.#field, this.#problem, this.#list, this.#preview, foot);
    this.#listen();
    page.state.onLeave(() => this.#hide());
  }

  /**
   * @param {string} [macro] id of the one that is chosen at first
   */
  async open(macro) {
    const { state } = this.#page;
    if (!state.current || state.isSwitching || state.isDeciding) return;
    const { card, epoch } = state.current;
    const run = newId();
    this.#start = { id: card.id, epoch, seq: this.#conversation.lastSeq, run };
    this.#macros = this.#shown = [];
    this.#field.value = "";
    this.#list.replaceChildren();
    this.#preview.replaceChildren();
    notify(this.#problem, null);
    showProblem(null);
    this.#isFromText = byId("composer").contains(document.activeElement);
    this.#box.hidden = false;
    this.#field.focus();
    try {
      /** @type {{ macros: MacroCard[] }} */
      const { macros } = await this.#page.calls.get(`conversations/${card.id}/macros`);
      if (this.#start.run !== run || this.#box.hidden) return;
      this.#macros = macros;
      this.#draw(macros.find(({ id }) => id === macro));
    } catch (error) {
      if (this.#start.run === run) notify(this.#problem, sentenceOf(error, say("desk_failed")));
    }
  }

  #listen() {
    this.#field.addEventListener("input", () => this.#draw());
    this.#field.addEventListener("keydown", (event) => this.#press(event));
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.#hide();
      if (this.#isFromText) byId("text").focus();
    });
    this.#box.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.#box.contains(relatedTarget)) this.#hide();
    });
    // A click on an entry must not take the cursor out of the field first.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing) return;
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
    const step = steps[event.key];
    if (step) this.#choose(this.#chosen + step);
    else if (event.key === "Enter" && !event.repeat) this.#run(this.#shown[this.#chosen]);
    else if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation(); // this Enter is for nothing else
  }

  /** @param {MacroCard} [first] the one that is chosen */
  #draw(first) {
    const words = fold(this.#field.value).split(/\s+/);
    this.#shown = this.#macros.filter(({ name }) => words.every((word) => fold(name).includes(word)));
    const none = say(this.#macros.length ? "desk_macro_none" : "desk_macro_none_yet");
    const drawn = this.#shown.map((macro, place) => this.#drawEntry(macro, place));
    this.#list.replaceChildren(...(drawn.length ? drawn : [make("p", { class: "muted reply-none" }, none)]));
    this.#choose(first ? this.#shown.indexOf(first) : 0);
  }

  /**
   * @param {MacroCard} macro
   * @param {number} place
   */
  #drawEntry({ name, team, is_own: isOwn, steps }, place) {
    const isStopped = steps.some(({ problem }) => problem);
    return make(
      "div",
      {
        ...{ id: `macro-${place}`, role: "option", class: "reply-entry" },
        onclick: () => (place === this.#chosen ? this.#run(this.#shown[place]) : this.#choose(place)),
      },
      make(
        "span",
        { class: "line" },
        make("strong", { dir: "auto" }, name),
        isOwn ? make("span", { class: "badge" }, say("desk_reply_own")) : null,
        team ? make("span", { class: "badge" }, team) : null,
        isStopped ? make("span", { class: "badge warn", "aria-hidden": "true" }, "!") : null,
      ),
    );
  }

  /** @param {number} place */
  #choose(place) {
    const count = this.#shown.length;
    this.#chosen = count ? (place + count) % count : 0;
    for (const [at, option] of this.#list.querySelectorAll("[role=option]").entries())
      option.setAttribute("aria-selected", String(at === this.#chosen));
    const option = this.#list.querySelector("[aria-selected=true]");
    if (option) this.#field.setAttribute("aria-activedescendant", option.id);
    else this.#field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
    this.#drawPreview(this.#shown[this.#chosen]);
  }

  /** @param {MacroCard | undefined} macro */
  #drawPreview(macro) {
    if (!macro) {
      this.#preview.replaceChildren();
      return;
    }
    const last = macro.steps.findIndex(({ problem }) => problem);
    const items = macro.steps.map((step, place) => {
      const marks = [
        step.other ? make("span", { class: "badge warn" }, say("desk_macro_other", { language: step.other })) : null,
        step.gaps.length
          ? make("span", { class: "badge warn" }, say("desk_macro_gaps", { gaps: step.gaps.join(", ") }))
          : null,
      ];
      const ends = step.problem && place === last ? say("desk_macro_stops", { reason: step.problem }) : null;
      return make(
        "li",
        { class: last >= 0 && place >= last ? "muted" : "" },
        make("span", { dir: "auto" }, this.#tell(step)),
        ...marks,
        ends ? make("p", { class: "notice warn" }, ends) : null,
      );
    });
    const will = make("p", { class: "hint", dir: "auto" }, say("desk_macro_will", { name: macro.name }));
    this.#preview.replaceChildren(will, make("ol", {}, ...items));
  }

  /** @param {MacroStep} step */
  #tell({ kind, text, name, choice, until, is_away: isAway, is_undoable: isUndoable }) {
    const words = text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS).trimEnd()} …` : text;
    if (kind === "snooze" && choice === "answer") return say("desk_macro_step_snooze_answer");
    const suffix = isAway && kind === "agent" ? "_away" : isUndoable ? "_undo" : "";
    const time = until ? this.#page.clock.short(until) : "";
    return say(`desk_macro_step_${kind}${suffix}`, { text: words.replaceAll("\n", " "), name, time });
  }

  /**
   * Only in the conversation that it was opened in, and as that was shown.
   * @param {MacroCard | undefined} macro
   */
  async #run(macro) {
    const { calls, state } = this.#page;
    const { id, ...seen } = this.#start;
    if (!macro || this.#box.hidden || state.id !== id || state.isSwitching || state.isDeciding) return;
    const showProblemHere = problemsOfOpen(state);
    this.#hide();
    showProblem(null);
    state.beginDecision(id);
    /** @type {MacroOutcome | null} */
    let outcome = null;
    try {
      const body = { ...seen, revision: macro.revision };
      outcome = await calls.post(`conversations/${id}/macros/${macro.id}`, body);
    } catch (error) {
      showProblemHere(sentenceOf(error, say("desk_failed")));
    }
    state.endDecision(id, outcome !== null && !outcome.refused);
    if (outcome) this.#follow({ id, showProblemHere }, macro, outcome);
    this.#onDone();
  }

  /**
   * @param {{ id: string, showProblemHere: (reason: string) => void }} started where, and what tells of trouble there
   * @param {MacroCard} macro
   * @param {MacroOutcome} outcome
   */
  #follow({ id, showProblemHere }, { name, steps }, { done, insert, refused, conversation }) {
    if (conversation && this.#page.state.id === id) this.#conversation.apply(conversation);
    if (insert) this.#composer.take(id, insert);
    if (!refused) {
      byId("said").textContent = say("desk_macro_done", { name });
      return;
    }
    const count = steps.length;
    const told = steps.slice(0, done).map(({ kind }) => say(`desk_macro_done_${kind}`));
    const reason = refused.message;
    const sentence = done
      ? say("desk_macro_refused", { name, done, count, steps: told.join(", "), reason })
      : say("desk_macro_refused_none", { name, reason });
    showProblemHere(sentence);
  }

  #hide() {
    this.#box.hidden = true;
  }
}

/** @param {string} words */
const fold = (words) => words.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
