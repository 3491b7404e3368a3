// The course of a mood as numbers for a small chart: nothing here touches the page.

/** @import { MoodPoint, Sign } from "./types.js" */

export const WIDTH = 288;
export const HEIGHT = 52;
const EDGE = 8; // room for a dot at the rim
const LEVELS = [0.4, 0.6, 0.8]; // a plain wish for a person reads at about 0.3 and is no irritation
const MAX_DOTS = 12;

/**
 * How annoyed that is: 0 calm, 1 slightly irritated, 2 annoyed, 3 very annoyed.
 * @param {number} frustration
 */
export const levelOf = (frustration) => LEVELS.filter((limit) => frustration >= limit).length;

/**
 * The word for one line of the customer: abuse is something else than annoyance.
 * @param {MoodPoint} point
 */
export const moodOf = (point) => (point.abuse >= 0.5 ? "desk_mood_abusive" : `desk_mood_${levelOf(point.frustration)}`);

/** @param {MoodPoint} point */
const worst = (point) => Math.max(point.frustration, point.abuse);
/** @param {number} value */
const y = (value) => Math.round((HEIGHT - EDGE - value * (HEIGHT - 2 * EDGE)) * 10) / 10;

/**
 * Places of the points: x by their order, y by the mood, calm at the foot.
 * @param {MoodPoint[]} points
 */
export function placed(points) {
  const step = points.length > 1 ? (WIDTH - 2 * EDGE) / (points.length - 1) : 0;
  return points.map((point, place) => ({
    ...point,
    x: Math.round((points.length > 1 ? EDGE + place * step : WIDTH / 2) * 10) / 10,
    y: y(worst(point)),
    level: levelOf(worst(point)),
  }));
}

/**
 * The points that get a dot to follow: the last, and those with words that show something, the strongest first.
 * @template {MoodPoint} P
 * @param {P[]} points
 */
export function dotted(points) {
  const last = points.at(-1);
  const shown = points
    .filter((point) => point !== last && point.signs.length)
    .sort((one, other) => worst(other) - worst(one))
    .slice(0, MAX_DOTS - 1);
  return points.filter((point) => point === last || shown.includes(point));
}

/**
 * The course in words: a key and what fills it.
 * @param {MoodPoint[]} points one at least
 * @returns {[key: string, values: Record<string, string>]}
 */
export function told(points) {
  const ends = [points[0], points[points.length - 1]];
  const [first, last] = ends.map(moodOf);
  const peak = points.reduce((most, point) => (worst(point) > worst(most) ? point : most));
  if (levelOf(worst(peak)) > Math.max(...ends.map((point) => levelOf(worst(point)))))
    return ["desk_mood_peak", { first, peak: moodOf(peak), last }];
  return first === last ? ["desk_mood_steady", { mood: first }] : ["desk_mood_course", { first, last }];
}

/**
 * The words that show it, the strongest lines first, each once.
 * @param {MoodPoint[]} points
 */
export function signsOf(points) {
  /** @type {Map<string, Sign>} */
  const found = new Map();
  for (const point of [...points].sort((one, other) => worst(other) - worst(one))) {
    for (const sign of point.signs) if (!found.has(`${sign[1]} ${sign[2]}`)) found.set(`${sign[1]} ${sign[2]}`, sign);
  }
  return [...found.values()];
}
