// Who else looks at a conversation and who writes in it: told to the colleagues, and shown in lists and above it.

import { byId, findAll, icon, make, notify } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { DeskPage, HereHint, WritingMode } from "./types.js" */

/** What isn't said again within this time is over (change_hints.py: VISIT_LASTS). */
const LASTS_MS = 10_000;
const SAY_AGAIN_MS = 5000;
const WRITING_ENDS_MS = 5000;
const EYE = "M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6";
const PEN = "M4 20l1-5L16 4l4 4L9 19zM13 7l4 4";

/**
 * What one colleague does, and until when that is known.
 * @typedef {{ name: string, doing: HereHint["doing"], until: number }} Visit
 */

/** Says where this page is, and keeps who is where. */
export class Presence {
  #page;
  #send;
  /** By conversation and agent. @type {Map<string, Map<string, Visit>>} */
  #visits = new Map();
  #writing = { mode: /** @type {WritingMode} */ ("answer"), until: 0 };
  #said = "";

  /**
   * @param {DeskPage} page
   * @param {(frame: object) => void} send to the server, if it is there
   */
  constructor(page, send) {
    this.#page = page;
    this.#send = send;
    document.addEventListener("visibilitychange", () => this.say());
    setInterval(() => this.say(true), SAY_AGAIN_MS);
    setInterval(() => this.#forget(), 1000);
  }

  /**
   * Somebody types here.
   * @param {WritingMode} mode
   * @param {boolean} on
   */
  write(mode, on) {
    this.#writing = { mode, until: on ? Date.now() + WRITING_ENDS_MS : 0 };
    this.say();
  }

  /** @param {boolean} again whether to say what was said already */
  say(again = false) {
    const { state } = this.#page;
    const id = document.hidden ? null : state.id;
    const doing = Date.now() < this.#writing.until ? this.#writing.mode : "look";
    const said = id ? `${id} ${doing}` : "";
    if (said === this.#said && !(again && id)) return;
    this.#said = said;
    this.#send({ type: "here", id, doing });
  }

  /** The connection is new: nobody knows yet what this page shows. */
  begin() {
    this.#said = "";
    this.say();
  }

  /** @param {HereHint} hint */
  hear({ id, agent, name, doing }) {
    const visits = this.#visits.get(id) ?? new Map();
    this.#visits.set(id, visits);
    const before = visits.get(agent)?.doing;
    if (doing === "gone") visits.delete(agent);
    else visits.set(agent, { name, doing, until: Date.now() + LASTS_MS });
    if (before !== visits.get(agent)?.doing) this.draw();
  }

  #forget() {
    let hasChanged = false;
    for (const [id, visits] of this.#visits) {
      for (const [agent, { until }] of visits) if (until < Date.now()) hasChanged = visits.delete(agent) || hasChanged;
      if (!visits.size) this.#visits.delete(id);
    }
    if (hasChanged) this.draw();
  }

  /** Bring list and head up to date. */
  draw() {
    for (const mark of findAll(document, "[data-here]")) {
      const told = this.#tell(mark.dataset.here ?? "");
      mark.hidden = !told;
      if (mark.title === told) continue;
      const isWriting = this.#of(mark.dataset.here ?? "").some(({ doing }) => doing !== "look");
      mark.title = told;
      mark.replaceChildren(icon(isWriting ? PEN : EYE), make("span", { class: "quiet" }, told));
    }
    const { id } = this.#page.state;
    notify(byId("here"), id ? this.#tell(id) : null);
  }

  /** @param {string} id */
  #of(id) {
    return [...(this.#visits.get(id)?.values() ?? [])];
  }

  /** @param {string} id */
  #tell(id) {
    return this.#of(id)
      .map(({ name, doing }) => say(`desk_here_${doing}`, { name }))
      .join(" ");
  }
}
