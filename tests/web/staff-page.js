/** A page of the staff in a browser without a screen: its real template, a server that a test plays, no time that passes. */
import { readFileSync } from "node:fs";
import { Window } from "happy-dom";

const WEB = new URL("../../helpdesk/web/", import.meta.url);
/** A loop over a written list or a list's name, with no other loop in it. */
const LOOP = /\{% for (\w+) in (\[[^\]]*\]|\w+) %\}((?:(?!\{% for ).)*?)\{% endfor %\}/s;

/**
 * What a template is rendered with: values by the expression that stands there, lists by their name, and the templates
 * whose markup follows it.
 * @typedef {{ values?: Record<string, string>, lists?: Record<string, string[]>, include?: string[] }} Rendering
 */

/**
 * The template as a page has it for one reader; words of the catalogs are left out.
 * @param {string} name below helpdesk/web
 * @param {Rendering} rendering
 * @returns {string}
 */
function render(name, { values = {}, lists = {}, include = [] }) {
  const source = readFileSync(new URL(name, WEB), "utf-8");
  const itemsOf = (/** @type {string} */ list) =>
    lists[list] ?? [...list.matchAll(/"([^"]*)"/g)].map(([, item]) => item);
  let page = source;
  for (let loop = LOOP.exec(page); loop; loop = LOOP.exec(page)) {
    const [whole, variable, list, body] = loop;
    const turns = itemsOf(list).map((item) => body.replaceAll(`{{ ${variable} }}`, item));
    page = page.replace(whole, () => turns.join(""));
  }
  page = page.replace(/\{\{ (.*?) \}\}/g, (_, expression) => values[expression] ?? "").replace(/\{[%#].*?[%#]\}/gs, "");
  return page + include.map((other) => render(other, {})).join("");
}

/** @typedef {{ method: string, path: string, body: Record<string, unknown> | string | null }} Call */
/** @typedef {unknown | ((call: Call) => unknown)} Answer what is answered, or what gives it; an `Error` breaks the connection */

/** The server of a test: it answers what it was told to answer, and remembers what it was asked. */
export class FakeServer {
  /** @type {Call[]} */
  calls = [];
  /** @type {Map<string, Answer>} */
  #answers = new Map();

  /**
   * @param {string} call method and path, "GET /desk/api/agents"; without a query it stands for every query
   * @param {Answer} answer
   */
  on(call, answer) {
    this.#answers.set(call, answer);
    return this;
  }

  /**
   * Hold the answer to a call back until the returned function is called.
   * @param {string} call
   * @param {Answer} answer
   */
  hold(call, answer) {
    /** @type {(value?: unknown) => void} */
    let release = () => {};
    const held = new Promise((resolve) => {
      release = resolve;
    });
    this.on(call, () => held.then(() => answer));
    return async () => {
      release();
      await settled();
    };
  }

  /**
   * What was sent to a path, in order.
   * @param {string} path
   */
  sentTo(path) {
    return this.calls.filter((call) => call.method === "POST" && call.path === path).map((call) => call.body);
  }

  /** @type {typeof fetch} */
  fetch = async (address, { method = "GET", body } = {}) => {
    const path = String(address);
    const call = { method, path, body: readBody(body) };
    this.calls.push(call);
    const known = this.#answers.get(`${method} ${path}`) ?? this.#answers.get(`${method} ${path.replace(/\?.*/, "")}`);
    const answer = await (typeof known === "function" ? known(call) : known);
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer : Response.json(answer ?? {});
  };
}

/**
 * JSON as what it says, a form as its fields.
 * @param {unknown} body
 */
function readBody(body) {
  if (body instanceof FormData) return Object.fromEntries(body);
  if (typeof body !== "string") return null;
  return body.startsWith("{") ? JSON.parse(body) : body;
}

/**
 * A refusal as the server words it.
 * @param {number} status
 * @param {string} message
 * @param {object} more code and problems
 */
export const refusal = (status, message, more = {}) => Response.json({ error: { message, ...more } }, { status });

/** A socket that never opens by itself; a test says through `last` what the server would. */
export class FakePageSocket {
  static CLOSED = 3;
  /** @type {FakePageSocket | null} */
  static last = null;
  readyState = 0;
  /** @type {string[]} */
  sent = [];
  /** @type {Map<string, (event: object) => void>} */
  #listeners = new Map();

  constructor() {
    FakePageSocket.last = this;
  }

  /**
   * @param {string} name
   * @param {(event: object) => void} listener
   */
  addEventListener(name, listener) {
    this.#listeners.set(name, listener);
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(text);
  }

  close() {}

  open() {
    this.#listeners.get("open")?.({});
  }

  /** @param {object} frame */
  say(frame) {
    this.#listeners.get("message")?.({ data: JSON.stringify(frame) });
  }

  /** @param {number} code */
  end(code) {
    this.#listeners.get("close")?.({ code });
  }
}

/** Everything that is on its way arrives. */
export async function settled() {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Wait until something is so; what never becomes so fails the test.
 * @param {() => boolean} isSo
 */
export async function until(isSo) {
  for (let turn = 0; turn < 500 && !isSo(); turn += 1) await new Promise((resolve) => setTimeoutOfNode(resolve, 10));
  if (!isSo()) throw new Error(`It never came to be that ${isSo}.`);
}

const setTimeoutOfNode = globalThis.setTimeout;
/** @type {Set<ReturnType<typeof setTimeout>>} */
const timersOfThePage = new Set();

/**
 * A timer that goes with its page, as in a browser: an old page writes nothing into the next one's storage.
 * @param {() => void} run
 * @param {number} [ms]
 */
function startTimer(run, ms) {
  const timer = setTimeoutOfNode(run, ms);
  timersOfThePage.add(timer);
  return timer;
}

const BROWSER_NAMES =
  /^(HTML\w*Element|SVG\w*Element|Element|Node|NodeList|RadioNodeList|Event|CustomEvent|KeyboardEvent|MouseEvent|InputEvent|SubmitEvent|DOMParser|FormData|File|Blob|CSS|Text|EventTarget|ResizeObserver)$/;

/**
 * Make a template the page of this process.
 * @param {string} template below helpdesk/web
 * @param {Rendering & { words?: Record<string, string>, address?: string, more?: string }} options `words` are those
 *   that the server gives the scripts, `more` is markup that another template brings
 */
export function openStaffPage(template, { words = {}, address = "/", more = "", ...rendering } = {}) {
  for (const timer of timersOfThePage) clearTimeout(timer);
  timersOfThePage.clear();
  const window = new Window({ url: `https://help.example${address}` });
  const server = new FakeServer();
  /** @type {string[]} */
  const left = [];
  window.document.documentElement.lang = "en";
  window.document.head.innerHTML = '<meta name="csrf" content="token-1">';
  window.document.body.innerHTML = render(template, rendering) + more;
  window.document.getElementById("words")?.remove();
  const given = window.document.createElement("script");
  Object.assign(given, { id: "words", type: "application/json", textContent: JSON.stringify(words) });
  window.document.body.append(given);
  const names = [...Object.getOwnPropertyNames(window), ...Object.getOwnPropertyNames(Object.getPrototypeOf(window))];
  const browser = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (window));
  for (const name of names.filter((one) => BROWSER_NAMES.test(one)))
    Object.defineProperty(globalThis, name, { value: browser[name], configurable: true, writable: true });
  const stand = {
    window,
    document: window.document,
    localStorage: window.localStorage,
    sessionStorage: window.sessionStorage,
    history: window.history,
    getComputedStyle: window.getComputedStyle.bind(window),
    matchMedia: () => ({ matches: false }),
    addEventListener: window.addEventListener.bind(window),
    fetch: server.fetch,
    WebSocket: FakePageSocket,
    setInterval: () => 0,
    setTimeout: startTimer,
    location: {
      href: window.location.href,
      pathname: window.location.pathname,
      search: window.location.search,
      protocol: "https:",
      host: "help.example",
      assign: (/** @type {string} */ to) => void left.push(to),
      reload: () => void left.push("reload"),
    },
  };
  for (const [name, value] of Object.entries(stand))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return { server, left, window };
}

/**
 * The element called `id`, as its kind.
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {abstract new () => T} [kind]
 * @returns {T}
 */
export function get(id, kind) {
  const element = document.getElementById(id);
  if (!element || (kind && !(element instanceof kind)))
    throw new Error(`There is no ${kind?.name ?? "element"} #${id}.`);
  return /** @type {T} */ (/** @type {unknown} */ (element));
}

/**
 * The words of every element that `selector` is about.
 * @param {string} selector
 */
export const textsOf = (selector) =>
  [...document.querySelectorAll(selector)].map((element) => element.textContent?.trim());

/**
 * Type into a field.
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {string} text
 */
export function type(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Press a key in an element.
 * @param {HTMLElement} element
 * @param {string} key
 */
export function press(element, key, more = {}) {
  element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}
