/** The help centre's comforts; without this script every page works as it is. */

/** A pause in typing after which the search runs, in ms; and the fewest letters that it runs for. */
const PAUSE = 250;
const MIN_LENGTH = 3;

showChatButtons(document);

const form = document.querySelector("form[data-results]");
if (form instanceof HTMLFormElement) {
  const results = document.querySelector(form.dataset.results ?? "");
  const input = form.elements.namedItem("q");
  if (results instanceof HTMLElement && input instanceof HTMLInputElement) searchWhileTyping(form, input, results);
}

/**
 * Buttons that open the chat are hidden where no script makes them work.
 * @param {ParentNode} within
 */
function showChatButtons(within) {
  for (const button of within.querySelectorAll("[data-staffel-open]")) button.removeAttribute("hidden");
}

/**
 * Shows what the search page would show, in place; an answer that comes after a newer question is dropped.
 * @type {(form: HTMLFormElement, input: HTMLInputElement, results: HTMLElement) => void}
 */
function searchWhileTyping(form, input, results) {
  const before = [...results.childNodes];
  const wasHidden = results.hidden;
  const told = document.createElement("p");
  told.className = "quiet";
  told.setAttribute("role", "status");
  form.after(told);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asking = new AbortController();

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asking.abort();
    const query = input.value.trim();
    if (query.length < MIN_LENGTH) return restore();
    timer = setTimeout(() => ask(query), PAUSE);
  });

  function restore() {
    told.textContent = "";
    results.replaceChildren(...before);
    results.hidden = wasHidden;
  }

  /** @param {string} query */
  async function ask(query) {
    asking = new AbortController();
    try {
      const address = `${form.action}?${new URLSearchParams({ q: query, typing: "1" })}`;
      const answer = await fetch(address, { signal: asking.signal, headers: { accept: "text/html" } });
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) restore(); // away from the network: the button still leads to the page
    }
  }

  /** @param {Document} page */
  function show(page) {
    const found = page.getElementById("results");
    if (!found) return;
    showChatButtons(found);
    results.replaceChildren(...found.childNodes);
    results.hidden = false;
    told.textContent = results.querySelector("h2")?.textContent ?? "";
  }
}
