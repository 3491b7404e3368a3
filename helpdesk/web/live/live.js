// The supervisor's page: fetched again when the desk's socket hints at a change, and only while somebody looks.

import { HintSocket } from "../desk/socket.js";
import { Calls, csrfOf, newId, sentenceOf } from "../shared/calls.js";
import { byId, fieldOf, findAll, make, notify, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { drawHours } from "./hours.js";
import { drawAgents, drawOverdue, drawTeams, drawWaiting, elapsed, nameOf } from "./rows.js";

/** @import { Card } from "../desk/types.js" */
/** @import { Board, HourLoad } from "./types.js" */

/** Hints that come faster are one look (live_board.py: GOOD_FOR). */
const AT_MOST_EVERY_MS = 3000;
/** Presence ends without a hint. */
const AT_LEAST_EVERY_MS = 15_000;
const HOURS_EVERY_MS = 15 * 60_000;
const LATE_MS = 5 * 60_000;
/** The attributes of times that are told as waits, and how. */
const TIMES = [
  { name: "since", key: "live_waits" },
  { name: "longest", key: "live_longest" },
  { name: "unanswered", key: "live_unanswered" },
  { name: "due", key: "live_due" },
  { name: "wait", key: "" },
];

/** The page. */
class LivePage {
  #calls = new Calls({ csrf: csrfOf(), base: "/desk/api/", otherwise: say("live_failed") });
  /** @type {Board | null} */
  #board = null;
  #aheadMs = 0;
  #lookedAt = 0;
  #isDue = false;
  /** What a dialog is about. @type {Card | null} */
  #about = null;

  start() {
    const socket = new HintSocket(this.#calls, {
      onHint: () => this.#lookSoon(),
      onState: (isConnected) => {
        byId("lost").hidden = isConnected;
        if (isConnected) this.#lookSoon();
      },
    });
    socket.open();
    addEventListener("online", () => socket.hurry());
    document.addEventListener("visibilitychange", () => this.#lookSoon());
    setInterval(() => this.#lookSoon(), AT_LEAST_EVERY_MS);
    setInterval(() => this.#tick(), 1000);
    setInterval(() => this.#lookAtHours(), HOURS_EVERY_MS);
    byId("content").addEventListener("click", (event) => this.#press(event));
    byId("whisper-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#whisper();
    });
    this.#look();
    this.#lookAtHours();
  }

  #lookSoon() {
    if (this.#isDue || document.hidden) return;
    this.#isDue = true;
    setTimeout(
      () => {
        this.#isDue = false;
        if (!document.hidden) this.#look();
      },
      Math.max(0, this.#lookedAt + AT_MOST_EVERY_MS - Date.now()),
    );
  }

  async #look() {
    this.#lookedAt = Date.now();
    try {
      this.#show(await this.#calls.get("live"));
    } catch {
      // the next look comes by itself; a lost connection is said above
    }
  }

  async #lookAtHours() {
    if (document.hidden) return;
    try {
      /** @type {{ hours: HourLoad[], hour: number }} */
      const { hours, hour } = await this.#calls.get("live/hours");
      drawHours(hours, hour);
    } catch (error) {
      notify(byId("problem"), sentenceOf(error));
    }
  }

  /**
   * What was on its way while something was done, or comes from a server that looked sooner, is not news.
   * @param {Board} board
   */
  #show(board) {
    if (this.#board && Date.parse(board.now) < Date.parse(this.#board.now)) return;
    this.#board = board;
    this.#aheadMs = Date.parse(board.now) - Date.now();
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.focus : null;
    byId("waiting").replaceChildren(...drawWaiting(board.waiting));
    byId("agents").replaceChildren(...drawAgents(board.agents, byId("content").dataset.agent ?? ""));
    byId("teams").replaceChildren(...drawTeams(board.teams));
    byId("overdue").replaceChildren(...drawOverdue(board.overdue));
    if (focused)
      findAll(document, "[data-focus]")
        .find((one) => one.dataset.focus === focused)
        ?.focus();
    this.#drawTiles(board);
    this.#tick();
  }

  /** @param {Board} board */
  #drawTiles({ waiting, agents, overdue }) {
    const online = agents.filter(({ presence }) => presence === "online");
    const free = online.map(({ capacity, conversations }) => Math.max(0, capacity - conversations.length));
    const unanswered = agents.flatMap(({ conversations }) =>
      conversations.flatMap((one) => one.unanswered_since ?? []),
    );
    byId("tile-waiting").textContent = String(waiting.length);
    byId("tile-online").textContent = say("live_tile_online", { online: online.length, all: agents.length });
    byId("tile-places").textContent = say("live_places", { count: free.reduce((sum, one) => sum + one, 0) });
    byId("tile-overdue").textContent = String(overdue.length);
    byId("tile-overdue")
      .closest(".tile")
      ?.classList.toggle("late", overdue.length > 0);
    byId("tile-unanswered").textContent = String(unanswered.length);
    this.#drawLongest(
      "tile-longest",
      waiting.flatMap((card) => card.waiting_since ?? []),
    );
    this.#drawLongest("tile-unanswered-longest", unanswered);
  }

  /**
   * @param {string} id
   * @param {string[]} times
   */
  #drawLongest(id, times) {
    const first = times.toSorted()[0];
    byId(id).replaceChildren(first ? make("span", { "data-longest": first }) : "");
  }

  #tick() {
    const now = Date.now() + this.#aheadMs;
    for (const { name, key } of TIMES)
      for (const item of findAll(document, `[data-${name}]`)) {
        const ms = now - Date.parse(item.dataset[name] ?? "");
        const text = key ? say(key, { time: elapsed(ms) }) : elapsed(ms);
        if (item.textContent !== text) item.textContent = text;
        item.classList.toggle("late", ms >= LATE_MS);
      }
    if (this.#board) byId("as-of").textContent = new Date(this.#board.now).toLocaleTimeString();
  }

  /** @param {Event} event */
  #press(event) {
    const button = event.target instanceof Element ? event.target.closest("button[data-act]") : null;
    if (!(button instanceof HTMLElement)) return;
    const card = this.#cards().find(({ id }) => id === button.dataset.id);
    if (!card) return;
    this.#about = card;
    if (button.dataset.act === "take-over") this.#do(card.id, "take-over", {}, say("live_took_over"));
    if (button.dataset.act === "assign") this.#openAssign(card);
    if (button.dataset.act === "whisper") this.#openWhisper(card);
  }

  #cards() {
    if (!this.#board) return [];
    return [
      ...this.#board.waiting,
      ...this.#board.agents.flatMap((agent) => agent.conversations.map(({ card }) => card)),
    ];
  }

  /** @param {Card} card */
  #openAssign(card) {
    const { agents = [], teams = [] } = this.#board ?? {};
    const give = (/** @type {object} */ to, /** @type {string} */ name) => async () => {
      byId("assign-dialog", HTMLDialogElement).close();
      await this.#do(card.id, "assign", to, say("live_assigned", { name }));
    };
    byId("assign-who").textContent = nameOf(card);
    byId("assign-to").replaceChildren(
      ...agents
        .filter(({ id, presence }) => id !== card.agent_id && presence !== "offline")
        .map(({ id, name, presence, capacity, conversations }) =>
          make(
            "button",
            { type: "button", class: "button wide", onclick: give({ to: id }, name) },
            make("span", { class: `presence ${presence}` }),
            quoted(name),
            make("span", { class: "hint" }, say(`desk_${presence}`)),
            make("span", { class: "hint" }, say("live_load", { open: conversations.length, capacity })),
          ),
        ),
      ...teams
        .filter(({ id }) => id)
        .map(({ id, name, online }) =>
          make(
            "button",
            { type: "button", class: "button wide", onclick: give({ team: id }, name) },
            quoted(say("live_team", { name })),
            make("span", { class: "hint" }, `${say("desk_online")}: ${online}`),
          ),
        ),
    );
    byId("assign-dialog", HTMLDialogElement).showModal();
  }

  /** @param {Card} card */
  #openWhisper(card) {
    byId("whisper-title").textContent = say("live_whisper_to", { name: card.agent_name });
    const field = fieldOf(byId("whisper-form", HTMLFormElement), "text", HTMLTextAreaElement);
    field.value = "";
    byId("whisper-dialog", HTMLDialogElement).showModal();
    field.focus();
  }

  async #whisper() {
    const card = this.#about;
    const text = fieldOf(byId("whisper-form", HTMLFormElement), "text", HTMLTextAreaElement).value.trim();
    if (!card || !text) return;
    byId("whisper-dialog", HTMLDialogElement).close();
    await this.#do(card.id, "whisper", { text, client_id: newId() }, say("live_whispered", { name: card.agent_name }));
  }

  /**
   * @param {string} id
   * @param {string} verb
   * @param {object} body
   * @param {string} done what is said when it went well
   */
  async #do(id, verb, body, done) {
    notify(byId("problem"), null);
    try {
      /** @type {Partial<Board>} */
      const found = await this.#calls.post(`conversations/${id}/${verb}`, body);
      if (found.agents) this.#show(/** @type {Board} */ (found));
      byId("said").textContent = done;
    } catch (error) {
      notify(byId("problem"), sentenceOf(error));
      this.#look();
    }
  }
}

new LivePage().start();
