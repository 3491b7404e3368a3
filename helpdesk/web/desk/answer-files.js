// Files that go with an answer: picked, pasted or dropped, kept with the draft at once, and sent with the words.

import { byId, make, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { troubleOfOpen } from "./problem.js";

/** @import { AnswerFile, DeskPage } from "./types.js" */

/** What agents have added and not sent, for each conversation: the same in all of their windows. */
export class AnswerFiles {
  #calls;
  #state;
  #list = byId("answer-files");
  #picker = byId("file-picker", HTMLInputElement);
  /** @type {Map<string, AnswerFile[]>} */
  #held = new Map();
  /** When files were last added, removed or sent here, in ms of the page's clock. @type {Map<string, number>} */
  #touched = new Map();
  #conversation = "";

  /**
   * @param {DeskPage} page
   * @param {HTMLFormElement} form
   */
  constructor({ calls, state }, form) {
    this.#calls = calls;
    this.#state = state;
    this.#picker.addEventListener("change", () => {
      this.#add([...(this.#picker.files ?? [])]);
      this.#picker.value = "";
    });
    form.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    form.addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
    form.addEventListener("dragover", (event) => this.#take(event, event.dataTransfer));
  }

  /** @param {string} conversation id; "" where nothing can be added, such as to a note */
  follow(conversation) {
    this.#conversation = conversation;
    byId("file-picker-label").hidden = conversation === "";
    this.#draw();
  }

  get isBusy() {
    return this.#now.some((one) => !one.id);
  }

  /** What goes with the answer that is being sent. */
  take() {
    const files = this.#now.flatMap(({ id, name }) => (id ? [{ id, name }] : []));
    this.#put(this.#conversation, []);
    return files;
  }

  /**
   * Take what the server keeps with the draft; what was done here since it was asked wins.
   * @param {string} conversation
   * @param {{ id: string, name: string }[]} files
   * @param {number} asked when the server was asked for it, in ms of the page's clock
   */
  sync(conversation, files, asked) {
    if (asked < (this.#touched.get(conversation) ?? 0)) return;
    const underway = (this.#held.get(conversation) ?? []).filter(({ id }) => !id);
    this.#held.set(conversation, [...files, ...underway]);
    this.#draw();
  }

  /**
   * What was sent has come back.
   * @param {string} conversation
   * @param {{ id: string, name: string }[]} files
   */
  give(conversation, files) {
    const there = this.#held.get(conversation) ?? [];
    const missing = files.filter(({ id }) => !there.some((one) => one.id === id));
    if (missing.length) this.#put(conversation, [...missing, ...there]);
  }

  /**
   * Nothing is left of a conversation.
   * @param {string} conversation
   */
  forget(conversation) {
    this.#put(conversation, []);
  }

  get #now() {
    return this.#held.get(this.#conversation) ?? [];
  }

  /**
   * @param {Event} event
   * @param {DataTransfer | null} from
   */
  #take(event, from) {
    if (!this.#conversation || !from?.types.includes("Files") || from.types.includes("text/plain")) return;
    event.preventDefault();
    this.#add([...from.files]);
  }

  /** @param {File[]} files */
  #add(files) {
    for (const file of files) this.#upload(this.#conversation, file);
  }

  /**
   * @param {string} conversation
   * @param {File} file
   */
  async #upload(conversation, file) {
    /** @type {AnswerFile} */
    const one = { name: file.name, id: "" };
    const showTroubleHere = troubleOfOpen(this.#state);
    this.#put(conversation, [...(this.#held.get(conversation) ?? []), one]);
    try {
      /** @type {{ id: string, name: string }} */
      const { id, name } = await this.#calls.upload(`files?conversation=${conversation}`, file);
      this.#leave(conversation, one);
      this.give(conversation, [{ id, name }]);
    } catch (error) {
      this.#leave(conversation, one);
      showTroubleHere(error);
    }
  }

  /**
   * @param {string} conversation
   * @param {AnswerFile} one
   */
  #leave(conversation, one) {
    this.#put(
      conversation,
      (this.#held.get(conversation) ?? []).filter((other) => other !== one),
    );
  }

  /**
   * @param {string} conversation
   * @param {AnswerFile} one
   */
  async #remove(conversation, one) {
    const showTroubleHere = troubleOfOpen(this.#state);
    this.#leave(conversation, one);
    try {
      await this.#calls.drop(`files/${one.id}`);
    } catch (error) {
      this.give(conversation, [one]);
      showTroubleHere(error);
    }
  }

  /**
   * @param {string} conversation
   * @param {AnswerFile[]} files
   */
  #put(conversation, files) {
    this.#touched.set(conversation, performance.now());
    this.#held.set(conversation, files);
    this.#draw();
  }

  #draw() {
    const conversation = this.#conversation;
    const items = this.#now.map((one) => {
      const away = make("button", { type: "button", class: "button plain small" }, say("desk_file_remove"));
      away.setAttribute("aria-label", `${say("desk_file_remove")}: ${one.name}`);
      away.hidden = !one.id;
      away.addEventListener("click", () => this.#remove(conversation, one));
      const state = one.id ? null : make("span", { class: "hint", role: "status" }, say("desk_file_uploading"));
      return make("li", {}, quoted(one.name), state, away);
    });
    this.#list.replaceChildren(...items);
    this.#list.hidden = items.length === 0;
  }
}
