// What the command palette offers on the desk: the actions of the open conversation, the lists, the pages.

import { byId, findAll } from "../shared/elements.js";
import { pagesGroup } from "../shared/palette.js";
import { say } from "../shared/words.js";
import { nameOf } from "./marks.js";

/** @import { Command, CommandGroup } from "../shared/palette.js" */
/** @import { DeskPage, ListAnswer } from "./types.js" */

const KEYS = /** @type {Record<string, string>} */ ({ accept: "A", resolve: "E", transfer: "T" });
const SEND_AND_RESOLVE = "Alt Enter";
const MAX_FOUND = 8;

/**
 * What can be done now. A button that the page doesn't show can't be pressed here either.
 * @param {Command[]} more what the page does by keys
 * @returns {CommandGroup[]}
 */
export function groupsOf(more) {
  const isThere = (/** @type {HTMLElement} */ button) => !button.hidden && !button.closest("[hidden]");
  const actions = findAll(document, "[data-do]")
    .filter(isThere)
    .map((button) => ({
      title: titleOf(button),
      keys: KEYS[button.dataset.do ?? ""],
      run: () => button.click(),
    }));
  const lists = findAll(document, ".views button").map((button) => ({
    title: say("palette_list", { name: button.firstChild?.textContent?.trim() ?? "" }),
    run: () => button.click(),
  }));
  const states = findAll(document, "#availability input", HTMLInputElement)
    .filter(({ checked }) => !checked)
    .map((input) => ({
      title: say("palette_availability", { name: input.parentElement?.textContent?.trim() ?? "" }),
      run: () => input.click(),
    }));
  return [{ name: say("palette_actions"), commands: [...more, ...actions, ...states, ...lists] }, pagesGroup()];
}

/** @param {HTMLElement} button */
const titleOf = (button) => (button.textContent ?? "").replace("…", "").trim();

/**
 * Conversations with these words, names or numbers.
 * @param {DeskPage} page
 * @param {(id: string, seq?: number) => void} open
 * @returns {(words: string) => Promise<Command[]>}
 */
export const searchOf =
  ({ calls, clock }, open) =>
  async (words) => {
    const query = new URLSearchParams({ view: "all", q: words, limit: String(MAX_FOUND) });
    /** @type {ListAnswer} */
    const { conversations, found = {} } = await calls.get(`conversations?${query}`);
    return conversations.map((card) => {
      const line = found[card.id];
      const words = line ? line.parts.map(({ text }) => text).join("") : card.request || card.preview;
      return {
        title: nameOf(card),
        hint: `${clock.listed(card.changed_at)} · ${words}`,
        run: () => open(card.id, line?.seq),
      };
    });
  };

/**
 * The macros by name, where a conversation is open; none when the server doesn't say.
 * @param {DeskPage} page
 * @param {(id: string) => void} open
 * @returns {Promise<Command[]>}
 */
export async function macrosOf({ calls, state }, open) {
  if (!state.current) return [];
  /** @type {{ macros: { id: string, name: string }[] }} */
  const { macros } = await calls.get("macros").catch(() => ({ macros: [] }));
  return macros.map(({ id, name }) => ({ title: say("palette_macro", { name }), run: () => open(id) }));
}

/** What the keys of the desk do, by name. @type {(run: Record<string, () => void>) => Command[]} */
export const commandsOfKeys = (run) =>
  [
    { title: say("palette_answer"), keys: "R", run: run.r },
    { title: say("palette_send_resolve"), keys: SEND_AND_RESOLVE, run: run["alt+enter"] },
    { title: say("palette_note"), keys: "N", run: run.n },
    { title: say("palette_ask_colleague"), keys: "@", run: run["@"] },
    { title: say("palette_change_answer"), keys: "C", run: run.c },
    { title: say("palette_promise"), keys: "P", run: run.p },
    { title: say("palette_macros"), keys: "M", run: run.m },
    { title: say("palette_find"), keys: "/", run: run["/"] },
    { title: say("palette_next"), keys: "J", run: run.j },
    { title: say("palette_previous"), keys: "K", run: run.k },
    { title: byId("help-title").textContent ?? "", keys: "?", run: run["?"] },
  ].filter(({ keys }) => (keys === SEND_AND_RESOLVE ? isAnswering() : !"RNPCM@".includes(keys) || isOpen()));

const isOpen = () => !byId("open").hidden;

/** Whether there are words of an answer that can be sent. */
const isAnswering = () => isOpen() && !byId("replies-open").hidden && byId("text", HTMLTextAreaElement).value !== "";
