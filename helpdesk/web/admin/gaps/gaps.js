// Gaps: one click opens what shall become of a group, the second does it.

import { post, say, show } from "../api.js";

const reading = document.getElementById("reading");
if (reading) watch(reading);

let group = null;

for (const button of document.querySelectorAll("[data-open]")) {
  button.addEventListener("click", () => open(button.dataset.open, button.closest(".gap")));
}
for (const button of document.querySelectorAll('[data-do="again"]')) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await post("/admin/api/gaps/again", { questions: questionsOf(button.closest(".gap")) });
      location.reload();
    } catch (error) {
      button.disabled = false;
      show("gaps-problem", error.message);
    }
  });
}
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(dialog);
  });
}

const questionsOf = (card) => card.dataset.questions.split(" ");
const editor = (key) => `/admin/articles/edit/${encodeURIComponent(key)}`;

function open(id, card) {
  group = card;
  const dialog = document.getElementById(id);
  dialog.querySelector("form").reset();
  tell(dialog, null);
  fill[id]?.(dialog);
  dialog.showModal();
}

const fill = {
  new(dialog) {
    dialog.querySelector("[name=key]").value = group.dataset.key;
    const lines = JSON.parse(group.dataset.examples).map((text) => element("li", text));
    dialog.querySelector("[data-examples]").replaceChildren(...lines);
  },
  add(dialog) {
    const choices = JSON.parse(group.dataset.nearest).map((one, number) => choice(one, number === 0));
    const set = dialog.querySelector("[data-nearest]");
    set.replaceChildren(set.querySelector("legend"), ...choices);
  },
};

const does = {
  async new(form) {
    const made = await post("/admin/api/gaps/draft", { questions: questionsOf(group), key: form.key.value.trim() });
    location.assign(editor(made.key));
  },
  async add(form) {
    const article = form.other.value.trim() || form.article.value;
    const added = await post("/admin/api/gaps/phrasings", { questions: questionsOf(group), article });
    location.assign(editor(added.key));
  },
  async dismiss(form) {
    const customers = Number(group.dataset.customers);
    await post("/admin/api/gaps/dismiss", { questions: questionsOf(group), customers, why: form.why.value.trim() });
    location.reload();
  },
};

async function send(dialog) {
  const button = dialog.querySelector("button.primary");
  button.disabled = true;
  tell(dialog, null);
  try {
    await does[dialog.id](dialog.querySelector("form").elements);
  } catch (error) {
    tell(dialog, error.message);
    button.disabled = false;
  }
}

function tell(dialog, sentence) {
  const notice = dialog.querySelector("[role=alert]");
  notice.hidden = !sentence;
  notice.textContent = sentence ?? "";
}

function choice(one, chosen) {
  const label = element("label");
  const input = document.createElement("input");
  const words = element("span", one.question);
  label.className = "check";
  Object.assign(input, { type: "radio", name: "article", value: one.key, checked: chosen });
  words.dir = "auto";
  label.append(input, words);
  return label;
}

function element(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/** Show how far the grouping is, and the page when it is there. */
async function watch(section) {
  const bar = section.querySelector("progress");
  const status = section.querySelector("[role=status]");
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    const answer = await fetch(`/admin/api/gaps/progress?days=${section.dataset.days}`, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (!answer?.ok) continue;
    const now = await answer.json();
    if (now.ready) {
      location.reload();
      return;
    }
    bar.max = now.total || 1;
    bar.value = now.done;
    status.textContent = say("gaps_reading_of", now);
  }
}
