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
export type Action = "accept" | "resolve" | "reopen" | "transfer" | "return" | "release";
export type View = "queue" | "mine" | "open" | "resolved" | "promises";
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
}

/** A promise that words in the composer hold. */
export interface FoundPromise {
  words: string;
  due: string | null;
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
  contact_seen_seq: number;
  elsewhere: LinkedConversation[];
  page: string | null;
  confirmation: Confirmation | null;
  summary: Summary;
  before: string | null;
  mood: MoodPoint[];
  articles: FittingArticle[];
  promises: PromiseCard[];
  asked_at: string | null;
}

export interface AttachedFile {
  id: string;
  kind: string;
  name: string;
  size: number | null;
  status: "none" | "pending" | "failed" | "stored";
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
  delivery_reason: string | null;
  withheld: boolean;
  withheld_by: { event: string; name: string; at: string } | null;
  event: string | null;
  of: number | null;
  facts: { what?: string; due?: string; done?: string };
  before: string[];
  withdrawn: boolean;
  attachments: AttachedFile[];
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
  offers: Card[];
  counts: Counts;
  load: Load;
  now: string;
}

export interface ConversationAnswer {
  conversation: ConversationDetail;
  lines: TimelineLine[];
  now: string;
}

export interface Colleagues {
  agents: { id: string; name: string; availability: "online" | "paused" | "offline" }[];
  teams: { id: string; name: string }[];
}

/** A hint of the socket: something has changed, or somebody writes. */
export type Hint =
  | { type: "typing"; id: string; author: "contact" | "bot" | "agent"; name?: string; on: boolean }
  | { type: "conversation"; id: string }
  | { type: "ready" | "pong" | "queue" };

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
}

/** Says of a bubble on its way whether sending it has failed. */
export type ShowFailure = (failed: boolean) => void;

/** Leads to the message with this seq. */
export type FollowTurn = (seq: number) => void;
