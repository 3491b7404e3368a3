// Rows of a long list of which only those near the screen are there: the others are a gap of their height.

import { make } from "../shared/elements.js";

const ROWS_TOGETHER = 25;
const LOOK_EVERY_MS = 30;
/** So many screens above and below the one that is seen are drawn. */
const MARGIN = 1.5;

/**
 * One row: what it is drawn from, and the conversation it leads to.
 * @typedef {{ key: string, id: string, seq?: number, draw: () => HTMLElement }} Row
 */

/**
 * Rows that come and go together; a gap of `height` px stands for those that are away.
 * @typedef {{ rows: Row[], items: HTMLElement[], height: number | null }} Block
 */

/** The rows of one list. */
export class Rows {
  #list;
  #box;
  #onEnd;
  /** @type {Block[]} */
  #blocks = [];
  #isDue = false;

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} box what scrolls
   * @param {() => void} onEnd called when the last row comes near the screen
   */
  constructor(list, box, onEnd) {
    this.#list = list;
    this.#box = box;
    this.#onEnd = onEnd;
    box.addEventListener("scroll", () => this.#lookSoon(), { passive: true });
  }

  /** @returns {Row[]} */
  get all() {
    return this.#blocks.flatMap(({ rows }) => rows);
  }

  /**
   * Show these rows: what stays as it was is left alone, what is away stays so, and the cursor stays in its row.
   * @param {Row[]} rows
   */
  show(rows) {
    const focused = document.activeElement?.closest("li[data-key]");
    const key = focused && this.#list.contains(focused) ? focused.getAttribute("data-key") : null;
    const before = this.#blocks;
    this.#blocks = [];
    for (let start = 0; start < rows.length; start += ROWS_TOGETHER)
      this.#blocks.push(follow(before[this.#blocks.length], rows.slice(start, start + ROWS_TOGETHER)));
    const kept = new Set(this.#blocks);
    for (const block of before) if (!kept.has(block)) for (const item of block.items) item.remove();
    for (const block of this.#blocks) if (!block.items[0].isConnected) this.#place(block);
    if (key !== null && !focused?.isConnected) this.focus(key);
    this.#lookSoon();
  }

  /**
   * Put a block's items before those of the next one that is there.
   * @param {Block} block
   */
  #place(block) {
    const later = this.#blocks.slice(this.#blocks.indexOf(block) + 1);
    const next = later.find(({ items }) => items[0].isConnected);
    for (const item of block.items) this.#list.insertBefore(item, next?.items[0] ?? null);
  }

  /**
   * The row called `key`, drawn if it was away.
   * @param {string} key
   * @returns {HTMLElement | undefined}
   */
  bring(key) {
    const block = this.#blocks.find(({ rows }) => rows.some((row) => row.key === key));
    if (block && block.height !== null) this.#exchange(block, null);
    return block?.items.find((item) => item.dataset.key === key);
  }

  /** @param {string} key */
  focus(key) {
    const button = this.bring(key)?.querySelector("button");
    if (button instanceof HTMLElement) button.focus({ preventScroll: true });
  }

  #lookSoon() {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      this.#look();
    }, LOOK_EVERY_MS);
  }

  #look() {
    const seen = this.#box.getBoundingClientRect();
    const last = this.#blocks.at(-1);
    if (!seen.height || !last) return;
    const above = seen.top - MARGIN * seen.height;
    const below = seen.bottom + MARGIN * seen.height;
    const places = this.#blocks.map((block) => ({ block, ...placeOf(block.items) }));
    for (const { block, top, bottom } of places) {
      const isNear = bottom > above && top < below;
      const isKept = block.items.some((item) => item.contains(document.activeElement));
      if (isNear && block.height !== null) this.#exchange(block, null);
      else if (!isNear && !isKept && block.height === null) this.#exchange(block, bottom - top);
    }
    if (placeOf(last.items).bottom < below) this.#onEnd();
  }

  /**
   * @param {Block} block
   * @param {number | null} height of the gap; `null` draws the rows
   */
  #exchange(block, height) {
    const [first, ...others] = block.items;
    block.height = height;
    block.items = draw(block);
    for (const item of others) item.remove();
    first.replaceWith(...block.items);
  }
}

/**
 * The block that was there if it has the same rows, else a new one, which is away if that was.
 * @param {Block | undefined} before
 * @param {Row[]} rows
 * @returns {Block}
 */
function follow(before, rows) {
  if (before && before.rows.length === rows.length && rows.every((row, place) => row === before.rows[place]))
    return before;
  const block = { rows, items: /** @type {HTMLElement[]} */ ([]), height: before?.height ?? null };
  block.items = draw(block);
  return block;
}

/** @param {Pick<Block, "rows" | "height">} block */
function draw({ rows, height }) {
  if (height === null) return rows.map((row) => row.draw());
  const gap = make("li", { class: "gap", "aria-hidden": "true" });
  gap.style.height = `${height}px`;
  return [gap];
}

/** @param {HTMLElement[]} items */
function placeOf(items) {
  return { top: items[0].getBoundingClientRect().top, bottom: items[items.length - 1].getBoundingClientRect().bottom };
}
