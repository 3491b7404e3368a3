/** A customer's own colour, kept readable: the ink on it, and the colour itself as text on a surface (WCAG 2.2, 1.4.3). */

const LIGHT = /** @type {Rgb} */ ([255, 255, 255]);
const DARK = /** @type {Rgb} */ ([0, 0, 0]);
const ENOUGH = 4.5;

/**
 * Of a computed style, `rgb(15, 118, 110)`; null for a colour that is not plain sRGB.
 * @type {(text: string) => Rgb|null}
 */
export function parseRgb(text) {
  const numbers = /^rgba?\(\s*(\d+)[ ,]+(\d+)[ ,]+(\d+)/.exec(text);
  return numbers ? /** @type {Rgb} */ (numbers.slice(1).map(Number)) : null;
}

/** @type {(one: Rgb, other: Rgb) => number} 1 to 21 */
export function contrast(one, other) {
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

/** @param {Rgb} colour */
function luminance(colour) {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @type {(colour: Rgb) => Rgb} white or black, whichever reads better on the colour */
export function inkOn(colour) {
  return contrast(colour, LIGHT) >= contrast(colour, DARK) ? LIGHT : DARK;
}

/**
 * The colour as text: mixed with the surface's own ink as little as needed to be read.
 * @type {(colour: Rgb, surface: Rgb) => Rgb}
 */
export function asText(colour, surface) {
  const ink = inkOn(surface);
  const mixes = Array.from({ length: 21 }, (_, step) => mix(colour, ink, step / 20));
  return mixes.find((one) => contrast(one, surface) >= ENOUGH) ?? ink;
}

/** @type {(one: Rgb, other: Rgb, share: number) => Rgb} */
function mix(one, other, share) {
  return /** @type {Rgb} */ (one.map((part, at) => Math.round(part + (other[at] - part) * share)));
}

/** @type {(colour: Rgb) => string} */
export function toCss(colour) {
  return `rgb(${colour.join(" ")})`;
}

/** @type {(text: string) => string} the rules for light and dark; none if it is not plain sRGB */
export function accentRules(text) {
  const colour = parseRgb(text);
  if (!colour) return "";
  const [light, dark] = /** @type {Rgb[]} */ ([LIGHT, [19, 28, 46]]).map(
    (surface) =>
      `.staffel { --accent: ${toCss(colour)}; --accent-ink: ${toCss(inkOn(colour))}; --accent-text: ${toCss(asText(colour, surface))}; }`,
  );
  return `${light} :host([data-theme="dark"]) ${dark}
    @media (prefers-color-scheme: dark) { :host(:not([data-theme="light"])) ${dark} }`;
}

/** @param {string} wish any color that CSS knows; the page's engine says which one that is */
export function rulesFor(wish) {
  return accentRules(resolve(wish));
}

/** @param {string} wish */
function resolve(wish) {
  const probe = document.createElement("span");
  probe.style.color = wish;
  document.documentElement.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
