// The agents' desk: puts lists, conversation, details and composer together and keeps them up to date.

import { Calls, csrfOf } from "../shared/calls.js";
import { Drafts } from "../shared/drafts.js";
import { byId, findAll } from "../shared/elements.js";
import { isPaletteKey } from "../shared/palette-key.js";
import { say } from "../shared/words.js";
import { Alerts } from "./alerts.js";
import { Allowances } from "./allowances.js";
import { listenToAvailability } from "./availability.js";
import { DeskClock } from "./clock.js";
import { Coach } from "./coach.js";
import { Composer } from "./composer.js";
import { ContactPart } from "./contact.js";
import { ConversationView } from "./conversation.js";
import { Decisions } from "./decisions.js";
import { Details } from "./details.js";
import { Finder } from "./finder.js";
import { FollowUpPanel } from "./follow-up.js";
import { HandoffCard } from "./handoff-card.js";
import { HeldActions } from "./held.js";
import { LatePanels } from "./late-panels.js";
import { ConversationList } from "./list.js";
import { MentionList } from "./mention-list.js";
import { Offers } from "./offers.js";
import { areDetailsAside, closeDetails, showDetails, showLists, showTalk } from "./panels.js";
import { Presence } from "./presence.js";
import { showProblem, showTrouble, showTroubleIfGone } from "./problem.js";
import { PromisePanel } from "./promises.js";
import { listenToShortcuts } from "./shortcuts.js";
import { DeskState } from "./state.js";
import { TagPart } from "./tag-part.js";
import { Timeline } from "./timeline.js";
import { TypingSign } from "./typing-sign.js";
import { listenToServer } from "./updates.js";
import { formOf } from "./wanted.js";
import { showWhisper } from "./whisper.js";

/** @import { DeskPage } from "./types.js" */

const MAX_WAIT_MS = 20_000;

/** The page. Its parts know one another only by what they are handed here. */
class Desk {
  #page;
  #alerts;
  #typing;
  #presence;
  #composer;
  #promises;
  #followUp;
  #coach;
  #allowances;
  #card;
  #tags;
  #details;
  #offers;
  #list;
  #finder;
  #conversation;
  #decisions;
  #held;
  #mentions;
  #panels;
  #tellServer = (/** @type {object} */ _frame) => {};

  /** @param {DeskPage} page */
  constructor(page) {
    this.#page = page;
    const onTrouble = showTrouble;
    const onTurn = (/** @type {number} */ seq) => this.#conversation.goTo(seq);
    const open = (/** @type {string} */ id, /** @type {number} */ seq = 0) => this.#conversation.open(id, seq);
    this.#alerts = new Alerts(page);
    const timeline = new Timeline(page, () => this.#conversation.showEarlierSoon());
    this.#typing = new TypingSign(page, timeline);
    this.#allowances = new Allowances(page, (words) => this.#offer(words));
    this.#coach = new Coach(page, {
      allowances: this.#allowances,
      onRecord: ({ words, due }) => this.#recordPromise(words, due),
    });
    this.#composer = new Composer(page, timeline, {
      onSent: () => this.#conversation.refresh(),
      onRefused: () => this.#refreshAll(),
      onDraft: (text) => this.#coach.read(text),
      onReplies: () => this.#openSoon(this.#panels.openReplies()),
      onWriting: (mode, on) => this.#presence.write(mode, on),
      onUndo: () => this.#held.undoLast(),
      onResolve: () => this.#decisions.sendAndResolve(),
    });
    this.#mentions = new MentionList(page, this.#composer);
    this.#held = new HeldActions(
      page,
      timeline,
      (id, held, work) => {
        if (held.kind === "answer") this.#composer.takeBack(id, held, work);
      },
      (id, held) => this.#composer.takeFiles(id, held),
    );
    this.#promises = new PromisePanel(page, {
      onChange: () => this.#refreshAll(),
      onRecorded: () => this.#coach.drop(),
      onTurn,
    });
    this.#followUp = new FollowUpPanel(page, { onChange: () => this.#refreshAll(), onTrouble, onTurn });
    this.#card = new HandoffCard(page, { onTurn, onInsert: (words) => this.#insert(words) });
    const contact = new ContactPart(page, () => this.#refreshAll());
    this.#tags = new TagPart(page, () => this.#refreshList());
    this.#details = new Details(page, {
      card: this.#card,
      promises: this.#promises,
      followUp: this.#followUp,
      contact,
      tags: this.#tags,
      onTurn,
    });
    this.#offers = new Offers(page, {
      accept: (id) => this.#decisions.decide(id, "accept"),
      decline: (id) => this.#decisions.decide(id, "decline"),
      look: (id) => open(id),
    });
    const onView = () => this.#finder.clear();
    const lists = { offers: this.#offers, promises: this.#promises, followUp: this.#followUp };
    const listed = { ...lists, onTrouble, onChoose: open, onView };
    this.#list = new ConversationList(page, listed, new URLSearchParams(location.search).get("view"));
    this.#finder = new Finder(page, { list: this.#list, onTrouble });
    const shown = {
      timeline,
      typing: this.#typing,
      composer: this.#composer,
      coach: this.#coach,
      allowances: this.#allowances,
      details: this.#details,
      held: this.#held,
    };
    page.state.onAwaiting(() => this.#list.mark(page.state.id));
    this.#presence = new Presence(page, (frame) => this.#tellServer(frame));
    this.#conversation = new ConversationView(page, shown, () => {
      this.#list.mark(page.state.id);
      this.#decisions.follow();
      this.#presence.say();
      this.#presence.draw();
    });
    const decided = {
      conversation: this.#conversation,
      composer: this.#composer,
      list: this.#list,
      offers: this.#offers,
    };
    this.#decisions = new Decisions(page, decided, () => this.#refreshAll());
    this.#panels = new LatePanels(page, { composer: this.#composer, conversation: this.#conversation, timeline }, () =>
      this.#refreshAll(),
    );
  }

  /** Show the lists, and the conversation that the address names. */
  start() {
    this.#listenToButtons();
    this.#listenToKeys();
    this.#listenToServer();
    this.#listenToDevice();
    this.#refreshList();
    this.#finder.loadViews();
    this.#loadTranslation();
    const address = new URLSearchParams(location.search);
    const wanted = formOf(address);
    if (Object.keys(wanted).length) this.#finder.apply(wanted);
    const linked = address.get("conversation");
    if (linked) this.#conversation.open(linked);
  }

  /** A notification was clicked; and the server hears that this browser still takes them. */
  #listenToDevice() {
    const { drafts, me } = this.#page;
    globalThis.navigator?.serviceWorker?.addEventListener("message", ({ data }) => {
      if (data?.type === "open" && data.conversation) this.#conversation.open(data.conversation);
    });
    if (drafts.read(`push.${me.id}`) !== "on") return;
    const calls = new Calls({ csrf: csrfOf() });
    import("../account/notifications/push.js")
      .then(async ({ renew }) => (await renew(calls)) || drafts.keep(`push.${me.id}`, ""))
      .catch(() => {}); // its page says so
  }

  /** Only where there is a service. */
  async #loadTranslation() {
    if (!byId("content").dataset.translates) return;
    const { Translation } = await import("./translation.js");
    const translation = new Translation(this.#page, this.#composer);
    new MutationObserver(() => translation.follow()).observe(byId("where"), { childList: true, subtree: true });
  }

  #refreshAll() {
    this.#refreshList();
    this.#conversation.refresh();
  }

  async #refreshList() {
    try {
      const news = await this.#list.refresh();
      this.#presence.draw();
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
   * What is typed until something is open that takes the cursor is meant for it.
   * @param {Promise<unknown>} opening
   */
  #openSoon(opening) {
    this.#page.state.during(opening).catch(showTrouble);
  }

  /** @param {string} words */
  #offer(words) {
    if (this.#composer.append(words)) showTalk();
    else showProblem(say("desk_article_not_yours"));
  }

  /**
   * @param {string} [what]
   * @param {string | null} [at]
   */
  #recordPromise(what, at) {
    if (!this.#page.state.current || this.#page.state.isSwitching) return;
    if (areDetailsAside()) showDetails();
    this.#promises.write(what, at);
  }

  #addTag() {
    if (!this.#page.state.current) return;
    if (areDetailsAside()) showDetails();
    this.#tags.focus();
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
      "replies-open": () => this.#openSoon(this.#panels.openReplies()),
    };
    document.getElementById("macros-open")?.addEventListener("click", () => this.#openSoon(this.#panels.openMacros()));
    for (const [id, act] of Object.entries(clicks)) byId(id).addEventListener("click", act);
    byId("lines").addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const button = target?.closest("[data-change]");
      if (button instanceof HTMLElement) this.#openSoon(this.#panels.changeAnswer(Number(button.dataset.change)));
      const picture = target?.closest("a.picture");
      if (picture instanceof HTMLAnchorElement) enlarge(event, picture);
    });
    listenToAvailability(this.#page, () => this.#refreshList());
    // Who signs out leaves no customer's words behind in a browser that others may use.
    byId("sign-out").addEventListener("submit", () => {
      this.#page.calls.signOut();
      this.#page.drafts.forget(["draft.", "unsent."]);
    });
  }

  #listenToKeys() {
    const insert = (/** @type {number} */ place) => () => this.#card.insert(place);
    /** @type {Record<string, () => void>} */
    const actions = {
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
      u: () => this.#held.undoLast(),
      "alt+enter": () => this.#decisions.sendAndResolve(),
      p: () => this.#recordPromise(),
      c: () => this.#openSoon(this.#panels.changeAnswer()),
      "@": () => this.#mentions.ask(),
      t: () => this.#decisions.openTransfer(),
      z: () => this.#decisions.openSnooze(),
      m: () => this.#openSoon(this.#panels.openMacros()),
      "#": () => this.#addTag(),
      r: () => this.#composer.focus("answer"),
      n: () => this.#composer.focus("note"),
      "/": () => {
        showLists();
        this.#finder.focus();
      },
      "?": showHelp,
    };
    listenToShortcuts(this.#page, actions, () => this.#decisions.acceptShown());
    const toggle = () => this.#panels.togglePalette(actions);
    for (const button of findAll(document, "[data-opens]"))
      button.addEventListener("click", () => {
        for (const menu of findAll(document, "details.person[open]", HTMLDetailsElement)) menu.open = false;
        if (button.dataset.opens === "help") showHelp();
        else toggle();
      });
    document.addEventListener("keydown", (event) => {
      if (!isPaletteKey(event)) return;
      event.preventDefault();
      toggle();
    });
  }

  #listenToServer() {
    this.#tellServer = listenToServer(this.#page, {
      refreshAll: () => this.#refreshAll(),
      refreshList: () => this.#refreshList(),
      refreshConversation: () => this.#conversation.refresh(),
      onWork: () => this.#conversation.refreshWork(),
      onLook: () => this.#conversation.noteSeen(),
      onTyping: (hint) => this.#typing.show(hint),
      onHere: (hint) => this.#presence.hear(hint),
      onWhisper: (hint) => showWhisper(hint, (id) => this.#conversation.open(id)),
      onConnected: () => this.#presence.begin(),
    });
  }
}

const showHelp = () => byId("help-dialog", HTMLDialogElement).showModal();

/**
 * Show a picture large; with a key held down it is a link like any other.
 * @param {MouseEvent} event
 * @param {HTMLAnchorElement} picture
 */
function enlarge(event, picture) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  import("./lightbox.js").then(({ openLightbox }) => openLightbox(picture), showTrouble);
}

/** @returns {DeskPage} */
function openPage() {
  const { agent = "", name = "", language = "" } = byId("content").dataset;
  const me = { id: agent, name, language };
  const failed = say("desk_failed");
  const calls = new Calls({ csrf: csrfOf(), base: "/desk/api/", timeout: MAX_WAIT_MS, otherwise: failed });
  return { me, calls, drafts: new Drafts(), clock: new DeskClock(language), state: new DeskState(me) };
}

new Desk(openPage()).start();
