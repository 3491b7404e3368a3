/**
 * The server's sanitised HTML, copied into the page once more by an allow-list: two locks, different makers.
 * Nothing is ever assigned to innerHTML of a live element.
 */

const ALLOWED = new Set(
  "p br strong em a ul ol li code pre blockquote h3 h4 hr del table thead tbody tr th td".split(" "),
);
/** Left out with all that is in them; any other unknown element is left out and its content stays. */
const DROPPED = new Set(
  "script style template iframe object embed svg math noscript textarea select title head".split(" "),
);
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const DEEPEST = 32;
const ELEMENT = 1;
const TEXT = 3;

/** @type {(html: string, labels: Labels) => DocumentFragment} */
export function toFragment(html, labels) {
  const source = new DOMParser().parseFromString(/** @type {string} */ (trusted(html)), "text/html").body;
  const fragment = document.createDocumentFragment();
  copyChildren(/** @type {any} */ (source), fragment, { document, base: document.baseURI, labels }, 0);
  return fragment;
}

/** @type {(source: Parsed, target: any, into: Into, depth: number) => void} */
export function copyChildren(source, target, into, depth) {
  for (const child of Array.from(source.childNodes)) {
    if (child.nodeType === TEXT) target.append(into.document.createTextNode(child.nodeValue ?? ""));
    else if (child.nodeType === ELEMENT) copyElement(child, target, into, depth);
  }
}

/** @type {(source: Parsed, target: any, into: Into, depth: number) => void} */
function copyElement(source, target, into, depth) {
  const name = source.nodeName.toLowerCase();
  if (DROPPED.has(name) || depth > DEEPEST) return;
  const href = name === "a" ? safeAddress(source.getAttribute?.("href") ?? "", into.base) : null;
  if (!ALLOWED.has(name) || (name === "a" && !href)) return copyChildren(source, target, into, depth + 1);
  const copy = into.document.createElement(name);
  if (href) link(copy, href);
  copyChildren(source, copy, into, depth + 1);
  target.append(name === "table" || name === "pre" ? scrolling(copy, name, into) : copy);
}

/** @type {(href: string, base: string) => string|null} an absolute address of a harmless scheme, or null */
export function safeAddress(href, base) {
  try {
    const address = new URL(href, base);
    return href.trim() && SCHEMES.has(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

/** @type {(copy: any, href: string) => void} */
function link(copy, href) {
  copy.setAttribute("href", href);
  copy.setAttribute("target", "_blank");
  copy.setAttribute("rel", "noopener noreferrer nofollow");
}

/** @type {(copy: any, name: "table"|"pre", into: Into) => any} */
function scrolling(copy, name, { document, labels }) {
  const frame = document.createElement("div");
  frame.setAttribute("class", `wide ${name}`);
  frame.setAttribute("role", "group");
  frame.setAttribute("tabindex", "0");
  frame.setAttribute("aria-label", name === "table" ? labels.table : labels.code);
  frame.append(copy);
  return frame;
}

/** @type {any} */
let policy;

/**
 * Pages with Trusted Types let only named policies parse HTML; what is parsed here stays inert and is copied by the list.
 * @type {(html: string) => unknown}
 */
function trusted(html) {
  const factory = /** @type {any} */ (globalThis).trustedTypes;
  policy ??= factory?.createPolicy("staffel", { createHTML: (/** @type {string} */ text) => text }) ?? null;
  return policy ? policy.createHTML(html) : html;
}
