// Changing who has a conversation: accepting, declining, resolving, handing on, giving back.

import { byId, findAll } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { ResolveDialog, ReturnDialog, TransferDialog } from "./handover-dialogs.js";
import { nameOf } from "./marks.js";
import { showProblem, showTrouble, showTroubleOf } from "./problem.js";
import { SnoozeDialog } from "./snooze-dialog.js";

/** @import { Composer } from "./composer.js" */
/** @import { ConversationView } from "./conversation.js" */
/** @import { ConversationList } from "./list.js" */
/** @import { Offers } from "./offers.js" */
/** @import { Action, ConversationAnswer, DeskPage } from "./types.js" */

/** For each conversation one at a time, and only for the one that it was meant for. Others go on meanwhile. */
export class Decisions {
  #page;
  #conversation;
  #composer;
  #list;
  #offers;
  #onDecided;
  #transfer;
  #return;
  #resolve;
  #snooze;
  /** @type {import("./whisper-dialog.js").WhisperDialog | null} */
  #whisper = null;

  /**
   * @param {DeskPage} page
   * @param {{ conversation: ConversationView, composer: Composer, list: ConversationList, offers: Offers }} parts
   * @param {() => void} onDecided called after every try
   */
  constructor(page, { conversation, composer, list, offers }, onDecided) {
    this.#page = page;
    this.#conversation = conversation;
    this.#composer = composer;
    this.#list = list;
    this.#offers = offers;
    this.#onDecided = onDecided;
    const onTransfer = (/** @type {string} */ id, /** @type {object} */ to) =>
      this.act("transfer", id, { ...to, seq: conversation.lastSeq });
    page.state.onLeave(() => {
      byId("more", HTMLDetailsElement).open = false;
      for (const dialog of findAll(document, "dialog[open]")) if (dialog instanceof HTMLDialogElement) dialog.close();
    });
    this.#transfer = new TransferDialog(page, { onTransfer, onTrouble: showTrouble });
    this.#return = new ReturnDialog((id, note, seq) => this.act("return", id, { note, seq }));
    this.#resolve = new ResolveDialog((id, reason, seq) => this.#resolveUnanswered(id, reason, seq));
    this.#snooze = new SnoozeDialog(page, (id, until) => this.act("snooze", id, { until: until.toISOString() }));
    for (const button of findAll(document, "[data-do]"))
      button.addEventListener("click", () => this.#press(/** @type {Action} */ (button.dataset.do)));
    page.state.onDeciding(() => this.follow());
    byId("important").addEventListener("click", () => this.#markImportant());
  }

  /**
   * Do it, if it is still the open conversation that is meant. Returns whether it went well.
   * @param {Action} action
   * @param {string | null} id
   * @param {object} body
   */
  async act(action, id = this.#page.state.id, body = {}) {
    const { calls, state } = this.#page;
    if (!id || id !== state.id || !this.#mayDo(action)) return false;
    const name = nameOf(state.open.card);
    let isDone = false;
    showProblem(null);
    state.beginDecision(id, action === "accept");
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.post(`conversations/${id}/${action}`, body);
      isDone = true;
      if (state.id === id) this.#conversation.apply(found.conversation);
      byId("said").textContent = say(`desk_status_${found.conversation.card.status}`);
      if (action === "accept" && state.id === id) await this.#beginWriting(id);
    } catch (error) {
      showTroubleOf(state.id === id ? "" : name, error);
    }
    state.endDecision(id, isDone);
    this.#onDecided();
    return isDone;
  }

  /**
   * Take what is offered or, as a supervisor, what a colleague has; or let it pass to somebody else.
   * @param {string | null} id
   * @param {"accept" | "decline" | "take-over"} verb
   */
  async decide(id, verb) {
    const { calls, state } = this.#page;
    if (!id || state.isDeciding) return;
    state.beginDecision("");
    let isDone = false;
    showProblem(null);
    try {
      await calls.post(`conversations/${id}/${verb}`);
      isDone = true;
      if (verb === "accept" && (await this.#conversation.open(id))) await this.#beginWriting(id);
      if (verb === "take-over") await this.#conversation.refresh();
      if (verb === "take-over" && state.id === id) await this.#beginWriting(id);
    } catch (error) {
      showTrouble(error);
    }
    state.endDecision("", isDone);
    this.#onDecided();
  }

  /** Nothing can be pressed while it is being settled who has the open conversation. */
  follow() {
    for (const button of findAll(document, "[data-do]", HTMLButtonElement))
      button.disabled = this.#page.state.isDeciding;
  }

  /** The shortcut for accepting: the open conversation if it can be, else what is offered. */
  accept() {
    if (this.#mayDo("accept")) this.act("accept");
    else this.decide(this.#offers.first, "accept");
  }

  /** Closing says what was read: a line that comes in the same moment is refused and shown, never lost. */
  resolve() {
    const { id } = this.#page.state;
    const unanswered = this.#conversation.unanswered;
    if (!id || !this.#mayDo("resolve")) return;
    if (unanswered) this.#resolve.open(id, unanswered);
    else this.act("resolve", id, { seq: this.#conversation.lastSeq });
  }

  openTransfer() {
    const { id } = this.#page.state;
    if (id && this.#mayDo("transfer")) this.#transfer.open(id);
  }

  openSnooze() {
    const { id } = this.#page.state;
    if (id && this.#mayDo("snooze")) this.#snooze.open(id);
    else if (this.#mayDo("wake")) this.act("wake");
  }

  /**
   * Who never whispers doesn't load it.
   * @param {string} id
   */
  async #openWhisper(id) {
    const { state } = this.#page;
    const { WhisperDialog } = await import("./whisper-dialog.js");
    this.#whisper ??= new WhisperDialog(this.#page, this.#onDecided);
    if (state.id === id && !state.isSwitching) this.#whisper.open(id);
  }

  /** @param {Action} action */
  #press(action) {
    byId("more", HTMLDetailsElement).open = false;
    const { id } = this.#page.state;
    if (action === "transfer") this.openTransfer();
    else if (action === "resolve") this.resolve();
    else if (action === "snooze") this.openSnooze();
    else if (action === "take-over" && this.#mayDo(action)) this.decide(id, action);
    else if (action === "whisper" && id && this.#mayDo(action)) this.#openWhisper(id);
    else if (action !== "return") this.act(action);
    else if (id) this.#return.open(id, this.#conversation.lastSeq);
  }

  /**
   * @param {string} id
   * @param {string} reason
   * @param {number} seq
   */
  async #resolveUnanswered(id, reason, seq) {
    const text = say("desk_resolve_note", { reason: say(`desk_resolve_${reason}`) });
    await this.act("resolve", id, { seq, reason: text });
  }

  /** @param {string} action */
  #mayDo(action) {
    const { state } = this.#page;
    return !state.isSwitching && !state.isDeciding && state.mayDo(action);
  }

  /**
   * After accepting what is shown: the cursor into the answer, unless it stands in another field by now, and the list
   * of mine.
   * @param {string} id
   */
  async #beginWriting(id) {
    if (!isElsewhere()) this.#composer.focus("answer");
    this.#page.state.endDecision(id, true);
    await this.#list.show("mine");
  }

  async #markImportant() {
    const { calls, state } = this.#page;
    if (!state.current) return;
    const { id, important } = state.current.card;
    showProblem(null);
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.post(`conversations/${id}/important`, { on: !important });
      if (state.id === id) this.#conversation.apply(found.conversation);
      byId("said").textContent = say(important ? "desk_important_off" : "desk_important_on");
    } catch (error) {
      showTrouble(error);
    }
    this.#onDecided();
  }
}

/** Whether something is being typed or read outside of the composer. */
function isElsewhere() {
  const active = document.activeElement;
  if (document.querySelector("dialog[open]")) return true;
  return Boolean(active?.matches("textarea, select, input:not([type=radio])") && !active.closest("#composer"));
}
