/**
 * The customer whom the web site has signed in. Loaded on sites that sign customers in, and nowhere else.
 *
 * What is shown belongs to whom the site names: another customer's copy of the log is forgotten before it is drawn.
 */

/** @type {(options: IdentityOptions) => CustomerIdentity} */
export function createIdentity({ memory, server, element, send, shared = reach() }) {
  /** What the site has signed, and whether the server has looked at it. */
  let token = "";
  let isShown = false;

  const customer = () => read("customer");

  /** @param {string} name */
  const read = (name) => shared?.getItem(memory.prefix + name) ?? null;

  /** @type {(name: string, value: string | null) => void} */
  function keep(name, value) {
    try {
      if (value === null) shared?.removeItem(memory.prefix + name);
      else shared?.setItem(memory.prefix + name, value);
    } catch {} // full, or not to be had: the server knows what matters
  }

  /** Nothing of the conversation stays; the language does. */
  function wipe() {
    memory.keepToken(null);
    memory.keepSeen(0);
    memory.keepActive(0);
    memory.keepDraft("");
    memory.keepPending([]);
    memory.keepCopy(null);
    keep("customer", null);
  }

  /** The one who was here before. What an anonymous visitor has said is theirs, whoever they turn out to be. */
  function forget() {
    const held = memory.token();
    wipe();
    if (!held) return;
    const look = /** @type {const} */ ({ method: "POST", mode: "no-cors", keepalive: true, credentials: "omit" });
    /** @type {NonNullable<IdentityOptions["send"]>} */
    const post = send ?? ((address, options) => fetch(address, options));
    post(new URL("webchat/sign-out", server), { ...look, body: held }).catch(() => {}); // it ends by itself, later
  }

  /** Names this browser to the server, so that a sign-in is good on it alone. */
  function browser() {
    const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
    const known = read("browser") ?? bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    keep("browser", known);
    return known;
  }

  return {
    follow(next = "", chat) {
      if (next === token && (next || customer() === null)) return;
      const isOther = customer() !== null && customer() !== customerOf(next);
      token = next;
      isShown = false;
      if (isOther) forget();
      if (isOther) chat?.forget();
      else if (next) chat?.restart();
    },
    proof: () => (token && !isShown ? { identity: token, browser: browser() } : {}),
    lapse(held) {
      isShown = false;
      if (memory.token() === held) wipe(); // else another tab has gone on as somebody else already
    },
    hear(frame, held) {
      if (!frame.identity) return;
      isShown = true;
      if (frame.identity.state === "signed_in") keep("customer", customerOf(token));
      else if (frame.token !== held) keep("customer", null);
      element.dispatchEvent(new CustomEvent("staffel-identity", { detail: frame.identity, bubbles: true }));
    },
  };
}

/** @returns {Storage|null} */
function reach() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/**
 * Whom a token names. It is not checked here: the server does, and this decides only what is forgotten.
 * @param {string} token
 */
function customerOf(token) {
  try {
    const payload = token.split(".").at(-2) ?? "";
    return String(JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).sub);
  } catch {
    return token;
  }
}
