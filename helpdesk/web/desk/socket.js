// Hints from the server, and the way back after a lost connection. What is shown is always fetched, never pushed.

import { hello, signInAgain } from "./page.js";

const PING_AFTER = 25_000;
const PONG_WITHIN = 10_000;
const LONGEST_WAIT = 15_000;
const SIGNED_OUT = 4401;
const REFUSED = 4403;

/** Keep a socket open. `onHint(frame)` hears hints, `onState(connected)` hears of losing and finding the connection. */
export function listen(onHint, onState) {
  let tries = 0;
  let socket;
  let ping;
  let pong;
  let next;

  function open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/desk/ws`);
    socket.addEventListener("open", () => socket.send(hello()));
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => lost(event.code));
  }

  function hear(frame) {
    clearTimeout(pong);
    clearTimeout(ping);
    ping = setTimeout(() => {
      socket.send(JSON.stringify({ type: "ping" }));
      pong = setTimeout(() => socket.close(), PONG_WITHIN);
    }, PING_AFTER);
    if (frame.type === "ready") {
      tries = 0;
      onState(true);
    } else if (frame.type !== "pong") onHint(frame);
  }

  function lost(code) {
    clearTimeout(ping);
    clearTimeout(pong);
    if (code === SIGNED_OUT) return signInAgain();
    if (code === REFUSED) return location.reload();
    onState(false);
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** tries++);
    clearTimeout(next);
    next = setTimeout(open, 250 + Math.random() * wait);
  }

  addEventListener("online", () => {
    if (socket.readyState === WebSocket.CLOSED) {
      clearTimeout(next);
      open();
    }
  });
  open();
}
