// What the admin pages have in common: asking the server, asking the admin, and saying what went wrong.

import { Calls, csrfOf, sentenceOf } from "../shared/calls.js";
import { Drafts } from "../shared/drafts.js";
import { byId, notify } from "../shared/elements.js";

const MAX_WAIT_MS = 60_000;
const TOLD = "staffel.told";

/**
 * What each part of an admin page is given.
 * @typedef {{ calls: Calls, drafts: Drafts }} AdminPage
 */

/** @returns {AdminPage} */
export function openPage() {
  return { calls: new Calls({ csrf: csrfOf(), timeout: MAX_WAIT_MS }), drafts: new Drafts() };
}

/**
 * Whether the admin says yes to `question`.
 * @param {string} [question] none is a yes
 * @returns {Promise<boolean>}
 */
export async function confirmed(question) {
  if (!question) return true;
  const dialog = byId("sure", HTMLDialogElement);
  byId("sure-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  await closed(dialog);
  return dialog.returnValue === "yes";
}

/** @param {HTMLDialogElement} dialog */
export const closed = (dialog) => new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));

/**
 * Do `work` while `buttons` rest; what goes wrong is said in `notice`, or is for `onTrouble`. Returns whether it went
 * well.
 * @param {{ buttons?: HTMLButtonElement[], notice: HTMLElement, onTrouble?: (error: unknown) => Promise<void> | void }} around
 * @param {() => Promise<unknown>} work
 */
export async function attempt({ buttons = [], notice, onTrouble }, work) {
  notify(notice, null);
  for (const button of buttons) button.disabled = true;
  try {
    await work();
    return true;
  } catch (error) {
    if (onTrouble) await onTrouble(error);
    else tellTrouble(notice, error);
    return false;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

/**
 * @param {HTMLElement} notice
 * @param {unknown} error
 * @param {ScrollLogicalPosition} block
 */
export function tellTrouble(notice, error, block = "nearest") {
  notify(notice, sentenceOf(error));
  notice.scrollIntoView({ block });
}

/**
 * Say `key` on the page that is opened next.
 * @param {string} key
 */
export const tellNext = (key) => sessionStorage.setItem(TOLD, key);

/** The word that the page before wanted to be said here, once. */
export function whatWasTold() {
  const key = sessionStorage.getItem(TOLD);
  sessionStorage.removeItem(TOLD);
  return key;
}

/**
 * Make "Copy" work: where a browser has no clipboard for us, what is selected is copied.
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 */
export function listenToCopy(field) {
  const button = byId("copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select();
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done ?? "";
  });
}

/**
 * Ctrl+S, or Cmd+S, and the like.
 * @param {Record<string, (event: KeyboardEvent) => void>} actions by key
 */
export function listenToChords(actions) {
  document.addEventListener("keydown", (event) => {
    const action = event.ctrlKey || event.metaKey ? actions[event.key] : undefined;
    action?.(event);
  });
}
