/** What the server answers to the article editor (helpdesk/web/admin/articles). Nothing here is loaded by a browser. */

export type Language = "de" | "en";
export type PreviewChannel = "webchat" | "telegram" | "slack";

export interface Wording {
  question: string;
  answer: string;
  phrasings: string[];
}

/** An article as it is sent; empty facts are left out. */
export interface ArticleContent {
  category?: string;
  owner?: string;
  review_on?: string;
  ask_again_after?: string | number;
  valid_from?: string;
  valid_until?: string;
  variants: Record<string, Wording>;
}

/** How an article stands after something was done with it. */
export interface ArticleFacts {
  key: string;
  version: number | null;
  stage: string;
  has_draft: boolean;
  possible: string[];
  gone?: boolean;
}

export interface Piece {
  kind: "same" | "added" | "removed";
  text: string;
}

/** A field that both have changed. `language` is "" for what is said once for all languages. */
export interface Clash {
  language: string | null;
  field: string;
  label: string;
  theirs: string;
  pieces: Piece[];
}

export interface MergedValue {
  language: string | null;
  field: string;
  value: string | string[] | null;
}

/** Both texts brought together; `taken` names fields that only the other had changed. */
export interface Merged {
  version: number;
  changed_by: string | null;
  taken: string[];
  clashes: Clash[];
  values: MergedValue[];
  changes: string;
}

/** A remark on how an answer reads, about the characters from `start` to `end`. */
export interface WordingHint {
  language: Language;
  rule: string;
  sentence: string;
  found: string;
  start: number;
  end: number;
}

export interface ChannelPreview {
  html: string;
  messages: number;
}

export interface Look {
  hints: WordingHint[];
  previews: Partial<Record<Language, Partial<Record<PreviewChannel, ChannelPreview>>>>;
}

export interface Neighbour {
  article: string;
  question: string;
  sentences: string[];
}
