/**
 * What the browser keeps: who the visitor is (for all tabs), this tab's unsent words and copy of the log. Nothing is
 * written before the chat was opened; without storage the chat forgets.
 */

/** A longer copy is not kept: the server has the log, and asking for it is one frame. */
const MAX_COPY_LENGTH = 400_000;

/**
 * @param {{server: string, account: string, shared?: Storage|null, own?: Storage|null}} options `shared` outlives the
 *   tab (localStorage), `own` ends with it (sessionStorage)
 * @returns {Memory}
 */
export function createMemory({ server, account, shared = reach("localStorage"), own = reach("sessionStorage") }) {
  const prefix = `staffel:${server}:${account}:`;

  /** @type {(store: Storage|null, name: string) => any} */
  function read(store, name) {
    try {
      return JSON.parse(store?.getItem(prefix + name) ?? "null");
    } catch {
      return null;
    }
  }

  /** @type {(store: Storage|null, name: string, value: unknown) => void} */
  function write(store, name, value) {
    try {
      if (value === null) store?.removeItem(prefix + name);
      else store?.setItem(prefix + name, JSON.stringify(value));
    } catch {
      store?.removeItem(prefix + name);
    }
  }

  return {
    prefix,
    token: () => read(shared, "token"),
    keepToken: (token) => write(shared, "token", token),
    seen: () => read(shared, "seen") ?? 0,
    keepSeen: (seq) => write(shared, "seen", seq),
    language: () => read(shared, "language"),
    keepLanguage: (language) => write(shared, "language", language),
    lastActive: () => read(shared, "active") ?? 0,
    keepActive: (now) => write(shared, "active", now),
    isOpen: () => read(own, "open"),
    keepOpen: (isOpen) => write(own, "open", isOpen),
    draft: () => read(own, "draft") ?? "",
    keepDraft: (text) => write(own, "draft", text || null),
    pending: () => read(own, "pending") ?? [],
    keepPending: (pending) => write(own, "pending", pending.length ? pending : null),
    copy: () => read(own, "log"),
    keepCopy: (copy) => write(own, "log", JSON.stringify(copy).length <= MAX_COPY_LENGTH ? copy : null),
  };
}

/** @param {"localStorage"|"sessionStorage"} name */
function reach(name) {
  try {
    return globalThis[name] ?? null;
  } catch {
    return null;
  }
}
