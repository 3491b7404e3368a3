// What came along with a customer's message: a picture to look at, a file to save, a place, a contact.

import { make, quoted, say } from "./page.js";

const size = (bytes) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** The attachments of a line. */
export function drawFiles(line, conversation) {
  return make(
    "ul",
    { class: "files" },
    ...line.attachments.map((file) => make("li", {}, ...drawFile(file, conversation))),
  );
}

function drawFile(file, conversation) {
  const what = make("strong", {}, say(`desk_file_${file.kind}`));
  const name = file.name ? quoted(file.name) : null;
  if (file.status === "none") return [what, make("span", { dir: "auto" }, Object.values(file.facts).join(" · "))];
  if (file.status === "pending") return [what, name, make("span", { class: "hint" }, say("desk_file_pending"))];
  if (file.status === "failed")
    return [what, name, make("span", { class: "hint" }, say("desk_file_failed", { reason: file.reason ?? "" }))];
  const address = `/desk/api/conversations/${conversation}/files/${file.id}`;
  const save = make("a", { href: address, download: file.name || file.kind }, say("desk_file_save"));
  const facts = [what, name, file.size ? make("span", { class: "hint" }, size(file.size)) : null, save];
  if (file.kind !== "photo") return facts;
  const picture = make("img", { src: address, alt: file.name || say("desk_file_photo"), loading: "lazy" });
  return [make("a", { href: address, target: "_blank", rel: "noopener" }, picture), ...facts];
}
