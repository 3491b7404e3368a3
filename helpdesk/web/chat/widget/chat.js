/** One conversation in one tab, without a screen. */
import {
  addPending,
  applyFrame,
  countUnread,
  discard,
  disconnect,
  EMPTY,
  expireTyping,
  failInFlight,
  markSent,
  nextToSend,
  openChoices,
  SLOW_AFTER,
  tryAgain,
} from "./log.js";
import { createConnection } from "./socket.js";

/** Own typing is repeated while the customer writes and taken back after a pause, in ms. */
const TYPING_REPEATS = 6_000;
const TYPING_PAUSE = 5_000;

/** Several lines in a row are told to be seen at once, in ms. */
const SEEN_AFTER = 500;

/** A conversation older than this waits for the visitor when a page loads, in ms. */
const FRESH = 24 * 3_600_000;

/** @type {(options: ChatOptions, onChange: (state: ChatState) => void) => Chat} */
export function createChat(options, onChange) {
  const { memory, clock } = options;
  const newId = options.newId ?? randomId;
  let log = recall(memory);
  /** @type {ConnectionState} */
  let connection = "idle";
  let wasLive = false;
  let seen = memory.seen();
  let toldSeen = 0;
  let notice = "";
  /** When the other side was last told that the customer is writing; null when it was told otherwise. */
  let typedAt = /** @type {number|null} */ (null);
  let token = memory.token();
  /** @type {any[]} */
  const timers = [];

  const line = createConnection({
    url: options.address,
    clock,
    random: options.random,
    WebSocket: options.WebSocket,
    hello,
    onFrame: hear,
    onState: follow,
  });

  function hello() {
    token = memory.token();
    return sparse({
      type: "hello",
      protocol: 1,
      token,
      last_seq: log.lastSeq,
      log_epoch: log.logEpoch,
      language: options.language(),
      page: options.page?.(),
      account: options.account,
      formality: options.formality,
      ...options.identity?.()?.proof(),
    });
  }

  /** @param {any} frame */
  function hear(frame) {
    const before = log;
    if (frame.type === "welcome") meet(frame);
    if (frame.type === "message" && frame.seq > log.lastSeq) memory.keepActive(clock.now());
    if (frame.type === "suggestions") options.onSuggestions?.(frame);
    if (frame.type === "error" && !frame.client_id) notice = String(frame.text ?? "");
    update(applyFrame(log, frame, clock.now()));
    if (log.gap && !before.gap) line.restart();
    else pump();
  }

  /** @param {any} frame */
  function meet(frame) {
    options.identity?.()?.hear(frame, token);
    if (frame.token && frame.token !== token) memory.keepToken(frame.token);
    token = memory.token();
    if (frame.conversation !== log.conversation && log.conversation) look(0);
    toldSeen = 0;
  }

  /** @type {ConnectionOptions["onState"]} */
  function follow(state, code) {
    connection = state;
    wasLive ||= state === "live";
    typedAt = null;
    if (code === 4401) lapse();
    if (code === 1009) log = failInFlight(log, "too_long");
    if (state !== "live" && state !== "connecting") log = disconnect(log);
    if (state === "live") notice = "";
    update(log);
    if (state === "live") pump();
  }

  /** Who was here no longer is. */
  function lapse() {
    options.identity?.()?.lapse(token);
    options.onLapse?.();
    token = null;
    seen = toldSeen = 0;
    log = EMPTY;
  }

  /** @param {Log} next */
  function update(next) {
    if (next.pending !== log.pending) memory.keepPending(next.pending);
    log = next;
    if (log.typing.bot || log.typing.agent) schedule(0, expire, 1_000);
    if (log.asked !== null) schedule(4, tell, log.asked + SLOW_AFTER - clock.now());
    tell();
  }

  function tell() {
    onChange({ log, connection, wasLive, seen, notice, unread: countUnread(log, seen) });
  }

  function expire() {
    update(expireTyping(log, clock.now()));
  }

  /** @type {(slot: number, run: () => void, ms: number) => void} */
  function schedule(slot, run, ms) {
    clock.clearTimeout(timers[slot]);
    timers[slot] = clock.setTimeout(run, ms);
  }

  function pump() {
    const one = connection === "live" ? nextToSend(log) : null;
    if (!one) return;
    const wait = one.due - clock.now();
    if (wait > 0) return schedule(1, pump, wait);
    update(markSent(log, one.clientId));
    line.send(toFrame(one));
  }

  /** @param {Pick<Pending, "type"|"text"|"seq"|"choice"|"article"|"files">} one */
  function queue(one) {
    notice = "";
    memory.keepActive(clock.now());
    update(addPending(log, { ...one, clientId: newId(), at: new Date(clock.now()).toISOString() }));
    pump();
  }

  /** @param {boolean} on */
  function sayTyping(on) {
    if (on && typedAt !== null && clock.now() - typedAt < TYPING_REPEATS) return;
    if (line.send({ type: "typing", on })) typedAt = on ? clock.now() : null;
  }

  function stopTyping() {
    clock.clearTimeout(timers[2]);
    if (typedAt !== null) sayTyping(false);
  }

  function tellSeen() {
    if (line.send({ type: "seen", seq: seen })) toldSeen = seen;
  }

  /** @param {number} seq */
  function look(seq) {
    seen = seq;
    memory.keepSeen(seq);
  }

  return {
    open: () => line.open(),
    close: () => line.close(),
    hurry: () => line.hurry(),
    drop: () => line.drop(),
    restart: () => line.restart(),
    forget() {
      lapse();
      line.restart();
      tell();
    },
    refresh: tell,
    isAwaited: () => memory.token() !== null && (log.pending.length > 0 || clock.now() - memory.lastActive() < FRESH),
    send(text, files) {
      stopTyping();
      queue({ type: "message", text, files });
    },
    pick: (article, question) => queue({ type: "suggestion", text: question, article }),
    tell: (frame) => line.send(frame),
    choose: (seq, choice, title) => queue({ type: "choice", text: title, seq, choice }),
    askPerson(words) {
      const open = openChoices(log);
      const at = open?.choices.findIndex((choice) => choice.person) ?? -1;
      if (open && at >= 0) queue({ type: "choice", text: open.choices[at].title, seq: open.seq, choice: at });
      else queue({ type: "message", text: words });
    },
    leaveEmail: (email) => queue({ type: "email", text: email }),
    retry(clientId) {
      notice = "";
      update(tryAgain(log, clientId));
      pump();
    },
    discard(clientId) {
      notice = "";
      update(discard(log, clientId));
      pump();
    },
    typed(isWriting) {
      if (!isWriting) return stopTyping();
      sayTyping(true);
      schedule(2, stopTyping, TYPING_PAUSE);
    },
    markSeen() {
      if (log.lastSeq > seen) look(log.lastSeq);
      if (log.lastSeq > toldSeen) schedule(3, tellSeen, SEEN_AFTER);
      tell();
    },
    follow() {
      if (token && !memory.token()) return this.forget();
      seen = Math.max(seen, memory.seen());
      tell();
      if (memory.token() && memory.token() !== token) line.restart();
    },
    remember: () =>
      memory.keepCopy({
        lines: log.lines,
        conversation: log.conversation,
        logEpoch: log.logEpoch,
        lastSeq: log.lastSeq,
        read: log.read,
        emailed: log.emailed,
      }),
  };
}

/** @param {Memory} memory */
function recall(memory) {
  const copy = memory.token() ? memory.copy() : null;
  const isWhole = Array.isArray(copy?.lines) && Number.isSafeInteger(copy.lastSeq);
  const log = isWhole ? { ...EMPTY, .../** @type {any} */ (copy) } : EMPTY;
  return disconnect({ ...log, pending: memory.pending() });
}

/** @type {(one: Pending) => object} */
function toFrame({ type, clientId, text, seq, choice, article, files }) {
  if (type === "suggestion") return { type, client_id: clientId, article };
  if (type === "choice") return { type, client_id: clientId, seq, choice };
  if (type === "email") return { type, client_id: clientId, email: text };
  return { type, client_id: clientId, text, files: files?.map((file) => file.id) };
}

/** @param {object} frame */
function sparse(frame) {
  return Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== null && value !== undefined));
}

/** @type {() => string} a UUID; `crypto.randomUUID` exists on https and localhost only. */
function randomId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  return hex.join("");
}
