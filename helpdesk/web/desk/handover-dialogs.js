// Giving a conversation to a colleague, a team, back to the bot, or closing it: what is typed stays with its conversation.

import { newId } from "../shared/calls.js";
import { byId, fieldOf, make, quoted } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { onClosed } from "./dialogs.js";

/** @import { Colleague, Colleagues, DeskPage, TimelineLine } from "./types.js" */

const PRESENCE = ["online", "paused", "looking", "offline"];

/** What goes with a transfer: who is to take it. */
/** @typedef {{ to: string | null, team?: string }} Receiver */

/**
 * What is typed in a dialog, for the conversation that it opened for. Cancelling empties it; what was sent and refused
 * comes up there again, and never in another customer's.
 */
class ConversationNote {
  #field;
  #id = "";
  /** What is on its way, by conversation. @type {Map<string, string>} */
  #notes = new Map();

  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLTextAreaElement} field
   */
  constructor(dialog, field) {
    this.#field = field;
    onClosed(dialog, () => {
      field.value = "";
      this.#id = "";
    });
  }

  /** @param {string} id of the conversation that the dialog opens for */
  open(id) {
    this.#id = id;
    this.#field.value = this.#notes.get(id) ?? "";
  }

  /** It is being sent: returns the words. */
  send() {
    const text = this.#field.value.trim();
    this.#notes.set(this.#id, this.#field.value);
    return text;
  }

  /**
   * It was sent.
   * @param {string} id
   */
  drop(id) {
    this.#notes.delete(id);
  }
}

/** "Back to the bot", with what was done for the customer. */
export class ReturnDialog {
  #dialog = byId("return-dialog", HTMLDialogElement);
  #note = new ConversationNote(
    this.#dialog,
    fieldOf(byId("return-form", HTMLFormElement), "note", HTMLTextAreaElement),
  );
  #id = "";
  #seq = 0;

  /** @param {(id: string, note: string, seq: number) => Promise<boolean>} onReturn returns whether it went well */
  constructor(onReturn) {
    byId("return-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const id = this.#id;
      const text = this.#note.send();
      this.#dialog.close();
      if (await onReturn(id, text, this.#seq)) this.#note.drop(id);
    });
  }

  /**
   * @param {string} id of the conversation
   * @param {number} seq of the last line that the agent has read; what comes while they type is news to them
   */
  open(id, seq) {
    this.#id = id;
    this.#seq = seq;
    this.#note.open(id);
    this.#dialog.showModal();
  }
}

/** "Resolve", where the customer wrote last: with the reason, which colleagues read as a note. */
export class ResolveDialog {
  #dialog = byId("resolve-dialog", HTMLDialogElement);
  #form = byId("resolve-form", HTMLFormElement);
  #id = "";
  #seq = 0;

  /** @param {(id: string, reason: string, seq: number) => void} onResolve */
  constructor(onResolve) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = String(new FormData(this.#form).get("reason"));
      this.#dialog.close();
      onResolve(this.#id, reason, this.#seq);
    });
  }

  /**
   * @param {string} id of the conversation
   * @param {TimelineLine} last what the customer wrote
   */
  open(id, last) {
    this.#id = id;
    this.#seq = last.seq;
    this.#form.reset();
    byId("resolve-last").textContent = last.text;
    this.#dialog.showModal();
  }
}

/** "To a colleague or a team", with a note for whoever takes it. */
export class TransferDialog {
  #page;
  #onTransfer;
  #onTrouble;
  #dialog = byId("transfer-dialog", HTMLDialogElement);
  #note = new ConversationNote(this.#dialog, byId("transfer-note", HTMLTextAreaElement));

  /**
   * @param {DeskPage} page
   * @param {{ onTransfer: (id: string, receiver: Receiver) => Promise<boolean>, onTrouble: (error: unknown) => void }}
   *   handlers `onTransfer` returns whether it went well
   */
  constructor(page, { onTransfer, onTrouble }) {
    this.#page = page;
    this.#onTransfer = onTransfer;
    this.#onTrouble = onTrouble;
  }

  /** @param {string} id of the conversation */
  async open(id) {
    /** @type {Colleagues} */
    const found = await this.#page.calls.get("agents").catch((error) => {
      this.#onTrouble(error);
      return { agents: [], teams: [] };
    });
    if (this.#page.state.id !== id || this.#page.state.isSwitching) return;
    const receivers = this.#drawReceivers(id, found);
    const nobody = make("p", { class: "muted" }, say("desk_transfer_nobody"));
    byId("colleagues").replaceChildren(...(receivers.length ? receivers : [nobody]));
    this.#note.open(id);
    this.#dialog.showModal();
  }

  /**
   * @param {string} id
   * @param {Colleagues} found
   */
  #drawReceivers(id, { agents, teams }) {
    const button = (/** @type {Receiver} */ receiver, /** @type {Node[]} */ ...words) => {
      const look = { type: "button", class: "button wide between" };
      return make("button", { ...look, onclick: () => this.#choose(id, receiver) }, ...words);
    };
    return [
      ...drawGroup(
        "desk_transfer_teams",
        teams.map((team) => button({ to: null, team: team.id }, quoted(team.name))),
      ),
      ...drawGroup(
        "desk_transfer_colleagues",
        agents.toSorted(byPresence).map((colleague) => {
          const { id: to, name, availability } = colleague;
          const isHere = availability === "online";
          const state = make("span", { class: `badge ${isHere ? "ok" : ""}` }, say(`desk_${availability}`));
          const receiver = button({ to }, quoted(name), loadOf(colleague), state);
          if (!isHere) askBack(receiver, say("desk_transfer_away", { name }));
          return receiver;
        }),
      ),
    ];
  }

  /**
   * @param {string} id
   * @param {Receiver} receiver
   */
  async #choose(id, receiver) {
    const text = this.#note.send();
    this.#dialog.close();
    try {
      if (text) await this.#page.calls.post(`conversations/${id}/notes`, { text, client_id: newId() });
      this.#note.drop(id);
      await this.#onTransfer(id, receiver);
    } catch (error) {
      this.#onTrouble(error);
    }
  }
}

/**
 * How much they have to do, and which languages they speak.
 * @param {Colleague} colleague
 */
function loadOf({ open, capacity, languages = [] }) {
  const spoken = languages.map((language) => sayOr(`desk_language_${language}`, language)).join(", ");
  const load = capacity ? say("desk_load", { open: open ?? 0, capacity }) : "";
  return make("span", { class: "hint push" }, [load, spoken].filter(Boolean).join(" · "));
}

/** @type {(one: Colleagues["agents"][0], other: Colleagues["agents"][0]) => number} */
const byPresence = (one, other) => PRESENCE.indexOf(one.availability) - PRESENCE.indexOf(other.availability);

/**
 * The first press asks, the second one does it: who is not there may not come soon.
 * @param {HTMLElement} button
 * @param {string} question
 */
function askBack(button, question) {
  const ask = (/** @type {Event} */ event) => {
    event.stopImmediatePropagation();
    button.removeEventListener("click", ask, true);
    button.classList.add("danger");
    button.replaceChildren(question);
    byId("said").textContent = question;
  };
  button.addEventListener("click", ask, true);
}

/**
 * @param {string} key
 * @param {HTMLElement[]} items
 */
const drawGroup = (key, items) => (items.length ? [make("h3", {}, say(key)), ...items] : []);
