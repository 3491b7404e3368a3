// The editor: both languages side by side. What is typed is never lost: neither by a conflict nor by a closed window.

import { post, say, show, sure } from "../api.js";
import { asLocal } from "../times.js";
import { openConflict } from "./conflict.js";
import { lookNow, lookSoon } from "./preview.js";

const form = document.getElementById("article");
const fields = form.elements;
const status = document.getElementById("article-status");
const others = JSON.parse(form.dataset.others);
const shelf = `staffel.article.${form.dataset.key}`;
const TOLD = {
  submit: "article_submitted",
  return: "article_returned",
  publish: "article_published",
  archive: "article_archived_done",
  restore: "article_restored",
};
let changed = false;
let shelving = 0;

for (const field of form.querySelectorAll("[data-time]"))
  if (field.dataset.time) field.value = asField(field.dataset.time);
form.addEventListener("input", noteChange);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run(save);
});
document.getElementById("publish").addEventListener("click", () => run(publish));
document.getElementById("reviewed")?.addEventListener("click", () => run(confirmReview));
for (const button of form.querySelectorAll("[data-do]")) button.addEventListener("click", () => step(button));
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey)) return;
  if (event.key === "s") {
    event.preventDefault();
    run(save);
  }
  if (event.key === "Enter" && form.contains(event.target)) {
    event.preventDefault();
    run(publish);
  }
});
tellWhatWasDone();
offerRescue();
paint();
lookNow(form);
if (form.dataset.key) {
  beHere();
  setInterval(beHere, 15_000);
  showFigures();
}
showNeighbours();

function noteChange(event) {
  changed = true;
  status.textContent = say("article_unsaved");
  clearTimeout(shelving);
  shelving = setTimeout(
    () => localStorage.setItem(shelf, JSON.stringify({ at: new Date().toISOString(), values: values() })),
    500,
  );
  if (/-(answer|phrasings|question)$/.test(event.target.name ?? "")) lookSoon(form);
}

/** What stands in the form, as it stands there. */
function values() {
  return Object.fromEntries([...form.querySelectorAll("[name]")].map((field) => [field.name, field.value]));
}

/** What the form says, in the form of an article; half-written languages are left as they are. */
function content() {
  const variants = { ...others };
  for (const language of ["de", "en"]) {
    const question = fields[`${language}-question`].value.trim();
    const answer = fields[`${language}-answer`].value.trim();
    const phrasings = [
      ...new Set(
        fields[`${language}-phrasings`].value
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean),
      ),
    ];
    if (question || answer || phrasings.length) variants[language] = { question, answer, phrasings };
  }
  const facts = {
    category: fields.category.value.trim(),
    owner: fields.owner.value,
    review_on: fields.review_on.value,
  };
  for (const name of ["valid_from", "valid_until"]) facts[name] = fields[name].value && asTime(fields[name]);
  return { ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value)), variants };
}

function check(said) {
  for (const [language, wording] of Object.entries(said.variants)) {
    const missing = ["question", "answer"].find((name) => !wording[name]);
    if (missing) {
      fields[`${language}-${missing}`]?.focus();
      throw new Error(say("article_half"));
    }
  }
  if (!Object.keys(said.variants).length) throw new Error(say("article_half"));
  if (said.valid_from && said.valid_until && said.valid_until <= said.valid_from) {
    document.getElementById("facts").open = true;
    fields.valid_until.focus();
    throw new Error(say("article_bad_window"));
  }
  return said;
}

function address(verb) {
  const key = fields.key.value.trim();
  if (!key) {
    fields.key.focus();
    throw new Error(say("article_no_key"));
  }
  return `/admin/api/articles/${encodeURIComponent(key)}/${verb}`;
}

function version() {
  return form.dataset.version ? Number(form.dataset.version) : null;
}

async function save() {
  const isNew = !form.dataset.key;
  const facts = await post(address("draft"), { content: check(content()), version: version() });
  settle(facts);
  if (isNew) leave(facts, "article_saved");
  else status.textContent = say("article_saved");
}

async function publish() {
  if (changed || form.dataset.draft === "no")
    settle(await post(address("draft"), { content: check(content()), version: version() }));
  leave(await post(address("publish"), { version: version() }), "article_published");
}

async function confirmReview() {
  const day = new Date();
  day.setMonth(day.getMonth() + 6);
  const review_on = day.toISOString().slice(0, 10);
  const facts = await post(address("reviewed"), { version: version(), review_on });
  form.dataset.version = facts.version;
  fields.review_on.value = review_on;
  status.textContent = say("article_reviewed_done");
}

async function step(button) {
  const verb = button.dataset.do;
  if (button.dataset.sure && !(await sure(button.dataset.sure))) return;
  const comment = button.dataset.ask ? await askComment(button) : null;
  if (comment === undefined) return;
  await run(async () => {
    if (changed && verb === "submit")
      settle(await post(address("draft"), { content: check(content()), version: version() }));
    leave(await post(address(verb), { version: version(), ...(comment ? { comment } : {}) }), TOLD[verb]);
  });
}

/** The comment, "" for none, undefined when the admin thought better of it. */
function askComment(button) {
  const dialog = document.getElementById("comment");
  const text = document.getElementById("comment-text");
  document.getElementById("comment-label").textContent = button.dataset.ask;
  document.getElementById("comment-go").textContent = button.textContent;
  text.value = dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? text.value.trim() : undefined), {
      once: true,
    }),
  );
}

/** The server has what is in the form. */
function settle(facts) {
  changed = false;
  clearTimeout(shelving);
  localStorage.removeItem(shelf);
  Object.assign(form.dataset, { version: facts.version, stage: facts.stage, draft: facts.has_draft ? "yes" : "no" });
  for (const button of form.querySelectorAll("[data-verb]"))
    button.hidden = !facts.possible.includes(button.dataset.verb);
  const badge = form.querySelector("[data-badge=stage]");
  if (badge) {
    badge.dataset.value = facts.stage;
    badge.hidden = !["draft", "review"].includes(facts.stage);
    badge.textContent = say(`article_state_${facts.stage}`);
  }
  document.getElementById("article-newer").hidden = true;
  paint();
}

function paint() {
  const colours = { published: "ok", draft: "warn", review: "accent" };
  for (const badge of form.querySelectorAll("[data-badge]"))
    badge.className = `badge ${colours[badge.dataset.value] ?? ""}`;
}

function leave(facts, told) {
  changed = false;
  localStorage.removeItem(shelf);
  if (told) sessionStorage.setItem("staffel.told", told);
  location.assign(facts.gone ? "/admin/articles" : `/admin/articles/edit/${encodeURIComponent(facts.key)}`);
}

/** Do one thing; on trouble everything typed stays, and a conflict brings both texts together. */
async function run(work) {
  show("article-problem", null);
  const buttons = [...form.querySelectorAll("[data-do], .bar button")];
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    if (error.code === "conflict" && version() !== null)
      await bringTogether().catch((trouble) => show("article-problem", trouble.message));
    else show("article-problem", error.message);
  }
  for (const button of buttons) button.disabled = false;
}

async function bringTogether() {
  const merged = await post(address("merge"), { version: version(), content: content() });
  for (const { language, field, value } of merged.values) {
    const name = language ? `${language}-${field}` : field;
    if (fields[name])
      fields[name].value =
        field === "phrasings"
          ? (value ?? []).join("\n")
          : fields[name].dataset.time !== undefined
            ? value
              ? asField(value)
              : ""
            : (value ?? "");
    else if (language) (others[language] ??= {})[field] = value;
  }
  form.dataset.version = merged.version;
  document.getElementById("article-newer").hidden = true;
  changed = true;
  status.textContent = say("article_unsaved");
  openConflict(form, merged, () => lookNow(form));
  lookNow(form);
}

async function beHere() {
  if (document.hidden) return;
  const here = await post(address("presence")).catch(() => null);
  if (!here) return;
  show("article-presence", here.others.length ? say("article_others_here", { names: here.others.join(", ") }) : null);
  const newer = document.getElementById("article-newer");
  newer.hidden = here.version <= version();
  newer.querySelector("span").textContent = say("article_newer", { name: here.changed_by ?? "" });
}
document.querySelector("#article-newer button").addEventListener("click", () => run(bringTogether));

function offerRescue() {
  const kept = JSON.parse(localStorage.getItem(shelf) ?? "null");
  const notice = document.getElementById("article-rescued");
  const now = values();
  if (!kept || Object.entries(kept.values).every(([name, value]) => now[name] === value)) return;
  notice.querySelector("span").textContent = say("article_rescued", { time: asLocal(kept.at) });
  notice.hidden = false;
  notice.addEventListener("click", (event) => {
    const choice = event.target.dataset.rescue;
    if (!choice) return;
    notice.hidden = true;
    if (choice === "no") {
      localStorage.removeItem(shelf);
      return;
    }
    for (const [name, value] of Object.entries(kept.values))
      if (fields[name] && name !== "key") fields[name].value = value;
    if (!form.dataset.key) fields.key.value = kept.values.key ?? "";
    changed = true;
    status.textContent = say("article_unsaved");
    lookNow(form);
  });
}

function tellWhatWasDone() {
  const told = sessionStorage.getItem("staffel.told");
  if (!told) return;
  sessionStorage.removeItem("staffel.told");
  status.textContent = say(told);
}

async function showFigures() {
  const response = await fetch(address("figures"), { headers: { Accept: "application/json" } });
  const figures = response.ok ? await response.json() : {};
  if (figures.asked) show("article-figures", say("article_figures", figures));
}

/** Articles that customers' words might confuse with this one, as the page about gaps knows them. */
async function showNeighbours() {
  const said = content();
  if (!form.dataset.key || !Object.keys(said.variants).length) return;
  const found = await post(address("neighbours"), { content: said }).catch(() => null);
  if (!found?.neighbours?.length) return;
  const box = document.getElementById("near");
  document.getElementById("near-title").textContent = found.title;
  box.querySelector("div").replaceChildren(...found.neighbours.map(drawNeighbour));
  box.hidden = false;
}

function drawNeighbour(one) {
  const item = document.createElement("div");
  const link = document.createElement("a");
  const list = document.createElement("ul");
  link.href = `/admin/articles/edit/${encodeURIComponent(one.article)}`;
  link.textContent = one.question;
  for (const sentence of one.sentences)
    list.append(Object.assign(document.createElement("li"), { className: "hint", textContent: sentence }));
  item.append(link, list);
  return item;
}

function asField(iso) {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The seconds that a field can't show stay as they were. */
function asTime(field) {
  const kept = field.dataset.time;
  return kept && asField(kept) === field.value ? kept : new Date(field.value).toISOString().replace(".000", "");
}
