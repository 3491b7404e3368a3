// Files that go with an answer: picked, pasted or dropped, handed in at once, and sent with the words.

import { byId, make, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { Calls } from "../shared/calls.js" */
/** @import { AnswerFile } from "./types.js" */

/** What agents have added and not sent, for each conversation. */
export class AnswerFiles {
  #calls;
  #onTrouble;
  #list = byId("answer-files");
  #picker = byId("file-picker", HTMLInputElement);
  /** @type {Map<string, AnswerFile[]>} */
  #held = new Map();
  #conversation = "";

  /**
   * @param {Calls} calls
   * @param {HTMLFormElement} form
   * @param {(error: unknown) => void} onTrouble
   */
  constructor(calls, form, onTrouble) {
    this.#calls = calls;
    this.#onTrouble = onTrouble;
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
    this.#held.delete(this.#conversation);
    this.#draw();
    return files;
  }

  /**
   * What was sent has come back.
   * @param {string} conversation
   * @param {{ id: string, name: string }[]} files
   */
  give(conversation, files) {
    if (!files.length) return;
    this.#held.set(conversation, [...files, ...(this.#held.get(conversation) ?? [])]);
    this.#draw();
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
    this.#held.set(conversation, [...(this.#held.get(conversation) ?? []), one]);
    this.#draw();
    try {
      /** @type {{ id: string, name: string }} */
      const { id, name } = await this.#calls.upload("files", file);
      Object.assign(one, { id, name });
      this.#draw();
    } catch (error) {
      this.#drop(conversation, one);
      this.#onTrouble(error);
    }
  }

  /**
   * @param {string} conversation
   * @param {AnswerFile} one
   */
  #drop(conversation, one) {
    this.#held.set(
      conversation,
      (this.#held.get(conversation) ?? []).filter((other) => other !== one),
    );
    this.#draw();
  }

  #draw() {
    const conversation = this.#conversation;
    const items = this.#now.map((one) => {
      const away = make("button", { type: "button", class: "button plain small" }, say("desk_file_remove"));
      away.setAttribute("aria-label", `${say("desk_file_remove")}: ${one.name}`);
      away.addEventListener("click", () => this.#drop(conversation, one)); // what was handed in ends in an hour
      const state = one.id ? null : make("span", { class: "hint", role: "status" }, say("desk_file_uploading"));
      return make("li", {}, quoted(one.name), state, away);
    });
    this.#list.replaceChildren(...items);
    this.#list.hidden = items.length === 0;
  }
}
