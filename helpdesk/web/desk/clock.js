// Times as an agent reads them, by the server's clock: waiting times are true on a computer whose own clock is not.

import { say } from "../shared/words.js";

const REGIONS = /** @type {Record<string, string>} */ ({ de: "de-DE", en: "en-GB" });
const DAY_MS = 86_400_000;

/** The server's time in the agent's language. */
export class DeskClock {
  #aheadMs = 0;
  #hour;
  #moment;
  #day;
  #dated;
  #date;
  #fullDate;

  /** @param {string} language */
  constructor(language) {
    const region = REGIONS[language] ?? language;
    const hour = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit" });
    this.#hour = new Intl.DateTimeFormat(region, hour);
    this.#moment = new Intl.DateTimeFormat(region, { dateStyle: "medium", timeStyle: "short" });
    this.#dated = new Intl.DateTimeFormat(region, { weekday: "short", day: "numeric", month: "short", ...hour });
    this.#date = new Intl.DateTimeFormat(region, { day: "numeric", month: "short" });
    this.#fullDate = new Intl.DateTimeFormat(region, { dateStyle: "medium" });
    this.#day = new Intl.DateTimeFormat(region, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  }

  /** @param {string} serverTime */
  set(serverTime) {
    this.#aheadMs = Date.parse(serverTime) - Date.now();
  }

  /** The server's time, in ms. */
  now() {
    return Date.now() + this.#aheadMs;
  }

  /**
   * A wait as people say it: 45 s, 12 min, 2 h 05 min.
   * @param {string} since
   */
  elapsed(since) {
    const seconds = Math.max(0, Math.floor((this.now() - Date.parse(since)) / 1000));
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${Math.floor(hours / 24)} d`;
  }

  /** @param {string} at */
  time(at) {
    return this.#hour.format(new Date(at));
  }

  /**
   * What time it is now where somebody else is, and where that is; "" for a zone that this browser doesn't know.
   * @param {string} zone such as Europe/Berlin
   */
  timeThere(zone) {
    try {
      const time = new Intl.DateTimeFormat(this.#hour.resolvedOptions().locale, {
        hour: "2-digit",
        minute: "2-digit",
        timeZone: zone,
      });
      return `${time.format(new Date(this.now()))} (${zone.replace(/^.*\//, "").replaceAll("_", " ")})`;
    } catch {
      return "";
    }
  }

  /** @param {string} at */
  moment(at) {
    return this.#moment.format(new Date(at));
  }

  /**
   * A time of today by its hour, one of tomorrow so, any other with its day.
   * @param {string} at
   */
  short(at) {
    const date = new Date(at).toDateString();
    const tomorrow = new Date(this.now());
    if (date === tomorrow.toDateString()) return this.time(at);
    tomorrow.setDate(tomorrow.getDate() + 1);
    return date === tomorrow.toDateString()
      ? say("desk_tomorrow", { time: this.time(at) })
      : this.#dated.format(new Date(at));
  }

  /**
   * A time with its day, whichever that is.
   * @param {string} at
   */
  dated(at) {
    return this.#dated.format(new Date(at));
  }

  /**
   * A time in a list: of today by its hour, of another day by that day, of another year with the year.
   * @param {string} at
   */
  listed(at) {
    const [time, today] = [new Date(at), new Date(this.now())];
    const ago = Math.round((midnight(today) - midnight(time)) / DAY_MS);
    if (ago === 0) return this.time(at);
    if (ago === 1) return say("desk_yesterday");
    return (time.getFullYear() === today.getFullYear() ? this.#date : this.#fullDate).format(time);
  }

  /**
   * The heading of a day in the timeline.
   * @param {string} at
   */
  day(at) {
    const ago = Math.round((midnight(new Date()) - midnight(new Date(at))) / DAY_MS);
    if (ago === 0) return say("desk_today");
    return ago === 1 ? say("desk_yesterday") : this.#day.format(new Date(at));
  }
}

/** @param {Date} date */
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
