// Finding what a template has, and making elements without markup strings: what people wrote never becomes code.

/** @import { Attributes, Child } from "./types.js" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * The element that the page's template has under `id`.
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {abstract new () => T} kind
 * @returns {T}
 * @throws {Error} when there is none of this kind
 */
export function byId(id, kind = /** @type {abstract new () => T} */ (/** @type {unknown} */ (HTMLElement))) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no ${kind.name} called #${id}.`);
  return element;
}

/**
 * The first element within `root` that `selector` is about.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {abstract new () => T} kind
 * @returns {T}
 * @throws {Error} when there is none of this kind
 */
export function find(
  root,
  selector,
  kind = /** @type {abstract new () => T} */ (/** @type {unknown} */ (HTMLElement)),
) {
  const element = root.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`There is no ${kind.name} for ${selector}.`);
  return element;
}

/**
 * All elements of one kind within `root` that `selector` is about.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {abstract new () => T} kind
 * @returns {T[]}
 */
export function findAll(
  root,
  selector,
  kind = /** @type {abstract new () => T} */ (/** @type {unknown} */ (HTMLElement)),
) {
  const isOfKind = (/** @type {Element} */ element) => element instanceof kind;
  return /** @type {T[]} */ ([...root.querySelectorAll(selector)].filter(isOfKind));
}

/**
 * The field called `name` of a form; of radio buttons the group.
 * @template {Element | RadioNodeList} [T=HTMLInputElement]
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {abstract new () => T} kind
 * @returns {T}
 * @throws {Error} when there is none of this kind
 */
export function fieldOf(
  form,
  name,
  kind = /** @type {abstract new () => T} */ (/** @type {unknown} */ (HTMLInputElement)),
) {
  const field = form.elements.namedItem(name);
  if (!(field instanceof kind)) throw new Error(`The form #${form.id} has no ${kind.name} called ${name}.`);
  return field;
}

/**
 * The element an event is about, if it lies in one that `selector` is about.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement|null}
 */
export function within(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/**
 * Attributes and children; strings become text, never markup.
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[N]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener("click", /** @type {EventListener} */ (value));
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * An element of a drawing.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {Node[]} children
 * @returns {SVGElement}
 */
export function draw(name, attributes, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * An icon from a path of 24 × 24.
 * @param {string} path
 */
export function icon(path) {
  const look = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round" };
  const frame = { viewBox: "0 0 24 24", width: 16, height: 16, "stroke-linejoin": "round", "aria-hidden": "true" };
  return draw("svg", { ...frame, ...look }, draw("path", { d: path }));
}

/**
 * What customers and colleagues wrote or are called: isolated, so that its direction can't turn the page around.
 * @param {string} text
 */
export const quoted = (text) => make("bdi", { dir: "auto" }, text);

/**
 * A sentence in a notice; without one the notice hides.
 * @param {HTMLElement} notice
 * @param {string | null | undefined} sentence
 */
export function notify(notice, sentence) {
  notice.hidden = !sentence;
  notice.textContent = sentence ?? "";
}
