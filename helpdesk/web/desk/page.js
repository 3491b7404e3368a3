// What every module of the desk needs from the page: elements, words, times, and the API.

export const words = JSON.parse(document.getElementById("words").textContent);
const main = document.getElementById("content");
export const me = { id: main.dataset.agent, name: main.dataset.name, language: main.dataset.language };
const csrf = document.querySelector('meta[name="csrf"]').content;
let clockAhead = 0; // milliseconds by which the server's clock is ahead of ours

export const $ = (id) => document.getElementById(id);

/** The word `key` with its gaps filled. */
export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

/** An element with attributes and children; strings become text, never markup. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** What customers and colleagues wrote or are called: isolated, so that its direction can't turn the page around. */
export const quoted = (text) => make("bdi", { dir: "auto" }, text);

/** An icon from a path of 24 × 24. */
export function icon(path, size = 16) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 2,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  }))
    svg.setAttribute(name, value);
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const channelIcons = {
  webchat: "M4 5h16v11H9l-5 4z",
  telegram: "M21 4 3 11.5l6 2 2 6 3.5-4 4.5 3.5z",
  slack: "M9 3v18M15 3v18M3 9h18M3 15h18",
};

/** Remember the server's clock, so that waiting times are true on a computer whose clock is not. */
export function setClock(serverTime) {
  clockAhead = Date.parse(serverTime) - Date.now();
}

/** The server's time, in milliseconds. */
export const now = () => Date.now() + clockAhead;

/** A wait as people say it: 45 s, 12 min, 2 h 05 min. */
export function elapsed(since) {
  const seconds = Math.max(0, Math.floor((now() - Date.parse(since)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${Math.floor(hours / 24)} d`;
}

const region = { de: "de-DE", en: "en-GB" }[me.language] ?? me.language;
const clock = new Intl.DateTimeFormat(region, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(region, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const moment = new Intl.DateTimeFormat(region, { dateStyle: "medium", timeStyle: "short" });
export const timeOf = (at) => clock.format(new Date(at));
export const momentOf = (at) => moment.format(new Date(at));

const dated = new Intl.DateTimeFormat(region, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** A time of today by its hour, one of tomorrow so, any other with its day. */
export function shortly(at) {
  const date = new Date(at);
  const tomorrow = new Date(now());
  if (date.toDateString() === tomorrow.toDateString()) return timeOf(at);
  tomorrow.setDate(tomorrow.getDate() + 1);
  return date.toDateString() === tomorrow.toDateString()
    ? say("desk_tomorrow", { time: timeOf(at) })
    : dated.format(date);
}

/** The heading of a day in the timeline. */
export function dayOf(at) {
  const date = new Date(at);
  const today = new Date();
  const midnight = (value) => new Date(value.getFullYear(), value.getMonth(), value.getDate()).getTime();
  const ago = Math.round((midnight(today) - midnight(date)) / 86_400_000);
  return ago === 0 ? say("desk_today") : ago === 1 ? say("desk_yesterday") : day.format(date);
}

/** What the server refused, with a sentence for the agent. */
export class Refused extends Error {
  constructor(status, error) {
    super(error?.message ?? say("desk_failed"));
    this.status = status;
    this.code = error?.code ?? "unknown";
  }
}

/** Ask the desk's API. Throws `Refused`, or a TypeError when the network is away. */
export async function ask(path, body) {
  const options = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(20_000) };
  if (body !== undefined) {
    options.method = "POST";
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
    options.headers["X-CSRF-Token"] = csrf;
  }
  const response = await fetch(`/desk/api/${path}`, options);
  if (response.status === 401) signInAgain();
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer.error);
  return answer;
}

/** The session is over: sign in and come back here. */
export function signInAgain() {
  location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export const hello = () => JSON.stringify({ type: "hello", csrf });

/** A value that is kept in this browser; without storage it lasts as long as the page. */
export const kept = {
  read(key) {
    try {
      return localStorage.getItem(`staffel.${key}`);
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      if (value) localStorage.setItem(`staffel.${key}`, value);
      else localStorage.removeItem(`staffel.${key}`);
    } catch {
      /* a full or forbidden storage only costs the draft */
    }
  },
  forget(beginnings) {
    try {
      for (const key of Object.keys(localStorage))
        if (beginnings.some((beginning) => key.startsWith(`staffel.${beginning}`))) localStorage.removeItem(key);
    } catch {
      /* nothing was stored */
    }
  },
};
