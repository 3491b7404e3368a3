// Every call of a staff page to the server, and what becomes of its refusals.

/** @import { ErrorBody, FieldProblem, Leave } from "./types.js" */

const UNTIL_LOST_MS = 20_000;
const UNTIL_UPLOADED_MS = 300_000;

/** What the server refused, with a sentence for the person who asked; `problems` name fields where it knows them. */
export class Refused extends Error {
  /**
   * @param {number} status of HTTP
   * @param {ErrorBody} body
   * @param {string} otherwise the sentence when the server gave none
   */
  constructor(status, { error }, otherwise) {
    super(error?.message ?? otherwise);
    this.status = status;
    this.code = error?.code ?? "unknown";
    /** @type {FieldProblem[]} */
    this.problems = error?.problems ?? [];
  }
}

/** Calls carry the page's CSRF token and end after a while; without a session they lead to signing in and back. */
export class Calls {
  #csrf;
  #base;
  #timeout;
  #otherwise;
  #leave;
  #isSigningOut = false;

  /**
   * `base` comes before every path; `otherwise` is said when a refusal has no sentence, the status by default.
   * @param {{ csrf: string, base?: string, timeout?: number, otherwise?: string, leave?: Leave }} options
   */
  constructor({ csrf, base = "", timeout = UNTIL_LOST_MS, otherwise = "", leave }) {
    this.#csrf = csrf;
    this.#base = base;
    this.#timeout = timeout;
    this.#otherwise = otherwise;
    this.#leave = leave ?? ((address) => location.assign(address));
  }

  /** Proves to a socket that it is this page that opens it. */
  get hello() {
    return JSON.stringify({ type: "hello", csrf: this.#csrf });
  }

  /**
   * @template T
   * @param {string} path
   * @returns {Promise<T>} what the server answers, in the shape that docs/routes.md or the caller's types give
   * @throws {Refused | TypeError | DOMException} refused; no network; no answer in time
   */
  async get(path) {
    return await this.#read(await this.#fetch(path, {}));
  }

  /**
   * Post `body` as JSON.
   * @template T
   * @param {string} path
   * @param {object} body
   * @returns {Promise<T>} as `get`
   */
  post(path, body = {}) {
    return this.send(path, JSON.stringify(body), "application/json");
  }

  /**
   * Post a file, text of some type, or a form, whose type the browser says itself.
   * @template T
   * @param {string} path
   * @param {BodyInit} body
   * @returns {Promise<T>} as `get`
   */
  async send(path, body, type = "application/octet-stream") {
    return await this.#read(await this.#fetch(path, { method: "POST", body, type: typeOf(body, type) }));
  }

  /**
   * Hand a file in; its name goes in a header, so that it gets into no log of addresses. It may take minutes.
   * @template T
   * @param {string} path
   * @param {File} file
   * @returns {Promise<T>} as `get`
   */
  async upload(path, file) {
    const signal = AbortSignal.timeout(UNTIL_UPLOADED_MS);
    const name = encodeURIComponent(file.name);
    const call = { method: "POST", body: file, type: "application/octet-stream", signal, name };
    return await this.#read(await this.#fetch(path, call));
  }

  /**
   * Have something deleted.
   * @param {string} path
   * @throws {Refused | TypeError | DOMException} as `get`
   */
  async drop(path) {
    await this.#read(await this.#fetch(path, { method: "DELETE" }));
  }

  /**
   * Post `body`, a form or JSON, and read an answer that comes as lines of JSON, each as soon as it is there. It takes as long
   * as it takes; `signal` ends it.
   * @template T
   * @param {string} path
   * @param {FormData | object} body
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<T, void, void>}
   * @throws {Refused | TypeError | DOMException} as `get`
   */
  async *lines(path, body, signal) {
    const response = await this.#fetch(path, {
      method: "POST",
      body: body instanceof FormData ? body : JSON.stringify(body),
      type: typeOf(body, "application/json"),
      signal,
    });
    if (!response.ok || !response.body) throw await this.#refusal(response);
    const decoder = new TextDecoder();
    let rest = "";
    for (const reader = response.body.getReader(); ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line);
    }
  }

  /** Whoever signs out leaves by the form: that the session is over leads nowhere any more. */
  signOut() {
    this.#isSigningOut = true;
  }

  /** The session is over: sign in and come back here. */
  signInAgain() {
    if (this.#isSigningOut) return;
    this.#leave(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  /**
   * @param {string} path
   * @param {{ method?: string, body?: BodyInit, type?: string, signal?: AbortSignal, name?: string }} request
   */
  #fetch(path, { method, body, type, signal, name }) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (type) headers["Content-Type"] = type;
    if (name !== undefined) headers["X-File-Name"] = name;
    if (method) headers["X-CSRF-Token"] = this.#csrf;
    return fetch(this.#base + path, { method, body, headers, signal: signal ?? AbortSignal.timeout(this.#timeout) });
  }

  /** @param {Response} response */
  async #read(response) {
    if (!response.ok) throw await this.#refusal(response);
    return response.status === 204 ? null : await response.json();
  }

  /** @param {Response} response */
  async #refusal(response) {
    if (response.status === 401) this.signInAgain();
    const body = await response.json().catch(() => ({}));
    return new Refused(response.status, body, this.#otherwise || response.statusText);
  }
}

/** @type {(body: unknown, otherwise: string) => string | undefined} */
const typeOf = (body, otherwise) => (body instanceof FormData ? undefined : otherwise);

/**
 * What to tell of something that went wrong: the server's sentence, else `otherwise`, else the browser's words.
 * @param {unknown} error
 * @param {string} otherwise
 */
export function sentenceOf(error, otherwise = "") {
  if (error instanceof Refused) return error.message;
  return otherwise || (error instanceof Error ? error.message : String(error));
}

/** An id with which the server recognises what is sent a second time; `crypto.randomUUID` exists on https only. */
export const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;

/** The token that the page was given with its session. */
export const csrfOf = () => document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";
