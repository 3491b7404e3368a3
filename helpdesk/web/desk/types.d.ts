/**
 * What the desk's server answers (helpdesk/views/timeline, helpdesk/web/desk) and what the page's parts need of one
 * another. Times are ISO 8601 unless a name says `ms`. Nothing here is loaded by a browser.
 */
import type { Calls } from "../shared/calls.js";
import type { Drafts } from "../shared/drafts.js";
import type { DeskClock } from "./clock.js";
import type { DeskState } from "./state.js";

export type Channel = "webchat" | "telegram" | "slack" | "email";
export type Status = "bot" | "queued" | "assigned" | "resolved";
export type Action =
  | "accept"
  | "resolve"
  | "reopen"
  | "transfer"
  | "return"
  | "release"
  | "snooze"
  | "wake"
  | "take-over"
  | "whisper";
export type View = "queue" | "mine" | "open" | "resolved" | "promises" | "snoozed" | "mentions";
export type WritingMode = "answer" | "note";

/** The agent who is signed in. */
export interface Me {
  id: string;
  name: string;
  language: string;
}

/** What each part of the page is given. */
export interface DeskPage {
  me: Me;
  calls: Calls;
  drafts: Drafts;
  clock: DeskClock;
  state: DeskState;
}

/** One reason for the handoff, with the words and lines it rests on. */
export interface Trigger {
  kind: string;
  text: string;
  turns?: number[];
}

/** A conversation in a list. `reason` is one sentence for each language. */
export interface Card {
  id: string;
  channel: Channel;
  status: Status;
  language: string;
  foreign_language: string | null;
  contact_name: string | null;
  contact_number: number;
  important: boolean;
  preview: string;
  request: string;
  reason: Record<string, string | undefined>;
  triggers: Trigger[];
  urgency: number;
  round: number;
  topic: string | null;
  team: string | null;
  waiting_since: string | null;
  changed_at: string;
  agent_id: string | null;
  agent_name: string | null;
  offered_to: string | null;
  offered_name: string | null;
  offered_at: string | null;
  offered_until: string | null;
  offered_because: string[];
  promise_due: string | null;
  unread: boolean;
  tags: TagMark[];
  snoozed_until: string | null;
}

/** A tag; `color` is a look of the theme's badges. */
export interface TagMark {
  id: string;
  name: string;
  color: string;
}

/** The line of a conversation that shows what was looked for. */
export interface FoundLine {
  seq: number;
  author: string;
  parts: { text: string; is_found: boolean }[];
}

/** What is searched and filtered, as the server's query has it. */
export type Wanted = Record<string, string>;

/** A list that is kept under a name; `wanted` as its form has it. */
export interface SavedView {
  id: string;
  name: string;
  wanted: Record<string, string>;
  team: string | null;
  shared: boolean;
  is_own: boolean;
}

/** What can be chosen to filter by. */
export interface FilterChoices {
  team: Choice[];
  agent: Choice[];
  topic: Choice[];
  tag: Choice[];
  language: Choice[];
  shares_with: Choice[];
}

export interface Choice {
  id: string;
  name: string;
}

export interface PromiseCard {
  id: string;
  conversation_id: string;
  state: "open" | "due" | "broken" | "kept" | "withdrawn";
  agent_id: string | null;
  agent_name: string | null;
  text: string;
  seq: number;
  due_at: string;
  late: boolean;
  shown: boolean;
  contact_name: string | null;
  contact_number: number;
}

/** A canned reply filled in for the open conversation; `other` names its language where that isn't the wanted one. */
export interface CannedReply {
  id: string;
  shortcut: string;
  title: string;
  text: string;
  gaps: string[];
  other: string | null;
  team: string | null;
  is_own: boolean;
}

/** A step of a macro as it would be taken; `problem` is why it would be refused. */
export interface MacroStep {
  kind: "answer" | "insert" | "note" | "add_tag" | "remove_tag" | "snooze" | "team" | "agent" | "resolve";
  text: string;
  name: string;
  choice: string;
  gaps: string[];
  other: string | null;
  is_away: boolean;
  until: string | null;
  is_undoable: boolean;
  problem: string | null;
}

/** A macro with what it would do in the open conversation. */
export interface MacroCard {
  id: string;
  name: string;
  revision: number;
  team: string | null;
  is_own: boolean;
  steps: MacroStep[];
}

/** How many steps were taken, words for the answer, and why it ended before the last. */
export interface MacroOutcome {
  done: number;
  insert: string;
  refused: { code: string; message: string } | null;
  conversation: ConversationDetail | null;
}

/** An article to put into the answer, in the conversation's language where it has that. */
export interface FoundArticle {
  key: string;
  title: string;
  answer: string;
  link: string | null;
}

/** The customer is asked on a later day whether the matter is settled. */
export interface FollowUpCard {
  id: string;
  conversation_id: string;
  state: "planned" | "asked" | "answered" | "ended" | "called_off" | "impossible";
  reason: string | null;
  day: string;
  due_at: string;
  text: string;
  agent_name: string | null;
  article: string | null;
  article_title: string | null;
  asked_at: string | null;
  asked_seq: number | null;
  answered_seq: number | null;
  settled: boolean | null;
  contact_name: string | null;
  contact_number: number;
}

/** How a customer who has gone is reached, or why not. */
export interface Reach {
  way: "channel" | "mail" | "chat_only" | null;
  problem: string | null;
}

export interface FollowUpOutlook {
  reach: Reach;
  asks_at: string;
  question: string;
}

/** A promise that words in the composer hold. */
export interface FoundPromise {
  words: string;
  due: string | null;
}

/** What the coach says of a draft (helpdesk/coach/hint.py). */
export interface CoachHint {
  kind: "article" | "language" | "blame" | "refusal" | "address" | "promise" | "question" | "length";
  found: string;
  instead: string;
  due: string | null;
}

/** A text in another language; `losses` are what it has otherwise than the original (helpdesk/translation/fidelity.py). */
export interface TranslatedText {
  text: string;
  losses: [what: string, written: string][];
}

/** What may be offered: a button's name and the sentence that it writes. */
export interface Allowance {
  id: string;
  name: string;
  text: string;
}

/** One sign of a mood: its kind, the line, the words. */
export type Sign = [kind: string, seq: number, text: string];

/** 0 to 1 each. */
export interface MoodPoint {
  seq: number;
  frustration: number;
  abuse: number;
  signs: Sign[];
}

export interface SummaryLine {
  label: string;
  text: string;
  outcome?: string;
  turns?: number[];
}

export interface Summary {
  lines?: SummaryLine[];
  language?: string;
}

export interface Confirmation {
  text: string;
  state: string;
  before: string;
  seq: number | null;
}

export interface FittingArticle {
  key: string;
  title: string;
  given: boolean;
}

export interface KnownContact {
  id: string;
  channel: Channel;
  number: number;
  name: string | null;
  email: string | null;
}

/** Contacts that were brought to this person, and by whom; a link that a customer followed has no agent. */
export interface Merge {
  id: string;
  at: string;
  agent_name: string | null;
  contacts: KnownContact[];
}

/** What the web site has signed of a customer. */
export interface Identity {
  customer_id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  attributes: Record<string, string | number | boolean>;
  signed_in_at: string;
}

export interface ContactPanel {
  id: string;
  number: number;
  /** The agents' own name for the person. */
  given_name: string | null;
  note: string;
  contacts: KnownContact[];
  identities: Identity[];
  merges: Merge[];
}

export interface ContactHistory {
  conversations: LinkedConversation[];
  more: boolean;
}

export interface LinkedConversation {
  id: string;
  channel: Channel;
  preview: string;
  changed_at: string;
}

/** One conversation with its newest handoff. */
export interface ConversationDetail {
  card: Card;
  epoch: number;
  contact_email: string | null;
  contact_campaign: string | null;
  contact_phone: string | null;
  contact_since: string;
  contact_reachable: boolean;
  contact_time_zone: string | null;
  /** Nobody answers what this contact sends. */
  block?: { at: string; agent_name: string; reason: string } | null;
  is_masked?: boolean;
  contact_seen_seq: number;
  contact: ContactPanel;
  elsewhere: ContactHistory;
  page: string | null;
  confirmation: Confirmation | null;
  summary: Summary;
  before: string | null;
  mood: MoodPoint[];
  articles: FittingArticle[];
  promises: PromiseCard[];
  follow_up: FollowUpCard | null;
  reach: Reach;
  notices: ToldNotice[];
  helped: boolean | null;
  asked_at: string | null;
}

export interface AttachedFile {
  id: string;
  kind: string;
  name: string;
  size: number | null;
  status: "none" | "pending" | "failed" | "kept";
  width: number | null;
  height: number | null;
  reason: string | null;
  facts: Record<string, string>;
}

/** One line of the log. */
export interface TimelineLine {
  seq: number;
  kind: "incoming" | "outgoing" | "note" | "activity";
  author: "contact" | "bot" | "agent" | "system";
  name: string;
  text: string;
  html: string;
  choices: string[];
  chosen: number | null;
  article_title: string | null;
  delivery: string | null;
  delivery_at: string | null;
  delivery_reason: string | null;
  delivery_cause: "too_large" | null;
  withheld: boolean;
  withheld_by: { event: string; name: string; at: string } | null;
  event: string | null;
  of: number | null;
  facts: { what?: string; due?: string; done?: string };
  before: string[];
  edited?: boolean;
  withdrawn: boolean;
  /** The reader may correct it or take it back. */
  changeable?: boolean;
  /** A note that was meant for the agent who had the conversation. */
  whisper: boolean;
  attachments: AttachedFile[];
  program?: string | null;
  client_id: string | null;
  at: string;
}

export interface Load {
  open: number;
  capacity: number;
}

export type Counts = Partial<Record<View, number>> & { due: number; unread: number };

export interface ListAnswer {
  conversations: Card[];
  found?: Record<string, FoundLine | undefined>;
  after?: string | null;
  count?: number | null;
  has_more?: boolean;
  offers: Card[];
  counts: Counts;
  load: Load;
  now: string;
}

export interface ConversationAnswer {
  conversation: ConversationDetail;
  lines: TimelineLine[];
  work?: AgentWork;
  now: string;
}

export interface Colleague {
  id: string;
  name: string;
  availability: "online" | "paused" | "offline";
  open?: number;
  capacity?: number;
  languages?: string[];
}

export interface Colleagues {
  agents: Colleague[];
  teams: { id: string; name: string }[];
}

/** A draft as the server has it; `returned` is why it came back unsent. */
export interface DraftCard {
  mode: WritingMode;
  id: string;
  text: string;
  revision: number;
  returned?: string;
}

/** What can still be undone. */
export interface HeldCard {
  id: string;
  kind: "answer" | "resolution";
  client_id: string;
  text: string;
  files: { id: string; name: string }[];
  due_at: string;
}

/** What the agent is writing in a conversation, and can undo there. */
export interface AgentWork {
  drafts: DraftCard[];
  /** Those of the draft. */
  files?: { id: string; name: string }[];
  held: HeldCard[];
}

/** A hint of the socket: something has changed, or somebody writes. */
export type Hint =
  | { type: "typing"; id: string; author: "contact" | "bot" | "agent"; name?: string; on: boolean }
  | { type: "conversation" | "delivery" | "work"; id: string }
  | { type: "here"; id: string; agent: string; name: string; doing: "look" | "note" | "answer" | "gone" }
  | { type: "whisper"; id: string; name: string }
  | { type: "ready" | "pong" | "queue" | "erasure" | "ask" };

export type HereHint = Extract<Hint, { type: "here" }>;
export type WhisperHint = Extract<Hint, { type: "whisper" }>;
export type TypingHint = Extract<Hint, { type: "typing" }>;

/** What an agent is told of after the lists were fetched. */
export interface News {
  queue?: number;
  due: number;
  /** Conversations of mine with something new in them. */
  unread: number;
  offers: number;
  offered: boolean;
}

/** What an agent has written and the server may not have yet. */
export interface UnsentMessage {
  /** of the conversation */
  id: string;
  epoch: number;
  note: boolean;
  text: string;
  clientId: string;
  files?: { id: string; name: string }[];
}

/** A file added to an answer; without an id while it is on its way. */
export interface AnswerFile {
  id: string;
  name: string;
}

/** Says of a bubble on its way whether sending it has failed. */
export type ShowFailure = (failed: boolean) => void;

/** Leads to the message with this seq. */
export type FollowTurn = (seq: number) => void;

/** A known disturbance that the customer was told of in line `seq` (`ToldNotice`). */
export interface ToldNotice {
  name: string;
  seq: number;
  asked: boolean;
}
