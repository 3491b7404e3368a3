// Asking the customer again on a later day: the part of the conversation, the dialog, and the entries in the list.

import { sentenceOf } from "../shared/calls.js";
import { byId, fieldOf, findAll, make, notify, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { nameOf } from "./marks.js";
import { dayValue, quickDay } from "./moments.js";
import { troubleOfOpen } from "./problem.js";
import { drawTurns } from "./turns.js";

/** @import { DeskPage, FollowTurn, FollowUpCard, FollowUpOutlook, Reach } from "./types.js" */

/** @param {FollowUpCard | null} followUp */
const isLive = (followUp) => followUp?.state === "planned" || followUp?.state === "asked";

/** The follow-up of the open conversation, and the dialog that plans one. */
export class FollowUpPanel {
  #page;
  #onChange;
  #onTurn;
  #dialog = byId("follow-up-dialog", HTMLDialogElement);
  #form = byId("follow-up-form", HTMLFormElement);
  #day = fieldOf(this.#form, "day");
  #text = fieldOf(this.#form, "text", HTMLTextAreaElement);
  #save = byId("follow-up-save", HTMLButtonElement);
  /** The conversation that the dialog is about. */
  #id = "";
  /** Our own words for the question; what is left as it stands is sent as ours. */
  #question = "";

  /**
   * @param {DeskPage} page
   * @param {{ onChange: () => void, onTrouble: (error: unknown) => void, onTurn: FollowTurn }} handlers
   */
  constructor(page, { onChange, onTrouble, onTurn }) {
    this.#page = page;
    this.#onChange = onChange;
    this.#onTurn = onTurn;
    for (const button of findAll(document, "[data-ask-again]"))
      button.addEventListener("click", () => {
        byId("more", HTMLDetailsElement).open = false;
        this.open().catch(onTrouble);
      });
    for (const button of findAll(this.#form, "[data-quick-day]"))
      button.addEventListener("click", () => {
        this.#day.value = dayValue(quickDay(button.dataset.quickDay ?? "", page.clock.now()));
        this.#look();
      });
    this.#day.addEventListener("change", () => this.#look());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#plan();
    });
  }

  draw() {
    const { state } = this.#page;
    const { card, follow_up: followUp, reach } = state.open;
    const isAnothers = card.status === "assigned" && !state.isMine;
    const mayPlan = !isAnothers && followUp?.state !== "asked";
    byId("follow-up").replaceChildren(...(followUp ? [this.#draw(followUp, !isAnothers)] : []));
    byId("follow-up-none").hidden = followUp !== null;
    for (const button of findAll(document, "[data-ask-again]")) button.hidden = !mayPlan;
    byId("follow-up-head").hidden = !mayPlan || card.status !== "resolved" || isLive(followUp);
    byId("follow-up-open").textContent = say(
      followUp?.state === "planned" ? "desk_ask_again_change" : "desk_ask_again",
    );
    const isSaidAbove = isLive(followUp) || followUp?.state === "impossible";
    notify(byId("follow-up-reach"), isSaidAbove ? null : problemOf(reach));
  }

  /** Open the dialog for the conversation that is shown. */
  async open() {
    const { clock, state } = this.#page;
    if (!state.current) return;
    const { card, follow_up: followUp } = state.open;
    this.#id = card.id;
    this.#question = "";
    this.#text.value = followUp?.state === "planned" ? followUp.text : "";
    this.#day.min = dayValue(new Date(clock.now()));
    this.#day.value = followUp?.state === "planned" ? followUp.day : dayValue(quickDay("3", clock.now()));
    this.#problem(null);
    this.#save.disabled = false;
    this.#dialog.showModal();
    await this.#look();
  }

  /**
   * A follow-up in the list of mine.
   * @param {FollowUpCard} followUp
   * @param {string | null} chosen the conversation that is open
   * @param {(id: string) => void} onChoose
   */
  drawCard(followUp, chosen, onChoose) {
    const id = followUp.conversation_id;
    const look = { type: "button", class: "conversation", "aria-current": id === chosen ? "true" : null };
    const button = make(
      "button",
      { ...look, onclick: () => onChoose(id) },
      make("span", { class: "line" }, this.#drawState(followUp)),
      make("strong", { class: "request what", dir: "auto" }, aboutOf(followUp)),
      make("span", { class: "line tags" }, make("span", { class: "name" }, quoted(nameOf(followUp)))),
    );
    return make("li", { "data-id": id, "data-key": followUp.id }, button);
  }

  /** What would come of the day that is chosen. */
  async #look() {
    const { calls, state } = this.#page;
    const [id, day] = [this.#id, this.#day.value];
    if (!day) return;
    for (const button of findAll(this.#form, "[data-quick-day]")) {
      const isChosen = dayValue(quickDay(button.dataset.quickDay ?? "", this.#page.clock.now())) === day;
      button.setAttribute("aria-pressed", String(isChosen));
    }
    try {
      /** @type {FollowUpOutlook} */
      const outlook = await calls.get(`conversations/${id}/follow-up/outlook?day=${day}`);
      if (this.#id !== id || this.#day.value !== day) return;
      this.#show(outlook);
    } catch (error) {
      if (state.id === id) this.#problem(sentenceOf(error, say("desk_failed")));
    }
  }

  /** @param {FollowUpOutlook} outlook */
  #show({ reach, asks_at: at, question }) {
    const isOurs = !this.#text.value || this.#text.value === this.#question;
    this.#question = question;
    if (isOurs) this.#text.value = question;
    this.#save.disabled = reach.problem !== null;
    byId("follow-up-when").textContent = say("desk_ask_again_when", { time: this.#page.clock.dated(at) });
    byId("follow-up-way").textContent = reach.way ? wayOf(reach, this.#page.state.open) : "";
    byId("follow-up-outlook").classList.toggle("warn", reach.way === "chat_only");
    this.#problem(problemOf(reach));
  }

  async #plan() {
    const text = this.#text.value.trim();
    if (!this.#day.value) {
      this.#day.focus();
      return;
    }
    const id = this.#id;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    const isStill = () => this.#id === id && this.#dialog.open;
    this.#save.disabled = true;
    try {
      const body = { day: this.#day.value, text: text === this.#question ? "" : text };
      await this.#page.calls.post(`conversations/${id}/follow-up`, body);
      if (isStill()) this.#dialog.close();
      byId("said").textContent = say("desk_ask_again_saved");
    } catch (error) {
      if (isStill()) this.#problem(sentenceOf(error, say("desk_failed")));
      else showTroubleHere(error);
    }
    if (this.#id === id) this.#save.disabled = false;
    this.#onChange();
  }

  /** @param {HTMLButtonElement} button */
  async #callOff(button) {
    button.disabled = true;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    try {
      await this.#page.calls.post(`conversations/${this.#page.state.id}/follow-up/call-off`);
      byId("said").textContent = say("desk_ask_again_called_off");
    } catch (error) {
      showTroubleHere(error);
    }
    this.#onChange();
  }

  /**
   * @param {FollowUpCard} followUp
   * @param {boolean} mayChange
   */
  #draw(followUp, mayChange) {
    const turns = [followUp.asked_seq, followUp.answered_seq].filter((seq) => seq !== null);
    return make(
      "div",
      { class: `promise ${followUp.state}` },
      make(
        "p",
        { class: "what", dir: "auto" },
        aboutOf(followUp),
        turns.length ? drawTurns(turns, this.#onTurn) : null,
      ),
      make("p", { class: "hint row" }, this.#drawState(followUp), make("span", {}, byOf(followUp))),
      isLive(followUp) && mayChange ? make("p", { class: "row" }, this.#drawCallOff(followUp)) : null,
    );
  }

  /** @param {FollowUpCard} followUp */
  #drawCallOff(followUp) {
    const key = followUp.state === "asked" ? "desk_ask_again_stop" : "desk_ask_again_call_off";
    const button = make("button", { type: "button", class: "button small plain" }, say(key));
    button.addEventListener("click", () => this.#callOff(button));
    return button;
  }

  /** @param {FollowUpCard} followUp */
  #drawState(followUp) {
    const time = this.#page.clock.dated(followUp.state === "asked" ? (followUp.asked_at ?? "") : followUp.due_at);
    if (isLive(followUp)) return make("strong", { class: "due" }, say(`desk_follow_up_${followUp.state}`, { time }));
    const reason = followUp.reason ? say(`desk_follow_up_reason_${followUp.reason}`) : "";
    const answer = { true: "_yes", false: "_no" }[String(followUp.settled)] ?? "";
    const needsHelp = followUp.settled === false;
    const look = { impossible: "danger", answered: needsHelp ? "warn" : "ok" }[String(followUp.state)] ?? "";
    const words = say(`desk_follow_up_${followUp.state}${answer}`);
    return make("span", { class: `badge ${look}` }, reason ? `${words}: ${reason}` : words);
  }

  /** @param {string | null} sentence */
  #problem(sentence) {
    notify(byId("follow-up-problem"), sentence);
  }
}

/**
 * What is asked, shortly.
 * @param {FollowUpCard} followUp
 */
const aboutOf = ({ text, article_title: title }) => text || title || say("desk_follow_up_usual");

/** @param {FollowUpCard} followUp */
const byOf = (followUp) =>
  followUp.article ? say("desk_follow_up_by_article") : say("desk_promise_by", { name: followUp.agent_name });

/**
 * Why nobody can be asked, as a sentence.
 * @param {Reach} reach
 */
const problemOf = ({ problem }) =>
  problem ? say("desk_unreachable", { reason: say(`desk_follow_up_reason_${problem}`) }) : null;

/**
 * Where the question is read.
 * @param {Reach} reach
 * @param {{ contact_email: string | null, card: { channel: string } }} conversation
 */
function wayOf({ way }, { contact_email: email, card }) {
  if (way === "mail") return say("desk_reach_mail", { email });
  return way === "channel"
    ? say("desk_reach_channel", { channel: say(`channel_${card.channel}`) })
    : say("desk_reach_chat_only");
}
