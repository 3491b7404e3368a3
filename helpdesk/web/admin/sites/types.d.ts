/** What the server says of a web site (`SiteState.facts_of`). */
export interface SiteFacts {
  id: string;
  busy: boolean;
  sentence: string;
  problem: string;
  read: number;
  known: number;
  when: string | null;
}

/** What bringing a site in would change, as HTML, and what was looked at. */
export interface SitePlan {
  html: string;
  revision: string;
  counts: { new: number; changed: number; unchanged: number };
}
