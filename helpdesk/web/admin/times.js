// Times of the server as the reader's clock shows them.

const language = document.documentElement.lang;

/** A time or day in the reader's language and zone. */
export const asLocal = (iso, { day = false } = {}) =>
  new Date(iso).toLocaleString(language, day ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" });

for (const time of document.querySelectorAll("time[datetime]")) {
  time.textContent = asLocal(time.dateTime, { day: "day" in time.dataset });
}
