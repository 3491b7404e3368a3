/**
 * The shapes that the widget's modules share, by name and without import: browsers never load this file, and every
 * byte of a module is one on the customer's line.
 */

type Status = "bot" | "queued" | "assigned" | "resolved";
type Author = "contact" | "bot" | "agent" | "system";

/** A button; `person` marks the one that asks for a person. */
interface Choice {
  title: string;
  person?: boolean;
}

/** The article that an answer is from, and its page in the help centre. */
interface Source {
  key: string;
  title: string;
  link?: string | null;
}
interface Related {
  question: string;
  link: string;
}

/** One line of the server's log (docs/protocol.md). */
interface Line {
  seq: number;
  kind: "incoming" | "outgoing" | "activity" | "hidden";
  author: Author;
  name: string;
  text: string;
  html: string | null;
  choices: Choice[];
  chosen: number | null;
  article: Source | null;
  /** How many of the outermost elements of `html` are shown before "more"; null for all. */
  fold?: number | null;
  related?: readonly Related[];
  files?: readonly LineFile[];
  client_id: string | null;
  at: string;
  /** How an answer stands that was changed after it had been sent. */
  state?: ChangedState;
  /** What a hidden line says of an earlier one. */
  change?: LineChange;
}

type ChangedState = "edited" | "taken_back";

interface LineChange {
  seq: number;
  state: ChangedState;
  text: string;
  html: string;
}

/** A file of a line; `here` until its time is up. Pictures have a size in pixels. */
interface LineFile {
  id: string;
  name: string;
  media_type: string;
  size: number | null;
  width: number | null;
  height: number | null;
  here: boolean;
}

/** A frame of the customer's that is not yet a line. `due` and times are ms since 1970. */
interface Pending {
  clientId: string;
  type: "message" | "choice" | "suggestion" | "email";
  text: string;
  article?: string;
  files?: readonly LineFile[];
  seq?: number;
  choice?: number;
  state: "waiting" | "sent" | "stored" | "failed";
  stored?: number;
  attempts: number;
  due: number;
  at: string;
  reason?: string;
  code?: string;
}

interface Queue {
  position: number;
  agents_online: number;
  wait_minutes: [number, number] | null;
  /** No address is to be asked for. */
  email_known?: boolean;
}
interface Typist {
  name: string;
  until: number;
}

interface Log {
  conversation: string | null;
  logEpoch: string | null;
  lines: readonly Line[];
  lastSeq: number;
  /** Between `welcome` and `ready`. */
  replaying: boolean;
  /** The server answers with another conversation than the one whose `last_seq` it was told. */
  foreign: boolean;
  /** The `seq` of the last `welcome`. */
  promised: number;
  /** Something was missed: say hello again. */
  gap: boolean;
  status: Status;
  agent: { name: string } | null;
  queue: Queue | null;
  language: string | null;
  /** An agent has read up to here. */
  read: number;
  typing: { bot: Typist | null; agent: Typist | null };
  /** Since when the customer's last word waits for the bot, in ms; null when it does not. */
  asked: number | null;
  pending: readonly Pending[];
  /** An e-mail address was left while nobody was online. */
  emailed: boolean;
  /** Where the company says how it uses data; `text` is its own sentence, or empty. */
  privacy: { address: string; text: string } | null;
}

type Change = (log: Log, frame: any, now: number) => Log;

type ConnectionState = "idle" | "connecting" | "live" | "waiting" | "unavailable";

interface Clock {
  /** ms since 1970 */
  now(): number;
  setTimeout(run: () => void, ms: number): any;
  clearTimeout(id: any): void;
}

interface ConnectionOptions {
  url: string;
  hello: () => object;
  onFrame: (frame: any) => void;
  /** `code` is the close code that led here, 0 for none. */
  onState: (state: ConnectionState, code: number) => void;
  clock: Clock;
  random?: () => number;
  WebSocket?: typeof globalThis.WebSocket;
}

interface Connection {
  open(): void;
  close(): void;
  /** Says hello again on a new socket. */
  restart(): void;
  /** Ends a wait early: the network is back, or the customer looks. */
  hurry(): void;
  /** The network is known to be gone. */
  drop(): void;
  /** Returns whether the frame went out. */
  send(frame: object): boolean;
}

/** A tab's copy of the log, for the next page of the shop. */
type Copy = Pick<Log, "lines" | "conversation" | "logEpoch" | "lastSeq" | "read" | "emailed">;

/** What the browser keeps; times are ms since 1970. */
interface Memory {
  readonly prefix: string;
  token(): string | null;
  keepToken(token: string | null): void;
  /** The highest `seq` the customer has seen, in any tab. */
  seen(): number;
  keepSeen(seq: number): void;
  /** What the customer chose by hand. */
  language(): string | null;
  keepLanguage(language: string): void;
  /** The last sign of life of the conversation, 0 for none. */
  lastActive(): number;
  keepActive(now: number): void;
  /** Null before the customer has opened or closed the chat in this tab. */
  isOpen(): boolean | null;
  keepOpen(isOpen: boolean): void;
  draft(): string;
  keepDraft(text: string): void;
  pending(): Pending[];
  keepPending(pending: readonly Pending[]): void;
  copy(): Copy | null;
  keepCopy(copy: Copy | null): void;
}

interface ChatState {
  log: Log;
  connection: ConnectionState;
  wasLive: boolean;
  seen: number;
  unread: number;
  /** What the server complains of, when it concerns no single message. */
  notice: string;
}

interface ChatOptions {
  /** Of the socket. */
  address: string;
  memory: Memory;
  clock: Clock;
  language: () => string;
  account?: string;
  formality?: string;
  page?: () => string;
  /** The customer whom the site has signed in, where it signs customers in. */
  identity?: () => CustomerIdentity | null;
  /** Whoever was here no longer is: what they were about to send is not the next one's. */
  onLapse?: () => void;
  /** Hears the server's `suggestions`. */
  onSuggestions?: (frame: any) => void;
  newId?: () => string;
  random?: () => number;
  WebSocket?: typeof globalThis.WebSocket;
}

interface IdentityOptions {
  memory: Memory;
  /** Of Staffel. */
  server: URL;
  /** Hears `staffel-identity`: whether the server has taken a sign-in, and why not. */
  element: EventTarget;
  /** Outlives the tab (localStorage). */
  shared?: Storage | null;
  send?: (address: URL, options: RequestInit) => Promise<unknown>;
}

/** The customer whom the web site has signed in. */
interface CustomerIdentity {
  /**
   * The site names its customer by a signed token, or nobody by none: whoever it was before is forgotten, here and by
   * the server. `chat` is what is open already.
   */
  follow(token: string | undefined, chat: Chat | null): void;
  /** What a hello shows of the customer. */
  proof(): object;
  /** Hears each `welcome`, and the token that was held before. */
  hear(frame: any, held: string | null): void;
  /** Access has ended for whom `held` was given: nothing of theirs stays, in no tab. */
  lapse(held: string | null): void;
}

/** One conversation in one tab. */
interface Chat {
  /** Connects; later calls change nothing. */
  open(): void;
  close(): void;
  hurry(): void;
  drop(): void;
  /** Says hello again: with another language, or as the visitor that another tab has become. */
  restart(): void;
  /** Drops everything that was said, and begins anew if it was connected. */
  forget(): void;
  /** Tells the state once more. */
  refresh(): void;
  /** Whether a page that loads should connect without being asked. */
  isAwaited(): boolean;
  send(text: string, files?: readonly LineFile[]): void;
  choose(seq: number, choice: number, title: string): void;
  /** Asks for an article by its question. */
  pick(article: string, question: string): void;
  /** Sends a frame that need not arrive. */
  tell(frame: object): void;
  /** Takes the bot's own offer of a person if it stands, says the customer's `words` otherwise. */
  askPerson(words: string): void;
  leaveEmail(email: string): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  typed(isWriting: boolean): void;
  /** Everything that is there was shown to the customer. */
  markSeen(): void;
  /** Another tab has shown more, or has become another visitor. */
  follow(): void;
  /** Keeps a copy of the log for the next page. */
  remember(): void;
}
/** The words of one language as they stand in `words/`. */
type Texts = typeof import("./words/en.js").default;
/** A text with a count, by plural category (Intl.PluralRules). */
type Forms = { other: string; [category: string]: string };
type Words = Awaited<ReturnType<typeof import("./words.js").loadWords>>;

type Delivery = "waiting" | "kept" | "sent" | "stored" | "read" | "failed";
interface DayItem {
  key: string;
  type: "day";
  text: string;
}
interface ActivityItem {
  key: string;
  type: "activity";
  text: string;
  at: string;
}
interface BubbleItem {
  key: string;
  type: "bubble";
  author: Author;
  name: string;
  text: string;
  html: string | null;
  at: string;
  isFirst: boolean;
  isLast: boolean;
  delivery: Delivery | null;
  reason: string;
  code: string;
  clientId: string | null;
  isChoice: boolean;
  seq: number;
  choices: readonly string[];
  chosen: string | null;
  article: Source | null;
  fold: number | null;
  related: readonly Related[];
  files?: readonly LineFile[];
  state?: ChangedState;
}
type Item = DayItem | ActivityItem | BubbleItem;

/** Draws one part of a bubble; null for none. */
type DrawPart = (item: BubbleItem, words: Words, handlers: MessageHandlers) => Element | null;

interface MessageHandlers {
  /** Fills `place`, at once or as soon as it can. */
  drawFiles(place: HTMLElement, files: readonly LineFile[]): void;
  onChoose(seq: number, choice: number, title: string): void;
  onRetry(clientId: string): void;
  onDiscard(clientId: string): void;
}

interface Handlers extends MessageHandlers {
  onToggle(): void;
  onClose(): void;
  onLanguage(language: string): void;
  onSend(text: string): void;
  onType(text: string): void;
  onPerson(): void;
  /** Picked, pasted or dropped. */
  onFiles(files: Iterable<File>): void;
  onEmail(email: string): void;
  onReconnect(): void;
}

interface Suggestion {
  article: string;
  question: string;
}

/** What suggestions need of the widget around them. */
interface SuggestionOptions {
  root: ShadowRoot;
  input: HTMLTextAreaElement;
  /** Where the list goes, at the beginning. */
  place: HTMLElement;
  ask: (frame: object) => void;
  pick: (article: string, question: string) => void;
  /** Whether the bot is the one who answers. */
  isWanted: () => boolean;
  words: () => Words;
  clock: Clock;
}

interface EmailForm {
  render(words: Words, need: { isOpen: boolean; isWrong: boolean }): void;
}

interface SuggestionList {
  /** The list goes, and an answer on its way comes to nothing. */
  clear(): void;
  hear(frame: any): void;
}

interface Shown {
  words: Words;
  /** Wanted, whose words may still be on their way. */
  language: string;
  title: string;
  isOpen: boolean;
  isLost: boolean;
  now: number;
}

/** 0 to 255 each. */
type Rgb = [number, number, number];

/** Names of what may be wider than a bubble and then scrolls. */
interface Labels {
  table: string;
  code: string;
}

/** As much of a parsed node as copying needs. */
interface Parsed {
  nodeType: number;
  nodeName: string;
  nodeValue: string | null;
  childNodes: ArrayLike<Parsed>;
  getAttribute?(name: string): string | null;
}

/** Where copies go; `document` makes them. */
interface Into {
  document: any;
  base: string;
  labels: Labels;
}

/**
 * `onclick` and the like become listeners; `true` is an attribute without value, `false` and `null` none. Children that
 * are `null` are left out.
 */
type Make = <N extends keyof HTMLElementTagNameMap>(
  name: N,
  attributes?: Record<string, string | boolean | null | ((event: any) => void)>,
  ...children: (Node | string | null)[]
) => HTMLElementTagNameMap[N];

/** A file that the customer has added and not sent. `sent` is the share that is out, from 0 to 1. */
interface TrayFile {
  file: File;
  name: string;
  state: "busy" | "ready" | "failed";
  sent: number;
  tries: number;
  problem?: string;
  mayTry?: boolean;
  preview?: HTMLCanvasElement;
  request?: XMLHttpRequest;
  told?: Omit<LineFile, "here">;
  node?: HTMLElement;
}

interface FileOptions {
  host: HTMLElement & { readonly server: URL };
  token: () => string | null;
  /** `hold` tells how many files are ready to be sent; less than none while more are on their way. What was to be sent meanwhile leaves then, unless one failed. */
  composer: { element: HTMLElement; input: HTMLElement; hold(files: number, isFailed?: boolean): void };
  language: () => string;
  /** As in `words/`. */
  wordsFile: () => string;
}

interface FileTray {
  add(files: readonly File[]): void;
  /** What is ready goes with the message; the tray is empty then. */
  take(): LineFile[];
  /** Nothing of what was added or shown so far is kept. */
  clear(): void;
  draw(place: HTMLElement, files: readonly LineFile[]): void;
}
