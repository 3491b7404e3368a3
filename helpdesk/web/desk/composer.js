// Writing: answer or note, draft, preview, and a message that is sent once however often it is tried.

import { newId, Refused } from "../shared/calls.js";
import { byId, fieldOf, find } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { nameOf } from "./marks.js";
import { UnsentMessages } from "./unsent.js";

/** @import { Timeline } from "./timeline.js" */
/** @import { DeskPage, ShowFailure, UnsentMessage, WritingMode } from "./types.js" */

const TYPING_EVERY_MS = 3000;
const TYPING_ENDS_MS = 5000;
const MIN_ROWS = 3;
const MAX_ROWS = 10;

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
  #unsent;
  #form = byId("composer", HTMLFormElement);
  #text = byId("text", HTMLTextAreaElement);
  #preview = byId("preview");
  #previewToggle = byId("preview-toggle");
  /** What the words in the field are for; "" before a conversation is open. */
  #loaded = { id: "", mode: /** @type {WritingMode} */ ("note"), isMine: false };
  /** Words that have come under the cursor without being asked for: a key that was meant for others sends nothing. */
  #isSwapped = false;
  /** What has to end before anything may be typed. @type {Set<string>} */
  #waits = new Set();
  #typedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingEnds;

  /**
   * @param {DeskPage} page
   * @param {Timeline} timeline
   * @param {{ onSent: () => void, onTrouble: (error: unknown) => void, onDraft: (text: string) => void }} handlers
   *   `onSent` is called when something was stored, `onTrouble` when the server refuses, `onDraft` as one types an answer
   */
  constructor(page, timeline, { onSent, onTrouble, onDraft }) {
    this.#page = page;
    this.#timeline = timeline;
    this.#onSent = onSent;
    this.#onTrouble = onTrouble;
    this.#onDraft = onDraft;
    this.#unsent = new UnsentMessages(page.drafts, page.me.id);
    this.#listen();
  }

  #listen() {
    this.#text.addEventListener("input", () => this.#change());
    this.#text.addEventListener("keydown", (event) => this.#press(event));
    for (const name of ["pointerdown", "focus"])
      this.#text.addEventListener(name, () => {
        this.#isSwapped = false;
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
   * While it is being settled whose conversation this is, or another is on its way, nothing is typed or sent: it could
   * end up with the wrong customer.
   * @param {"decision" | "switch"} reason
   * @param {boolean} on
   */
  wait(reason, on) {
    if (on) this.#waits.add(reason);
    else this.#waits.delete(reason);
    this.#text.readOnly = this.#waits.size > 0;
    this.#form.setAttribute("aria-busy", String(this.#text.readOnly));
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
    this.#sayTyping(true);
    if (this.#loaded.mode === "answer") this.#onDraft(this.#text.value);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    const isTouch = matchMedia("(pointer: coarse)").matches;
    if (isTouch && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (!this.#isSwapped) this.#submit();
  }

  #relabel() {
    const isNote = this.#loaded.mode === "note";
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
    this.#text.value = this.#page.drafts.read(this.#key());
    this.#showKept();
    this.#grow();
  }

  /** @param {{ id: string, mode: WritingMode }} of */
  #key({ id, mode } = this.#loaded) {
    return `draft.${this.#page.me.id}.${id}.${mode}`;
  }

  #keep() {
    this.#page.drafts.keep(this.#key(), this.#text.value);
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

  #grow() {
    this.#text.rows = Math.min(MAX_ROWS, Math.max(MIN_ROWS, this.#text.value.split("\n").length));
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

  #submit() {
    const { current, isMine } = this.#page.state;
    const text = this.#text.value.trim();
    const { id, mode } = this.#loaded;
    if (!text || this.#text.readOnly || current?.card.id !== id || (mode === "answer" && !isMine)) return;
    const message = { id, epoch: current.epoch, note: mode === "note", text, clientId: newId() };
    this.#write("");
    this.#showPreview(false);
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
    const path = `conversations/${id}/${message.note ? "notes" : "messages"}`;
    const body = message.note ? { text, client_id } : { text, client_id, epoch };
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
    const key = this.#key({ id: message.id, mode: message.note ? "note" : "answer" });
    const join = (/** @type {string} */ after) => [message.text, after].filter(Boolean).join("\n\n");
    if (key === this.#key()) this.#write(join(this.#text.value));
    else this.#page.drafts.keep(key, join(this.#page.drafts.read(key)));
    this.#onTrouble(error);
  }

  /** @param {boolean} on */
  #sayTyping(on) {
    const { id, isMine } = this.#page.state;
    if (!isMine || (on && this.#loaded.mode === "note")) return;
    clearTimeout(this.#typingEnds);
    if (!on && !this.#typedAt) return;
    if (on) {
      this.#typingEnds = setTimeout(() => this.#sayTyping(false), TYPING_ENDS_MS);
      if (Date.now() - this.#typedAt < TYPING_EVERY_MS) return;
    }
    this.#typedAt = on ? Date.now() : 0;
    this.#page.calls.post(`conversations/${id}/typing`, { on }).catch(() => {}); // a lost hint costs nothing
  }
}
