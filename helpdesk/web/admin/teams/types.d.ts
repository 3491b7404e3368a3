/** What the server answers about teams (helpdesk/web/admin/teams). Nothing here is loaded by a browser. */
import type { FieldProblem } from "../../shared/types.js";

/** From and to, as typed. */
export type Span = [string, string];

/** The spans of each day, under its name. */
export type Hours = Record<string, Span[]>;

/** A team as its form has it; `hours` null is around the clock. Dates are YYYY-MM-DD. */
export interface TeamForm {
  name: string;
  topics: string[];
  members: string[];
  hours: Hours | null;
  time_zone: string;
  region: string;
  closed_on: string[];
  private?: boolean;
}

export interface TeamFacts extends TeamForm {
  id: string;
  version: number;
  changed_by: string;
  changed_at: string;
}

export interface TeamPreview {
  html: string | null;
  problems: FieldProblem[];
}
