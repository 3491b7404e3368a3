// What came along with a customer's message: a picture to look at, a file to save, a place, a contact.

import { make, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";

/** @import { Child } from "../shared/types.js" */
/** @import { AttachedFile, TimelineLine } from "./types.js" */

/** Of a small picture, as the style has it. */
const [MAX_WIDTH, MAX_HEIGHT] = [320, 240];

/** @param {number} bytes */
const size = (bytes) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/**
 * The attachments of a line.
 * @param {TimelineLine} line
 * @param {string} conversation id
 */
export function drawFiles(line, conversation) {
  const items = line.attachments.map((file) => make("li", {}, ...drawFile(file, conversation)));
  return make("ul", { class: "files" }, ...items);
}

/** @type {(file: AttachedFile, conversation: string) => Child[]} */
function drawFile(file, conversation) {
  const what = make("strong", {}, say(`desk_file_${file.kind}`));
  const name = file.name ? quoted(file.name) : null;
  if (file.status === "none") return [what, make("span", { dir: "auto" }, Object.values(file.facts).join(" · "))];
  if (file.status === "pending") return [what, name, hint(say("desk_file_pending"))];
  if (file.status === "failed") return [what, name, hint(say("desk_file_failed", { reason: file.reason ?? "" }))];
  const address = `/desk/api/conversations/${conversation}/files/${file.id}`;
  const save = make("a", { href: address, download: file.name || file.kind }, say("desk_file_save"));
  const facts = [what, name, file.size ? hint(size(file.size)) : null, save];
  if (file.kind !== "photo") return facts;
  const small = file.width ? `${address}?size=small` : address;
  const look = { src: small, alt: file.name || say("desk_file_photo"), loading: "lazy", ...room(file) };
  const picture = make("img", look);
  const link = make("a", { class: "picture", href: address, "aria-haspopup": "dialog" }, picture);
  return [make("div", { class: "picture-row" }, link), ...facts];
}

/**
 * The room that a picture takes once it is there, so that nothing moves then.
 * @param {AttachedFile} file
 */
function room({ width, height }) {
  if (!width || !height) return {};
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** @param {string} text */
const hint = (text) => make("span", { class: "hint" }, text);
