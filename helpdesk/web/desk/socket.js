// Hints from the server, and the way back after a lost connection. What is shown is always fetched, never pushed.

/** @import { Calls } from "../shared/calls.js" */
/** @import { Hint } from "./types.js" */

const PING_AFTER_MS = 25_000;
const PONG_WITHIN_MS = 10_000;
const MAX_WAIT_MS = 15_000;
const SIGNED_OUT = 4401;
const REFUSED = 4403;

/** Keeps a socket open. */
export class HintSocket {
  #calls;
  #onHint;
  #onState;
  #tries = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #ping;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pong;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;

  /**
   * @param {Calls} calls
   * @param {{ onHint: (hint: Hint) => void, onState: (isConnected: boolean) => void }} handlers `onState` hears of
   *   losing and finding the connection
   */
  constructor(calls, { onHint, onState }) {
    this.#calls = calls;
    this.#onHint = onHint;
    this.#onState = onState;
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/desk/ws`);
    this.#socket = socket;
    socket.addEventListener("open", () => socket.send(this.#calls.hello));
    socket.addEventListener("message", (event) => this.#hear(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.#lose(event.code));
  }

  /**
   * Tell the server something, unless the connection is lost: then it is no longer true when it is back.
   * @param {object} frame
   */
  send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** The network is back. */
  hurry() {
    if (this.#socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.#next);
    this.open();
  }

  /** @param {Hint} hint */
  #hear(hint) {
    clearTimeout(this.#pong);
    clearTimeout(this.#ping);
    this.#ping = setTimeout(() => {
      this.#socket?.send(JSON.stringify({ type: "ping" }));
      this.#pong = setTimeout(() => this.#socket?.close(), PONG_WITHIN_MS);
    }, PING_AFTER_MS);
    if (hint.type === "ready") {
      this.#tries = 0;
      this.#onState(true);
    } else if (hint.type === "ask") this.send({ type: "present" });
    else if (hint.type !== "pong") this.#onHint(hint);
  }

  /** @param {number} code of the close frame */
  #lose(code) {
    clearTimeout(this.#ping);
    clearTimeout(this.#pong);
    if (code === SIGNED_OUT) {
      this.#calls.signInAgain();
      return;
    }
    if (code === REFUSED) {
      location.reload();
      return;
    }
    this.#onState(false);
    const wait = Math.min(MAX_WAIT_MS, 500 * 2 ** this.#tries++);
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.open(), 250 + Math.random() * wait);
  }
}
