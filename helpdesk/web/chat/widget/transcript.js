/** The log as it is shown: days, groups, delivery states, open and chosen buttons, in the reader's language and time zone. */
import { openChoices } from "./log.js";

/** Lines of one author within this time belong together and show one name and one time, in ms. */
const GROUP = 5 * 60_000;

/** @type {(log: Log, shown: {now: number, isLive: boolean, words: Words}) => Item[]} */
export function transcribe(log, { now, isLive, words }) {
  const open = openChoices(log);
  const lines = log.lines.filter((line) => line.kind !== "hidden");
  const bubbles = [
    ...lines.map((line, at) => fromLine(line, { log, open, next: lines[at + 1], before: lines[at - 1] })),
    ...log.pending.filter((one) => one.type !== "email").map((one) => fromPending(one, isLive)),
  ];
  return withDays(grouped(bubbles), now, words);
}

/** @type {(line: Line, around: {log: Log, open: Line|null, next?: Line, before?: Line}) => Item} */
function fromLine(line, { log, open, next, before }) {
  if (line.kind === "activity") return { key: `s${line.seq}`, type: "activity", text: line.text, at: line.at };
  const isOwn = line.kind === "incoming";
  const chosen = line.chosen === null ? null : (line.choices[line.chosen]?.title ?? null);
  return {
    ...BARE,
    key: line.client_id ? `c${line.client_id}` : `s${line.seq}`,
    author: isOwn ? "contact" : line.author,
    name: line.name,
    text: line.text,
    html: isOwn ? null : line.html,
    at: line.at,
    seq: line.seq,
    delivery: isOwn ? (line.seq <= log.read ? "read" : "stored") : null,
    isChoice: isOwn && Boolean(before?.choices.length) && before?.choices[before.chosen ?? -1]?.title === line.text,
    choices: open === line ? line.choices.map((choice) => choice.title) : [],
    chosen: chosen === next?.text ? null : chosen,
    article: line.article,
    fold: line.fold ?? null,
    related: line.related ?? [],
    files: line.files,
    state: line.state,
  };
}

const BARE = /** @type {const} */ ({
  type: "bubble",
  isFirst: true,
  isLast: true,
  reason: "",
  code: "",
  clientId: null,
  choices: [],
  chosen: null,
  article: null,
  fold: null,
  related: [],
  html: null,
  name: "",
  seq: 0,
});

/** @type {(one: Pending, isLive: boolean) => Item} */
function fromPending(one, isLive) {
  return {
    ...BARE,
    key: `c${one.clientId}`,
    author: "contact",
    text: one.text,
    at: one.at,
    clientId: one.clientId,
    delivery: one.state === "waiting" && !isLive ? "kept" : one.state,
    isChoice: one.type === "choice",
    files: one.files,
    reason: one.reason ?? "",
    code: one.code ?? "",
  };
}

/** @type {(items: Item[]) => Item[]} */
function grouped(items) {
  return items.map((item, at) =>
    item.type === "bubble"
      ? { ...item, isFirst: !belong(items[at - 1], item), isLast: !belong(item, items[at + 1]) }
      : item,
  );
}

/** @type {(one: Item|undefined, next: Item|undefined) => boolean} */
function belong(one, next) {
  if (one?.type !== "bubble" || next?.type !== "bubble") return false;
  const isSame = one.author === next.author && (one.author === "contact" || one.name === next.name);
  return isSame && dayOf(one.at) === dayOf(next.at) && Date.parse(next.at) - Date.parse(one.at) < GROUP;
}

/** @type {(items: Item[], now: number, words: Words) => Item[]} */
function withDays(items, now, words) {
  let day = "";
  return items.flatMap((item) => {
    const at = item.type === "day" ? "" : item.at;
    if (!dayOf(at) || dayOf(at) === day) return [item];
    day = dayOf(at);
    return [{ key: `d${day}`, type: "day", text: nameDay(at, now, words) }, item];
  });
}

/** @type {Map<string, Intl.DateTimeFormat>} by locale: making one is slow. */
const CLOCKS = new Map();

/** @type {(at: string, locale: string) => string} "15:04"; empty for what is no time */
export function timeOfDay(at, locale) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const clock = CLOCKS.get(locale) ?? new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  CLOCKS.set(locale, clock);
  return clock.format(date);
}

/** @type {(at: string) => string} The same for two times of one local day */
export function dayOf(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/**
 * "Heute", "Gestern" or "Montag, 3. August".
 * @type {(at: string, now: number, words: Pick<Words, "locale"|"today"|"yesterday">) => string}
 */
export function nameDay(at, now, { locale, today, yesterday }) {
  const date = new Date(at);
  const before = new Date(now);
  if (dayOf(at) === dayOf(before.toISOString())) return today;
  before.setDate(before.getDate() - 1);
  if (dayOf(at) === dayOf(before.toISOString())) return yesterday;
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : /** @type {const} */ ({ year: "numeric" });
  const shape = /** @type {const} */ ({ weekday: "long", day: "numeric", month: "long", ...year });
  return new Intl.DateTimeFormat(locale, shape).format(date);
}
