// Fields for a day and a time, which know no zone, and the times that the server knows.

/**
 * A time as a datetime-local field shows it, on the reader's clock.
 * @param {string} iso
 */
export function asField(iso) {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * What a datetime-local field holds as a time; the seconds that it can't show stay as they were.
 * @param {HTMLInputElement} field
 */
export function asIso({ value, dataset: { time: kept } }) {
  if (!value) return "";
  return kept && asField(kept) === value ? kept : new Date(value).toISOString().replace(".000", "");
}
