/** Making elements without markup strings, so that nothing a customer or a page wrote can become code. */

const SVG = "http://www.w3.org/2000/svg";

/** Drawn on 24 × 24, by line. */
const ICONS = {
  chat: ["M4 5.5h16v11H9.5L5 20v-3.5H4z"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  send: ["M12 19V5", "M5.5 11.5L12 5l6.5 6.5"],
  down: ["M6 9l6 6 6-6"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5"],
  wait: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M12 7v5l3 2"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  checks: ["M2 12.5l4.5 4.5L16 7.5", "M11.5 16l1 1L22 7.5"],
  clip: ["M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.4 3.4 0 0 1 5 5l-8 8a1.7 1.7 0 0 1-2.5-2.5l7-7"],
  alert: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M12 7.5v5.5", "M12 16.4v.2"],
};

/** @type {Make} */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** @type {(name: string, attributes: Record<string, string>, ...children: Node[]) => SVGElement} */
function draw(name, attributes, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** @type {(name: keyof typeof ICONS) => SVGElement} decoration: what it means is said in words beside it */
export function icon(name) {
  const lines = ICONS[name].map((d) => draw("path", { d }));
  return draw(
    "svg",
    { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" },
    ...lines,
  );
}

/** The mark of Staffel: a relay baton. */
export function baton() {
  const shape = { x: "2.5", y: "9", width: "19", height: "6", rx: "3" };
  return draw(
    "svg",
    { viewBox: "0 0 24 24", class: "baton", "aria-hidden": "true", focusable: "false" },
    draw(
      "g",
      { transform: "rotate(-38 12 12)" },
      draw("rect", { ...shape, class: "bar" }),
      draw("rect", { x: "7", y: "9", width: "2.2", height: "6", class: "band" }),
      draw("rect", { x: "14.8", y: "9", width: "2.2", height: "6", class: "band" }),
    ),
  );
}
