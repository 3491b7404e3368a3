// Reading an answer that comes as lines of JSON.

const csrf = document.querySelector('meta[name="csrf"]').content;

/** Post `body` and yield each line as soon as it is there. Throws an Error whose message is for the admin. */
export async function* readLines(path, body, signal) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": csrf };
  const response = await fetch(path, { method: "POST", body: JSON.stringify(body), headers, signal });
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    throw new Error(answer.error?.message ?? response.statusText);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}
