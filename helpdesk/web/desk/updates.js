// When to fetch again: the server's hints, a connection that is back, a page that is looked at again.

import { byId } from "../shared/elements.js";
import { HintSocket } from "./socket.js";

/** @import { DeskPage, HereHint, Hint, TypingHint, WhisperHint } from "./types.js" */

const POLL_EVERY_MS = 15_000;
const LIST_AFTER_MS = 200;
const LINES_AFTER_MS = 60;

/**
 * @param {DeskPage} page
 * @param {{ refreshAll: () => void, refreshList: () => void, refreshConversation: () => void, onLook: () => void,
 *   onWork: () => void, onTyping: (hint: TypingHint) => void, onHere: (hint: HereHint) => void,
 *   onWhisper: (hint: WhisperHint) => void, onConnected: () => void }} handlers `onLook` is called when the page is
 *   looked at again; of the conversation that is open, `onTyping` when somebody writes, `onWork` when what the agent
 *   writes or can undo there has changed elsewhere
 * @returns {(frame: object) => void} tells the server something
 */
export function listenToServer({ calls, state }, handlers) {
  const { refreshAll, refreshList, refreshConversation, onLook, onWork, onTyping } = handlers;
  const refreshListSoon = debounced(LIST_AFTER_MS, refreshList);
  const refreshLinesSoon = debounced(LINES_AFTER_MS, refreshConversation);
  const refreshWorkSoon = debounced(LINES_AFTER_MS, onWork);
  /** What needs no list; returns whether it was that. @type {(hint: Hint, isWanted: boolean) => boolean} */
  const tellDirectly = (hint, isWanted) => {
    if (hint.type === "here") handlers.onHere(hint);
    else if (hint.type === "whisper") handlers.onWhisper(hint);
    else if (hint.type === "typing") hint.id === state.id && onTyping(hint);
    else if (hint.type === "work") isWanted && refreshWorkSoon();
    else if (hint.type === "delivery") isWanted && refreshLinesSoon();
    else return false;
    return true;
  };
  const hear = (/** @type {Hint} */ hint) => {
    // what is on its way may have been read before this
    const isWanted = "id" in hint && (hint.id === state.id || hint.id === state.coming);
    if (tellDirectly(hint, isWanted)) return;
    refreshListSoon();
    if (isWanted || hint.type === "erasure") refreshLinesSoon();
  };
  const socket = new HintSocket(calls, {
    onHint: hear,
    onState: (isConnected) => {
      state.isConnected = byId("lost").hidden = isConnected;
      if (isConnected) {
        refreshAll();
        handlers.onConnected();
      }
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
  return (frame) => socket.send(frame);
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
