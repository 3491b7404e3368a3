// Times of the server as the reader's clock shows them.

/**
 * A time or day in the reader's language and zone.
 * @param {string} iso
 */
export const asLocal = (iso, { day = false } = {}) =>
  new Date(iso).toLocaleString(
    document.documentElement.lang,
    day ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" },
  );

for (const time of document.querySelectorAll("time"))
  if (time.dateTime) time.textContent = asLocal(time.dateTime, { day: "day" in time.dataset });
