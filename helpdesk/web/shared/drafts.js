// What people have typed and not sent, kept in this browser; without storage it lasts as long as the field.

/** @import { KeptForm } from "./types.js" */

const PREFIX = "staffel.";

/** Where drafts lie: the browser's storage, which may be full, forbidden, or filled by somebody else. */
export class Drafts {
  #storage;

  /** @param {() => Storage} storage asked each time: reading `localStorage` throws where a browser forbids it */
  constructor(storage = () => localStorage) {
    this.#storage = storage;
  }

  /** @param {string} key */
  read(key) {
    return this.#try((storage) => storage.getItem(PREFIX + key)) ?? "";
  }

  /**
   * @param {string} key
   * @param {string} text nothing is kept of an empty one
   */
  keep(key, text) {
    this.#try((storage) => (text ? storage.setItem(PREFIX + key, text) : storage.removeItem(PREFIX + key)));
  }

  /** @param {string} key */
  drop(key) {
    this.keep(key, "");
  }

  /**
   * Drop every draft whose key begins like one of these.
   * @param {string[]} beginnings
   */
  forget(beginnings) {
    this.#try((storage) => {
      const keys = Array.from({ length: storage.length }, (_, place) => storage.key(place) ?? "");
      for (const key of keys)
        if (beginnings.some((beginning) => key.startsWith(PREFIX + beginning))) storage.removeItem(key);
    });
  }

  /**
   * What `keepJson` has kept; null when there is nothing, or nothing that can be read.
   * @template T
   * @param {string} key
   * @returns {T | null}
   */
  readJson(key) {
    try {
      return JSON.parse(this.read(key) || "null");
    } catch {
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {object} value
   */
  keepJson(key, value) {
    this.keep(key, JSON.stringify(value));
  }

  /**
   * What a form had in it when the window closed.
   * @template T
   * @param {string} key
   * @param {string} part the name under which its values are kept beside the time
   * @returns {KeptForm<T> | null}
   */
  readForm(key, part) {
    /** @type {Record<string, unknown> | null} */
    const kept = this.readJson(key);
    return kept?.[part] ? { at: String(kept.at), values: /** @type {T} */ (kept[part]) } : null;
  }

  /**
   * @param {string} key
   * @param {string} part as `readForm`
   * @param {object} values
   */
  keepForm(key, part, values) {
    this.keepJson(key, { at: new Date().toISOString(), [part]: values });
  }

  /**
   * @template T
   * @param {(storage: Storage) => T} use
   */
  #try(use) {
    try {
      return use(this.#storage());
    } catch {
      return null; // a full or forbidden storage only costs the draft
    }
  }
}
