// A supervisor has left a note for the agent who has a conversation: said at once, whatever is open.

import { byId, make, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { WhisperHint } from "./types.js" */

/**
 * @param {WhisperHint} hint
 * @param {(id: string) => void} onOpen
 */
export function showWhisper({ id, name }, onOpen) {
  const bar = byId("whisper");
  const close = () => {
    bar.hidden = true;
  };
  const open = () => {
    close();
    onOpen(id);
  };
  const sentence = say("desk_whisper_came", { name });
  bar.replaceChildren(
    make("span", {}, quoted(sentence)),
    make("button", { type: "button", class: "button small", onclick: open }, say("desk_whisper_open")),
    make("button", { type: "button", class: "button plain small", onclick: close }, say("desk_whisper_close")),
  );
  bar.hidden = false;
}
