// How the answers look on each channel, and quiet hints on how they read: asked of the server while one writes.

import { post, say } from "../api.js";

const WAIT = 400;
const SHOWN = 4;
let timer = 0;
let asked = 0;
let latest = null;
let channel = "webchat";

export function lookSoon(form) {
  mark(form, []);
  clearTimeout(timer);
  timer = setTimeout(() => lookNow(form), WAIT);
}

export async function lookNow(form) {
  const mine = ++asked;
  const answers = Object.fromEntries(
    ["de", "en"].map((language) => [language, form.elements[`${language}-answer`].value]),
  );
  mark(form, []);
  const found = await post("/admin/api/look", { answers, key: form.dataset.key }).catch(() => null);
  if (!found || mine !== asked) return;
  latest = found;
  mark(form, found.hints);
  for (const language of ["de", "en"]) {
    drawHints(
      form,
      language,
      found.hints.filter((hint) => hint.language === language),
    );
    drawPreview(form, language);
  }
}

/** The words behind the textarea, with the places that hints are about. */
function mark(form, hints) {
  for (const language of ["de", "en"]) {
    const text = form.elements[`${language}-answer`].value;
    const box = form.querySelector(`[data-language="${language}"] .marks`);
    const count = form.elements[`${language}-phrasings`].value.split("\n").filter((line) => line.trim()).length;
    form.querySelector(`[data-count="${language}"]`).textContent = say("article_phrasings_count", { count });
    const parts = [];
    let at = 0;
    const characters = inUnits(text);
    for (const hint of hints.filter((one) => one.language === language && one.end > one.start)) {
      const [start, end] = [characters(hint.start), characters(hint.end)];
      if (start < at) continue;
      const place = document.createElement("mark");
      place.className = hint.rule;
      place.textContent = text.slice(start, end);
      parts.push(text.slice(at, start), place);
      at = end;
    }
    box.replaceChildren(...parts, `${text.slice(at)}\n`);
  }
}

/** The server counts characters, a browser UTF-16 units: an emoji is one there and two here. */
function inUnits(text) {
  const astral = [];
  let point = 0;
  for (const character of text) {
    if (character.length > 1) astral.push(point);
    point += 1;
  }
  return (index) => index + astral.filter((place) => place < index).length;
}

function drawHints(form, language, hints) {
  const box = form.querySelector(`[data-hints="${language}"]`);
  const area = form.elements[`${language}-answer`];
  if (!hints.length) {
    box.replaceChildren();
    return;
  }
  const items = hints.map((hint) => drawHint(hint, area));
  const first = list(items.slice(0, SHOWN));
  const rest = items.slice(SHOWN);
  box.replaceChildren(first);
  if (!rest.length) return;
  const more = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = say("article_hints_more", { count: rest.length });
  more.append(summary, list(rest));
  box.append(more);
}

function list(items) {
  const box = document.createElement("ul");
  box.append(...items);
  return box;
}

function drawHint(hint, area) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = `hint-item ${hint.rule}`;
  if (hint.end > hint.start) {
    const words = document.createElement("q");
    words.textContent = hint.found.length > 70 ? `${hint.found.slice(0, 67)}…` : hint.found;
    button.append(words, " ");
    const place = inUnits(area.value);
    button.addEventListener("click", () => {
      area.focus();
      area.setSelectionRange(place(hint.start), place(hint.end));
    });
  } else button.disabled = true;
  button.append(hint.sentence);
  item.append(button);
  return item;
}

function drawPreview(form, language) {
  const box = form.querySelector(`[data-preview="${language}"]`);
  const screen = box.closest(".screen");
  const note = screen.querySelector("[data-messages]");
  const shown = latest?.previews[language]?.[channel];
  screen.dataset.shown = channel;
  if (shown)
    box.innerHTML = shown.html; // sanitised by the server
  else box.textContent = say("article_preview_empty");
  note.hidden = !(shown?.messages > 1);
  note.textContent = say("article_preview_messages", { count: shown?.messages });
}

for (const tablist of document.querySelectorAll("[role=tablist]")) {
  tablist.addEventListener("click", (event) => {
    if (event.target.dataset.channel) choose(event.target);
  });
  tablist.addEventListener("keydown", (event) => {
    const tabs = [...tablist.children];
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + way + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });
}

function choose(tab) {
  channel = tab.dataset.channel;
  const form = document.getElementById("article");
  for (const each of document.querySelectorAll("[role=tab]")) {
    const chosen = each.dataset.channel === channel;
    each.setAttribute("aria-selected", String(chosen));
    each.tabIndex = chosen ? 0 : -1;
    if (chosen) document.getElementById(each.getAttribute("aria-controls")).setAttribute("aria-labelledby", each.id);
  }
  for (const language of ["de", "en"]) drawPreview(form, language);
}
