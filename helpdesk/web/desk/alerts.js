// Telling an agent who looks elsewhere that somebody waits or has written: the title always, sound and notification if wanted.

import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { DeskPage, News } from "./types.js" */

/** Whether the browser shows notifications of this page. */
const maySayAside = () => "Notification" in window && Notification.permission === "granted";

/** The bell in the head of the page. */
export class Alerts {
  #drafts;
  #key;
  #title = document.title;
  #button = byId("alerts");
  #isWanted;
  /** @type {{ queue: number, due: number, unread: number } | null} */
  #before = null;
  /** @type {AudioContext | null} */
  #sound = null;

  /** @param {DeskPage} page */
  constructor({ drafts, me }) {
    this.#drafts = drafts;
    this.#key = `alerts.${me.id}`;
    this.#isWanted = drafts.read(this.#key) === "on";
    this.#button.addEventListener("click", () => this.#toggle(!this.#isWanted));
    // A browser lets no page sound that nobody has touched since it was loaded, and not every touch counts: each is
    // taken up until one does, and until then the bell says so.
    for (const touch of ["pointerdown", "pointerup", "keydown"]) addEventListener(touch, () => this.#prepare());
    this.#draw();
  }

  /**
   * A longer queue, a new offer to me, a customer of mine who writes, or a promise that has become due is news.
   * @param {News} news
   */
  tell({ queue = 0, offers = 0, offered = false, due = 0, unread = 0 }) {
    const waiting = Math.max(queue, offers);
    document.title = waiting ? `${offers ? "● " : ""}(${waiting}) ${this.#title}` : this.#title;
    const before = this.#before;
    const isDue = before !== null && due > before.due;
    const isLonger = before !== null && queue > before.queue;
    const isWritten = before !== null && unread > before.unread;
    if (isDue) byId("said").textContent = say("desk_promise_due_said");
    if (this.#isWanted && offered) this.#ring("desk_alert_title");
    else if (this.#isWanted && isDue) this.#ring("desk_promise_due_said");
    else if (this.#isWanted && isLonger) this.#ring("desk_alert_title");
    else if (this.#isWanted && isWritten) this.#ring("desk_alert_message");
    this.#before = { queue, due, unread };
    this.#draw(); // what the browser allows may have changed
  }

  /** @param {boolean} on */
  async #toggle(on) {
    this.#isWanted = on;
    this.#drafts.keep(this.#key, on ? "on" : "");
    if (on) {
      this.#prepare()?.then(() => this.#beep());
      if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    }
    this.#draw();
  }

  /** Somebody has touched the page: perhaps it may sound from now on. The promise is kept once it may. */
  #prepare() {
    if (!this.#isWanted) return;
    if (!this.#sound) {
      this.#sound = new AudioContext();
      this.#sound.addEventListener("statechange", () => this.#draw());
    }
    return this.#sound.resume();
  }

  #draw() {
    const isSilent = this.#isWanted && this.#sound?.state !== "running";
    this.#button.setAttribute("aria-pressed", String(this.#isWanted));
    this.#button.classList.toggle("silent", isSilent);
    this.#button.title = say(this.#state(isSilent));
  }

  /** @param {boolean} isSilent */
  #state(isSilent) {
    if (!this.#isWanted) return "desk_alerts_off";
    if (isSilent) return "desk_alerts_silent";
    return maySayAside() ? "desk_alerts_on" : "desk_alerts_sound";
  }

  /** @param {string} key */
  #ring(key) {
    this.#beep();
    if (!document.hidden || !maySayAside()) return;
    const note = new Notification(say(key), { tag: "staffel-queue", icon: "/static/shared/mark.svg" });
    note.addEventListener("click", () => {
      window.focus();
      note.close();
    });
  }

  /** Two soft tones; no file to load. */
  #beep() {
    const sound = this.#sound;
    if (sound?.state !== "running") return; // one that stands still would play it all at once later
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
