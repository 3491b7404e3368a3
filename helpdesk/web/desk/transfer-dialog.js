// Giving a conversation to a colleague or a team, with a note: who is likely to take it is chosen already.

import { newId, sentenceOf } from "../shared/calls.js";
import { byId, make, quoted } from "../shared/elements.js";
import { say, sayOr } from "../shared/words.js";
import { ConversationNote } from "./dialogs.js";
import { likelyReceiver, namedReceiver } from "./receivers.js";

/** @import { Card, Colleague, Colleagues, DeskPage } from "./types.js" */

const PRESENCE = ["online", "paused", "looking", "offline"];

/** What goes with a transfer: who is to take it. */
/** @typedef {{ to: string | null, team?: string }} Receiver */

/**
 * Belongs to the conversation that it was opened for. Enter in the note gives it to whoever is chosen; "@" and the
 * beginning of a name before the note choose, too.
 */
export class TransferDialog {
  #page;
  #onTransfer;
  #dialog = byId("transfer-dialog", HTMLDialogElement);
  #field = byId("transfer-note", HTMLTextAreaElement);
  #list = byId("colleagues");
  #told = byId("transfer-chosen");
  #note = new ConversationNote(this.#dialog, this.#field);
  #opened = 0;
  /** @type {HTMLElement[]} */
  #receivers = [];
  #chosen = -1;
  #likely = -1;
  /** What the receivers are called, in the order in which they stand there. @type {string[]} */
  #names = [];
  /** Whom the note names. @type {ReturnType<typeof namedReceiver>} */
  #named = null;

  /**
   * @param {DeskPage} page
   * @param {(id: string, receiver: Receiver, writeNote: () => Promise<boolean>) => void} onTransfer
   */
  constructor(page, onTransfer) {
    this.#page = page;
    this.#onTransfer = onTransfer;
    this.#field.addEventListener("keydown", (event) => this.#press(event));
    this.#field.addEventListener("input", () => this.#follow());
  }

  /**
   * It is there at once, and the colleagues as soon as the server has said who there is.
   * @param {Card} card of the conversation
   */
  async open({ id, language }) {
    const mine = ++this.#opened;
    this.#receivers = [];
    this.#named = null;
    this.#chosen = -1;
    this.#list.replaceChildren();
    this.#told.textContent = say("desk_transfer_loading");
    this.#note.open(id);
    this.#dialog.showModal();
    try {
      /** @type {Colleagues} */
      const found = await this.#page.calls.get("agents");
      if (mine === this.#opened && this.#dialog.open) this.#draw(id, found, language);
    } catch (error) {
      if (mine === this.#opened) this.#told.textContent = sentenceOf(error, say("desk_failed"));
    }
  }

  /**
   * @param {string} id
   * @param {Colleagues} found
   * @param {string} language of the customer
   */
  #draw(id, { agents, teams }, language) {
    const colleagues = agents.toSorted(byPresence);
    const ofTeams = teams.map(({ id: team, name }) => this.#button(id, { to: null, team }, quoted(name)));
    const ofColleagues = colleagues.map((colleague) => this.#drawColleague(id, colleague));
    this.#list.replaceChildren(
      ...drawGroup("desk_transfer_colleagues", ofColleagues),
      ...drawGroup("desk_transfer_teams", ofTeams),
    );
    this.#receivers = [...ofColleagues, ...ofTeams];
    this.#names = [...colleagues, ...teams].map(({ name }) => name);
    const likely = likelyReceiver(colleagues, language);
    this.#likely = likely ? colleagues.indexOf(likely) : -1;
    if (!this.#chooseNamed()) this.#chooseLikely();
  }

  /** Whom the note names in front is chosen, and nobody for a name that nobody has; returns whether it names anybody. */
  #chooseNamed() {
    this.#named = namedReceiver(this.#field.value, this.#names);
    if (!this.#named) return false;
    const { place, name } = this.#named;
    if (place >= 0) this.#choose(place);
    else this.#chooseNobody(say("desk_transfer_unknown", { name }));
    return true;
  }

  #chooseLikely() {
    if (this.#likely >= 0) this.#choose(this.#likely);
    else this.#chooseNobody(say(this.#receivers.length ? "desk_transfer_choose" : "desk_transfer_nobody"));
  }

  /** @param {string} told why */
  #chooseNobody(told) {
    this.#mark(-1);
    this.#told.textContent = told;
  }

  /**
   * @param {string} id
   * @param {Receiver} receiver
   * @param {(Node | null)[]} words
   */
  #button(id, receiver, ...words) {
    const look = { type: "button", class: "button wide between" };
    const onclick = () => this.#give(id, receiver, this.#receivers.indexOf(button));
    const button = make("button", { ...look, onclick }, ...words);
    return button;
  }

  /**
   * @param {string} id
   * @param {Colleague} colleague
   */
  #drawColleague(id, colleague) {
    const { id: to, name, availability } = colleague;
    const isHere = availability === "online";
    const state = make("span", { class: `badge ${isHere ? "ok" : ""}` }, say(`desk_${availability}`));
    const receiver = this.#button(id, { to }, quoted(name), loadOf(colleague), state);
    if (!isHere) askBack(receiver, say("desk_transfer_away", { name }));
    return receiver;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.#field.value.includes("\n")) this.#choose(this.#chosen + step);
    else if (event.key === "Enter" && !matchMedia("(pointer: coarse)").matches) {
      if (!event.repeat) this.#receivers[this.#chosen]?.click();
    } else return;
    event.preventDefault();
  }

  /** @param {number} place */
  #choose(place) {
    const count = this.#receivers.length;
    if (!count) return;
    this.#mark((place + count) % count);
    this.#receivers[this.#chosen].scrollIntoView({ block: "nearest" });
    this.#told.textContent = say("desk_transfer_chosen", { name: this.#names[this.#chosen] });
  }

  /** @param {number} place -1: nobody */
  #mark(place) {
    this.#chosen = place;
    for (const [at, button] of this.#receivers.entries()) button.classList.toggle("chosen", at === place);
  }

  /** As one writes the note. */
  #follow() {
    const wasNamed = this.#named !== null;
    if (this.#receivers.length && !this.#chooseNamed() && wasNamed) this.#chooseLikely();
  }

  /**
   * @param {string} id
   * @param {Receiver} receiver
   * @param {number} place of the receiver
   */
  #give(id, receiver, place) {
    const written = this.#note.send();
    const text = place === this.#named?.place ? this.#named.note : written;
    this.#dialog.close();
    this.#onTransfer(id, receiver, async () => {
      if (text) await this.#page.calls.post(`conversations/${id}/notes`, { text, client_id: newId() });
      this.#note.drop(id);
      return true;
    });
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

/** @type {(one: Colleague, other: Colleague) => number} */
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
