/** Stand-ins for the browser: a clock that is wound by hand, a socket that records, a storage, a document. */

/** Time that passes only when told to. */
export class FakeClock {
  #now = 1_800_000_000_000;
  /** @type {Map<number, { run: () => void, at: number }>} */
  #due = new Map();
  #next = 1;

  now = () => this.#now;

  /** @type {(run: () => void, ms: number) => number} */
  setTimeout = (run, ms) => {
    this.#due.set(this.#next, { run, at: this.#now + ms });
    return this.#next++;
  };

  /** @param {number} id */
  clearTimeout = (id) => void this.#due.delete(id);

  /**
   * Lets `ms` pass, running what is due in its order.
   * @param {number} ms
   */
  pass(ms) {
    const end = this.#now + ms;
    for (let first = this.#first(end); first; first = this.#first(end)) {
      this.#due.delete(first[0]);
      this.#now = first[1].at;
      first[1].run();
    }
    this.#now = end;
  }

  /** @param {number} end */
  #first(end) {
    return [...this.#due].filter(([, one]) => one.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
  }
}

/** A WebSocket class whose instances are collected in `.opened`; the test plays the server. */
export function fakeSockets() {
  return class FakeSocket {
    /** @type {FakeSocket[]} */
    static opened = [];
    static get last() {
      return FakeSocket.opened[FakeSocket.opened.length - 1];
    }

    /** @type {Record<string, unknown>[]} */
    sent = [];
    isClosed = false;
    /** @type {((event: object) => void) | null} */
    onopen = null;
    /** @type {((event: { data: string }) => void) | null} */
    onmessage = null;
    /** @type {((event: { code?: number }) => void) | null} */
    onclose = null;

    /** @param {string} url */
    constructor(url) {
      this.url = url;
      FakeSocket.opened.push(this);
    }

    /** @param {string} text */
    send(text) {
      this.sent.push(JSON.parse(text));
    }

    close() {
      this.isClosed = true;
    }

    /** The server accepts. */
    accept() {
      this.onopen?.({});
    }

    /**
     * The server says.
     * @param {(object | string)[]} frames
     */
    say(...frames) {
      for (const frame of frames) this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
    }

    /**
     * The connection ends.
     * @param {number} [code]
     */
    end(code) {
      this.onclose?.({ code });
    }

    /** @param {string} type */
    ofType(type) {
      return this.sent.filter((frame) => frame.type === type);
    }
  };
}

/** A Storage in memory. */
export class FakeStorage {
  /** @type {Map<string, string>} */
  items = new Map();
  get length() {
    return this.items.size;
  }
  clear = () => this.items.clear();
  key = (/** @type {number} */ place) => [...this.items.keys()][place] ?? null;
  getItem = (/** @type {string} */ name) => this.items.get(name) ?? null;
  setItem = (/** @type {string} */ name, /** @type {string} */ value) => void this.items.set(name, value);
  removeItem = (/** @type {string} */ name) => void this.items.delete(name);
}

/** As much of a document as copying needs; elements print themselves. */
export const fakeDocument = {
  createElement: (/** @type {string} */ name) => new FakeElement(name),
  createTextNode: (/** @type {string} */ text) => ({
    toString: () => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
  }),
};

export class FakeElement {
  /** @type {Record<string, string>} */
  attributes = {};
  /** @type {unknown[]} */
  children = [];

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** @type {(name: string, value: string) => void} */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  /** @param {unknown[]} children */
  append(...children) {
    this.children.push(...children);
  }

  get inside() {
    return this.children.join("");
  }

  toString() {
    const attributes = Object.entries(this.attributes)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join("");
    return `<${this.name}${attributes}>${this.inside}</${this.name}>`;
  }
}

/**
 * A parsed node: `node("p", {}, "words", node("br"))`.
 * @type {(name: string, attributes?: Record<string, string>, ...children: (Parsed | string)[]) => Parsed}
 */
export function node(name, attributes = {}, ...children) {
  return {
    nodeType: 1,
    nodeName: name.toUpperCase(),
    nodeValue: null,
    getAttribute: (key) => attributes[key] ?? null,
    childNodes: children.map((child) => (typeof child === "string" ? words(child) : child)),
  };
}

/** @type {(text: string) => Parsed} */
function words(text) {
  return { nodeType: 3, nodeName: "#text", nodeValue: text, childNodes: [] };
}

/** As much of a page as a small list of buttons needs; elements hear events that a test fires. */
export function withFakePage() {
  /** @type {PageElement | null} */
  let focused = null;

  class PageElement {
    /** @type {Record<string, string>} */
    attributes = {};
    /** @type {PageElement[]} */
    children = [];
    hidden = false;
    value = "";
    selectionEnd = 0;
    #text = "";
    /** @type {Record<string, ((event: object) => void)[]>} */
    #heard = {};
    /** @type {PageElement | null} */
    parent = null;

    /** @type {(name: string, value: string) => void} */
    setAttribute(name, value) {
      this.attributes[name] = value;
      if (name === "hidden") this.hidden = true;
    }

    /** @param {(PageElement | string)[]} children */
    append(...children) {
      this.#put(this.children.length, children);
    }

    /** @param {(PageElement | string)[]} children */
    prepend(...children) {
      this.#put(0, children);
    }

    /** @param {(PageElement | string)[]} children */
    replaceChildren(...children) {
      this.children = [];
      this.#put(0, children);
    }

    /** @type {(at: number, children: (PageElement | string)[]) => void} */
    #put(at, children) {
      for (const child of children) {
        if (typeof child === "string") this.#text += child;
        else child.parent = this;
      }
      this.children.splice(at, 0, ...children.filter((child) => typeof child !== "string"));
    }

    get textContent() {
      return this.#text;
    }

    set textContent(text) {
      this.#text = text;
    }

    get lastElementChild() {
      return this.children.at(-1);
    }

    get nextElementSibling() {
      return this.#neighbour(1);
    }

    get previousElementSibling() {
      return this.#neighbour(-1);
    }

    /** @param {number} step */
    #neighbour(step) {
      const row = this.parent?.children ?? [];
      return row[row.indexOf(this) + step] ?? null;
    }

    /**
     * @param {PageElement} other
     * @returns {boolean}
     */
    contains(other) {
      return other === this || this.children.some((child) => child.contains(other));
    }

    /** @type {(name: string, run: (event: object) => void) => void} */
    addEventListener(name, run) {
      (this.#heard[name] ??= []).push(run);
    }

    /** @type {(name: string, event?: { isStopped?: boolean }) => void} */
    fire(name, event = {}) {
      /** @type {PageElement | null} */
      let at = this;
      for (; at && !event.isStopped; at = at.parent) for (const run of at.#heard[name] ?? []) run(event);
    }

    focus() {
      focused = this;
    }
  }

  const create = () => new PageElement();
  const sheet = class {
    replaceSync() {}
  };
  Object.assign(globalThis, { document: { createElement: create }, CSSStyleSheet: sheet });
  return {
    make: create,
    root: {
      adoptedStyleSheets: [],
      get activeElement() {
        return focused;
      },
    },
    focused: () => focused,
  };
}
