/**
 * What the widget knows of the conversation: a pure function from the last state and one frame of
 * docs/protocol.md to the next state. The server's log is the truth; lines are kept once, by `seq`.
 */

/** How long a typing sign stays without being repeated, in ms (docs/protocol.md). */
export const TYPING_LASTS = 10_000;

/** How long the bot may take before the customer is told that it takes longer, in ms. */
export const SLOW_AFTER = 8_000;

/** How often a frame goes to a busy server before the customer is asked. */
export const ATTEMPTS = 4;

const NOBODY = Object.freeze({ bot: null, agent: null });

/** @type {Log} */
export const EMPTY = Object.freeze({
  conversation: null,
  logEpoch: null,
  lines: [],
  lastSeq: 0,
  replaying: false,
  foreign: false,
  promised: 0,
  gap: false,
  status: "bot",
  agent: null,
  queue: null,
  language: null,
  read: 0,
  typing: NOBODY,
  pending: [],
  emailed: false,
  asked: null,
  privacy: null,
});

/**
 * The state after one frame. An unknown frame changes nothing: an older widget survives a newer server.
 * @type {Change}
 */
export function applyFrame(log, frame, now) {
  const change = Object.hasOwn(CHANGES, frame?.type) ? CHANGES[frame.type] : null;
  return change ? noteWait(change(log, frame, now), now) : log;
}

/** @type {(log: Log, now: number) => Log} */
function noteWait(log, now) {
  const isAsked = log.pending.some((one) => one.state === "stored") || log.lines.findLast(isSaid)?.kind === "incoming";
  const asked = log.status === "bot" && isAsked ? (log.asked ?? now) : null;
  return asked === log.asked ? log : { ...log, asked };
}

/** @type {(log: Log, now: number) => boolean} whether the bot takes longer than it should */
export function isSlow({ asked, typing }, now) {
  return asked !== null && !typing.bot && now - asked >= SLOW_AFTER;
}

/** @type {Record<string, (log: Log, frame: any, now: number) => Log>} */
const CHANGES = {
  welcome: takeWelcome,
  resync: (log) => ({ ...log, lines: [], lastSeq: 0, foreign: false }),
  ready: takeReady,
  message: takeLine,
  ack: takeAck,
  typing: takeTyping,
  status: takeStatus,
  read: (log, frame) => (isCount(frame.seq) && frame.seq > log.read ? { ...log, read: frame.seq } : log),
  error: takeError,
};

/** @type {Change} */
function takeWelcome(log, frame, now) {
  const same = log.conversation === frame.conversation && log.logEpoch === frame.log_epoch;
  const kept = same ? log : { ...log, lines: [], lastSeq: 0, read: 0, emailed: false };
  return takeStatus(
    {
      ...kept,
      conversation: frame.conversation,
      logEpoch: frame.log_epoch ?? null,
      privacy: frame.privacy ?? null,
      replaying: true,
      gap: false,
      foreign: !same && log.lastSeq > 0,
      promised: isCount(frame.seq) ? frame.seq : 0,
      read: isCount(frame.read) ? frame.read : kept.read,
      typing: NOBODY,
    },
    frame,
    now,
  );
}

/**
 * Lines missing from another conversation than the one asked for were counted off by its `last_seq`: ask from 0.
 * @type {Change}
 */
function takeReady(log) {
  return { ...log, replaying: false, foreign: false, gap: log.foreign && log.lines.length < log.promised };
}

/** @type {Change} */
function takeStatus(log, frame) {
  const status = frame.status ?? log.status;
  return {
    ...log,
    status,
    agent: frame.agent ?? null,
    queue: status === "queued" ? (frame.queue ?? null) : null,
    language: frame.language ?? log.language,
    emailed: status === "queued" && log.emailed,
    typing: status === "bot" ? log.typing : { ...log.typing, bot: null },
  };
}

/**
 * Between `welcome` and `ready` the server sends exactly the rest, and after a resync that begins anywhere; at any
 * other time a hole means that something was missed.
 * @type {Change}
 */
function takeLine(log, { type: _, ...line }) {
  if (!isCount(line.seq)) return log;
  const held = log.lines.findIndex((other) => other.seq === line.seq);
  if (held >= 0) return { ...log, lines: log.lines.with(held, merge(log.lines[held], line)) };
  if (!log.replaying && line.seq > log.lastSeq + 1) return { ...log, gap: true };
  const author = line.author === "bot" || line.author === "agent" ? line.author : null;
  return {
    ...log,
    lines: applyChange(markChosen(insert(log.lines, normalise(line)), line), line.change),
    lastSeq: Math.max(log.lastSeq, line.seq),
    typing: author ? { ...log.typing, [author]: null } : log.typing,
    pending: log.pending.filter((one) => one.clientId !== line.client_id && one.stored !== line.seq),
  };
}

/** @type {(frame: any) => Line} */
function normalise(frame) {
  return {
    kind: "activity",
    author: "system",
    name: "",
    text: "",
    html: null,
    chosen: null,
    article: null,
    client_id: null,
    at: "",
    ...frame,
    choices: Array.isArray(frame.choices) ? frame.choices : [],
  };
}

/** @type {(held: Line, again: any) => Line} a line that comes again may know more (`chosen`), never less */
function merge(held, again) {
  return { ...normalise({ ...held, ...again }), chosen: again.chosen ?? held.chosen };
}

/** @type {(lines: readonly Line[], line: Line) => Line[]} */
function insert(lines, line) {
  const after = lines.findLastIndex((other) => other.seq < line.seq);
  return lines.toSpliced(after + 1, 0, line);
}

/**
 * What the customer says next, in a button's own words, is that button: other tabs learn of the tap like this.
 * @type {(lines: Line[], line: Line) => Line[]}
 */
function markChosen(lines, line) {
  if (line.kind !== "incoming") return lines;
  const at = lines.findLastIndex((other) => other.seq < line.seq && isSaid(other));
  const asked = lines[at];
  if (!asked?.choices.length || asked.chosen !== null) return lines;
  const chosen = asked.choices.findIndex((choice) => choice.title === line.text);
  return chosen < 0 ? lines : lines.with(at, { ...asked, chosen });
}

/**
 * An answer has other words now, or none: its files, buttons and links went with it.
 * @type {(lines: Line[], change: LineChange|undefined) => Line[]}
 */
function applyChange(lines, change) {
  const at = lines.findIndex(({ seq }) => seq === change?.seq);
  if (!change || at < 0) return lines;
  const { state, text, html } = change;
  const rest = state === "taken_back" ? { files: [], choices: [], related: [], article: null } : {};
  return lines.with(at, { ...lines[at], ...rest, state, text, html });
}

/** @type {Change} */
function takeAck(log, frame) {
  const one = log.pending.find((other) => other.clientId === frame.client_id);
  if (!one) return log;
  const lines = one.type === "choice" ? choose(log.lines, one) : log.lines;
  const emailed = log.emailed || one.type === "email";
  const isShown = lines.some((line) => line.seq === frame.seq) || one.type === "email";
  const pending = isShown
    ? log.pending.filter((other) => other !== one)
    : log.pending.map((other) =>
        other === one ? { ...one, state: "stored", stored: frame.seq, at: frame.at } : other,
      );
  return { ...log, lines, emailed, pending: /** @type {Pending[]} */ (pending) };
}

/** @type {(lines: readonly Line[], one: Pending) => readonly Line[]} */
function choose(lines, one) {
  return lines.map((line) => (line.seq === one.seq ? { ...line, chosen: line.chosen ?? one.choice ?? null } : line));
}

/** @type {Change} */
function takeTyping(log, frame, now) {
  if (frame.author !== "bot" && frame.author !== "agent") return log;
  const typist = frame.on ? { name: frame.name ?? "", until: now + TYPING_LASTS } : null;
  return { ...log, typing: { ...log.typing, [frame.author]: typist } };
}

/** @type {Change} */
function takeError(log, frame, now) {
  const one = log.pending.find((other) => other.clientId === frame.client_id);
  if (!one) return log;
  const isBusy = frame.code === "slow_down" || frame.code === "unavailable";
  return isBusy && one.attempts < ATTEMPTS
    ? change(log, one.clientId, { state: "waiting", due: now + 1_200 * one.attempts })
    : change(log, one.clientId, { state: "failed", code: frame.code, reason: frame.text });
}

/** @type {(log: Log, clientId: string, fields: Partial<Pending>) => Log} */
function change(log, clientId, fields) {
  return { ...log, pending: log.pending.map((one) => (one.clientId === clientId ? { ...one, ...fields } : one)) };
}

/** @type {(log: Log, one: Pick<Pending, "clientId"|"type"|"text"|"seq"|"choice"|"article"|"files"|"at">) => Log} */
export function addPending(log, one) {
  return { ...log, pending: [...log.pending, { ...one, state: "waiting", attempts: 0, due: 0 }] };
}

/**
 * Whose turn it is, due or not: one frame at a time, so that the customer's words keep their order.
 * @type {(log: Log) => Pending|null}
 */
export function nextToSend(log) {
  const open = log.pending.filter((one) => one.state === "waiting" || one.state === "sent");
  return open[0]?.state === "waiting" ? open[0] : null;
}

/** @type {(log: Log, clientId: string) => Log} */
export function markSent(log, clientId) {
  const one = log.pending.find((other) => other.clientId === clientId);
  return one ? change(log, clientId, { state: "sent", attempts: one.attempts + 1 }) : log;
}

/** @type {(log: Log, clientId: string) => Log} */
export function tryAgain(log, clientId) {
  return change(log, clientId, { state: "waiting", attempts: 0, due: 0, reason: undefined, code: undefined });
}

/** @type {(log: Log, clientId: string) => Log} */
export function discard(log, clientId) {
  return { ...log, pending: log.pending.filter((one) => one.clientId !== clientId) };
}

/** @type {(log: Log, code: string) => Log} the frame on the wire was refused as a whole (close code 1009) */
export function failInFlight(log, code) {
  const one = log.pending.find((other) => other.state === "sent");
  return one ? change(log, one.clientId, { state: "failed", code }) : log;
}

/**
 * The connection is gone: what was on the wire is sent again after the next `ready`, and nobody is typing.
 * @type {(log: Log) => Log}
 */
export function disconnect(log) {
  const pending = log.pending.map((one) =>
    one.state === "sent" ? { ...one, state: "waiting", attempts: 0, due: 0 } : one,
  );
  return { ...log, replaying: false, typing: NOBODY, pending: /** @type {Pending[]} */ (pending) };
}

/** @type {(log: Log, now: number) => Log} */
export function expireTyping(log, now) {
  const { bot, agent } = log.typing;
  const typing = { bot: bot && bot.until > now ? bot : null, agent: agent && agent.until > now ? agent : null };
  return { ...log, typing };
}

/**
 * The line whose buttons may be tapped now: the last one, while nothing was said after it.
 * @type {(log: Log) => Line|null}
 */
export function openChoices(log) {
  const last = log.lines.findLast((line) => line.kind !== "hidden");
  const isAnswered = log.pending.some((one) => one.type !== "email" && one.state !== "failed");
  return last && last.kind === "outgoing" && last.choices.length && last.chosen === null && !isAnswered ? last : null;
}

/** @type {(line: Line) => boolean} */
function isSaid(line) {
  return line.kind === "incoming" || line.kind === "outgoing";
}

/** @type {(log: Log, seen: number) => number} */
export function countUnread(log, seen) {
  return log.lines.filter((line) => line.kind === "outgoing" && line.seq > seen).length;
}

/** @type {(value: unknown) => value is number} */
function isCount(value) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;
}
