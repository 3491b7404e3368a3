// What dialogs have in common.

/**
 * Have something done once a dialog is closed. The event comes a moment later: whoever has opened it again by then sees
 * what it was opened with.
 * @param {HTMLDialogElement} dialog
 * @param {() => void} act
 */
export function onClosed(dialog, act) {
  dialog.addEventListener("close", () => {
    if (!dialog.open) act();
  });
}
