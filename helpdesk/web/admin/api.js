// Asking the admin API, and asking the admin whether they are sure.

const csrf = document.querySelector('meta[name="csrf"]').content;

/** Post `body` as JSON. Throws an Error whose message is for the admin and whose `code` is for the page. */
export const post = (path, body = {}) => send(path, JSON.stringify(body), "application/json");

/** Post a file, or text of some type; the same. */
export async function send(path, body, type = "application/octet-stream") {
  const response = await fetch(path, {
    method: "POST",
    body,
    headers: { Accept: "application/json", "Content-Type": type, "X-CSRF-Token": csrf },
    signal: AbortSignal.timeout(60_000),
  });
  if (response.status === 401) location.assign(`/signin?next=${encodeURIComponent(location.pathname)}`);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw refusal(answer.error, response.statusText);
  return answer;
}

/** `problems` are what is wrong field by field, where the door says it that exactly. */
function refusal(error, status) {
  return Object.assign(new Error(error?.message ?? status), { code: error?.code, problems: error?.problems ?? [] });
}

/** Whether the admin says yes to `question`. */
export function sure(question) {
  const dialog = document.getElementById("sure");
  document.getElementById("sure-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }),
  );
}

/** Show a sentence in a notice, or hide the notice. */
export function show(id, sentence) {
  const notice = document.getElementById(id);
  notice.hidden = !sentence;
  notice.textContent = sentence ?? "";
}

export const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** The word `key` with its gaps filled. */
export const say = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
