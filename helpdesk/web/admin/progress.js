// Something that takes a while and is told line by line: how far it is, what came out, and a button that stops it.

import { Refused, sentenceOf } from "../shared/calls.js";
import { byId, find, notify } from "../shared/elements.js";

/** @import { Calls } from "../shared/calls.js" */

/** How far it is; `total` is 0 while nobody knows. */
/** @typedef {{ stage: string, done: number, total: number }} Progress */
/** @typedef {Progress | { error: string }} ProgressLine a line that is no result */

/**
 * One run at a time.
 * @template T the line with the result
 */
export class LongRun {
  #calls;
  #ids;
  #words;
  #onResult;
  /** @type {AbortController | null} */
  #running = null;

  /**
   * @param {Calls} calls
   * @param {{ start: HTMLButtonElement, stop: string, bar: string, result: string, problem: string }} ids of the
   *   elements that it has on the page
   * @param {{ stopped: string, isCounted: (progress: Progress) => boolean, tell: (progress: Progress) => string }} words
   * @param {(result: T) => void} onResult
   */
  constructor(calls, ids, words, onResult) {
    this.#calls = calls;
    this.#ids = ids;
    this.#words = words;
    this.#onResult = onResult;
    byId(ids.stop).addEventListener("click", () => this.stop());
  }

  stop() {
    this.#running?.abort();
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  async run(path, body) {
    const { start, stop, bar, result, problem } = this.#ids;
    this.#running = new AbortController();
    start.disabled = true;
    byId(stop).hidden = byId(bar).hidden = false;
    byId(result).replaceChildren();
    notify(byId(problem), null);
    try {
      for await (const line of this.#lines(path, body, this.#running.signal)) this.#take(line);
    } catch (error) {
      const isStopped = error instanceof DOMException && error.name === "AbortError";
      notify(byId(problem), isStopped ? this.#words.stopped : sentenceOf(error));
    }
    start.disabled = false;
    byId(stop).hidden = byId(bar).hidden = true;
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<T | ProgressLine, void, void>}
   */
  #lines(path, body, signal) {
    return this.#calls.lines(path, body, signal);
  }

  /** @param {T | ProgressLine} line */
  #take(line) {
    if (isOf(line, "error")) throw new Refused(200, { error: { message: line.error } }, "");
    if (isOf(line, "stage")) this.#draw(line);
    else this.#onResult(/** @type {T} */ (line));
  }

  /** @param {Progress} progress */
  #draw(progress) {
    const bar = byId(this.#ids.bar);
    const meter = find(bar, "progress", HTMLProgressElement);
    if (this.#words.isCounted(progress)) {
      meter.max = progress.total || 1;
      meter.value = progress.done;
    } else meter.removeAttribute("value");
    find(bar, "[role=status]").textContent = this.#words.tell(progress);
  }
}

/**
 * Whether a line is one that has `key`.
 * @template {"error" | "stage"} K
 * @param {unknown} line
 * @param {K} key
 * @returns {line is K extends "error" ? { error: string } : Progress}
 */
const isOf = (line, key) => Boolean(/** @type {Record<string, unknown>} */ (line)[key]);
