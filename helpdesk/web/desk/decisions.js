// Changing who has a conversation: accepting, declining, resolving, handing on, giving back.

import { byId, findAll } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { ResolveDialog, ReturnDialog } from "./handover-dialogs.js";
import { sayInPassing } from "./passing.js";
import { showProblem, showTrouble, troubleOf, troubleOfOpen } from "./problem.js";
import { SnoozeDialog } from "./snooze-dialog.js";
import { TransferDialog } from "./transfer-dialog.js";

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
    page.state.onLeave(() => {
      byId("more", HTMLDetailsElement).open = false;
      for (const dialog of findAll(document, "dialog[open]")) if (dialog instanceof HTMLDialogElement) dialog.close();
    });
    this.#transfer = new TransferDialog(page, (id, to, before) => {
      this.act("transfer", id, { ...to, seq: conversation.lastSeq }, before);
    });
    this.#return = new ReturnDialog((id, note, seq) => this.act("return", id, { note, seq }));
    this.#resolve = new ResolveDialog((id, reason, seq) => this.#resolveUnanswered(id, reason, seq));
    this.#snooze = new SnoozeDialog(page, (id, until) => this.act("snooze", id, { until: until.toISOString() }));
    for (const button of findAll(document, "[data-do]"))
      button.addEventListener("click", () => this.#press(/** @type {Action} */ (button.dataset.do)));
    page.state.onAwaiting(() => this.follow());
    byId("important").addEventListener("click", () => this.#markImportant());
  }

  /**
   * Do it, if it is still the open conversation that is meant. Returns whether it went well.
   * @param {Action} action
   * @param {string | null} id
   * @param {object} body
   * @param {() => Promise<boolean>} before what goes before it, also when another conversation is shown by then; false
   *   when it didn't go well, and that is said already
   */
  async act(action, id = this.#page.state.id, body = {}, before = async () => true) {
    const { calls, state } = this.#page;
    if (!id || id !== state.id) return false;
    if (!state.mayDo(action)) showProblem(say("desk_overtaken"));
    if (!this.#mayDo(action)) return false;
    const showTroubleHere = troubleOfOpen(state);
    let isDone = false;
    showProblem(null);
    state.beginDecision(id, { leadsToAnswer: action === "accept" });
    try {
      if (await before()) {
        /** @type {ConversationAnswer} */
        const found = await calls.post(`conversations/${id}/${action}`, body);
        isDone = true;
        await this.#showDecided(action, id, found);
      }
    } catch (error) {
      showTroubleHere(error);
    }
    state.endDecision(id, isDone);
    this.#onDecided();
    return isDone;
  }

  /**
   * @param {Action} action
   * @param {string} id
   * @param {ConversationAnswer} found
   */
  async #showDecided(action, id, { conversation }) {
    const { state } = this.#page;
    if (state.id === id) this.#conversation.apply(conversation);
    byId("said").textContent = say(`desk_status_${conversation.card.status}`);
    if (action === "accept" && state.id === id) await this.#beginWriting(id);
  }

  /**
   * Take what is offered or, as a supervisor, what a colleague has; or let it pass to somebody else.
   * @param {string | null} id
   * @param {"accept" | "decline" | "take-over"} verb
   */
  async decide(id, verb) {
    const { calls, state } = this.#page;
    if (!id || state.isDeciding) return;
    const isStill = state.watchSwitches();
    const card = this.#offers.find(id) ?? state.open.card;
    const leadsToAnswer = verb !== "decline";
    state.beginDecision("", { leadsToAnswer, of: leadsToAnswer ? id : "" });
    let isDone = false;
    showProblem(null);
    try {
      await calls.post(`conversations/${id}/${verb}`);
      isDone = true;
      if (verb === "accept") await this.#enter(id, isStill());
      if (verb === "take-over") await this.#conversation.refresh();
      if (verb === "take-over" && state.id === id) await this.#beginWriting(id);
    } catch (error) {
      troubleOf(state, card)(error);
    }
    state.endDecision("", isDone);
    this.#onDecided();
  }

  /**
   * Show what has been accepted; whoever writes or has gone elsewhere meanwhile isn't torn away, but told.
   * @param {string} id
   * @param {boolean} isStill whether no other conversation was asked for since
   */
  async #enter(id, isStill) {
    if (!isStill || isWriting()) sayInPassing(say("desk_accepted_elsewhere"));
    else if (await this.#conversation.open(id)) await this.#beginWriting(id);
  }

  /** Nothing can be pressed while it is being settled who has the open conversation. */
  follow() {
    for (const button of findAll(document, "[data-do]", HTMLButtonElement))
      button.disabled = this.#page.state.isDeciding;
  }

  /** The shortcut for accepting: the open conversation if it can be, else what is offered. */
  accept() {
    if (this.acceptShown()) return;
    if (this.#offers.first) this.decide(this.#offers.first, "accept");
    else sayInPassing(say("desk_early_no_accept"));
  }

  /** Accept the conversation that is open; returns whether it can be. */
  acceptShown() {
    const isPossible = this.#mayDo("accept");
    if (isPossible) this.act("accept");
    return isPossible;
  }

  /** Closing says what was read: a line that comes in the same moment is refused and shown, never lost. */
  resolve() {
    const { id } = this.#page.state;
    const unanswered = this.#conversation.unanswered;
    if (!id || !this.#mayDo("resolve")) return;
    if (unanswered) this.#resolve.open(id, unanswered);
    else this.act("resolve", id, { seq: this.#conversation.lastSeq });
  }

  /** Send what stands in the answer and close with it; where nothing can be sent, nothing is closed. */
  sendAndResolve() {
    const { id } = this.#page.state;
    if (!id || !this.#mayDo("resolve")) return;
    const seq = this.#conversation.lastSeq;
    const send = this.#composer.takeAnswer();
    if (send) this.act("resolve", id, { seq }, send);
  }

  openTransfer() {
    const { current } = this.#page.state;
    if (current && this.#mayDo("transfer")) this.#transfer.open(current.card);
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
    else if (action === "whisper" && id && this.#mayDo(action))
      this.#page.state.during(this.#openWhisper(id)).catch(showTrouble);
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
    for (const settled of [id, ""]) this.#page.state.endDecision(settled, true);
    await this.#list.show("mine");
  }

  async #markImportant() {
    const { calls, state } = this.#page;
    if (!state.current || state.isSwitching) return;
    const { id, important } = state.current.card;
    const showTroubleHere = troubleOfOpen(state);
    showProblem(null);
    try {
      /** @type {ConversationAnswer} */
      const found = await calls.post(`conversations/${id}/important`, { on: !important });
      if (state.id === id) this.#conversation.apply(found.conversation);
      byId("said").textContent = say(important ? "desk_important_off" : "desk_important_on");
    } catch (error) {
      showTroubleHere(error);
    }
    this.#onDecided();
  }
}

/** Whether something is being typed, or read in a dialog. */
const isWriting = () => isElsewhere() || document.activeElement?.id === "text";

/** Whether something is being typed or read outside of the composer. */
function isElsewhere() {
  const active = document.activeElement;
  if (document.querySelector("dialog[open]")) return true;
  return Boolean(active?.matches("textarea, select, input:not([type=radio])") && !active.closest("#composer"));
}
