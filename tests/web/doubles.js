/** Stand-ins for the browser: a clock that is wound by hand, a socket that records, a storage, a document. */

/** Time that passes only when told to. */
export class FakeClock {
  #now = 1_800_000_000_000;
  #due = new Map();
  #next = 1;

  now = () => this.#now;

  setTimeout = (run, ms) => {
    this.#due.set(this.#next, { run, at: this.#now + ms });
    return this.#next++;
  };

  clearTimeout = (id) => void this.#due.delete(id);

  /** Lets `ms` pass, running what is due in its order. */
  pass(ms) {
    const end = this.#now + ms;
    for (let first = this.#first(end); first; first = this.#first(end)) {
      this.#due.delete(first[0]);
      this.#now = first[1].at;
      first[1].run();
    }
    this.#now = end;
  }

  #first(end) {
    return [...this.#due].filter(([, one]) => one.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
  }
}

/** A WebSocket class whose instances are collected in `.opened`; the test plays the server. */
export function fakeSockets() {
  return class FakeSocket {
    static opened = [];
    static get last() {
      return FakeSocket.opened.at(-1);
    }

    sent = [];
    isClosed = false;
    onopen = null;
    onmessage = null;
    onclose = null;

    constructor(url) {
      this.url = url;
      FakeSocket.opened.push(this);
    }

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

    /** The server says. */
    say(...frames) {
      for (const frame of frames) this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
    }

    /** The connection ends. */
    end(code) {
      this.onclose?.({ code });
    }

    ofType(type) {
      return this.sent.filter((frame) => frame.type === type);
    }
  };
}

/** A Storage in memory. */
export class FakeStorage {
  items = new Map();
  getItem = (name) => this.items.get(name) ?? null;
  setItem = (name, value) => void this.items.set(name, value);
  removeItem = (name) => void this.items.delete(name);
}

/** As much of a document as copying needs; elements print themselves. */
export const fakeDocument = {
  createElement: (name) => new FakeElement(name),
  createTextNode: (text) => ({ toString: () => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;") }),
};

export class FakeElement {
  attributes = {};
  children = [];

  constructor(name) {
    this.name = name;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

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

/** A parsed node: `node("p", {}, "words", node("br"))`. */
export function node(name, attributes = {}, ...children) {
  return {
    nodeType: 1,
    nodeName: name.toUpperCase(),
    nodeValue: null,
    getAttribute: (key) => attributes[key] ?? null,
    childNodes: children.map((child) => (typeof child === "string" ? words(child) : child)),
  };
}

function words(text) {
  return { nodeType: 3, nodeName: "#text", nodeValue: text, childNodes: [] };
}

/** As much of a page as a small list of buttons needs; elements hear events that a test fires. */
export function withFakePage() {
  let focused = null;

  class PageElement {
    attributes = {};
    children = [];
    hidden = false;
    value = "";
    selectionEnd = 0;
    #text = "";
    #heard = {};
    parent = null;

    setAttribute(name, value) {
      this.attributes[name] = value;
      if (name === "hidden") this.hidden = true;
    }

    append(...children) {
      this.#put(this.children.length, children);
    }

    prepend(...children) {
      this.#put(0, children);
    }

    replaceChildren(...children) {
      this.children = [];
      this.#put(0, children);
    }

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
      return this.parent.children[this.parent.children.indexOf(this) + 1] ?? null;
    }

    get previousElementSibling() {
      return this.parent.children[this.parent.children.indexOf(this) - 1] ?? null;
    }

    contains(other) {
      return other === this || this.children.some((child) => child.contains(other));
    }

    addEventListener(name, run) {
      (this.#heard[name] ??= []).push(run);
    }

    fire(name, event = {}) {
      for (let at = this; at && !event.isStopped; at = at.parent) for (const run of at.#heard[name] ?? []) run(event);
    }

    focus() {
      focused = this;
    }
  }

  const create = () => new PageElement();
  globalThis.document = { createElement: create };
  globalThis.CSSStyleSheet = class {
    replaceSync() {}
  };
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
