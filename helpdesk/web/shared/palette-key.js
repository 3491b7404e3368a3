// When the command palette opens; what it is made of is loaded then.

/** Whether a key opens the palette: Ctrl or Cmd with K, wherever the cursor is, unless a dialog is open. */
export function isPaletteKey(/** @type {KeyboardEvent} */ event) {
  const isChord = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isChord || event.key.toLowerCase() !== "k") return false;
  const dialog = document.querySelector("dialog[open]");
  return !dialog || dialog.id === "palette-dialog";
}
