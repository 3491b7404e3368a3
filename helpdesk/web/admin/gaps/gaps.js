// Gaps: one click opens what shall become of a group, the second does it.

import { byId, fieldOf, find, findAll, make, notify } from "../../shared/elements.js";
import { sayCount } from "../../shared/words.js";
import { attempt, openPage } from "../page.js";

/** @import { AdminPage } from "../page.js" */

/** @typedef {{ key: string, question: string }} NearArticle */
/** @typedef {{ ready: boolean, done: number, total: number }} Reading how far the grouping is */

const ASK_EVERY_MS = 700;

/** A group of questions that no article answers, as its card has it. */
class QuestionGroup {
  #data;

  /** @param {HTMLElement} card */
  constructor(card) {
    this.#data = card.dataset;
  }

  /** Ids of the questions. */
  get questions() {
    return (this.#data.questions ?? "").split(" ");
  }

  get customers() {
    return Number(this.#data.customers);
  }

  /** A key that an article about it could have. */
  get key() {
    return this.#data.key ?? "";
  }

  /** @returns {string[]} */
  get examples() {
    return JSON.parse(this.#data.examples ?? "[]");
  }

  /** @returns {NearArticle[]} */
  get nearest() {
    return JSON.parse(this.#data.nearest ?? "[]");
  }
}

/**
 * A dialog that does one thing with a group.
 * @typedef {{ id: string, fill?: (form: HTMLFormElement, group: QuestionGroup) => void,
 *   send: (form: HTMLFormElement, group: QuestionGroup) => Promise<void> }} GroupAction
 */

/** @type {(page: AdminPage) => GroupAction[]} */
const actionsOf = ({ calls }) => [
  {
    id: "new",
    fill(form, group) {
      fieldOf(form, "key").value = group.key;
      find(form, "[data-examples]").replaceChildren(...group.examples.map((text) => make("li", {}, text)));
    },
    async send(form, { questions }) {
      /** @type {{ key: string }} */
      const made = await calls.post("/admin/api/gaps/draft", { questions, key: fieldOf(form, "key").value.trim() });
      edit(made.key);
    },
  },
  {
    id: "add",
    fill(form, group) {
      const set = find(form, "[data-nearest]");
      set.replaceChildren(find(set, "legend"), ...group.nearest.map(drawChoice));
    },
    async send(form, { questions }) {
      const chosen = form.querySelector("[name=article]:checked")?.getAttribute("value");
      const article = fieldOf(form, "other").value.trim() || chosen;
      /** @type {{ key: string }} */
      const added = await calls.post("/admin/api/gaps/phrasings", { questions, article });
      edit(added.key);
    },
  },
  {
    id: "dismiss",
    async send(form, { questions, customers }) {
      const why = fieldOf(form, "why").value.trim();
      await calls.post("/admin/api/gaps/dismiss", { questions, customers, why });
      location.reload();
    },
  },
];

/** @param {string} key */
const edit = (key) => location.assign(`/admin/articles/edit/${encodeURIComponent(key)}`);

/**
 * @param {NearArticle} article
 * @param {number} place the first one is chosen
 */
function drawChoice({ key, question }, place) {
  const input = make("input", { type: "radio", name: "article", value: key, checked: place === 0 });
  return make("label", { class: "check" }, input, make("span", { dir: "auto" }, question));
}

/**
 * The group whose card an element lies in.
 * @param {HTMLElement} element
 */
function groupOf(element) {
  const card = element.closest(".gap");
  return card instanceof HTMLElement ? new QuestionGroup(card) : null;
}

/** @param {GroupAction} action */
function listenToDialog({ id, fill, send }) {
  const dialog = byId(id, HTMLDialogElement);
  const form = find(dialog, "form", HTMLFormElement);
  const notice = find(dialog, "[role=alert]");
  /** @type {QuestionGroup | null} */
  let group = null;
  for (const opener of findAll(document, `[data-open="${id}"]`))
    opener.addEventListener("click", () => {
      group = groupOf(opener);
      form.reset();
      notify(notice, null);
      if (group) fill?.(form, group);
      dialog.showModal();
    });
  find(dialog, "[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const about = group;
    const buttons = [find(dialog, "button.primary", HTMLButtonElement)];
    if (about) attempt({ buttons, notice }, () => send(form, about));
  });
}

/**
 * Show how far the grouping is, and the page when it is there.
 * @param {AdminPage} page
 * @param {HTMLElement} section
 */
async function watch({ calls }, section) {
  const bar = find(section, "progress", HTMLProgressElement);
  const status = find(section, "[role=status]");
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    /** @type {Reading | null} */
    const reading = await calls.get(`/admin/api/gaps/progress?days=${section.dataset.days}`).then(
      (found) => /** @type {Reading} */ (found),
      () => null,
    );
    if (reading?.ready) {
      location.reload();
      return;
    }
    if (!reading) continue;
    bar.max = reading.total || 1;
    bar.value = reading.done;
    status.textContent = sayCount("gaps_reading_of", reading.total, { done: reading.done, total: reading.total });
  }
}

const page = openPage();
const reading = document.getElementById("reading");
if (reading) watch(page, reading);
for (const action of actionsOf(page)) if (document.getElementById(action.id)) listenToDialog(action);
for (const button of findAll(document, '[data-do="again"]', HTMLButtonElement))
  button.addEventListener("click", () =>
    attempt({ buttons: [button], notice: byId("gaps-problem") }, async () => {
      await page.calls.post("/admin/api/gaps/again", { questions: groupOf(button)?.questions ?? [] });
      location.reload();
    }),
  );
for (const button of findAll(document, '[data-do="answer"]', HTMLButtonElement))
  button.addEventListener("click", () =>
    attempt({ buttons: [button], notice: byId("gaps-problem") }, async () => {
      const { questions = [], key = "" } = groupOf(button) ?? {};
      const replies = (button.dataset.replies ?? "").split(" ");
      /** @type {{ key: string }} */
      const made = await page.calls.post("/admin/api/gaps/draft", { questions, key, replies });
      edit(made.key);
    }),
  );
