// Writing: answer or note, draft, preview, and a message that is sent once however often it is tried.

import { Refused } from "../shared/calls.js";
import { byId, fieldOf, find } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { AnswerFiles } from "./answer-files.js";
import { nameOf } from "./marks.js";
import { showProblem } from "./problem.js";
import { ServerDrafts } from "./server-drafts.js";
import { UnsentMessages } from "./unsent.js";

/** @import { Timeline } from "./timeline.js" */
/** @import { AgentWork, DeskPage, HeldCard, ShowFailure, UnsentMessage, WritingMode } from "./types.js" */

const TYPING_EVERY_MS = 3000;
const TYPING_ENDS_MS = 5000;
/** Rows of the field while somebody writes; before that it has one. */
const MIN_ROWS = 3;
const MAX_ROWS = 10;
const GAP = /⟨[^⟨⟩\n]{1,40}⟩/;

/**
 * The field below the conversation. Its words belong to the conversation and the mode that they were loaded for, and
 * go nowhere else, whatever the page shows by then.
 */
export class Composer {
  #page;
  #timeline;
  #onSent;
  #onTrouble;
  #onDraft;
  #onReplies;
  #onUndo;
  #onWriting;
  #unsent;
  #files;
  #kept;
  #form = byId("composer", HTMLFormElement);
  #text = byId("text", HTMLTextAreaElement);
  #preview = byId("preview");
  #previewToggle = byId("preview-toggle");
  /** What the words in the field are for; "" before a conversation is open. */
  #loaded = { id: "", mode: /** @type {WritingMode} */ ("note"), isMine: false };
  /** Words that have come under the cursor without being asked for: a key that was meant for others sends nothing. */
  #isSwapped = false;
  /** Another conversation is on its way: nothing may be typed. */
  #isSwitching = false;
  /** Where the customer was last told of, and when; "" once that was taken back. */
  #typedIn = { id: "", at: 0 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingEnds;

  /**
   * @param {DeskPage} page
   * @param {Timeline} timeline
   * @param {{ onSent: () => void, onTrouble: (error: unknown) => void, onDraft: (text: string) => void,
   *   onReplies: () => void, onUndo: () => boolean, onWriting: (mode: WritingMode, on: boolean) => void }} handlers
   *   `onSent` is called when something was stored, `onTrouble` when the server refuses, `onDraft` as one types an
   *   answer, `onReplies` when one wants to insert something, `onUndo` when one undoes in the empty field: it returns
   *   whether there was anything; `onWriting` as one types, and when it ends
   */
  constructor(page, timeline, { onSent, onTrouble, onDraft, onReplies, onUndo, onWriting }) {
    this.#page = page;
    this.#timeline = timeline;
    this.#onSent = onSent;
    this.#onTrouble = onTrouble;
    this.#onDraft = onDraft;
    this.#onReplies = onReplies;
    this.#onUndo = onUndo;
    this.#onWriting = onWriting;
    this.#unsent = new UnsentMessages(page.drafts, page.me.id);
    this.#files = new AnswerFiles(page.calls, this.#form, onTrouble);
    this.#kept = new ServerDrafts(page, (id, mode, returned) => this.#showChanged(id, mode, returned));
    page.state.onDeciding(() => this.#rest());
    this.#listen();
  }

  #listen() {
    for (const name of ["click", "change", "paste", "drop", "submit"])
      this.#form.addEventListener(name, (event) => this.#refuse(event), { capture: true });
    this.#text.addEventListener("input", () => this.#change());
    this.#text.addEventListener("keydown", (event) => this.#press(event));
    for (const name of ["pointerdown", "focus"])
      this.#text.addEventListener(name, () => {
        this.#isSwapped = false;
        this.#grow(true);
      });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("mode").addEventListener("change", () => {
      this.#load();
      this.#relabel();
    });
    this.#previewToggle.addEventListener("click", () => this.#showPreview(!this.#isPreviewing));
  }

  /** Write in the open conversation from now on; only its owner may answer, everybody may leave a note. */
  follow() {
    const { open, isMine } = this.#page.state;
    const isOther = this.#loaded.id !== open.card.id;
    find(this.#form, '[value="answer"]', HTMLInputElement).disabled = !isMine;
    if (isOther || this.#loaded.isMine !== isMine) {
      this.#setMode(isMine ? "answer" : "note");
      this.#load();
      this.#isSwapped = isOther && document.activeElement === this.#text;
      this.#showPreview(false);
    }
    if (isOther)
      for (const message of this.#unsent.of(open.card.id)) this.#show(message)(!this.#unsent.isUnderway(message));
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
    this.#showPreview(false);
    this.#text.focus();
    this.#isSwapped = false;
  }

  /**
   * Put an article's answer into the answer, with room above it for a personal sentence; false when it isn't ours.
   * @param {string} words
   */
  insert(words) {
    if (!this.#page.state.isMine || this.#text.readOnly) return false;
    this.focus("answer");
    const before = this.#text.value.trimEnd();
    this.#write(`${before}\n\n${words}`);
    this.#text.setSelectionRange(before.length, before.length);
    this.#text.scrollTop = 0;
    return true;
  }

  /**
   * Put words where the cursor is, and the cursor at the first ⟨gap⟩ of theirs or behind them; false when it isn't ours.
   * @param {string} words
   * @param {string} conversation id that they are for
   */
  put(words, conversation) {
    const { id, mode, isMine } = this.#loaded;
    if (id !== conversation || mode !== "answer" || !isMine || this.#text.readOnly) return false;
    this.#showPreview(false);
    const start = this.#text.selectionStart;
    this.#text.setRangeText(words, start, this.#text.selectionEnd, "end");
    this.#text.focus();
    const gap = GAP.exec(words);
    if (gap) this.#text.setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
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
    return this.#loaded.mode === "answer" && this.#loaded.isMine ? this.#text.value : "";
  }

  /**
   * Put a sentence at the end of the answer, with what is to be filled in ("…") as a gap; false when it isn't ours.
   * @param {string} words
   */
  append(words) {
    if (!this.#page.state.isMine || this.#text.readOnly) return false;
    this.focus("answer");
    const before = this.#text.value.trimEnd();
    const end = this.#text.value.length;
    this.#text.setSelectionRange(before.length, end);
    return this.put(`${before ? " " : ""}${words.replace("…", "⟨…⟩")}`, this.#loaded.id);
  }

  /**
   * Another conversation is on its way, or has come: until then nothing is typed or sent.
   * @param {boolean} on
   */
  wait(on) {
    this.#isSwitching = on;
    this.#rest();
  }

  /**
   * Put what was typed too early where the cursor is, if that is in the field.
   * @param {string} words
   */
  type(words) {
    if (this.#text.readOnly || document.activeElement !== this.#text) return;
    this.#text.setRangeText(words, this.#text.selectionStart, this.#text.selectionEnd, "end");
    this.#change();
  }

  /**
   * While it is being settled whose conversation this is, or another is on its way, nothing is typed or sent: it could
   * end up with the wrong customer. What is settled of another conversation holds up nobody here.
   */
  #rest() {
    this.#text.readOnly = this.#isSwitching || this.#page.state.isDecided(this.#loaded.id);
    this.#form.setAttribute("aria-busy", String(this.#text.readOnly));
  }

  /**
   * Take what the server keeps of the agent's writing in a conversation.
   * @param {string} conversation
   * @param {AgentWork} work
   * @param {number} asked when the server was asked for it, in ms of the page's clock
   */
  takeWork(conversation, work, asked) {
    this.#kept.take(conversation, work, asked);
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
    if (this.#loaded.id === conversation && !this.#text.readOnly) this.focus("answer");
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
    for (const message of this.#unsent.of(conversation)) this.#unsent.drop(message);
    if (this.#loaded.id !== conversation) return;
    this.#loaded = { id: "", mode: "note", isMine: false };
    this.#text.value = "";
  }

  /**
   * Nothing in the form does anything while the field is not to be used.
   * @param {Event} event
   */
  #refuse(event) {
    if (!this.#text.readOnly) return;
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
    if (text === this.#text.value) return;
    const { selectionStart: start, selectionEnd: end, value: before } = this.#text;
    const shift = text.endsWith(before) ? text.length - before.length : 0;
    this.#text.value = text;
    this.#text.setSelectionRange(Math.min(start + shift, text.length), Math.min(end + shift, text.length));
    this.#showKept();
    if (!returned) byId("draft-state").textContent = say("desk_draft_elsewhere");
    this.#grow();
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
    this.#grow();
    this.#onWriting(this.#loaded.mode, true);
    this.#sayTyping(true);
    if (this.#loaded.mode === "answer") this.#onDraft(this.#text.value);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key === "Escape") this.#shrink();
    const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (isUndo && !this.#text.value && !this.#text.readOnly && this.#onUndo()) {
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
    if (!this.#isSwapped) this.#submit();
  }

  /**
   * "/" in an empty answer, or Ctrl+/ anywhere in it.
   * @param {KeyboardEvent} event
   */
  #asksForReplies({ key, ctrlKey, metaKey, altKey, isComposing }) {
    if (key !== "/" || altKey || isComposing || this.#loaded.mode === "note" || this.#text.readOnly) return false;
    return this.#loaded.isMine && (ctrlKey || metaKey || !this.#text.value);
  }

  #relabel() {
    const isNote = this.#loaded.mode === "note";
    byId("replies-open").hidden = isNote || !this.#loaded.isMine;
    this.#files.follow(!isNote && this.#loaded.isMine ? this.#loaded.id : "");
    const label = isNote ? say("desk_write_note") : say("desk_write", { name: nameOf(this.#page.state.open.card) });
    this.#form.classList.toggle("writes-note", isNote);
    byId("text-label").textContent = label;
    this.#text.placeholder = label;
    byId("send").textContent = say(isNote ? "desk_send_note" : "desk_send");
  }

  /** Bring the draft of the open conversation and the chosen mode into the field. */
  #load() {
    const { open, isMine } = this.#page.state;
    this.#loaded = { id: open.card.id, mode: this.#mode, isMine };
    this.#rest();
    this.#text.value = this.#kept.read(open.card.id, this.#mode);
    this.#showKept();
    this.#grow();
  }

  #keep() {
    this.#kept.write(this.#loaded.id, this.#loaded.mode, this.#text.value);
    this.#showKept();
  }

  #showKept() {
    byId("draft-state").textContent = this.#text.value ? say("desk_draft") : "";
  }

  /** @param {string} text */
  #write(text) {
    this.#text.value = text;
    this.#keep();
    this.#grow();
  }

  /** @param {boolean} isUsed whether somebody writes, even if nothing is there yet */
  #grow(isUsed = document.activeElement === this.#text) {
    const isInUse = isUsed || this.#text.value !== "";
    this.#form.classList.toggle("in-use", isInUse);
    const lines = this.#text.value.split("\n").length;
    this.#text.rows = isInUse ? Math.min(MAX_ROWS, Math.max(MIN_ROWS, lines)) : 1;
  }

  /** The field is small again once nobody writes and nothing is there. */
  #shrink() {
    if (byId("answer-files").hidden) this.#grow(false);
  }

  get #isPreviewing() {
    return this.#text.hidden;
  }

  /** @param {boolean} on */
  async #showPreview(on) {
    this.#previewToggle.setAttribute("aria-pressed", String(on));
    this.#text.hidden = on;
    this.#preview.hidden = !on;
    if (!on) return;
    if (!this.#text.value.trim()) {
      this.#preview.textContent = say("desk_preview_empty");
      return;
    }
    try {
      /** @type {{ html: string }} */
      const { html } = await this.#page.calls.post("preview", { text: this.#text.value });
      this.#preview.innerHTML = html; // sanitised by the server
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  /** What a canned reply left open is filled in before anything is sent; returns whether there is such a gap. */
  #goToGap() {
    const gap = GAP.exec(this.#text.value);
    if (!gap) return false;
    showProblem(say("desk_reply_gap", { gap: gap[0] }));
    this.#showPreview(false);
    this.#text.focus();
    this.#text.setSelectionRange(gap.index, gap.index + gap[0].length);
    return true;
  }

  #submit() {
    const { current, isMine } = this.#page.state;
    const text = this.#text.value.trim();
    const { id, mode } = this.#loaded;
    if (this.#text.readOnly || current?.card.id !== id || (mode === "answer" && !isMine)) return;
    if (mode === "answer" && (this.#files.isBusy || this.#goToGap())) return;
    const files = mode === "answer" ? this.#files.take() : [];
    if (!text && !files.length) return;
    const clientId = this.#kept.send(id, mode);
    const message = { id, epoch: current.epoch, note: mode === "note", text, clientId, files };
    showProblem(null);
    this.#write("");
    if (mode === "answer") this.#onDraft("");
    this.#showPreview(false);
    this.#onWriting(mode, false);
    this.#sayTyping(false);
    this.#unsent.add(message);
    this.#deliver(message, this.#show(message));
  }

  /**
   * @param {UnsentMessage} message
   * @returns {ShowFailure}
   */
  #show(message) {
    const showFailure = this.#timeline.addPending(
      message,
      () => this.#deliver(message, showFailure),
      () => this.#giveUp(message),
    );
    return showFailure;
  }

  /** @param {UnsentMessage} message */
  #giveUp(message) {
    this.#timeline.settle(message.clientId);
    this.#unsent.drop(message);
  }

  /**
   * @param {UnsentMessage} message
   * @param {ShowFailure} showFailure
   */
  async #deliver(message, showFailure) {
    showFailure(false);
    const { id, text, clientId: client_id, epoch } = message;
    const files = (message.files ?? []).map((file) => file.id);
    const path = `conversations/${id}/${message.note ? "notes" : "messages"}`;
    const body = message.note ? { text, client_id } : { text, client_id, epoch, files };
    try {
      await this.#unsent.during(message, () => this.#page.calls.post(path, body));
    } catch (error) {
      const isForGood = error instanceof Refused && error.status < 500 && error.status !== 429;
      if (isForGood) this.#giveBack(message, error);
      else showFailure(true);
      return;
    }
    this.#unsent.drop(message);
    this.#onSent();
  }

  /**
   * Refused for good: the words go back to where they were written, nothing is lost.
   * @param {UnsentMessage} message
   * @param {Refused} error
   */
  #giveBack(message, error) {
    this.#giveUp(message);
    const mode = message.note ? "note" : "answer";
    const join = (/** @type {string} */ after) => [message.text, after].filter(Boolean).join("\n\n");
    if (message.id === this.#loaded.id && mode === this.#loaded.mode) this.#write(join(this.#text.value));
    else this.#kept.write(message.id, mode, join(this.#kept.read(message.id, mode)));
    this.#onTrouble(error);
  }

  /**
   * Only who has the conversation is shown to the customer, and only in the one that they type in.
   * @param {boolean} on
   */
  #sayTyping(on) {
    const { id, mode, isMine } = this.#loaded;
    clearTimeout(this.#typingEnds);
    if (on && (mode === "note" || !isMine)) return;
    const before = this.#typedIn;
    if (on) {
      this.#typingEnds = setTimeout(() => this.#sayTyping(false), TYPING_ENDS_MS);
      if (before.id === id && Date.now() - before.at < TYPING_EVERY_MS) return;
    }
    this.#typedIn = { id: on ? id : "", at: Date.now() };
    const tell = (/** @type {string} */ where, /** @type {boolean} */ isOn) =>
      this.#page.calls.post(`conversations/${where}/typing`, { on: isOn }).catch(() => {}); // a lost hint costs nothing
    if (before.id && before.id !== this.#typedIn.id) tell(before.id, false);
    if (on) tell(id, true);
  }
}
