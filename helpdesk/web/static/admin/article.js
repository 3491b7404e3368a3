// Editing an article in both languages, with a preview as customers will see it.

import { post, say, show, sure } from "./api.js";

const form = document.getElementById("article");
const fields = form.elements;
const others = JSON.parse(form.dataset.others);
let changed = false, asked = {};

form.addEventListener("input", (event) => {
  changed = true;
  document.getElementById("article-status").textContent = say("article_unsaved");
  const language = event.target.name?.match(/^(\w\w)-answer$/)?.[1];
  if (language) { clearTimeout(asked[language]); asked[language] = setTimeout(() => preview(language), 300); }
});
form.addEventListener("submit", (event) => { event.preventDefault(); run(save, "article_saved"); });
document.getElementById("publish").addEventListener("click", () => run(publish, "article_published"));
for (const button of form.querySelectorAll("[data-do]")) {
  button.addEventListener("click", async () => { if (!button.dataset.sure || await sure(button.dataset.sure)) run(() => change(button.dataset.do)); });
}
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); form.requestSubmit(); }
});
for (const language of ["de", "en"]) preview(language);
const told = sessionStorage.getItem("staffel.told");
if (told) { sessionStorage.removeItem("staffel.told"); document.getElementById("article-status").textContent = say(told); }

async function preview(language) {
  const box = form.querySelector(`[data-preview="${language}"]`), text = fields[`${language}-answer`].value;
  if (!text.trim()) { box.textContent = say("article_preview_empty"); return; }
  try { box.innerHTML = (await post("/desk/api/preview", { text: text.slice(0, 20_000) })).html; } // sanitised by the server
  catch (error) { box.textContent = error.message; }
}

/** What the form says; throws when a language is half filled in. */
function content() {
  const variants = { ...others };
  for (const language of ["de", "en"]) {
    const question = fields[`${language}-question`].value.trim(), answer = fields[`${language}-answer`].value.trim();
    const phrasings = [...new Set(fields[`${language}-phrasings`].value.split("\n").map((line) => line.trim()).filter(Boolean))];
    if (!question && !answer && !phrasings.length) continue;
    if (!question || !answer) { fields[`${language}-${question ? "answer" : "question"}`].focus(); throw new Error(say("article_half")); }
    variants[language] = { question, answer, phrasings };
  }
  if (!Object.keys(variants).length) throw new Error(say("article_half"));
  const category = fields.category.value.trim();
  return category ? { category, variants } : { variants };
}

function address(verb) {
  const key = fields.key.value.trim();
  if (!key) { fields.key.focus(); throw new Error(say("article_no_key")); }
  return `/admin/api/articles/${encodeURIComponent(key)}/${verb}`;
}

const version = () => (form.dataset.version ? Number(form.dataset.version) : null);

async function save() {
  const view = await post(address("draft"), { content: content(), version: version() });
  form.dataset.version = view.version;
  form.dataset.draft = "yes";
  return view;
}

async function publish() {
  if (changed || form.dataset.draft === "no") await save();
  return post(address("publish"), { version: version() });
}

const change = (verb) => post(address(verb), { version: version() });

/** Do one thing and show the article as it is then; on trouble everything typed stays. */
async function run(work, done) {
  show("article-problem", null);
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    const view = await work();
    changed = false;
    if (done) sessionStorage.setItem("staffel.told", done);
    location.assign(view.gone ? "/admin/articles" : `/admin/articles/edit/${encodeURIComponent(view.key)}`);
  } catch (error) {
    show("article-problem", error.message);
    for (const button of buttons) button.disabled = false;
  }
}
