/**
 * The connection of docs/protocol.md: opens, says hello, keeps the line alive and comes back after a loss.
 * It knows nothing of messages; what is unacknowledged is sent again by whoever hears `live`.
 */

/** How often the other side is asked whether it is there, and how long it has to answer, in ms. */
export const BEAT = 25_000;
export const PATIENCE = 10_000;

const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
const STEADY = 10_000;
const REFUSALS = 3;

/**
 * Full jitter between 0.5 s and 30 s, so that a thousand widgets do not come back in the same moment.
 * @type {(attempt: number, random: () => number) => number} in ms; the first attempt is 0
 */
export function backOff(attempt, random) {
  const ceiling = Math.min(MAX_WAIT_MS, 2 * MIN_WAIT_MS * 2 ** attempt);
  return MIN_WAIT_MS + random() * (ceiling - MIN_WAIT_MS);
}

/**
 * How long to wait after a close, by its code (docs/protocol.md, "Closing").
 * @type {(code: number, attempt: number, random: () => number) => number} in ms
 */
export function delayAfter(code, attempt, random) {
  if (code === 4429) return MAX_WAIT_MS + random() * 5_000;
  if (code === 1012 && attempt === 0) return random() * MIN_WAIT_MS;
  return backOff(attempt, random);
}

/** @type {(options: ConnectionOptions) => Connection} */
export function createConnection({
  url,
  hello,
  onFrame,
  onState,
  clock,
  random = Math.random,
  WebSocket = globalThis.WebSocket,
}) {
  /** @type {InstanceType<typeof globalThis.WebSocket>|null} */
  let socket = null;
  /** @type {ConnectionState} */
  let state = "idle";
  let attempt = 0;
  let refusals = 0;
  let liveSince = 0;
  let isTurnedAway = false;
  let isAsked = false;
  /** @type {any} */
  let timer = null;

  /** @type {(next: ConnectionState, code?: number) => void} */
  function enter(next, code = 0) {
    state = next;
    onState(next, code);
  }

  /** @type {(run: () => void, ms: number) => void} */
  function later(run, ms) {
    clock.clearTimeout(timer);
    timer = clock.setTimeout(run, ms);
  }

  function connect() {
    clock.clearTimeout(timer);
    isTurnedAway = false;
    isAsked = true;
    enter("connecting");
    const opened = new WebSocket(url);
    socket = opened;
    later(() => lose(opened, 4408), PATIENCE);
    opened.onopen = () => opened === socket && write(hello());
    opened.onmessage = (event) => opened === socket && hear(event.data);
    opened.onclose = (event) => lose(opened, event.code);
  }

  /** @type {(frame: object) => void} */
  function write(frame) {
    socket?.send(JSON.stringify(frame));
  }

  /** @type {(data: unknown) => void} */
  function hear(data) {
    const frame = parse(data);
    const heard = socket;
    if (!frame || !heard) return;
    if (isAsked) later(() => ask(heard), BEAT);
    isAsked = false;
    onFrame(frame);
    if (frame.type === "ready" && heard === socket && state === "connecting") settle();
  }

  function settle() {
    liveSince = clock.now();
    refusals = 0;
    enter("live");
  }

  /** @type {(asked: WebSocket) => void} */
  function ask(asked) {
    write({ type: "ping" });
    isAsked = true;
    later(() => lose(asked, 1006), PATIENCE);
  }

  /** @type {(lost: WebSocket, code: number) => void} */
  function lose(lost, code) {
    if (lost !== socket) return;
    release();
    forgive();
    isTurnedAway = code === 4429;
    refusals = code === 4400 ? refusals + 1 : 0;
    if (refusals >= REFUSALS) return enter("unavailable", code);
    later(connect, delayAfter(code, attempt, random));
    attempt += 1;
    enter("waiting", code);
  }

  function forgive() {
    if (state === "live" && clock.now() - liveSince >= STEADY) attempt = 0;
  }

  function release() {
    clock.clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close(1000);
  }

  return {
    open() {
      if (state === "idle") connect();
    },
    close() {
      release();
      enter("idle");
    },
    restart() {
      if (!socket) return;
      release();
      forgive();
      later(connect, attempt ? backOff(attempt, random) : 0);
      attempt += 1;
      enter("waiting");
    },
    hurry() {
      if (isTurnedAway || (state !== "waiting" && state !== "unavailable")) return;
      refusals = 0;
      connect();
    },
    drop() {
      if (socket) lose(socket, 1006);
    },
    send(frame) {
      if (state !== "live") return false;
      write(frame);
      return true;
    },
  };
}

/** @type {(data: unknown) => any} */
function parse(data) {
  try {
    const frame = JSON.parse(String(data));
    return frame && typeof frame === "object" ? frame : null;
  } catch {
    return null;
  }
}
