// The agents' desk: puts lists, conversation, details and composer together and keeps them up to date.

import { Calls, csrfOf } from "../shared/calls.js";
import { Drafts } from "../shared/drafts.js";
import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { Alerts } from "./alerts.js";
import { listenToAvailability } from "./availability.js";
import { DeskClock } from "./clock.js";
import { Composer } from "./composer.js";
import { ConversationView } from "./conversation.js";
import { Decisions } from "./decisions.js";
import { Details } from "./details.js";
import { HandoffCard } from "./handoff-card.js";
import { ConversationList } from "./list.js";
import { Offers } from "./offers.js";
import { areDetailsAside, closeDetails, showDetails, showLists, showTalk } from "./panels.js";
import { showProblem, showTrouble, showTroubleIfGone } from "./problem.js";
import { PromiseHint } from "./promise-hint.js";
import { PromisePanel } from "./promises.js";
import { listenToShortcuts } from "./shortcuts.js";
import { DeskState } from "./state.js";
import { Timeline } from "./timeline.js";
import { TypingSign } from "./typing-sign.js";
import { listenToServer } from "./updates.js";

/** @import { DeskPage } from "./types.js" */

const MAX_WAIT_MS = 20_000;

/** The page. Its parts know one another only by what they are handed here. */
class Desk {
  #page;
  #alerts;
  #typing;
  #composer;
  #promises;
  #hint;
  #card;
  #details;
  #offers;
  #list;
  #conversation;
  #decisions;

  /** @param {DeskPage} page */
  constructor(page) {
    this.#page = page;
    const onTrouble = showTrouble;
    const onTurn = (/** @type {number} */ seq) => this.#conversation.goTo(seq);
    const open = (/** @type {string} */ id) => this.#conversation.open(id);
    this.#alerts = new Alerts(page);
    const timeline = new Timeline(page);
    this.#typing = new TypingSign(page, timeline);
    this.#hint = new PromiseHint(page, ({ words, due }) => this.#recordPromise(words, due));
    this.#composer = new Composer(page, timeline, {
      onSent: () => this.#conversation.refresh(),
      onTrouble: (error) => {
        showTrouble(error);
        this.#refreshAll();
      },
      onDraft: (text) => this.#hint.read(text),
    });
    this.#promises = new PromisePanel(page, {
      onChange: () => this.#refreshAll(),
      onRecorded: () => this.#hint.drop(),
      onTrouble,
      onTurn,
    });
    this.#card = new HandoffCard(page, { onTurn, onInsert: (words) => this.#insert(words), onTrouble });
    this.#details = new Details(page, { card: this.#card, promises: this.#promises, onTurn });
    this.#offers = new Offers(page, {
      accept: (id) => this.#decisions.decide(id, "accept"),
      decline: (id) => this.#decisions.decide(id, "decline"),
      look: open,
    });
    const listed = { offers: this.#offers, promises: this.#promises, onTrouble, onChoose: open };
    this.#list = new ConversationList(page, listed, new URLSearchParams(location.search).get("view"));
    const shown = {
      timeline,
      typing: this.#typing,
      composer: this.#composer,
      hint: this.#hint,
      details: this.#details,
    };
    this.#conversation = new ConversationView(page, shown, () => this.#list.mark(page.state.id));
    const decided = {
      conversation: this.#conversation,
      composer: this.#composer,
      list: this.#list,
      offers: this.#offers,
    };
    this.#decisions = new Decisions(page, decided, () => this.#refreshAll());
  }

  /** Show the lists, and the conversation that the address names. */
  start() {
    this.#listenToButtons();
    this.#listenToKeys();
    this.#listenToServer();
    this.#refreshList();
    const linked = new URLSearchParams(location.search).get("conversation");
    if (linked) this.#conversation.open(linked);
  }

  #refreshAll() {
    this.#refreshList();
    this.#conversation.refresh();
  }

  async #refreshList() {
    try {
      const news = await this.#list.refresh();
      this.#list.mark(this.#page.state.id);
      this.#alerts.tell(news);
    } catch (error) {
      showTroubleIfGone(error);
    }
  }

  /** @param {string} words */
  #insert(words) {
    if (!this.#composer.insert(words)) {
      showProblem(say("desk_article_not_yours"));
      return;
    }
    showTalk();
    byId("said").textContent = say("desk_article_inserted");
  }

  /**
   * @param {string} [what]
   * @param {string | null} [at]
   */
  #recordPromise(what, at) {
    if (!this.#page.state.current) return;
    if (areDetailsAside()) showDetails();
    this.#promises.write(what, at);
  }

  async #renewSummary() {
    try {
      await this.#details.renew();
      byId("said").textContent = say("desk_summary_renewed");
    } catch (error) {
      showTrouble(error);
    }
  }

  #listenToButtons() {
    /** @type {Record<string, () => void>} */
    const clicks = {
      earlier: () => this.#conversation.showEarlier(),
      back: () => {
        showLists();
        this.#list.focus();
      },
      "details-open": showDetails,
      "details-close": closeDetails,
      "summary-renew": () => this.#renewSummary(),
      help: showHelp,
    };
    for (const [id, act] of Object.entries(clicks)) byId(id).addEventListener("click", act);
    listenToAvailability(this.#page, () => this.#refreshList());
    // Who signs out leaves no customer's words behind in a browser that others may use.
    byId("sign-out").addEventListener("submit", () => {
      this.#page.calls.signOut();
      this.#page.drafts.forget(["draft.", "unsent."]);
    });
  }

  #listenToKeys() {
    const insert = (/** @type {number} */ place) => () => this.#card.insert(place);
    listenToShortcuts(this.#page, {
      j: () => this.#list.move(1),
      k: () => this.#list.move(-1),
      a: () => this.#decisions.accept(),
      e: () => this.#decisions.resolve(),
      o: () => {
        if (this.#offers.first) this.#conversation.open(this.#offers.first);
      },
      x: () => this.#decisions.decide(this.#offers.first, "decline"),
      1: insert(0),
      2: insert(1),
      3: insert(2),
      p: () => this.#recordPromise(),
      t: () => this.#decisions.openTransfer(),
      r: () => this.#composer.focus("answer"),
      n: () => this.#composer.focus("note"),
      "?": showHelp,
    });
  }

  #listenToServer() {
    listenToServer(this.#page, {
      refreshAll: () => this.#refreshAll(),
      refreshList: () => this.#refreshList(),
      refreshConversation: () => this.#conversation.refresh(),
      onLook: () => this.#conversation.noteSeen(),
      onTyping: (hint) => this.#typing.show(hint),
    });
  }
}

const showHelp = () => byId("help-dialog", HTMLDialogElement).showModal();

/** @returns {DeskPage} */
function openPage() {
  const { agent = "", name = "", language = "" } = byId("content").dataset;
  const me = { id: agent, name, language };
  const failed = say("desk_failed");
  const calls = new Calls({ csrf: csrfOf(), base: "/desk/api/", timeout: MAX_WAIT_MS, otherwise: failed });
  return { me, calls, drafts: new Drafts(), clock: new DeskClock(language), state: new DeskState(me) };
}

new Desk(openPage()).start();
