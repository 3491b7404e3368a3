// The line below the timeline that says who is writing.

import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { Timeline } from "./timeline.js" */
/** @import { DeskPage, TypingHint } from "./types.js" */

const TYPING_ENDS_MS = 8000;

/** Goes by itself when nothing more is heard. */
export class TypingSign {
  #state;
  #timeline;
  #line = byId("typing");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #end;

  /**
   * @param {DeskPage} page
   * @param {Timeline} timeline
   */
  constructor({ state }, timeline) {
    this.#state = state;
    this.#timeline = timeline;
  }

  /** @param {TypingHint} hint */
  show({ author, name, on }) {
    const customer = this.#state.open.card.contact_name || say("desk_customer");
    const wasAtEnd = this.#timeline.isAtEnd();
    this.#line.textContent = say("desk_typing", { name: author === "contact" ? customer : name || say("desk_bot") });
    this.#line.hidden = !on;
    clearTimeout(this.#end);
    this.#end = setTimeout(() => this.hide(), TYPING_ENDS_MS);
    if (wasAtEnd) this.#timeline.toEnd();
  }

  hide() {
    this.#line.hidden = true;
  }
}
