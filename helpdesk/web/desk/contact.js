// Who the open conversation is with: what is written down and can be changed, what the web site has signed, what was
// merged, and all other conversations of the same person.

import { sentenceOf } from "../shared/calls.js";
import { byId, fieldOf, make, notify, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";
import { BlockPart } from "./block.js";
import { nameOf } from "./marks.js";
import { troubleOfOpen } from "./problem.js";

/** @import { ConversationDetail, ContactHistory, DeskPage, Identity, KnownContact, LinkedConversation, Merge } from "./types.js" */

const SEARCH_PAUSE_MS = 250;
const FIELDS = /** @type {const} */ (["name", "email", "phone", "note"]);

/** The part "Contact" on the right. */
export class ContactPart {
  #page;
  #onChange;
  #form = byId("contact-form", HTMLFormElement);
  #box = byId("contact-edit", HTMLDetailsElement);
  #merge = byId("merge-dialog", HTMLDialogElement);
  #block;
  #words = byId("merge-words", HTMLInputElement);
  /** The conversation that the form and the pages of the history are about. */
  #shown = "";
  /** @type {LinkedConversation[]} */
  #older = [];
  #hasMore = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  /**
   * @param {DeskPage} page
   * @param {() => void} onChange called when something about the contact has changed
   */
  constructor(page, onChange) {
    this.#page = page;
    this.#onChange = onChange;
    this.#block = new BlockPart(page, onChange);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    this.#box.addEventListener("toggle", () => this.#box.open && this.#fill());
    byId("contact-cancel").addEventListener("click", () => (this.#box.open = false));
    page.state.onLeave(() => {
      this.#box.open = false;
      this.#form.reset();
      clearTimeout(this.#typing);
      for (const notice of ["contact-problem", "mask-problem"]) notify(byId(notice), null);
    });
    byId("unmask").addEventListener("click", () => this.#do("unmask", {}, "mask-problem"));
    byId("contact-merge").addEventListener("click", () => this.#openMerge());
    byId("elsewhere-more").addEventListener("click", () => {
      this.#showMore().catch(troubleOfOpen(page.state));
    });
    this.#words.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // else a field for searching is only emptied
      this.#merge.close();
    });
    this.#words.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => {
        this.#search().catch((error) => notify(byId("merge-problem"), sentenceOf(error)));
      }, SEARCH_PAUSE_MS);
    });
  }

  draw() {
    const detail = this.#page.state.open;
    if (this.#shown !== detail.card.id) this.#reset(detail);
    const isAnothers = detail.card.status === "assigned" && !this.#page.state.has(detail.card);
    byId("contact-actions").hidden = isAnothers;
    this.#block.draw(detail);
    if (isAnothers) this.#box.open = false;
    byId("identities").replaceChildren(...detail.contact.identities.map((each) => this.#drawIdentity(each)));
    notify(byId("contact-note"), detail.contact.note || null);
    byId("merges").replaceChildren(...detail.contact.merges.map((each) => this.#drawMerge(each, !isAnothers)));
    this.#drawHistory(detail);
  }

  /** @param {ConversationDetail} detail */
  #reset({ card }) {
    this.#shown = card.id;
    this.#older = [];
    this.#hasMore = false;
    this.#box.open = false;
  }

  /** @param {Identity} identity */
  #drawIdentity(identity) {
    const { clock } = this.#page;
    const rows = [
      [say("desk_identity_customer"), quoted(identity.customer_id)],
      ...Object.entries(identity.attributes).map(([name, value]) => [quoted(name), quoted(shown(value))]),
      [say("desk_identity_signed_in"), clock.moment(identity.signed_in_at)],
    ];
    return make(
      "section",
      { class: "identity" },
      make("h3", {}, say("desk_identity")),
      make(
        "dl",
        { class: "facts" },
        ...rows.map(([key, value]) => make("div", {}, make("dt", {}, key), make("dd", {}, value))),
      ),
    );
  }

  /**
   * @param {Merge} merge
   * @param {boolean} mayUndo
   */
  #drawMerge(merge, mayUndo) {
    const names = merge.contacts.map(called).join(", ");
    const by = merge.agent_name ?? say("desk_merge_by_link");
    const undo = () => this.#do("unmerge", { merge: merge.id }, "contact-problem");
    return make(
      "li",
      {},
      make("span", { dir: "auto" }, say("desk_merged", { contacts: names, name: by })),
      " ",
      mayUndo ? make("button", { type: "button", class: "button plain small", onclick: undo }, say("desk_undo")) : null,
    );
  }

  /** @param {ConversationDetail} detail */
  #drawHistory({ elsewhere }) {
    const known = new Set(elsewhere.conversations.map((each) => each.id));
    const all = [...elsewhere.conversations, ...this.#older.filter((each) => !known.has(each.id))];
    byId("elsewhere-part").hidden = !all.length;
    byId("elsewhere").replaceChildren(...all.map((other) => this.#drawOther(other)));
    byId("elsewhere-more").hidden = !(this.#older.length ? this.#hasMore : elsewhere.more);
  }

  /** @param {LinkedConversation} other */
  #drawOther(other) {
    const words = [say(`channel_${other.channel}`), " · ", this.#page.clock.moment(other.changed_at)];
    return make(
      "li",
      {},
      make("a", { href: `/desk?conversation=${other.id}` }, ...words),
      make("p", { class: "hint", dir: "auto" }, other.preview),
    );
  }

  async #showMore() {
    const { state, calls } = this.#page;
    const { card, elsewhere } = state.open;
    const last = this.#older.at(-1) ?? elsewhere.conversations.at(-1);
    if (!last) return;
    /** @type {ContactHistory} */
    const found = await calls.get(`conversations/${card.id}/history?before=${encodeURIComponent(last.changed_at)}`);
    if (state.id !== card.id) return;
    this.#older.push(...found.conversations);
    this.#hasMore = found.more;
    this.#drawHistory(state.open);
  }

  #fill() {
    const { contact, contact_email: email, contact_phone: phone } = this.#page.state.open;
    const values = { name: contact.given_name, email, phone, note: contact.note };
    for (const field of FIELDS) this.#field(field).value = values[field] ?? "";
    fieldOf(this.#form, "name").placeholder = nameOf(this.#page.state.open.card);
    notify(byId("contact-problem"), null);
    this.#field("name").focus();
  }

  /** @param {typeof FIELDS[number]} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }

  async #save() {
    const id = this.#shown;
    const values = Object.fromEntries(FIELDS.map((field) => [field, this.#field(field).value]));
    if ((await this.#do("contact", values, "contact-problem")) && id === this.#shown) this.#box.open = false;
  }

  #openMerge() {
    this.#words.value = "";
    byId("merge-found").replaceChildren();
    notify(byId("merge-problem"), null);
    this.#merge.showModal();
    this.#words.focus();
  }

  async #search() {
    const words = this.#words.value.trim();
    const { calls } = this.#page;
    const id = this.#shown;
    if (!words) return byId("merge-found").replaceChildren();
    /** @type {{ contacts: KnownContact[] }} */
    const { contacts } = await calls.get(`conversations/${id}/contacts?words=${encodeURIComponent(words)}`);
    if (words !== this.#words.value.trim() || id !== this.#shown) return;
    const none = make("p", { class: "muted" }, say("desk_merge_none"));
    byId("merge-found").replaceChildren(...(contacts.length ? contacts.map((each) => this.#drawFound(each)) : [none]));
  }

  /** @param {KnownContact} contact */
  #drawFound(contact) {
    const number = contact.name && say("desk_guest", { number: contact.number });
    const where = [say(`channel_${contact.channel}`), number, contact.email];
    const choose = async () => {
      const id = this.#shown;
      if ((await this.#do("merge", { contact: contact.id }, "merge-problem")) && id === this.#shown)
        this.#merge.close();
    };
    return make(
      "button",
      { type: "button", class: "button receiver", onclick: choose },
      make("strong", {}, quoted(called(contact))),
      make("span", { class: "hint", dir: "auto" }, where.filter(Boolean).join(" · ")),
    );
  }

  /**
   * @param {string} verb
   * @param {object} body
   * @param {string} notice where trouble is told
   */
  async #do(verb, body, notice) {
    notify(byId(notice), null);
    const id = this.#shown;
    if (this.#page.state.isSwitching) return false;
    const showTroubleHere = troubleOfOpen(this.#page.state);
    try {
      await this.#page.calls.post(`conversations/${id}/${verb}`, body);
    } catch (error) {
      if (this.#page.state.shows(id)) notify(byId(notice), sentenceOf(error));
      else showTroubleHere(error);
      return false;
    }
    this.#onChange();
    return true;
  }
}

/** @param {KnownContact} contact */
const called = (contact) => contact.name || say("desk_guest", { number: contact.number });

/** @param {string | number | boolean} value */
const shown = (value) => (typeof value === "boolean" ? say(value ? "desk_yes" : "desk_no") : String(value));
