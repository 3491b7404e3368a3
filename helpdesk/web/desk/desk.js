// The agents' desk: puts list, timeline, details and composer together and keeps them up to date.

import { Calls, csrfOf, Refused, sentenceOf } from "../shared/calls.js";
import { Drafts } from "../shared/drafts.js";
import { byId, find, findAll, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { Alerts } from "./alerts.js";
import { DeskClock } from "./clock.js";
import { Composer } from "./composer.js";
import { Details } from "./details.js";
import { HandoffCard } from "./handoff-card.js";
import { ReturnDialog, TransferDialog } from "./handover-dialogs.js";
import { drawHead } from "./head.js";
import { ConversationList } from "./list.js";
import { Offers } from "./offers.js";
import { PromiseHint } from "./promise-hint.js";
import { PromisePanel } from "./promises.js";
import { listenToShortcuts } from "./shortcuts.js";
import { HintSocket } from "./socket.js";
import { DeskState, isAllowed } from "./state.js";
import { Timeline } from "./timeline.js";

/** @import { Action, ConversationAnswer, DeskPage, Hint, TimelineLine, TypingHint } from "./types.js" */

const OVERLAP = 20; // lines fetched again with the new ones: their delivery may have moved on
const POLL_EVERY_MS = 15_000;
const LIST_AFTER_MS = 200;
const LINES_AFTER_MS = 60;
const TYPING_ENDS_MS = 8000;
const LONGEST_WAIT_MS = 20_000;

/** The page. Its parts know one another only by what they are handed here. */
class Desk {
  #page;
  #state;
  #calls;
  #main = byId("content");
  #alerts;
  #timeline;
  #composer;
  #promises;
  #hint;
  #card;
  #details;
  #offers;
  #list;
  #transfer;
  #return;
  /** The newest line that the customer was told is read. */
  #seenSeq = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingEnds;
  #refreshListSoon = debounced(LIST_AFTER_MS, () => this.#refreshList());
  #refreshLinesSoon = debounced(LINES_AFTER_MS, () => this.#refreshConversation());

  /** @param {DeskPage} page */
  constructor(page) {
    this.#page = page;
    this.#state = page.state;
    this.#calls = page.calls;
    const onTrouble = (/** @type {unknown} */ error) => this.#trouble(error);
    const onTurn = (/** @type {number} */ seq) => this.#goTo(seq);
    const refreshAll = () => this.#refreshAll();
    this.#alerts = new Alerts(page);
    this.#timeline = new Timeline(page);
    this.#hint = new PromiseHint(page, ({ words, due }) => this.#recordPromise(words, due));
    this.#composer = new Composer(page, this.#timeline, {
      onSent: () => this.#refreshConversation(),
      onTrouble: (error) => {
        this.#trouble(error);
        this.#refreshAll();
      },
      onDraft: (text) => this.#hint.read(text),
    });
    this.#promises = new PromisePanel(page, {
      onChange: refreshAll,
      onRecorded: () => this.#hint.drop(),
      onTrouble,
      onTurn,
    });
    this.#card = new HandoffCard(page, { onTurn, onInsert: (words) => this.#insert(words), onTrouble });
    this.#details = new Details(page, { card: this.#card, promises: this.#promises, onTurn });
    this.#offers = new Offers(page, {
      accept: (id) => this.#decide(id, "accept"),
      decline: (id) => this.#decide(id, "decline"),
      look: (id) => this.open(id),
    });
    const asked = new URLSearchParams(location.search).get("view");
    const parts = { offers: this.#offers, promises: this.#promises, onTrouble };
    this.#list = new ConversationList(page, { ...parts, onChoose: (id) => this.open(id) }, asked);
    this.#transfer = new TransferDialog(page, { onTransfer: (id, to) => this.#act("transfer", id, to), onTrouble });
    this.#return = new ReturnDialog((id, note) => this.#act("return", id, { note }));
  }

  /** Show the lists, and the conversation that the address names. */
  start() {
    this.#listenToButtons();
    this.#listenToKeys();
    this.#listenToServer();
    this.#refreshList();
    const linked = new URLSearchParams(location.search).get("conversation");
    if (linked) this.open(linked);
  }

  /**
   * Show a conversation; nothing can be typed until it is there. Returns whether it is what is shown now.
   * @param {string} id
   */
  async open(id) {
    const isWanted = this.#state.beginSwitch();
    this.#problem(null);
    this.#composer.wait("switch", true);
    try {
      /** @type {ConversationAnswer} */
      const found = await this.#calls.get(`conversations/${encodeURIComponent(id)}`);
      if (!isWanted()) return false;
      this.#show(found);
      return true;
    } catch (error) {
      if (isWanted()) this.#trouble(error);
      return false;
    } finally {
      if (isWanted()) this.#composer.wait("switch", false);
    }
  }

  /** @param {ConversationAnswer} found */
  #show({ conversation, lines, now }) {
    this.#page.clock.set(now);
    this.#seenSeq = 0;
    this.#timeline.reset();
    this.#apply(conversation);
    this.#timeline.take(lines);
    byId("nothing").hidden = true;
    byId("open").hidden = false;
    this.#main.dataset.view = "talk";
    this.#timeline.toEnd();
    this.#list.mark(this.#state.id);
    this.#noteSeen();
    this.#remember();
  }

  /**
   * Show who has the conversation and what can be done with it.
   * @param {ConversationAnswer["conversation"]} detail
   */
  #apply(detail) {
    this.#state.current = detail;
    drawHead(this.#state);
    this.#hint.follow();
    this.#composer.follow();
    this.#details.draw();
  }

  #refreshAll() {
    this.#refreshList();
    this.#refreshConversation();
  }

  async #refreshList() {
    try {
      const news = await this.#list.refresh();
      this.#list.mark(this.#state.id);
      this.#alerts.tell(news);
    } catch (error) {
      this.#troubleIfGone(error);
    }
  }

  async #refreshConversation() {
    const { id } = this.#state;
    if (!id) return;
    const after = Math.max(0, this.#timeline.lastSeq - OVERLAP);
    try {
      /** @type {ConversationAnswer} */
      const found = await this.#calls.get(`conversations/${id}?after=${after}`);
      if (this.#state.id !== id) return;
      this.#apply(found.conversation);
      this.#announce(this.#timeline.take(found.lines));
      this.#noteSeen();
    } catch (error) {
      this.#troubleIfGone(error);
    }
  }

  /** @param {string} action */
  #mayDo(action) {
    const { current, isMine } = this.#state;
    return current !== null && isAllowed(action, current.card, isMine);
  }

  /**
   * Change who has a conversation, if it is still the one that is open. Returns whether it went well.
   * @param {Action} action
   * @param {string | null} id
   * @param {object} body
   */
  async #act(action, id = this.#state.id, body = {}) {
    if (id !== this.#state.id || !this.#mayDo(action)) return false;
    const button = find(document, `[data-do="${action}"]`, HTMLButtonElement);
    let isDone = false;
    this.#problem(null);
    button.disabled = this.#state.isDeciding = true;
    this.#composer.wait("decision", true);
    try {
      /** @type {ConversationAnswer} */
      const found = await this.#calls.post(`conversations/${id}/${action}`, body);
      isDone = true;
      if (this.#state.id === id) this.#apply(found.conversation);
      byId("said").textContent = say(`desk_status_${found.conversation.card.status}`);
      if (action === "accept") await this.#beginWriting(this.#state.id === id);
    } catch (error) {
      this.#trouble(error);
    }
    this.#composer.wait("decision", false);
    button.disabled = this.#state.isDeciding = false;
    this.#refreshAll();
    return isDone;
  }

  /**
   * Take what is offered, or let it pass to somebody else.
   * @param {string | null} id
   * @param {"accept" | "decline"} verb
   */
  async #decide(id, verb) {
    if (!id || this.#state.isDeciding) return;
    this.#state.isDeciding = true;
    this.#problem(null);
    try {
      await this.#calls.post(`conversations/${id}/${verb}`);
      if (verb === "accept") await this.#beginWriting(await this.open(id));
    } catch (error) {
      this.#trouble(error);
    }
    this.#state.isDeciding = false;
    this.#refreshAll();
  }

  /**
   * After accepting: the cursor into the answer, if the conversation is what is shown, and the list of mine.
   * @param {boolean} isShown
   */
  async #beginWriting(isShown) {
    this.#composer.wait("decision", false);
    if (isShown) this.#composer.focus("answer");
    await this.#list.show("mine");
  }

  /** The shortcut for accepting: the open conversation if it can be, else what is offered. */
  #accept() {
    const { current } = this.#state;
    if (current && isAllowed("accept", current.card, false)) this.#act("accept");
    else this.#decide(this.#offers.first, "accept");
  }

  async #markImportant() {
    const { current } = this.#state;
    if (!current) return;
    const { id, important } = current.card;
    this.#problem(null);
    try {
      /** @type {ConversationAnswer} */
      const found = await this.#calls.post(`conversations/${id}/important`, { on: !important });
      if (this.#state.id === id) this.#apply(found.conversation);
      byId("said").textContent = say(important ? "desk_important_off" : "desk_important_on");
    } catch (error) {
      this.#trouble(error);
    }
    this.#refreshAll();
  }

  /** @param {string} words */
  #insert(words) {
    if (!this.#composer.insert(words)) {
      this.#problem(say("desk_article_not_yours"));
      return;
    }
    this.#main.dataset.view = "talk";
    byId("said").textContent = say("desk_article_inserted");
  }

  /**
   * @param {string} [what]
   * @param {string | null} [at]
   */
  #recordPromise(what, at) {
    if (!this.#state.current) return;
    if (getComputedStyle(byId("details-close")).display !== "none") this.#showDetails(true);
    this.#promises.write(what, at);
  }

  /**
   * Follow a line of the summary to its message, fetching older pages until it is there.
   * @param {number} seq
   */
  async #goTo(seq) {
    this.#main.dataset.view = "talk";
    byId("details-open").setAttribute("aria-expanded", "false");
    let isThere = true;
    while (isThere && seq < this.#timeline.firstSeq && this.#timeline.firstSeq > 1) isThere = await this.#showEarlier();
    this.#timeline.reveal(seq);
  }

  /** Returns whether there is more to see now. */
  async #showEarlier() {
    const { id } = this.#state;
    try {
      /** @type {ConversationAnswer} */
      const found = await this.#calls.get(`conversations/${id}?before=${this.#timeline.firstSeq}`);
      if (this.#state.id !== id) return false;
      this.#timeline.takeEarlier(found.lines);
      return found.lines.length > 0;
    } catch (error) {
      this.#trouble(error);
      return false;
    }
  }

  #noteSeen() {
    const { id, isMine } = this.#state;
    const seq = this.#timeline.lastSeq;
    if (!isMine || document.hidden || seq <= this.#seenSeq) return;
    this.#seenSeq = seq;
    this.#calls.post(`conversations/${id}/seen`, { seq }).catch(() => {
      this.#seenSeq = 0;
    });
  }

  /**
   * Read new messages out to a screen reader, not the whole log.
   * @param {TimelineLine[]} fresh
   */
  #announce(fresh) {
    const last = fresh.filter((line) => line.author === "contact").at(-1);
    if (!last) return;
    byId("typing").hidden = true;
    byId("said").textContent = `${say("desk_said_new", { name: this.#timeline.nameOf(last) })}: ${last.text}`;
  }

  /** @param {TypingHint} hint */
  #showTyping({ author, name, on }) {
    const customer = this.#state.open.card.contact_name || say("desk_customer");
    const wasAtEnd = this.#timeline.isAtEnd();
    const typing = byId("typing");
    typing.textContent = say("desk_typing", { name: author === "contact" ? customer : name || say("desk_bot") });
    typing.hidden = !on;
    clearTimeout(this.#typingEnds);
    this.#typingEnds = setTimeout(() => {
      typing.hidden = true;
    }, TYPING_ENDS_MS);
    if (wasAtEnd) this.#timeline.toEnd();
  }

  /** @param {string | null} sentence */
  #problem(sentence) {
    notify(byId("problem"), sentence);
  }

  /** @param {unknown} error */
  #trouble(error) {
    this.#problem(sentenceOf(error, say("desk_failed")));
  }

  /**
   * A refresh that fails isn't worth a message while the connection is being looked for.
   * @param {unknown} error
   */
  #troubleIfGone(error) {
    if (error instanceof Refused && error.status === 404) this.#trouble(error);
  }

  #remember() {
    const address = new URL(location.href);
    address.searchParams.set("conversation", this.#state.id ?? "");
    history.replaceState(null, "", address);
  }

  /** @param {boolean} on */
  #showDetails(on) {
    this.#main.dataset.view = on ? "details" : "talk";
    byId("details-open").setAttribute("aria-expanded", String(on));
    byId(on ? "details-close" : "details-open").focus();
  }

  async #renewSummary() {
    try {
      await this.#details.renew();
      byId("said").textContent = say("desk_summary_renewed");
    } catch (error) {
      this.#trouble(error);
    }
  }

  #openTransfer() {
    if (this.#state.id && this.#mayDo("transfer")) this.#transfer.open(this.#state.id);
  }

  #openReturn() {
    if (this.#state.id) this.#return.open(this.#state.id);
  }

  /** @param {Event} event */
  async #setAvailability({ target }) {
    if (!(target instanceof HTMLInputElement)) return;
    try {
      await this.#calls.post("availability", { availability: target.value });
    } catch (error) {
      this.#trouble(error);
    }
    this.#refreshList();
  }

  #listenToButtons() {
    for (const button of findAll(document, "[data-do]"))
      button.addEventListener("click", () => {
        byId("more", HTMLDetailsElement).open = false;
        this.#press(/** @type {Action} */ (button.dataset.do));
      });
    /** @type {Record<string, () => void>} */
    const clicks = {
      earlier: () => this.#showEarlier(),
      back: () => {
        this.#main.dataset.view = "list";
        this.#list.focus();
      },
      "details-open": () => this.#showDetails(true),
      "details-close": () => this.#showDetails(false),
      "summary-renew": () => this.#renewSummary(),
      important: () => this.#markImportant(),
      help: () => byId("help-dialog", HTMLDialogElement).showModal(),
    };
    for (const [id, act] of Object.entries(clicks)) byId(id).addEventListener("click", act);
    byId("availability").addEventListener("change", (event) => this.#setAvailability(event));
    // Who signs out leaves no customer's words behind in a browser that others may use.
    byId("sign-out").addEventListener("submit", () => this.#page.drafts.forget(["draft.", "unsent."]));
  }

  /** @param {Action} action */
  #press(action) {
    if (action === "transfer") this.#openTransfer();
    else if (action === "return") this.#openReturn();
    else this.#act(action);
  }

  #listenToKeys() {
    const insert = (/** @type {number} */ place) => () => this.#card.insert(place);
    listenToShortcuts(this.#page, {
      j: () => this.#list.move(1),
      k: () => this.#list.move(-1),
      a: () => this.#accept(),
      e: () => this.#act("resolve"),
      o: () => {
        if (this.#offers.first) this.open(this.#offers.first);
      },
      x: () => this.#decide(this.#offers.first, "decline"),
      1: insert(0),
      2: insert(1),
      3: insert(2),
      p: () => this.#recordPromise(),
      t: () => this.#openTransfer(),
      r: () => this.#composer.focus("answer"),
      n: () => this.#composer.focus("note"),
      "?": () => byId("help-dialog", HTMLDialogElement).showModal(),
    });
  }

  #listenToServer() {
    const socket = new HintSocket(this.#calls, {
      onHint: (hint) => this.#hear(hint),
      onState: (isConnected) => {
        this.#state.isConnected = byId("lost").hidden = isConnected;
        if (isConnected) this.#refreshAll();
      },
    });
    addEventListener("online", () => socket.hurry());
    socket.open();
    setInterval(() => {
      if (!this.#state.isConnected && !document.hidden) this.#refreshAll();
    }, POLL_EVERY_MS);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.#refreshAll();
      this.#noteSeen();
    });
  }

  /** @param {Hint} hint */
  #hear(hint) {
    const isOpen = "id" in hint && hint.id === this.#state.id;
    if (hint.type === "typing") {
      if (isOpen) this.#showTyping(hint);
      return;
    }
    this.#refreshListSoon();
    if (hint.type === "conversation" && isOpen) this.#refreshLinesSoon();
  }
}

/**
 * Calls that come while one is due already are that one.
 * @param {number} ms
 * @param {() => void} run
 */
function debounced(ms, run) {
  let isDue = false;
  const act = () => {
    isDue = false;
    run();
  };
  return () => {
    if (!isDue) setTimeout(act, ms);
    isDue = true;
  };
}

/** @returns {DeskPage} */
function openPage() {
  const { agent = "", name = "", language = "" } = byId("content").dataset;
  const me = { id: agent, name, language };
  const failed = say("desk_failed");
  const calls = new Calls({ csrf: csrfOf(), base: "/desk/api/", timeout: LONGEST_WAIT_MS, otherwise: failed });
  return { me, calls, drafts: new Drafts(), clock: new DeskClock(language), state: new DeskState(me) };
}

new Desk(openPage()).start();
