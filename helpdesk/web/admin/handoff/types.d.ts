/** What the server answers about the rules of the handoff (helpdesk/web/admin/handoff). Nothing here is loaded by a browser. */

export interface Topic {
  name: string;
  de: string;
  en: string;
  words: { de?: string[]; en?: string[] };
  except: string[];
  on: boolean;
  at_once: boolean;
  /** What is said to the customer before anything else; null for none. */
  first: string | null;
}

/** What is no number is null, so that the server can say what it expected. */
export type Numbers = Record<string, number | null>;

export type Rule = { on: boolean; does: string } & Record<string, number | null | boolean | string>;

export interface Rules {
  rules: Record<string, Rule>;
  sensitive: Topic[];
  person_categories: string[];
  loop: { same_agent: boolean } & Record<string, number | null | boolean>;
}

/** The rules in force: which revision, and who made it. */
export interface RuleFacts {
  rules: Rules;
  revision: number;
  author: string;
}

export interface TriedConversation {
  conversation: string;
  seq: number;
  language: string | null;
  text: string;
  words: string[];
  sentence: string;
  before: string;
}

export interface TriedKind {
  kind: string;
  count: number;
  conversations: TriedConversation[];
}

export interface Outcome {
  verdict: string[];
  kinds: TriedKind[];
}

/** One line of a tried dialogue; only the customer's have an act. */
export interface JudgedLine {
  author: string;
  text: string;
  act?: string;
  sentence?: string;
  frustration?: number;
  abuse?: number;
  signs?: string[];
}
