// Somebody else was quicker: shows what they changed, and lets one choose where both changed the same.

import { say } from "../api.js";

const box = document.getElementById("conflict");

/** Show what `merged` says of both texts; `done` is called after each choice. */
export function openConflict(form, merged, done) {
  const name = merged.changed_by ?? "";
  document.getElementById("conflict-title").textContent = say("article_conflict_title", { name });
  const taken = merged.taken.length ? ` ${say("article_conflict_taken", { fields: merged.taken.join(", ") })}.` : "";
  document.getElementById("conflict-lead").textContent = say("article_conflict_lead", { name }) + taken;
  document
    .getElementById("conflict-clashes")
    .replaceChildren(...merged.clashes.map((clash) => drawClash(form, clash, name, done)));
  const changes = document.getElementById("conflict-changes");
  changes.querySelector("summary").textContent = say("article_conflict_changes", { name });
  changes.querySelector("div").innerHTML = merged.changes; // made and escaped by our own templates
  changes.open = !merged.clashes.length;
  box.hidden = false;
  box.focus();
  box.scrollIntoView({ block: "start" });
}

document.getElementById("conflict-done").addEventListener("click", () => {
  box.hidden = true;
  document.getElementById("save").focus();
});

function drawClash(form, clash, name, done) {
  const card = document.createElement("section");
  const title = document.createElement("h3");
  const text = document.createElement("p");
  const key = document.createElement("p");
  const field = form.elements[clash.language ? `${clash.language}-${clash.field}` : clash.field];
  const mine = field?.value ?? "";
  card.className = "clash";
  title.textContent = say("article_conflict_clash", { field: clash.label });
  key.className = "hint";
  key.textContent = say("article_conflict_key", { name });
  text.className = "diff";
  text.dir = "auto";
  if (clash.language) text.lang = clash.language;
  text.append(...clash.pieces.map(drawPiece));
  const choices = document.createElement("p");
  choices.className = "row";
  const keep = choice(say("article_keep_mine"), true);
  const take = choice(say("article_take_theirs", { name }), false);
  const choose = (chosen, value) => {
    field.value = value;
    for (const button of [keep, take]) button.setAttribute("aria-pressed", String(button === chosen));
    done();
  };
  keep.addEventListener("click", () => choose(keep, mine));
  take.addEventListener("click", () => choose(take, clash.theirs));
  choices.append(keep, take);
  card.append(title, key, text, choices);
  return card;
}

function choice(label, pressed) {
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "button",
    textContent: label,
  });
  button.setAttribute("aria-pressed", String(pressed));
  return button;
}

function drawPiece(piece) {
  if (piece.kind === "same") return piece.text;
  const element = document.createElement(piece.kind === "removed" ? "del" : "ins");
  const spoken = document.createElement("span");
  spoken.className = "quiet";
  spoken.textContent = `${say(piece.kind === "removed" ? "article_removed" : "article_added")} `;
  element.append(spoken, piece.text);
  return element;
}
