// The handoff's card: in five seconds what it is about, why it came over, how the customer feels and what may help.

import { dotted, HEIGHT, moodOf, placed, signsOf, told, WIDTH } from "./mood-chart.js";
import { $, ask, make, me, quoted, say } from "./page.js";

const LONGEST = 42; // characters of words that stand on a chip
const MOST_CHIPS = 3;
let articles = [];
let insertion = null;
let conversation = null;

/** Draw it. `onTurn(seq)` follows a line to its message, `onInsert(text)` puts an article into the answer. */
export function draw(detail, onTurn, onInsert) {
  conversation = detail;
  insertion = onInsert;
  const marks = marksOf(detail);
  $("marks").hidden = !marks.length;
  $("marks").replaceChildren(...marks);
  drawConfirmation(detail, onTurn);
  $("why").replaceChildren(...drawWhy(detail.card, onTurn));
  $("baton").hidden = !detail.asked_at;
  $("mood-part").hidden = !detail.mood.length;
  if (detail.mood.length) $("mood").replaceChildren(...drawMood(detail, onTurn));
  drawArticles(detail.articles);
}

const shortened = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST).trimEnd()} …` : words);

function marksOf({ card, before }) {
  const round =
    card.round > 1
      ? before
        ? say("desk_round_before", { round: card.round, name: before })
        : say("desk_round", { round: card.round })
      : null;
  return [
    card.important && ["danger", say("desk_important")],
    card.urgency > 0 && [card.urgency > 1 ? "danger" : "warn", say(`desk_urgency_${Math.min(2, card.urgency)}`)],
    round ? ["warn", round] : before && ["", say("desk_before_name", { name: before })],
    card.team && ["accent", say("desk_team", { name: card.team })],
    card.topic && ["", say("desk_topic", { name: card.topic })],
  ]
    .filter(Boolean)
    .map(([look, text]) => make("span", { class: `badge ${look}` }, quoted(text)));
}

function drawConfirmation({ confirmation, summary }, onTurn) {
  $("confirmation").hidden = !confirmation;
  if (!confirmation) return;
  const request = (summary.lines ?? []).find((line) => line.label === "request");
  const seqs = confirmation.seq ? [confirmation.seq] : request?.turns;
  $("confirmation").className = `confirmation ${confirmation.state}`;
  $("confirmation").replaceChildren(
    make("blockquote", { dir: "auto" }, confirmation.text),
    make("figcaption", {}, say(`desk_confirmation_${confirmation.state}`), turns(seqs, onTurn)),
    ...(confirmation.before
      ? [make("p", { class: "hint", dir: "auto" }, say("desk_confirmation_before", { text: confirmation.before }))]
      : []),
  );
}

/** One sentence when the rules gave one, and the words it rests on; else each reason by itself. */
function drawWhy(card, onTurn) {
  const sentence = card.reason[me.language] ?? card.reason.de;
  if (!sentence) return [make("ul", { class: "why" }, ...card.triggers.map((trigger) => drawTrigger(trigger, onTurn)))];
  const seen = new Set();
  const chips = card.triggers
    .filter((trigger) => trigger.turns?.length)
    .filter((trigger) => !seen.has(`${trigger.text}${trigger.turns}`) && seen.add(`${trigger.text}${trigger.turns}`))
    .slice(0, MOST_CHIPS);
  return [
    make("p", { class: "reason" }, sentence),
    chips.length
      ? make(
          "ul",
          { class: "evidence", "aria-label": say("desk_evidence") },
          ...chips.map((trigger) => make("li", {}, chip(trigger, onTurn))),
        )
      : "",
  ];
}

function chip(trigger, onTurn) {
  const words = shortened(trigger.text);
  const seq = trigger.turns.at(-1);
  const label = `${say(`trigger_${trigger.kind}`)}: ${trigger.text} – ${say("desk_to_message", { seq })}`;
  return make(
    "button",
    { type: "button", class: "chip", title: label, "aria-label": label, onclick: () => onTurn(seq) },
    words ? make("q", { dir: "auto" }, words) : say(`trigger_${trigger.kind}`),
    make("span", { class: "seq" }, String(seq)),
  );
}

function drawTrigger(trigger, onTurn) {
  return make(
    "li",
    {},
    make("strong", {}, say(`trigger_${trigger.kind}`)),
    trigger.text ? make("q", { dir: "auto" }, trigger.text) : null,
    turns(trigger.turns, onTurn),
  );
}

/** Buttons that lead to the lines something rests on. */
export function turns(seqs, onTurn) {
  if (!seqs?.length) return null;
  return make(
    "span",
    { class: "turns" },
    ...seqs.map((seq) =>
      make(
        "button",
        {
          type: "button",
          class: "turn",
          "aria-label": say("desk_to_message", { seq }),
          title: say("desk_to_message", { seq }),
          onclick: () => onTurn(seq),
        },
        String(seq),
      ),
    ),
  );
}

function drawMood({ mood: points, card }, onTurn) {
  const [key, values] = told(points);
  const words = say(key, Object.fromEntries(Object.entries(values).map(([name, word]) => [name, say(word)])));
  const above = new Set(card.triggers.map((trigger) => trigger.text));
  const signs = signsOf(points)
    .filter(([, , text]) => !above.has(text))
    .slice(0, MOST_CHIPS);
  return [
    points.length > 1 ? chart(points, onTurn) : "",
    make("p", { class: "course" }, words.charAt(0).toUpperCase() + words.slice(1)),
    signs.length
      ? make(
          "ul",
          { class: "evidence", "aria-label": say("desk_mood_shown") },
          ...signs.map((sign) => make("li", {}, signChip(sign, onTurn))),
        )
      : "",
  ];
}

function signChip([kind, seq, text], onTurn) {
  const key = `desk_sign_${kind}`;
  const named = say(key) === key ? "" : say(key);
  const words = shortened(text);
  const label = `${[named, text].filter(Boolean).join(": ")} – ${say("desk_to_message", { seq })}`;
  return make(
    "button",
    { type: "button", class: "chip", title: label, "aria-label": label, onclick: () => onTurn(seq) },
    words ? make("q", { dir: "auto" }, words) : named || kind,
    make("span", { class: "seq" }, String(seq)),
  );
}

const svg = (tag, attributes, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

function chart(points, onTurn) {
  const at = placed(points);
  const line = at.map(({ x, y }) => `${x},${y}`).join(" ");
  const dots = dotted(at).map((point) => {
    const label = say("desk_mood_at", { seq: point.seq, mood: say(moodOf(point)) });
    const dot = svg(
      "a",
      { href: `#line-${point.seq}`, class: `dot level-${point.level}`, "aria-label": label },
      svg("title", {}, label),
      svg("circle", { cx: point.x, cy: point.y, r: 12, class: "reach" }),
      svg("circle", { cx: point.x, cy: point.y, r: 4.5 }),
    );
    dot.addEventListener("click", (event) => {
      event.preventDefault();
      onTurn(point.seq);
    });
    return dot;
  });
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "mood-chart", role: "group", "aria-label": say("desk_mood") },
    svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT - 8, y2: HEIGHT - 8, class: "ground" }),
    svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2, class: "half" }),
    svg("polyline", { points: line, class: "course-line" }),
    ...dots,
  );
}

function drawArticles(found) {
  articles = found;
  $("articles-part").hidden = !found.length;
  $("articles").replaceChildren(
    ...found.map((article, place) =>
      make(
        "li",
        {},
        make("kbd", { class: "only-keys", "aria-hidden": "true" }, String(place + 1)),
        make(
          "span",
          { class: "title", dir: "auto" },
          article.title,
          article.given ? make("span", { class: "badge" }, say("desk_article_given")) : null,
        ),
        make(
          "button",
          {
            type: "button",
            class: "button small",
            "aria-label": say("desk_article_insert_title", { title: article.title }),
            onclick: () => insert(place),
          },
          say("desk_article_insert"),
        ),
      ),
    ),
  );
}

/** Put article number `place` (from 0) into the answer. */
export async function insert(place) {
  const article = articles[place];
  const id = conversation?.card.id;
  if (!article) return;
  const found = await ask(`articles/${encodeURIComponent(article.key)}?language=${conversation.card.language}`);
  if (conversation.card.id === id) insertion(found.answer);
}
