// Times to choose quickly and to say shortly: nothing here touches the page.

/**
 * The moment behind a quick choice, by a clock where the agent is; null for one that has passed today.
 * @param {string} choice
 * @param {number} now in ms
 */
export function quick(choice, now) {
  const at = new Date(now);
  const on = (/** @type {number} */ days, /** @type {number} */ hour) => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    day.setHours(hour, 0, 0, 0);
    return day;
  };
  if (choice === "hour") {
    at.setHours(at.getHours() + 1, at.getMinutes() + 1, 0, 0);
    return at;
  }
  if (choice === "tomorrow") return on(1, 12);
  if (choice === "friday") {
    const ahead = (5 - at.getDay() + 7) % 7;
    const friday = on(ahead, 17);
    return friday > at ? friday : on(ahead + 7, 17);
  }
  const today = on(0, 17);
  return today > at ? today : null; // it is past five: nothing that could be promised for today
}

const DAYS = /** @type {Record<string, number>} */ ({ tomorrow: 1, 3: 3, week: 7 });

/**
 * The day behind a quick choice; what is none of the others is next Monday.
 * @param {string} choice
 * @param {number} now in ms
 */
export function quickDay(choice, now) {
  const day = new Date(now);
  day.setDate(day.getDate() + (DAYS[choice] ?? ((8 - day.getDay()) % 7 || 7)));
  return day;
}

/**
 * The value of a date field.
 * @param {Date} date
 */
export const dayValue = (date) => fieldValue(date).slice(0, 10);

/**
 * The moment until which something is put off, by a clock where the agent is.
 * @param {string} choice
 * @param {number} now in ms
 */
export function later(choice, now) {
  const at = new Date(now);
  if (choice === "hours") at.setHours(at.getHours() + 3);
  else if (choice === "answer") at.setMinutes(at.getMinutes() + 30 * 24 * 60 - 5);
  else {
    const ahead = choice === "monday" ? (1 - at.getDay() + 7) % 7 || 7 : 1;
    at.setDate(at.getDate() + ahead);
    at.setHours(9, 0, 0, 0);
  }
  return at;
}

/**
 * The value of a datetime-local field, which knows no zone.
 * @param {Date} date
 */
export function fieldValue(date) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * How long until, or since: 45 s, 12 min, 3 h, 2 d.
 * @param {number} milliseconds
 */
export function distance(milliseconds) {
  const seconds = Math.max(0, Math.round(Math.abs(milliseconds) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} d`;
}
