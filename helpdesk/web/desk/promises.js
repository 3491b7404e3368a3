// What was promised: the panel of a conversation, the form, and the entries in the list of mine.

import { newId, sentenceOf } from "../shared/calls.js";
import { byId, fieldOf, find, findAll, make, notify, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { nameOf } from "./marks.js";
import { distance, fieldValue, quick } from "./moments.js";
import { troubleOfOpen } from "./problem.js";
import { drawTurns } from "./turns.js";

/** @import { DeskPage, FollowTurn, PromiseCard } from "./types.js" */

const SIX_HOURS_MS = 6 * 3_600_000;

/** @param {PromiseCard} promise */
export const isOpen = (promise) => promise.state !== "kept" && promise.state !== "withdrawn";

/** The promises of the open conversation, and the form for a new one. */
export class PromisePanel {
  #page;
  #onChange;
  #onRecorded;
  #onTurn;
  #form = byId("promise-form", HTMLFormElement);
  #what = fieldOf(this.#form, "what");
  #due = fieldOf(this.#form, "due");
  #shown = fieldOf(this.#form, "shown");
  #box = byId("promise-new", HTMLDetailsElement);
  /** The conversation that the form is about. */
  #conversation = "";
  #clientId = newId();

  /**
   * @param {DeskPage} page
   * @param {{ onChange: () => void, onRecorded: () => void, onTurn: FollowTurn }}
   *   handlers `onChange` is called when the register has changed, `onRecorded` when a promise has come to it
   */
  constructor(page, { onChange, onRecorded, onTurn }) {
    this.#page = page;
    this.#onChange = onChange;
    this.#onRecorded = onRecorded;
    this.#onTurn = onTurn;
    for (const button of findAll(this.#form, "[data-quick]"))
      button.addEventListener("click", () => this.#choose(button.dataset.quick ?? ""));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    page.state.onLeave(() => this.#reset(this.#conversation));
    this.#box.addEventListener("toggle", () => {
      if (this.#box.open) this.#prepare();
    });
  }

  draw() {
    const { card, promises } = this.#page.state.open;
    if (this.#conversation !== card.id) this.#reset(card.id);
    byId("promises").replaceChildren(...promises.map((promise) => this.#draw(promise)));
    byId("promises-none").hidden = promises.length > 0;
    const { isMine } = this.#page.state;
    this.#shown.disabled = !isMine;
    if (!isMine) this.#shown.checked = false;
    this.tick();
  }

  /**
   * Open the form, filled in as far as is known.
   * @param {string} what
   * @param {string | null} at
   */
  write(what = "", at = null) {
    if (!this.#conversation) return;
    this.#box.open = true;
    if (what) this.#what.value = what;
    if (at) this.#due.value = fieldValue(new Date(at));
    this.#box.scrollIntoView({ block: "nearest" });
    (what && !at ? this.#due : this.#what).focus();
  }

  /** Keep the times true, wherever on the page they stand. */
  tick() {
    for (const item of findAll(document, "[data-due]")) {
      const at = item.dataset.due ?? "";
      const text = this.#until(at);
      if (item.textContent !== text) item.textContent = text;
      item.classList.toggle("overdue", Date.parse(at) <= this.#page.clock.now());
    }
  }

  /**
   * A promise in the list of mine.
   * @param {PromiseCard} promise
   * @param {string | null} chosen the conversation that is open
   * @param {(id: string) => void} onChoose
   */
  drawCard(promise, chosen, onChoose) {
    const id = promise.conversation_id;
    const isMine = promise.agent_id === this.#page.me.id;
    const look = { type: "button", class: "conversation", "aria-current": id === chosen ? "true" : null };
    const button = make(
      "button",
      { ...look, onclick: () => onChoose(id) },
      make("span", { class: "line" }, this.#drawDue(promise)),
      make("strong", { class: "request what", dir: "auto" }, promise.text),
      make(
        "span",
        { class: "line tags" },
        make("span", { class: "name" }, quoted(nameOf(promise))),
        isMine ? null : make("span", { class: "badge" }, by(promise)),
      ),
    );
    return make("li", { "data-id": id, "data-key": promise.id }, button);
  }

  /** @param {string} conversation */
  #reset(conversation) {
    this.#conversation = conversation;
    this.#form.reset();
    this.#clientId = newId();
    this.#box.open = false;
    this.#problem(null);
  }

  /** @param {PromiseCard} promise */
  #draw(promise) {
    const turns = promise.seq ? drawTurns([promise.seq], this.#onTurn) : null;
    return make(
      "li",
      { class: promise.state === "open" ? "promise" : `promise ${promise.state}` },
      make("p", { class: "what", dir: "auto" }, promise.text, turns),
      make(
        "p",
        { class: "hint row" },
        this.#drawDue(promise),
        make("span", {}, by(promise)),
        promise.shown ? make("span", { class: "badge" }, say("desk_promise_shown")) : null,
      ),
      isOpen(promise) ? this.#drawButtons(promise) : null,
    );
  }

  /** @param {PromiseCard} promise */
  #drawButtons(promise) {
    const keep = this.#endButton(promise, "keep", "desk_promise_kept", "");
    const withdraw = this.#endButton(promise, "withdraw", "desk_promise_withdraw", "plain");
    return make("p", { class: "row" }, keep, withdraw);
  }

  /**
   * @param {PromiseCard} promise
   * @param {"keep" | "withdraw"} verb
   * @param {string} key
   * @param {string} look
   */
  #endButton(promise, verb, key, look) {
    const label = say(`${key}_what`, { what: promise.text });
    const button = make("button", { type: "button", class: `button small ${look}`, "aria-label": label }, say(key));
    button.addEventListener("click", () => this.#finish(button, promise.id, verb));
    return button;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string} id
   * @param {"keep" | "withdraw"} verb
   */
  async #finish(button, id, verb) {
    button.disabled = true;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    try {
      await this.#page.calls.post(`promises/${id}/${verb}`);
    } catch (error) {
      showTroubleHere(error);
    }
    button.disabled = false;
    this.#onChange();
  }

  /**
   * When it is due; what is overdue says so in words, not by its colour alone.
   * @param {PromiseCard} promise
   */
  #drawDue(promise) {
    if (isOpen(promise))
      return make("strong", { class: "due", "data-due": promise.due_at }, this.#until(promise.due_at));
    const isKept = promise.state === "kept";
    const state = isKept && promise.late ? "late" : promise.state;
    return make("span", { class: `badge ${isKept ? "ok" : ""}` }, say(`desk_promise_state_${state}`));
  }

  /** @param {string} at */
  #until(at) {
    const time = this.#page.clock.short(at);
    const ahead = Date.parse(at) - this.#page.clock.now();
    if (ahead <= 0) return say("desk_promise_overdue", { time });
    const until = say("desk_promise_until", { time });
    return ahead < SIX_HOURS_MS ? `${until} · ${say("desk_promise_left", { time: distance(ahead) })}` : until;
  }

  #prepare() {
    const now = this.#page.clock.now();
    find(this.#form, '[data-quick="today"]').hidden = quick("today", now) === null;
    this.#due.min = fieldValue(new Date(now));
    this.#what.focus();
  }

  /** @param {string} choice */
  #choose(choice) {
    const at = quick(choice, this.#page.clock.now());
    if (at) this.#due.value = fieldValue(at);
  }

  async #save() {
    const what = this.#what.value.trim();
    this.#problem(null);
    if (!what) {
      this.#what.focus();
      return;
    }
    if (!this.#due.value) {
      this.#problem(say("desk_promise_when_missing"));
      this.#due.focus();
      return;
    }
    const due = new Date(this.#due.value).toISOString();
    const body = { text: what, due, shown: this.#shown.checked, client_id: this.#clientId };
    const conversation = this.#conversation;
    if (this.#page.state.isSwitching) return;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    try {
      await this.#page.calls.post(`conversations/${conversation}/promises`, body);
      if (conversation !== this.#conversation) return;
      this.#clientId = newId();
      this.#form.reset();
      this.#onRecorded();
      this.#box.open = false;
      find(this.#box, "summary").focus();
      byId("said").textContent = say("desk_promise_saved");
    } catch (error) {
      if (this.#page.state.shows(conversation)) this.#problem(sentenceOf(error, say("desk_failed")));
      else showTroubleHere(error);
    }
    this.#onChange();
  }

  /** @param {string | null} sentence */
  #problem(sentence) {
    notify(byId("promise-problem"), sentence);
  }
}

/** @param {PromiseCard} promise */
const by = (promise) => say("desk_promise_by", { name: promise.agent_name || say("desk_bot") });
