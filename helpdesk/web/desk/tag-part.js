// The tags of the open conversation: given by typing, with those that exist as suggestions, and taken away.

import { sentenceOf } from "../shared/calls.js";
import { byId, make, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { troubleOfOpen } from "./problem.js";

/** @import { DeskPage, TagMark } from "./types.js" */

/** @param {TagMark} tag */
export const drawTag = ({ name, color }) => make("span", { class: `badge ${color}`, dir: "auto" }, `# ${name}`);

/** Draws itself for the open conversation. */
export class TagPart {
  #page;
  #onChange;
  #field = byId("tag-new", HTMLInputElement);
  #problem = byId("tag-problem");
  #conversation = "";
  #isKnown = false;

  /**
   * @param {DeskPage} page
   * @param {() => void} onChange
   */
  constructor(page, onChange) {
    this.#page = page;
    this.#onChange = onChange;
    byId("tag-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
    this.#field.addEventListener("focus", () => this.#suggest());
  }

  draw() {
    const { card } = this.#page.state.open;
    if (card.id !== this.#conversation) {
      this.#conversation = card.id;
      this.#field.value = "";
      notify(this.#problem, null);
    }
    const tags = card.tags.map((tag) => {
      const label = say("desk_tag_remove", { name: tag.name });
      const look = { type: "button", class: "tag-remove", "aria-label": label, title: label };
      return make("li", {}, drawTag(tag), make("button", { ...look, onclick: () => this.#remove(tag) }, "×"));
    });
    byId("tags").replaceChildren(...tags);
    byId("tags").hidden = !tags.length;
  }

  focus() {
    this.#field.focus();
  }

  async #suggest() {
    if (this.#isKnown) return;
    this.#isKnown = true;
    try {
      /** @type {{ tags: TagMark[] }} */
      const { tags } = await this.#page.calls.get("tags");
      byId("tag-names").replaceChildren(...tags.map(({ name }) => make("option", { value: name })));
    } catch {
      this.#isKnown = false; // suggestions that don't come cost nothing
    }
  }

  #add() {
    const name = this.#field.value.trim();
    if (!name) return;
    this.#field.value = ""; // the next one may be typed while this one is on its way
    this.#isKnown = false;
    const giveBack = () => {
      this.#field.value ||= name;
    };
    this.#change("", { name }, { giveBack });
  }

  /** @param {TagMark} tag */
  #remove({ id }) {
    this.#change(`/${id}/remove`, {}, { onDone: () => this.#field.focus() });
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {{ onDone?: () => void, giveBack?: () => void }} more
   */
  async #change(path, body, { onDone, giveBack }) {
    const id = this.#conversation;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    notify(this.#problem, null);
    try {
      /** @type {{ tags: TagMark[] }} */
      const { tags } = await this.#page.calls.post(`conversations/${id}/tags${path}`, body);
      const { current } = this.#page.state;
      if (current?.card.id !== id) return;
      current.card.tags = tags;
      this.draw();
      onDone?.();
      this.#onChange();
    } catch (error) {
      if (!this.#page.state.shows(id)) {
        showTroubleHere(error);
        return;
      }
      giveBack?.();
      notify(this.#problem, sentenceOf(error, say("desk_failed")));
    }
  }
}
