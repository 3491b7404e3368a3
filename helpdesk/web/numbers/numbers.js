// The charts of the page of figures. The same numbers stand in tables beside them, which need no script.

import { byId } from "../shared/elements.js";
import { say } from "../shared/words.js";
import uPlot from "./vendor/uplot/uPlot.esm.js";

const HEIGHT = 240;
const FILL = 0.12;

/**
 * @typedef {object} DrawnChart
 * @property {string} id
 * @property {"count" | "minutes"} unit
 * @property {{ key: string, values: (number | null)[] }[]} series
 */

/** @type {{ at: number[], labels: string[], charts: DrawnChart[] }} */
const drawn = JSON.parse(document.getElementById("drawn")?.textContent || '{"at":[],"labels":[],"charts":[]}');
const numbers = new Intl.NumberFormat(document.documentElement.lang);

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * @param {DrawnChart} chart
 * @param {HTMLElement} place
 */
function draw(chart, place) {
  const ink = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  /** @param {number | null} value */
  const said = (value) => (value === null ? "–" : numbers.format(value));
  /** @param {number | null} value */
  const legend = (value) =>
    value !== null && chart.unit === "minutes" ? say("numbers_minutes", { count: said(value) }) : said(value);
  const last = drawn.at.length - 1;
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      ms: 1e-3,
      scales: { x: { time: false }, y: { range: (_plot, _least, most) => [0, Math.max(4, most * 1.1)] } },
      cursor: { drag: { x: false, y: false } },
      axes: [
        { ...ink, space: 64, values: (_, splits) => splits.map((at) => drawn.labels[at] ?? "") },
        { ...ink, size: 52, values: (_, splits) => splits.map((value) => (value % 1 ? "" : numbers.format(value))) },
      ],
      series: [
        { value: (_, at) => drawn.labels[at ?? last] ?? "", label: say("numbers_day") },
        ...chart.series.map(({ key }, index) => ({
          label: say(key),
          stroke: colour(`--series-${index + 1}`),
          width: 2,
          dash: index % 2 ? [6, 4] : undefined,
          points: { show: drawn.at.length < 32, size: 6 },
          fill: index ? undefined : tint(colour("--series-1")),
          value: (/** @type {unknown} */ _, /** @type {number | null} */ value) => legend(value),
        })),
      ],
    },
    [drawn.at.map((_, index) => index), ...chart.series.map(({ values }) => values)],
    place,
  );
  plot.setLegend({ idx: last }); // until somebody points at another day
  return plot;
}

/** @param {string} hex */
const tint = (hex) =>
  hex.startsWith("#")
    ? hex +
      Math.round(FILL * 255)
        .toString(16)
        .padStart(2, "0")
    : "transparent";

const plots = drawn.charts.map((chart) => ({ chart, place: byId(chart.id), plot: draw(chart, byId(chart.id)) }));

new ResizeObserver(() => {
  for (const { place, plot } of plots) {
    if (place.clientWidth && place.clientWidth !== plot.width)
      plot.setSize({ width: place.clientWidth, height: HEIGHT });
  }
}).observe(document.body);

// Both themes have colours of their own, and a canvas keeps those that it was drawn with.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const one of plots) {
    one.plot.destroy();
    one.plot = draw(one.chart, one.place);
  }
});
