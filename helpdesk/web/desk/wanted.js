// What is searched and filtered: as the form has it, which is kept under a name, and as the server is asked for it.

/** @import { Wanted } from "./types.js" */

/** What the form asks for besides words and the order. */
export const FILTERS = ["status", "channel", "team", "agent", "topic", "tag", "language", "mood", "rating", "period"];

const ADDRESSED = new Set(["q", "from", "to", "sort", ...FILTERS]);

/**
 * The query for a form's values; `null` when nothing is looked for. Days are those of this browser.
 * @param {Record<string, string>} form
 * @param {Date} now
 * @returns {Wanted | null}
 */
export function queryOf(form, now) {
  const { period, from, to, ...others } = form;
  const wanted = Object.fromEntries(Object.entries(others).filter(([, value]) => value.trim()));
  const since = period === "days" ? dayOf(from) : period ? daysBefore(now, Number(period) - 1) : null;
  const last = period === "days" ? dayOf(to) : null;
  if (since) wanted.since = since.toISOString();
  if (last) wanted.until = daysBefore(last, -1).toISOString();
  return Object.keys(wanted).length ? { ...wanted, count: "" } : null;
}

/**
 * The form that an address asks for; pages of figures lead here with it.
 * @param {URLSearchParams} address
 * @returns {Record<string, string>}
 */
export const formOf = (address) =>
  Object.fromEntries([...address].filter(([name, value]) => value && ADDRESSED.has(name)));

/**
 * How many filters a form has set.
 * @param {Record<string, string>} form
 */
export const countFilters = (form) => FILTERS.filter((name) => form[name]).length;

/**
 * The beginning of a day that is `days` before the one of `time`.
 * @param {Date} time
 * @param {number} days
 */
function daysBefore(time, days) {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() - days);
}

/**
 * @param {string | undefined} written as a date field has it
 * @returns {Date | null}
 */
function dayOf(written) {
  const [year, month, day] = (written ?? "").split("-").map(Number);
  return day ? new Date(year, month - 1, day) : null;
}
