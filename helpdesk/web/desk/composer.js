// Writing: answer or note, and its draft.

import { byId, fieldOf, find } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { AnswerFiles } from "./answer-files.js";
import { nameOf } from "./marks.js";
import { MarkdownPreview } from "./preview.js";
import { showProblem } from "./problem.js";
import { Sending } from "./sending.js";
import { ServerDrafts } from "./server-drafts.js";
import { TypingNotice } from "./typing-notice.js";
import { WritingField } from "./writing-field.js";

/** @import { Timeline } from "./timeline.js" */
/** @import { AgentWork, DeskPage, HeldCard, UnsentMessage, WritingMode } from "./types.js" */

/**
 * The field below the conversation. Its words belong to the conversation and the mode that they were loaded for, and
 * go nowhere else, whatever the page shows by then.
 */
export class Composer {
  #page;
  #onDraft;
  #onReplies;
  #onUndo;
  #onResolve;
  #onWriting;
  #sending;
  #files;
  #kept;
  #form = byId("composer", HTMLFormElement);
  #field = new WritingField(this.#form);
  #preview;
  /** What the words in the field are for; "" before a conversation is open. */
  #loaded = { id: "", mode: /** @type {WritingMode} */ ("note"), isMine: false };
  /** Words that have come under the cursor without being asked for: a key that was meant for others sends nothing. */
  #isSwapped = false;
  #typing;

  /**
   * @param {DeskPage} page
   * @param {Timeline} timeline
   * @param {{ onSent: () => void, onRefused: () => void, onDraft: (text: string) => void,
   *   onReplies: () => void, onUndo: () => boolean, onResolve: () => void,
   *   onWriting: (mode: WritingMode, on: boolean) => void }} handlers
   *   `onSent` is called when something was stored, `onRefused` when the server refuses, `onDraft` as one types an
   *   answer, `onReplies` when one wants to insert something, `onUndo` when one undoes in the empty field: it returns
   *   whether there was anything; `onResolve` when the answer is to be the last; `onWriting` as one types, and when it
   *   ends
   */
  constructor(page, timeline, { onSent, onRefused, onDraft, onReplies, onUndo, onResolve, onWriting }) {
    this.#page = page;
    this.#onDraft = onDraft;
    this.#onReplies = onReplies;
    this.#onUndo = onUndo;
    this.#onResolve = onResolve;
    this.#onWriting = onWriting;
    this.#sending = new Sending(page, timeline, {
      onSent,
      onRefused: (message) => {
        this.#giveBack(message);
        onRefused();
      },
    });
    this.#typing = new TypingNotice(page.calls);
    this.#preview = new MarkdownPreview(page, this.#field.element);
    this.#files = new AnswerFiles(page, this.#form);
    this.#kept = new ServerDrafts(page, (id, mode, returned) => this.#showChanged(id, mode, returned));
    page.state.onAwaiting(() => this.#rest());
    this.#listen();
  }

  #listen() {
    for (const name of ["click", "change", "paste", "drop", "submit"])
      this.#form.addEventListener(name, (event) => this.#refuse(event), { capture: true });
    const { element } = this.#field;
    element.addEventListener("input", () => this.#change());
    element.addEventListener("keydown", (event) => this.#press(event));
    for (const name of ["pointerdown", "focus"])
      element.addEventListener(name, () => {
        this.#isSwapped = false;
        this.#field.grow(true);
      });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("mode").addEventListener("change", () => {
      this.#load();
      this.#relabel();
    });
  }

  /** Write in the open conversation from now on; only its owner may answer, everybody may leave a note. */
  follow() {
    const { open, isMine } = this.#page.state;
    const isOther = this.#loaded.id !== open.card.id;
    find(this.#form, '[value="answer"]', HTMLInputElement).disabled = !isMine;
    if (isOther || this.#loaded.isMine !== isMine) {
      this.#setMode(isMine ? "answer" : "note");
      this.#load();
      this.#isSwapped = isOther && this.#field.hasCursor;
      this.#preview.close();
    }
    if (isOther) this.#sending.showAll(open.card.id);
    this.#relabel();
  }

  /**
   * Put the cursor into the field.
   * @param {WritingMode} mode
   */
  focus(mode) {
    const { current, isMine } = this.#page.state;
    if (!current || (mode === "answer" && !isMine)) return;
    this.#setMode(mode);
    this.#load();
    this.#relabel();
    this.#preview.close();
    this.#field.element.focus();
    this.#isSwapped = false;
  }

  /**
   * Put an article's answer into the answer, with room above it for a personal sentence; false when it isn't ours.
   * @param {string} words
   */
  insert(words) {
    if (!this.#page.state.isMine || this.#field.isHeld) return false;
    this.focus("answer");
    this.#field.putBelow(words);
    this.#keep();
    return true;
  }

  /**
   * Put words where the cursor is, and the cursor at the first ⟨gap⟩ of theirs or behind them; false when it isn't ours.
   * @param {string} words
   * @param {string} conversation id that they are for
   */
  put(words, conversation) {
    const { id, mode, isMine } = this.#loaded;
    if (id !== conversation || mode !== "answer" || !isMine || this.#field.isHeld) return false;
    this.#preview.close();
    this.#field.put(words);
    this.#change();
    return true;
  }

  /**
   * Take words into the answer of a conversation, also of one that isn't shown any more: its draft has them then.
   * @param {string} conversation
   * @param {string} words
   */
  take(conversation, words) {
    if (this.#loaded.id === conversation) this.focus("answer");
    if (this.put(words, conversation)) return;
    const before = this.#kept.read(conversation, "answer");
    this.#kept.write(conversation, "answer", [before, words].filter(Boolean).join("\n\n"));
  }

  /** Whether the field holds a note for colleagues. */
  get writesNote() {
    return this.#loaded.mode === "note" && this.#loaded.id !== "";
  }

  /** The answer that is being written; "" for a note. */
  get answer() {
    return this.#loaded.mode === "answer" && this.#loaded.isMine ? this.#field.words : "";
  }

  /**
   * Put a sentence at the end of the answer, with what is to be filled in ("…") as a gap; false when it isn't ours.
   * @param {string} words
   */
  append(words) {
    if (!this.#page.state.isMine || this.#field.isHeld) return false;
    this.focus("answer");
    this.#field.append(words.replace("…", "⟨…⟩"));
    this.#change();
    return true;
  }

  /**
   * While it is being settled whose conversation this is, or another is on its way, nothing is typed or sent: it could
   * end up with the wrong customer. What is settled of another conversation holds up nobody here.
   */
  #rest() {
    const { state } = this.#page;
    this.#field.isHeld = state.isSwitching || state.isDecided(this.#loaded.id);
  }

  /**
   * Take what the server keeps of the agent's writing in a conversation.
   * @param {string} conversation
   * @param {AgentWork} work
   * @param {number} asked when the server was asked for it, in ms of the page's clock
   */
  takeWork(conversation, work, asked) {
    this.#kept.take(conversation, work, asked);
    // What is being sent is still in the draft that the server tells of.
    if (!this.#sending.isBusy(conversation)) this.#files.sync(conversation, work.files ?? [], asked);
  }

  /**
   * An answer was taken back: its words and files are in the field again.
   * @param {string} conversation
   * @param {HeldCard} held
   * @param {AgentWork} work what there is now that it was done
   */
  takeBack(conversation, held, work) {
    this.#files.give(conversation, held.files);
    this.#kept.take(conversation, work, performance.now());
    if (this.#loaded.id === conversation && !this.#field.isHeld) this.focus("answer");
  }

  /**
   * Files that were not sent after all are in the field again, also where no words went with them.
   * @param {string} conversation
   * @param {HeldCard} held
   */
  takeFiles(conversation, held) {
    this.#files.give(conversation, held.files);
    showProblem(say("desk_draft_returned"));
  }

  /**
   * Nothing is left of a conversation that was erased.
   * @param {string} conversation
   */
  forget(conversation) {
    this.#kept.drop(conversation);
    this.#files.forget(conversation);
    this.#sending.forget(conversation);
    if (this.#loaded.id !== conversation) return;
    this.#loaded = { id: "", mode: "note", isMine: false };
    this.#field.words = "";
  }

  /**
   * Nothing in the form does anything while the field is not to be used.
   * @param {Event} event
   */
  #refuse(event) {
    if (!this.#field.isHeld) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /**
   * A draft was changed in another window, or came back unsent. The cursor stays where it is.
   * @param {string} id
   * @param {WritingMode} mode
   * @param {string | null} returned
   */
  #showChanged(id, mode, returned) {
    if (this.#loaded.id !== id || this.#loaded.mode !== mode) return;
    const text = this.#kept.read(id, mode);
    const isReturned = returned !== null && returned !== "undone";
    if (isReturned && text) showProblem(say("desk_draft_returned"));
    if (text === this.#field.words) return;
    this.#field.exchange(text);
    this.#showKept();
    if (!returned) byId("draft-state").textContent = say("desk_draft_elsewhere");
  }

  /** @returns {WritingMode} */
  get #mode() {
    return fieldOf(this.#form, "mode", RadioNodeList).value === "answer" ? "answer" : "note";
  }

  /** @param {WritingMode} mode */
  #setMode(mode) {
    find(this.#form, `[name="mode"][value="${mode}"]`, HTMLInputElement).checked = true;
  }

  #change() {
    this.#isSwapped = false;
    this.#keep();
    this.#field.grow();
    this.#onWriting(this.#loaded.mode, true);
    this.#typing.say(this.#loaded, true);
    if (this.#loaded.mode === "answer") this.#onDraft(this.#field.words);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key === "Escape") this.#shrink();
    const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (isUndo && !this.#field.words && !this.#field.isHeld && this.#onUndo()) {
      event.preventDefault();
      return;
    }
    if (this.#asksForReplies(event)) {
      event.preventDefault();
      this.#onReplies();
      return;
    }
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    const isTouch = matchMedia("(pointer: coarse)").matches;
    if (isTouch && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (this.#isSwapped) return;
    if (event.altKey && !this.writesNote) this.#onResolve();
    else this.#submit();
  }

  /**
   * "/" in an empty answer, or Ctrl+/ anywhere in it.
   * @param {KeyboardEvent} event
   */
  #asksForReplies({ key, ctrlKey, metaKey, altKey, isComposing }) {
    if (key !== "/" || altKey || isComposing || this.#loaded.mode === "note" || this.#field.isHeld) return false;
    return this.#loaded.isMine && (ctrlKey || metaKey || !this.#field.words);
  }

  #relabel() {
    const isNote = this.#loaded.mode === "note";
    byId("replies-open").hidden = isNote || !this.#loaded.isMine;
    this.#files.follow(!isNote && this.#loaded.isMine ? this.#loaded.id : "");
    const label = isNote ? say("desk_write_note") : say("desk_write", { name: nameOf(this.#page.state.open.card) });
    this.#form.classList.toggle("writes-note", isNote);
    byId("text-label").textContent = label;
    this.#field.element.placeholder = label;
    byId("send").textContent = say(isNote ? "desk_send_note" : "desk_send");
  }

  /** Bring the draft of the open conversation and the chosen mode into the field. */
  #load() {
    const { open, isMine } = this.#page.state;
    this.#loaded = { id: open.card.id, mode: this.#mode, isMine };
    this.#rest();
    this.#field.words = this.#kept.read(open.card.id, this.#mode);
    this.#showKept();
  }

  #keep() {
    this.#kept.write(this.#loaded.id, this.#loaded.mode, this.#field.words);
    this.#showKept();
  }

  #showKept() {
    byId("draft-state").textContent = this.#field.words ? say("desk_draft") : "";
  }

  /** @param {string} text */
  #write(text) {
    this.#field.words = text;
    this.#keep();
  }

  /** The field is small again once nobody writes and nothing is there. */
  #shrink() {
    if (byId("answer-files").hidden) this.#field.grow(false);
  }

  /** What a canned reply left open is filled in before anything is sent; returns whether there is such a gap. */
  #goToGap() {
    this.#preview.close();
    const gap = this.#field.goToGap();
    if (gap) showProblem(say("desk_reply_gap", { gap }));
    return gap !== null;
  }

  #submit() {
    const message = this.#takeMessage();
    if (message) this.#sending.send(message);
  }

  /**
   * Take the answer out of the field, which is left: what sends it and returns whether it is there; `null` when there is
   * none that can be sent.
   */
  takeAnswer() {
    const message = this.#loaded.mode === "answer" ? this.#takeMessage() : null;
    if (!message) return null;
    this.#field.element.blur();
    return () => this.#sending.send(message);
  }

  /** @returns {UnsentMessage | null} what stands in the field, which is empty then; `null` when it can't be sent */
  #takeMessage() {
    const { current, isMine } = this.#page.state;
    const text = this.#field.words.trim();
    const { id, mode } = this.#loaded;
    if (this.#field.isHeld || current?.card.id !== id || (mode === "answer" && !isMine)) return null;
    if (mode === "answer" && (this.#files.isBusy || this.#goToGap())) return null;
    const files = mode === "answer" ? this.#files.take() : [];
    if (!text && !files.length) return null;
    const clientId = this.#kept.send(id, mode);
    showProblem(null);
    this.#write("");
    if (mode === "answer") this.#onDraft("");
    this.#preview.close();
    this.#onWriting(mode, false);
    this.#typing.say(this.#loaded, false);
    return { id, epoch: current.epoch, note: mode === "note", text, clientId, files };
  }

  /**
   * Refused for good: the words go back to where they were written, nothing is lost.
   * @param {UnsentMessage} message
   */
  #giveBack(message) {
    const mode = message.note ? "note" : "answer";
    const join = (/** @type {string} */ after) => [message.text, after].filter(Boolean).join("\n\n");
    if (message.id === this.#loaded.id && mode === this.#loaded.mode) this.#write(join(this.#field.words));
    else this.#kept.write(message.id, mode, join(this.#kept.read(message.id, mode)));
  }
}
