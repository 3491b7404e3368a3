// What can be put into the answer: canned replies by their shortcut, and articles; searched, chosen with the arrow keys.

import { sentenceOf } from "../shared/calls.js";
import { byId, make, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { ReplyDialog } from "./reply-dialog.js";

/** @import { Composer } from "./composer.js" */
/** @import { CannedReply, DeskPage, FoundArticle } from "./types.js" */

/**
 * @typedef {{ id: string, title: string, words: string, reply?: CannedReply, link?: string | null }} Entry
 */

const AFTER_MS = 120;
const MIN_ARTICLE_QUERY = 3;

/** Opens above the answer, and belongs to the conversation that it was opened in. */
export class ReplyList {
  #page;
  #composer;
  #dialog;
  #box = byId("replies");
  #field;
  #list;
  #foot;
  #problem;
  #conversation = "";
  /** @type {Entry[]} */
  #entries = [];
  #chosen = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #asked = 0;
  /** What the entries were found for; `null` before any have come. @type {string | null} */
  #drawn = null;
  /** Enter was pressed before they were there. @type {{ asLink: boolean } | null} */
  #wanted = null;

  /**
   * @param {DeskPage} page
   * @param {Composer} composer
   */
  constructor(page, composer) {
    this.#page = page;
    this.#composer = composer;
    this.#dialog = new ReplyDialog(page);
    const search = say("desk_reply_search");
    this.#field = make("input", {
      ...{ type: "search", role: "combobox", id: "reply-search", maxlength: 200, autocomplete: "off" },
      ...{ "aria-expanded": "true", "aria-controls": "reply-entries", "aria-autocomplete": "list" },
      ...{ "aria-label": search, placeholder: search },
    });
    this.#list = make("div", { id: "reply-entries", role: "listbox", "aria-label": search, tabindex: "-1" });
    this.#problem = make("p", { class: "notice danger", role: "alert", hidden: true });
    this.#foot = make("p", { class: "hint reply-keys only-keys" });
    const save = { type: "button", class: "button plain small", onclick: () => this.#save() };
    const foot = make("div", { class: "reply-foot" }, this.#foot, make("button", save, say("desk_reply_save")));
    this.#box.replaceChildren(this.#field, this.#problem, this.#list, foot);
    this.#listen();
  }

  open() {
    const { id, isMine } = this.#page.state;
    if (!id || !isMine) return;
    this.#conversation = id;
    this.#drawn = this.#wanted = null;
    this.#field.value = "";
    this.#box.hidden = false;
    this.#draw([], []);
    this.#field.focus();
    this.#look();
  }

  #listen() {
    this.#field.addEventListener("input", () => {
      this.#wanted = null;
      clearTimeout(this.#due);
      this.#due = setTimeout(() => this.#look(), AFTER_MS);
    });
    this.#field.addEventListener("keydown", (event) => this.#press(event));
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    });
    this.#box.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node) || !this.#box.contains(relatedTarget)) this.#hide();
    });
    // A click on an entry must not take the cursor out of the field first.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing) return;
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
    const step = steps[event.key];
    if (step) this.#choose(this.#chosen + step);
    else if (event.key === "Enter") this.#takeChosen(event.shiftKey);
    else if (event.key === "/" && !this.#field.value) this.#putSlash();
    else return;
    event.preventDefault();
  }

  /**
   * Of what was found for the words in the field; if that is still on its way, as soon as it is there.
   * @param {boolean} asLink
   */
  #takeChosen(asLink) {
    if (this.#drawn === this.#field.value.trim()) this.#take(this.#entries[this.#chosen], asLink);
    else if (!this.#wanted) {
      this.#wanted = { asLink };
      clearTimeout(this.#due);
      this.#look();
    }
  }

  /** A second "/" is a slash for the answer itself. */
  #putSlash() {
    this.#hide();
    this.#composer.put("/", this.#conversation);
  }

  async #look() {
    const mine = ++this.#asked;
    const q = this.#field.value.trim();
    const query = `q=${encodeURIComponent(q)}`;
    const { calls } = this.#page;
    const one = `conversations/${this.#conversation}`;
    const isCurrent = () => mine === this.#asked && !this.#box.hidden;
    try {
      /** @type {{ replies: CannedReply[] }} */
      const { replies } = await calls.get(`${one}/replies?${query}`);
      if (!isCurrent()) return;
      this.#draw(replies, []);
      this.#drawn = q;
      if (this.#wanted && replies.length) {
        this.#take(this.#entries[0], this.#wanted.asLink);
        return;
      }
      if (q.length < MIN_ARTICLE_QUERY) return;
      /** @type {{ articles: FoundArticle[] }} */
      const { articles } = await calls.get(`${one}/articles?${query}`);
      if (!isCurrent()) return;
      this.#draw(replies, articles);
      if (this.#wanted) this.#take(this.#entries[this.#chosen], this.#wanted.asLink);
    } catch (error) {
      if (isCurrent()) notify(this.#problem, sentenceOf(error, say("desk_failed")));
    }
  }

  /**
   * @param {CannedReply[]} replies
   * @param {FoundArticle[]} articles
   */
  #draw(replies, articles) {
    notify(this.#problem, null);
    this.#entries = [
      ...replies.map((reply) => ({ id: reply.id, title: reply.title, words: reply.text, reply })),
      ...articles.map(({ key, title, answer, link }) => ({ id: `article-${key}`, title, words: answer, link })),
    ];
    const drawn = this.#entries.map((entry, place) => this.#drawEntry(entry, place));
    const groups = [
      this.#drawGroup("desk_reply_replies", drawn.slice(0, replies.length)),
      this.#drawGroup("desk_reply_articles", drawn.slice(replies.length)),
    ].filter((group) => group !== null);
    const none = say(this.#field.value.trim() ? "desk_reply_none" : "desk_reply_none_yet");
    this.#list.replaceChildren(...(drawn.length ? groups : [make("p", { class: "muted reply-none" }, none)]));
    // Articles come below the replies later, and leave the choice where it is.
    this.#choose(articles.length ? this.#chosen : 0);
  }

  /**
   * @param {string} key of what it is called
   * @param {HTMLElement[]} entries
   */
  #drawGroup(key, entries) {
    if (!entries.length) return null;
    const id = `group-${key}`;
    return make(
      "div",
      { role: "group", "aria-labelledby": id },
      make("p", { id, class: "hint" }, say(key)),
      ...entries,
    );
  }

  /**
   * @param {Entry} entry
   * @param {number} place
   */
  #drawEntry(entry, place) {
    const { reply, link, title } = entry;
    const marks = [
      reply?.other ? make("span", { class: "badge warn" }, say("desk_reply_other", { language: reply.other })) : null,
      reply?.gaps.length
        ? make("span", { class: "badge warn" }, say("desk_reply_gaps", { gaps: reply.gaps.join(", ") }))
        : null,
      reply?.is_own ? make("span", { class: "badge" }, say("desk_reply_own")) : null,
      reply?.team ? make("span", { class: "badge" }, reply.team) : null,
    ];
    const small = { type: "button", class: "button plain small", tabindex: "-1" };
    const entryButton = make(
      "div",
      { id: `reply-${place}`, role: "option", class: "reply-entry", onclick: () => this.#take(entry, false) },
      make(
        "span",
        { class: "line" },
        make("strong", { dir: "auto" }, title),
        reply ? make("code", {}, `/${reply.shortcut}`) : null,
        ...marks,
      ),
      make("span", { class: "words muted", dir: "auto" }, entry.words),
    );
    const more = reply?.is_own
      ? make(
          "button",
          {
            ...small,
            "aria-label": say("desk_reply_remove", { title }),
            title: say("desk_reply_remove", { title }),
            onclick: () => this.#remove(entry),
          },
          "×",
        )
      : link
        ? make(
            "button",
            {
              ...small,
              "aria-label": say("desk_reply_link_title", { title }),
              onclick: () => this.#take(entry, true),
            },
            say("desk_reply_link"),
          )
        : null;
    return make("div", { class: "reply-row", role: "presentation" }, entryButton, more);
  }

  /** @param {number} place */
  #choose(place) {
    const count = this.#entries.length;
    this.#chosen = count ? (place + count) % count : 0;
    for (const [at, option] of this.#list.querySelectorAll("[role=option]").entries())
      option.setAttribute("aria-selected", String(at === this.#chosen));
    const option = this.#list.querySelector("[aria-selected=true]");
    if (option) this.#field.setAttribute("aria-activedescendant", option.id);
    else this.#field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
    const isArticle = this.#entries[this.#chosen]?.link;
    this.#foot.textContent = say(isArticle ? "desk_reply_keys_article" : "desk_reply_keys");
  }

  /**
   * @param {Entry | undefined} entry
   * @param {boolean} asLink
   */
  #take(entry, asLink) {
    if (!entry) return;
    const { reply, link, title } = entry;
    const words = asLink && link ? `[${title.replace(/[[\]]/g, "")}](${link})` : entry.words;
    this.#hide();
    if (!this.#composer.put(words, this.#conversation)) return;
    byId("said").textContent = told(entry);
    if (reply) this.#page.calls.post(`replies/${reply.id}/use`).catch(() => {}); // a lost count costs nothing
  }

  /** @param {Entry} entry */
  async #remove({ id, title }) {
    try {
      await this.#page.calls.post(`replies/${id}/drop`);
      byId("said").textContent = say("desk_reply_removed", { title });
      await this.#look();
    } catch (error) {
      notify(this.#problem, sentenceOf(error, say("desk_failed")));
    }
    this.#field.focus();
  }

  #save() {
    const text = this.#composer.answer;
    this.#hide();
    this.#dialog.open(this.#conversation, text);
  }

  #close() {
    this.#hide();
    byId("text").focus();
  }

  #hide() {
    clearTimeout(this.#due);
    this.#box.hidden = true;
  }
}

/** @param {Entry} entry */
function told({ reply, title }) {
  if (reply?.gaps.length) return say("desk_reply_inserted_gaps", { title, gaps: reply.gaps.join(", ") });
  if (reply?.other) return say("desk_reply_inserted_other", { title, language: reply.other });
  return say("desk_reply_inserted", { title });
}
