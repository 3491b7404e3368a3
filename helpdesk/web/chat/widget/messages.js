/** The list of messages. Each line keeps its element for life, so that nothing flickers and nothing is read out twice. */
import { icon, make } from "./elements.js";
import { safeAddress, toFragment } from "./richtext.js";
import { timeOfDay } from "./transcript.js";

/** A greeting is read out when it appears; more lines than this are history and are not. */
const HISTORY = 4;

/** This close to the end counts as reading the end, in px. */
const NEAR = 80;

/** @param {MessageHandlers} handlers */
export function createMessages(handlers) {
  const list = make("div", { class: "list", role: "log", "aria-live": "polite", "aria-relevant": "additions" });
  const typing = make("div", { class: "typing", hidden: true });
  const scroller = make("div", { class: "scroller", tabindex: "0" }, list, typing);
  const newer = make("button", { class: "newer", type: "button", hidden: true, onclick: () => toEnd() });
  const element = make("div", { class: "messages" }, scroller, newer);
  /** @type {Map<string, {node: HTMLElement, signature: string}>} */
  const shown = new Map();
  let isFollowing = true;
  let placed = 0;
  /** @type {HTMLElement|null} */
  let anchor = null;

  scroller.addEventListener(
    "scroll",
    () => {
      if (Math.abs(scroller.scrollTop - placed) > 4) isFollowing = below() < NEAR;
      if (below() < NEAR) newer.hidden = true;
    },
    { passive: true },
  );
  new ResizeObserver(() => isFollowing && place()).observe(scroller);

  function below() {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  }

  /** The end of the list into view; an answer taller than the view is read from its start. */
  function place() {
    scroller.scrollTop = scroller.scrollHeight;
    if (anchor) scroller.scrollTop = Math.min(scroller.scrollTop, anchor.offsetTop - 8);
    placed = scroller.scrollTop;
  }

  function hush() {
    list.setAttribute("aria-live", "off");
    setTimeout(() => list.setAttribute("aria-live", "polite"), 1_000);
  }

  function toEnd() {
    anchor = null;
    isFollowing = true;
    place();
  }

  /** @type {(items: Item[], words: Words) => HTMLElement[]} those that were not there before */
  function reconcile(items, words) {
    const keys = new Set(items.map((item) => item.key));
    for (const [key, { node }] of shown) if (!keys.has(key) && shown.delete(key)) node.remove();
    /** @type {HTMLElement[]} */
    const added = [];
    let next = list.firstElementChild;
    for (const item of items) {
      const isNew = !shown.has(item.key);
      const node = draw(item, words);
      if (node === next) next = next.nextElementSibling;
      else list.insertBefore(node, next);
      if (isNew) added.push(node);
    }
    return added;
  }

  /** @type {(item: Item, words: Words) => HTMLElement} */
  function draw(item, words) {
    const signature = JSON.stringify([words.language, words.you, item]);
    const held = shown.get(item.key);
    if (held?.signature === signature) return held.node;
    const node = held?.node ?? make("div");
    paint(node, item, words, handlers);
    shown.set(item.key, { node, signature });
    return node;
  }

  /** @type {(added: HTMLElement[], isOwn: boolean, wasAtEnd: boolean) => void} */
  function follow([first], isOwn, wasAtEnd) {
    if (first && isOwn) return toEnd();
    if (first && wasAtEnd) anchor = first;
    if (isFollowing) place();
    if (first && first !== anchor && below() >= NEAR) newer.hidden = false;
  }

  return {
    element,
    toEnd,
    /** @type {(items: Item[], shown: {words: Words, progress: string}) => void} */
    render(items, { words, progress }) {
      for (const part of [list, scroller]) part.setAttribute("aria-label", words.messages);
      if (newer.textContent !== words.newer) newer.replaceChildren(icon("down"), words.newer);
      typing.hidden = !progress;
      if (typing.textContent !== progress) typing.replaceChildren(dots(), progress);
      const wasEmpty = shown.size === 0;
      const wasAtEnd = below() < 24;
      if (wasEmpty && items.length > HISTORY) hush();
      const added = reconcile(items, words);
      const last = items.at(-1);
      if (wasEmpty) toEnd();
      else follow(added, last?.type === "bubble" && last.author === "contact", wasAtEnd);
    },
  };
}

/** @type {(node: HTMLElement, item: Item, words: Words, handlers: MessageHandlers) => void} */
function paint(node, item, words, handlers) {
  if (item.type !== "bubble") {
    node.className = item.type;
    return update(node, [make("span", {}, item.text)]);
  }
  const grouping = `${item.isFirst ? " first" : ""}${item.isLast ? " last" : ""}${item.isChoice ? " choice" : ""}`;
  node.className = `message ${item.author}${grouping}${item.delivery === "failed" ? " failed" : ""}`;
  const isUnfolded = Boolean(node.querySelector("details[open]"));
  update(
    node,
    [
      name(item, words, handlers),
      bubble(item, words, isUnfolded),
      files(item, words, handlers),
      article(item, words, handlers),
      related(item, words, handlers),
      meta(item, words, handlers),
      failure(item, words, handlers),
      chosen(item, words, handlers),
      choices(item, words, handlers),
    ].filter((part) => part !== null),
  );
}

/**
 * What is equal stays: a screen reader would read out again what is put in again.
 * @type {(node: HTMLElement, parts: Element[]) => void}
 */
function update(node, parts) {
  parts.forEach((part, at) => {
    const old = node.children[at];
    if (!old) node.append(part);
    else if (!old.isEqualNode(part)) old.replaceWith(part);
  });
  while (node.children.length > parts.length) node.lastElementChild?.remove();
}

function dots() {
  return make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
}

/** @type {DrawPart} */
function name(item, words) {
  const who = item.author === "contact" ? words.you : item.name || words.bot;
  const isHidden = item.author === "contact" || !item.isFirst;
  return make(
    "p",
    { class: isHidden ? "name sr" : "name" },
    isHidden ? words.says(who) : who,
    isHidden ? null : make("span", { class: "sr" }, ": "),
  );
}

/** @type {(item: BubbleItem, words: Words, isUnfolded: boolean) => Element} */
function bubble(item, words, isUnfolded) {
  if (item.author === "contact") {
    const mark = item.isChoice ? make("span", { class: "sr" }, words.chosen) : null;
    return make("div", { class: "bubble plain" }, mark, item.text);
  }
  if (item.state === "taken_back") return make("div", { class: "bubble plain gone" }, words.changes.taken_back);
  const body = make("div", { class: "bubble", dir: "auto" });
  body.append(richText(item, words));
  const rest = item.fold ? [...body.children].slice(item.fold) : [];
  if (rest.length) {
    const summary = make("summary", {}, make("span", {}, words.more), make("span", {}, words.less));
    body.append(make("details", { open: isUnfolded }, summary, ...rest));
  }
  return body;
}

/** @type {(item: BubbleItem, words: Words) => Node} */
function richText(item, words) {
  if (item.html === null) return make("div", { class: "plain" }, item.text);
  try {
    return toFragment(item.html, { table: words.table, code: words.code });
  } catch {
    // The page's Trusted Types allow no policy of ours: words without their form are better than none.
    return make("div", { class: "plain" }, item.text);
  }
}

/** @type {DrawPart} */
function files(item, _words, { drawFiles }) {
  if (!item.files?.length) return null;
  const place = make("div", { class: "files" });
  drawFiles(place, item.files);
  return place;
}

/** @type {DrawPart} */
function article(item, words) {
  if (!item.article) return null;
  return make("p", { class: "source" }, make("b", {}, words.source), " ", link(item.article.title, item.article.link));
}

/** @type {DrawPart} */
function related(item, words) {
  if (item.related.length === 0) return null;
  const links = item.related.map((one) => make("li", {}, link(one.question, one.link)));
  return make("div", { class: "source" }, make("b", {}, words.related), make("ul", {}, ...links));
}

/** @type {(text: string, address?: string|null) => Node|string} */
function link(text, address) {
  const href = safeAddress(address ?? "", document.baseURI);
  return href ? make("a", { href, target: "_blank", rel: "noopener" }, text) : text;
}

/** @type {DrawPart} */
function meta(item, words) {
  const time = make("time", { datetime: item.at }, timeOfDay(item.at, words.locale));
  const state = item.delivery ? delivery(item.delivery, words) : [];
  const edited = item.state === "edited" ? make("span", { class: "edited" }, words.changes.edited) : null;
  return make("p", { class: edited ? "meta changed" : "meta" }, time, edited, ...state);
}

const TICKS = /** @type {const} */ ({
  waiting: "wait",
  kept: "wait",
  sent: "wait",
  stored: "check",
  read: "checks",
  failed: "alert",
});

/** @type {(state: Delivery, words: Words) => Element[]} */
function delivery(state, words) {
  const isSpelled = state === "failed" || state === "kept" || state === "read";
  return [icon(TICKS[state]), make("span", { class: isSpelled ? `state ${state}` : "state sr" }, words.states[state])];
}

/** @type {DrawPart} */
function failure(item, words, { onRetry, onDiscard }) {
  if (item.delivery !== "failed" || !item.clientId) return null;
  const id = item.clientId;
  const why = item.reason || words.reasons[/** @type {"other"} */ (item.code)] || words.reasons.other;
  return make(
    "div",
    { class: "failure" },
    make("p", {}, why),
    item.isChoice ? null : make("button", { type: "button", onclick: () => onRetry(id) }, words.retry),
    make("button", { type: "button", onclick: () => onDiscard(id) }, words.discard),
  );
}

/** @type {DrawPart} */
function chosen(item, words) {
  if (item.chosen === null) return null;
  return make("p", { class: "chosen" }, icon("check"), make("span", { class: "sr" }, words.chosen), item.chosen);
}

/** @type {DrawPart} */
function choices(item, words, { onChoose }) {
  if (item.choices.length === 0) return null;
  const buttons = item.choices.map((title, at) =>
    make("button", { type: "button", onclick: () => onChoose(item.seq, at, title) }, title),
  );
  return make("div", { class: "choices", role: "group", "aria-label": words.choose }, ...buttons);
}
