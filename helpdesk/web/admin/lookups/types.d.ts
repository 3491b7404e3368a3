/** What trying a look-up came to (`_LookupPages.try_it`). */
export interface LookupTrial {
  outcome: "found" | "not_found" | "unreachable";
  status: number | null;
  reason: string;
  seconds: number;
  sentences: { de: string; en: string };
  fields: [string, string][];
}

/** A row or the whole form: texts, switches, texts in two languages, and rows (`LookupBody`). */
export type LookupForm = Record<string, unknown>;
