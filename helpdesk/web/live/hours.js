// What came in by the hour on this weekday, usually and today, beside how many agents were online.

import { byId, draw, make } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { HourLoad } from "./types.js" */

const WIDTH = 960;
const HEIGHT = 180;
const FOOT = 20;
const HEAD = 8;
const SIDE = 28;

/**
 * @param {HourLoad[]} hours
 * @param {number} now the hour that it is
 */
export function drawHours(hours, now) {
  const shown = hours.slice(firstOf(hours, now), lastOf(hours, now) + 1);
  byId("hours").replaceChildren(drawChart(shown, now));
  byId("hours-table").replaceChildren(...shown.map(drawRow));
}

/** @param {HourLoad} hour */
const hasAny = (hour) =>
  hour.came_usually + hour.came_today + (hour.online_usually ?? 0) + (hour.online_today ?? 0) > 0;

/** @type {(hours: HourLoad[], now: number) => number} */
const firstOf = (hours, now) => Math.min(8, now, ...hours.filter(hasAny).map(({ hour }) => hour));

/** @type {(hours: HourLoad[], now: number) => number} */
const lastOf = (hours, now) => Math.max(18, now, ...hours.filter(hasAny).map(({ hour }) => hour));

/** @param {HourLoad} hour */
const onlineIn = ({ online_today: today, online_usually: usually }) => today ?? usually;

/** @type {(hours: HourLoad[], now: number) => SVGElement} */
function drawChart(hours, now) {
  const step = (WIDTH - 2 * SIDE) / hours.length;
  const most = Math.ceil(Math.max(4, ...hours.map((hour) => Math.max(hour.came_usually, hour.came_today))));
  const mostOnline = 1 + Math.ceil(Math.max(1, ...hours.map((hour) => onlineIn(hour) ?? 0)));
  const y = (/** @type {number} */ value, /** @type {number} */ top) =>
    HEIGHT - FOOT - ((HEIGHT - FOOT - HEAD) * value) / top;
  const bar = (/** @type {number} */ value, /** @type {number} */ x, /** @type {string} */ look) =>
    draw("rect", {
      class: look,
      x,
      y: y(value, most),
      width: step * 0.36,
      height: HEIGHT - FOOT - y(value, most),
      rx: 2,
    });
  const columns = hours.map((hour, place) => {
    const x = SIDE + place * step;
    const told = draw("title", {});
    told.textContent = say("live_bar", {
      hour: hour.hour,
      usually: rounded(hour.came_usually),
      today: hour.came_today,
      online: rounded(onlineIn(hour)),
    });
    const label = draw("text", { x: x + step / 2, y: HEIGHT - 5, "text-anchor": "middle" });
    label.textContent = String(hour.hour);
    const isNow = hour.hour === now;
    return draw(
      "g",
      {},
      told,
      ...(isNow ? [draw("rect", { class: "now", x, y: HEAD, width: step, height: HEIGHT - FOOT - HEAD })] : []),
      bar(hour.came_usually, x + step * 0.12, "usual"),
      bar(hour.came_today, x + step * 0.5, "today"),
      label,
    );
  });
  const steps = hours.flatMap((hour, place) => {
    const online = onlineIn(hour);
    if (online === null) return [];
    const [x, level] = [SIDE + place * step, y(online, mostOnline)];
    return [`${x},${level}`, `${x + step},${level}`];
  });
  const axis = (/** @type {number} */ x, /** @type {number} */ value, /** @type {string} */ anchor) => {
    const text = draw("text", { x, y: HEAD + 8, "text-anchor": anchor });
    text.textContent = rounded(value);
    return text;
  };
  const look = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-labelledby": "hours-title" };
  const foot = { class: "ground", x1: SIDE, x2: WIDTH - SIDE, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT };
  return draw(
    "svg",
    look,
    ...columns,
    draw("line", foot),
    draw("polyline", { class: "staff", points: steps.join(" ") }),
    axis(SIDE - 6, most, "end"),
    axis(WIDTH - SIDE + 6, mostOnline, "start"),
  );
}

/** @param {HourLoad} hour */
function drawRow(hour) {
  const values = [hour.came_usually, hour.came_today, hour.online_usually, hour.online_today];
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, say("live_hour", { hour: hour.hour })),
    ...values.map((value) => make("td", {}, rounded(value))),
  );
}

/** @param {number | null} value */
const rounded = (value) =>
  value === null
    ? say("live_unknown")
    : new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value);
