/** What the server answers to a try and to a replay (helpdesk/web/admin/replay). Nothing here is loaded by a browser. */

export interface Side {
  html: string;
  outcome: string;
  choices: string[];
  candidates: { question: string; confidence: number }[];
}

/** What the bot would say now, and with the draft. */
export interface Trial {
  now: Side;
  then: Side;
}

export interface SaidThen {
  outcome: "answer" | "clarify" | "none";
  confidence: number;
  articles: string[];
}

export interface Change {
  text: string;
  language: string;
  customers: number;
  before: SaidThen;
  after: SaidThen;
}

export interface ChangeKind {
  kind: string;
  count: number;
  changes: Change[];
}

/** Two articles that the same questions would lead to. */
export interface ArticleClash {
  first: string;
  second: string;
  questions: number;
}

export interface Replay {
  verdict: string[];
  kinds: ChangeKind[];
  clashes: ArticleClash[];
}
