/** What the scripts of desk and admin pages share; nothing here is loaded by a browser. */

export type Attribute = string | number | boolean | null | undefined;

/** `true` is an attribute without value; `false`, `null` and `undefined` are none. */
export interface Attributes {
  onclick?: (event: MouseEvent) => void;
  [name: string]: Attribute | ((event: MouseEvent) => void);
}

/** `null` and `undefined` are left out. */
export type Child = Node | string | null | undefined;

/** A text with a count, by plural category (Intl.PluralRules). */
export type PluralForms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

export type Values = Record<string, string | number | null | undefined>;

/** What a page needs of `Window` to be asked for again after signing in. */
export type Leave = (address: string) => void;

/** What is wrong with one field of what was sent. */
export interface FieldProblem {
  field: string;
  sentence: string;
}

/** The body of every refusal: docs/routes.md. */
export interface ErrorBody {
  error?: { code?: string; message?: string; problems?: FieldProblem[] };
}

/** What was typed into a form, and when (ISO). */
export interface KeptForm<T> {
  at: string;
  values: T;
}
