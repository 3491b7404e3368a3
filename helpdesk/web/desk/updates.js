// When to fetch again: the server's hints, a connection that is back, a page that is looked at again.

import { byId } from "../shared/elements.js";
import { HintSocket } from "./socket.js";

/** @import { DeskPage, Hint, TypingHint } from "./types.js" */

const POLL_EVERY_MS = 15_000;
const LIST_AFTER_MS = 200;
const LINES_AFTER_MS = 60;

/**
 * @param {DeskPage} page
 * @param {{ refreshAll: () => void, refreshList: () => void, refreshConversation: () => void, onLook: () => void,
 *   onTyping: (hint: TypingHint) => void }} handlers `onLook` is called when the page is looked at again, `onTyping` for
 *   the conversation that is open
 */
export function listenToServer({ calls, state }, { refreshAll, refreshList, refreshConversation, onLook, onTyping }) {
  const refreshListSoon = debounced(LIST_AFTER_MS, refreshList);
  const refreshLinesSoon = debounced(LINES_AFTER_MS, refreshConversation);
  const hear = (/** @type {Hint} */ hint) => {
    const isOpen = "id" in hint && hint.id === state.id;
    if (hint.type === "typing") {
      if (isOpen) onTyping(hint);
      return;
    }
    refreshListSoon();
    if (hint.type === "conversation" && isOpen) refreshLinesSoon();
  };
  const socket = new HintSocket(calls, {
    onHint: hear,
    onState: (isConnected) => {
      state.isConnected = byId("lost").hidden = isConnected;
      if (isConnected) refreshAll();
    },
  });
  addEventListener("online", () => socket.hurry());
  socket.open();
  setInterval(() => {
    if (!state.isConnected && !document.hidden) refreshAll();
  }, POLL_EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    refreshAll();
    onLook();
  });
}

/**
 * Calls that come while one is due already are that one.
 * @param {number} ms
 * @param {() => void} run
 */
function debounced(ms, run) {
  let isDue = false;
  const act = () => {
    isDue = false;
    run();
  };
  return () => {
    if (!isDue) setTimeout(act, ms);
    isDue = true;
  };
}
