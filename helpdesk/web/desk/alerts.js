// Telling an agent who looks elsewhere that somebody waits: the title always, sound and notification if wanted.

import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { DeskPage, News } from "./types.js" */

/** The bell in the head of the page. */
export class Alerts {
  #drafts;
  #key;
  #title = document.title;
  #button = byId("alerts");
  #isWanted;
  /** @type {{ queue: number, due: number } | null} */
  #before = null;
  /** @type {AudioContext | null} */
  #sound = null;

  /** @param {DeskPage} page */
  constructor({ drafts, me }) {
    this.#drafts = drafts;
    this.#key = `alerts.${me.id}`;
    this.#isWanted = drafts.read(this.#key) === "on";
    this.#button.addEventListener("click", () => this.#toggle(!this.#isWanted));
    this.#draw();
  }

  /**
   * A longer queue, a new offer to me, or a promise that has become due is news.
   * @param {News} news
   */
  tell({ queue = 0, offers = 0, offered = false, due = 0 }) {
    const waiting = Math.max(queue, offers);
    document.title = waiting ? `${offers ? "● " : ""}(${waiting}) ${this.#title}` : this.#title;
    const before = this.#before;
    const isDue = before !== null && due > before.due;
    const isLonger = before !== null && queue > before.queue;
    if (isDue) byId("said").textContent = say("desk_promise_due_said");
    if (this.#isWanted && (offered || isDue || isLonger))
      this.#ring(isDue && !offered ? "desk_promise_due_said" : "desk_alert_title");
    this.#before = { queue, due };
  }

  /** @param {boolean} on */
  async #toggle(on) {
    this.#isWanted = on;
    this.#drafts.keep(this.#key, on ? "on" : "");
    if (on) {
      this.#sound ??= new AudioContext();
      if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
      this.#beep();
    }
    this.#draw();
  }

  #draw() {
    this.#button.setAttribute("aria-pressed", String(this.#isWanted));
    this.#button.title = say(this.#isWanted ? "desk_alerts_on" : "desk_alerts_off");
  }

  /** @param {string} key */
  #ring(key) {
    this.#beep();
    if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    const note = new Notification(say(key), { tag: "staffel-queue", icon: "/static/shared/mark.svg" });
    note.addEventListener("click", () => {
      window.focus();
      note.close();
    });
  }

  /** Two soft tones; no file to load. */
  #beep() {
    const sound = this.#sound;
    if (!sound) return;
    for (const [place, frequency] of [660, 880].entries()) {
      const at = sound.currentTime + 0.02 + place * 0.16;
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.15);
      tone.connect(volume).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.16);
    }
  }
}
