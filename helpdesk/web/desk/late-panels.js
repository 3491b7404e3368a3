// What the desk loads when it is first asked for: whoever never wants it doesn't wait for it.

/** @import { Command, Palette } from "../shared/palette.js" */
/** @import { AnswerDialog } from "./answer-dialog.js" */
/** @import { Composer } from "./composer.js" */
/** @import { ConversationView } from "./conversation.js" */
/** @import { MacroList } from "./macro-list.js" */
/** @import { ReplyList } from "./reply-list.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { DeskPage } from "./types.js" */

/** Each opens for the conversation that was shown when it was asked for, or not at all. */
export class LatePanels {
  #page;
  #composer;
  #conversation;
  #timeline;
  #onChange;
  /** @type {ReplyList | null} */
  #replies = null;
  /** @type {AnswerDialog | null} */
  #answers = null;
  /** @type {MacroList | null} */
  #macros = null;
  /** The macros by name, for the palette. @type {Command[]} */
  #macroCommands = [];
  /** @type {Palette | null} */
  #palette = null;

  /**
   * @param {DeskPage} page
   * @param {{ composer: Composer, conversation: ConversationView, timeline: Timeline }} parts
   * @param {() => void} onChange when a macro has changed something
   */
  constructor(page, { composer, conversation, timeline }, onChange) {
    this.#page = page;
    this.#composer = composer;
    this.#conversation = conversation;
    this.#timeline = timeline;
    this.#onChange = onChange;
  }

  /**
   * Correct or take back an answer: line `seq`, or the last one.
   * @param {number} [seq]
   */
  async changeAnswer(seq) {
    const { state } = this.#page;
    const id = state.id;
    const line = id && !state.isSwitching ? this.#timeline.changeable(seq) : null;
    if (!id || !line) return;
    const { AnswerDialog } = await import("./answer-dialog.js");
    this.#answers ??= new AnswerDialog(this.#page, () => this.#conversation.refresh());
    if (state.id === id && !state.isSwitching) this.#answers.open(id, line);
  }

  /** Canned replies and articles to put into the answer. */
  async openReplies() {
    if (!this.#replies) {
      const isStill = this.#page.state.watchSwitches();
      const { ReplyList } = await import("./reply-list.js");
      this.#replies ??= new ReplyList(this.#page, this.#composer);
      if (!isStill()) return;
    }
    this.#replies.open();
  }

  /**
   * Several steps with one key.
   * @param {string} [macro] id of the one that is meant
   */
  async openMacros(macro) {
    const { state } = this.#page;
    const { id } = state;
    if (!id || state.isSwitching || state.isDeciding) return;
    const { MacroList } = await import("./macro-list.js");
    const parts = { composer: this.#composer, conversation: this.#conversation };
    this.#macros ??= new MacroList(this.#page, parts, this.#onChange);
    if (state.id === id) this.#macros.open(macro);
  }

  /**
   * All commands by name, the macros of this conversation as soon as they are known.
   * @param {Record<string, () => void>} actions by key
   */
  async togglePalette(actions) {
    const { state } = this.#page;
    const { palette, macrosOf } = await state.during(this.#openPalette(actions));
    const { id } = state;
    const found = await macrosOf(this.#page, (macro) => this.openMacros(macro));
    if (state.id !== id) return;
    this.#macroCommands = found;
    palette.refresh();
  }

  /** @param {Record<string, () => void>} actions by key */
  async #openPalette(actions) {
    const loading = Promise.all([import("./commands.js"), import("../shared/palette.js")]);
    const [{ groupsOf, searchOf, commandsOfKeys, macrosOf }, { Palette }] = await loading;
    this.#palette ??= new Palette(
      () => groupsOf([...commandsOfKeys(actions), ...this.#macroCommands]),
      searchOf(this.#page, (id, seq) => this.#conversation.open(id, seq)),
    );
    this.#macroCommands = [];
    this.#palette.toggle();
    return { palette: this.#palette, macrosOf };
  }
}
