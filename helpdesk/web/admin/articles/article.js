// The editor: both languages side by side. What is typed is never lost: neither by a conflict nor by a closed window.

import { Refused, sentenceOf } from "../../shared/calls.js";
import { byId, fieldOf, find, findAll, make, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { attempt, closed, confirmed, listenToChords, openPage, tellNext, tellTrouble, whatWasTold } from "../page.js";
import { asField } from "../time-fields.js";
import { UnsavedChanges } from "../unsaved.js";
import { ConflictBox } from "./conflict.js";
import { contentOf, fieldNameOf, problemOf, valuesOf, writeValue } from "./content.js";
import { ArticlePreview } from "./preview.js";

/** @import { AdminPage } from "../page.js" */
/** @import { ArticleFacts, Clash, Merged, Neighbour, Wording } from "./types.js" */

const KEEP_AFTER_MS = 500;
const HERE_EVERY_MS = 15_000;
const REVIEW_MONTHS = 6;
/** What is said after a step, on the page that follows. @type {Record<string, string | undefined>} */
const TOLD = {
  submit: "article_submitted",
  return: "article_returned",
  publish: "article_published",
  archive: "article_archived_done",
  restore: "article_restored",
};
/** @type {Record<string, string | undefined>} */
const LOOKS = { published: "ok", draft: "warn", review: "accent" };

class ArticleEditor {
  #calls;
  #form = byId("article", HTMLFormElement);
  #status = byId("article-status");
  #problem = byId("article-problem");
  #newer = byId("article-newer");
  /** Languages that the form has no fields for. @type {Record<string, Wording>} */
  #others = JSON.parse(this.#form.dataset.others ?? "{}");
  #preview;
  #conflict;
  #unsaved;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #keeping;

  /** @param {AdminPage} page */
  constructor(page) {
    this.#calls = page.calls;
    this.#preview = new ArticlePreview(page, this.#form);
    this.#conflict = new ConflictBox({
      fieldOf: (/** @type {Clash} */ clash) => this.#field(fieldNameOf(clash)),
      onChoice: () => this.#preview.look(),
    });
    this.#unsaved = new UnsavedChanges(page.drafts, { key: `article.${this.#form.dataset.key}`, part: "values" }, () =>
      valuesOf(this.#form),
    );
  }

  start() {
    for (const field of findAll(this.#form, "[data-time]", HTMLInputElement))
      if (field.dataset.time) field.value = asField(field.dataset.time);
    this.#listen();
    const told = whatWasTold();
    if (told) this.#status.textContent = say(told);
    this.#offerRescue();
    this.#paint();
    this.#preview.look();
    if (!this.#form.dataset.key) return;
    this.#beHere();
    setInterval(() => this.#beHere(), HERE_EVERY_MS);
    this.#showFigures();
    this.#showNeighbours();
  }

  #listen() {
    const save = () => this.#run(() => this.#save());
    const publish = () => this.#run(() => this.#publish());
    this.#form.addEventListener("input", (event) => this.#noteChange(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      save();
    });
    byId("publish").addEventListener("click", publish);
    find(this.#newer, "button").addEventListener("click", () => this.#run(() => this.#bringTogether()));
    document.getElementById("reviewed")?.addEventListener("click", () => this.#run(() => this.#confirmReview()));
    for (const button of findAll(this.#form, "[data-do]")) button.addEventListener("click", () => this.#step(button));
    listenToChords({
      s: (event) => {
        event.preventDefault();
        save();
      },
      Enter: (event) => {
        if (!(event.target instanceof Node) || !this.#form.contains(event.target)) return;
        event.preventDefault();
        publish();
      },
    });
  }

  /** @param {Event} event */
  #noteChange({ target }) {
    this.#unsaved.isChanged = true;
    this.#status.textContent = say("article_unsaved");
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#unsaved.keep(), KEEP_AFTER_MS);
    const name = target instanceof Element ? (target.getAttribute("name") ?? "") : "";
    if (/-(answer|phrasings|question)$/.test(name)) this.#preview.lookSoon();
  }

  /** @param {string} name */
  #field(name) {
    const field = this.#form.elements.namedItem(name);
    const isField =
      field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
    return isField ? field : null;
  }

  #content() {
    return contentOf(this.#form, this.#others);
  }

  /**
   * What is sent to be kept.
   * @throws {Error} when a language is half written or the window ends before it begins; the cursor goes there
   */
  #checked() {
    const content = this.#content();
    const problem = problemOf(content);
    if (!problem) return content;
    if (["valid_until", "ask_again_after"].includes(problem.field)) byId("facts", HTMLDetailsElement).open = true;
    this.#field(problem.field)?.focus();
    throw new Error(say(problem.word));
  }

  /**
   * @param {string} verb
   * @throws {Error} when a new article has no key yet; the cursor goes there
   */
  #address(verb) {
    const field = fieldOf(this.#form, "key");
    const key = field.value.trim();
    if (!key) {
      field.focus();
      throw new Error(say("article_no_key"));
    }
    return `/admin/api/articles/${encodeURIComponent(key)}/${verb}`;
  }

  /** The version that was read; null for a new article. */
  get #version() {
    return this.#form.dataset.version ? Number(this.#form.dataset.version) : null;
  }

  async #saveDraft() {
    const body = { content: this.#checked(), version: this.#version };
    /** @type {ArticleFacts} */
    const facts = await this.#calls.post(this.#address("draft"), body);
    this.#settle(facts);
    return facts;
  }

  async #save() {
    const isNew = !this.#form.dataset.key;
    const facts = await this.#saveDraft();
    if (isNew) this.#leave(facts, "article_saved");
    else this.#status.textContent = say("article_saved");
  }

  async #publish() {
    if (this.#unsaved.isChanged || this.#form.dataset.draft === "no") await this.#saveDraft();
    this.#leave(await this.#calls.post(this.#address("publish"), { version: this.#version }), "article_published");
  }

  async #confirmReview() {
    const day = new Date();
    day.setMonth(day.getMonth() + REVIEW_MONTHS);
    const review_on = day.toISOString().slice(0, 10);
    /** @type {ArticleFacts} */
    const facts = await this.#calls.post(this.#address("reviewed"), { version: this.#version, review_on });
    this.#form.dataset.version = String(facts.version);
    fieldOf(this.#form, "review_on").value = review_on;
    this.#status.textContent = say("article_reviewed_done");
  }

  /** @param {HTMLElement} button */
  async #step(button) {
    const { do: verb = "", sure, ask } = button.dataset;
    if (!(await confirmed(sure))) return;
    const comment = ask ? await askComment(ask, button.textContent ?? "") : "";
    if (comment === null) return;
    await this.#run(async () => {
      if (this.#unsaved.isChanged && verb === "submit") await this.#saveDraft();
      const body = { version: this.#version, ...(comment ? { comment } : {}) };
      this.#leave(await this.#calls.post(this.#address(verb), body), TOLD[verb]);
    });
  }

  /**
   * The server has what is in the form.
   * @param {ArticleFacts} facts
   */
  #settle({ version, stage, has_draft: hasDraft, possible }) {
    clearTimeout(this.#keeping);
    this.#unsaved.settle();
    Object.assign(this.#form.dataset, { version, stage, draft: hasDraft ? "yes" : "no" });
    for (const button of findAll(this.#form, "[data-verb]"))
      button.hidden = !possible.includes(button.dataset.verb ?? "");
    for (const badge of findAll(this.#form, "[data-badge=stage]")) {
      badge.dataset.value = stage;
      badge.hidden = !["draft", "review"].includes(stage);
      badge.textContent = say(`article_state_${stage}`);
    }
    this.#newer.hidden = true;
    this.#paint();
  }

  #paint() {
    for (const badge of findAll(this.#form, "[data-badge]"))
      badge.className = `badge ${LOOKS[badge.dataset.value ?? ""] ?? ""}`;
  }

  /**
   * @param {ArticleFacts} facts
   * @param {string} [told]
   */
  #leave({ gone, key }, told) {
    this.#unsaved.settle();
    if (told) tellNext(told);
    location.assign(gone ? "/admin/articles" : `/admin/articles/edit/${encodeURIComponent(key)}`);
  }

  /**
   * Do one thing; on trouble everything typed stays, and a conflict brings both texts together.
   * @param {() => Promise<unknown>} work
   */
  async #run(work) {
    const buttons = findAll(this.#form, "[data-do], .bar button", HTMLButtonElement);
    const onTrouble = async (/** @type {unknown} */ error) => {
      const isConflict = error instanceof Refused && error.code === "conflict" && this.#version !== null;
      if (!isConflict) notify(this.#problem, sentenceOf(error));
      else await this.#bringTogether().catch((trouble) => tellTrouble(this.#problem, trouble));
    };
    await attempt({ buttons, notice: this.#problem, onTrouble }, work);
  }

  async #bringTogether() {
    const body = { version: this.#version, content: this.#content() };
    /** @type {Merged} */
    const merged = await this.#calls.post(this.#address("merge"), body);
    for (const one of merged.values) {
      const field = this.#field(fieldNameOf(one));
      if (field) writeValue(field, one);
      else if (one.language) Object.assign((this.#others[one.language] ??= emptyWording()), { [one.field]: one.value });
    }
    this.#form.dataset.version = String(merged.version);
    this.#newer.hidden = true;
    this.#unsaved.isChanged = true;
    this.#status.textContent = say("article_unsaved");
    this.#conflict.open(merged);
    this.#preview.look();
  }

  /** Tell the others that this article is open here, and hear of them. */
  async #beHere() {
    if (document.hidden) return;
    /** @type {{ others: string[], version: number, changed_by: string | null } | null} */
    const here = await this.#quietly("presence", {});
    if (!here) return;
    const names = here.others.join(", ");
    notify(byId("article-presence"), names ? say("article_others_here", { names }) : null);
    this.#newer.hidden = here.version <= (this.#version ?? 0);
    find(this.#newer, "span").textContent = say("article_newer", { name: here.changed_by ?? "" });
  }

  #offerRescue() {
    const now = valuesOf(this.#form);
    this.#unsaved.offer({
      notice: "article-rescued",
      word: "article_rescued",
      isSame: (kept) => Object.entries(kept).every(([name, value]) => now[name] === value),
      onTake: (kept) => {
        for (const [name, value] of Object.entries(kept)) {
          const field = this.#field(name);
          if (field && (name !== "key" || !this.#form.dataset.key)) field.value = value;
        }
        this.#unsaved.isChanged = true;
        this.#status.textContent = say("article_unsaved");
        this.#preview.look();
      },
    });
  }

  async #showFigures() {
    /** @type {Record<string, number>} */
    const figures = await this.#calls.get(this.#address("figures")).then(
      (found) => /** @type {Record<string, number>} */ (found),
      () => ({}),
    );
    if (figures.asked) notify(byId("article-figures"), say("article_figures", figures));
  }

  /** Articles that customers' words might confuse with this one, as the page about gaps knows them. */
  async #showNeighbours() {
    const content = this.#content();
    if (!Object.keys(content.variants).length) return;
    /** @type {{ title: string, neighbours?: Neighbour[] } | null} */
    const found = await this.#quietly("neighbours", { content });
    if (!found?.neighbours?.length) return;
    const box = byId("near");
    byId("near-title").textContent = found.title;
    find(box, "div").replaceChildren(...found.neighbours.map(drawNeighbour));
    box.hidden = false;
  }

  /**
   * What nobody waits for may fail.
   * @template T
   * @param {string} verb
   * @param {object} body
   * @returns {Promise<T | null>}
   */
  async #quietly(verb, body) {
    try {
      return await this.#calls.post(this.#address(verb), body);
    } catch {
      return null;
    }
  }
}

/** @returns {Wording} */
const emptyWording = () => ({ question: "", answer: "", phrasings: [] });

/**
 * The comment, "" for none, null when the admin thought better of it.
 * @param {string} question
 * @param {string} verb on the button
 */
async function askComment(question, verb) {
  const dialog = byId("comment", HTMLDialogElement);
  const text = byId("comment-text", HTMLTextAreaElement);
  byId("comment-label").textContent = question;
  byId("comment-go").textContent = verb;
  text.value = dialog.returnValue = "";
  dialog.showModal();
  await closed(dialog);
  return dialog.returnValue === "yes" ? text.value.trim() : null;
}

/** @param {Neighbour} neighbour */
function drawNeighbour({ article, question, sentences }) {
  const items = sentences.map((sentence) => make("li", { class: "hint" }, sentence));
  const link = make("a", { href: `/admin/articles/edit/${encodeURIComponent(article)}` }, question);
  return make("div", {}, link, make("ul", {}, ...items));
}

new ArticleEditor(openPage()).start();
