/**
 * Files in both directions: the tray above the field, and what lines bring along. Loaded with the first file. The
 * server's addresses want the visitor's token, so pictures are fetched here; they are painted on a canvas, because a
 * page's policy may allow images of its own only.
 */
import { icon, make } from "./elements.js";
import { toSheet } from "./styles.js";

const MAX_BYTES = 20 * 1024 * 1024;
const MAX_FILES = 10;
/** A lost connection is tried again by itself so often, after so many ms. */
const ATTEMPTS = 3;
const AGAIN_AFTER = 2_000;

const RULES = `
.tray { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 10px; padding: 0; list-style: none; }
.tray:empty { display: none; }
.tray li { position: relative; display: flex; align-items: center; gap: 8px; max-width: 100%; min-height: 56px; padding: 6px 8px; border: 1px solid var(--line); border-radius: 12px; background: var(--background); font-size: 13px; }
.tray li.failed { border-color: var(--danger); }
.tray canvas { width: 44px; height: 44px; border-radius: 8px; object-fit: cover; }
.tray div { min-width: 0; max-width: 190px; }
.tray b { display: block; font-weight: 550; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tray small { font-size: 12px; color: var(--muted); }
.tray .failed small { color: var(--danger); }
.tray progress { display: block; width: 100%; height: 4px; accent-color: var(--accent-text); }
.tray button { min-width: 40px; min-height: 40px; border-radius: 10px; display: grid; place-items: center; color: var(--muted); font-weight: 600; }
.tray button:hover { color: var(--accent-text); }
.tray .again { color: var(--accent-text); padding: 0 6px; }
.files { display: grid; gap: 6px; justify-items: start; margin: 2px 0; max-width: 100%; }
.contact .files { justify-items: end; }
.picture { display: block; max-width: 100%; border-radius: 14px; overflow: hidden; border: 1px solid var(--line); background: var(--surface); }
.picture canvas { display: block; max-width: 100%; height: auto; max-height: 260px; object-fit: contain; }
.file { display: flex; align-items: center; gap: 10px; min-height: 44px; max-width: 100%; padding: 8px 14px; border-radius: 14px; border: 1px solid var(--line); background: var(--surface); text-align: left; }
.file span { min-width: 0; overflow-wrap: anywhere; }
.file small { display: block; font-size: 12px; color: var(--muted); }
button.file:hover { border-color: var(--accent-text); color: var(--accent-text); }
.dropping .composer { outline: 2px dashed var(--accent-text); outline-offset: -6px; }
dialog { border: 0; padding: 0; margin: auto; max-width: 96vw; max-height: 96dvh; background: var(--surface); color: var(--ink); border-radius: 14px; overflow: hidden; }
dialog::backdrop { background: rgb(0 0 0 / .78); }
dialog canvas { display: block; max-width: 96vw; max-height: calc(96dvh - 60px); object-fit: contain; }
dialog p { display: flex; align-items: center; gap: 8px; padding: 6px 8px 6px 14px; font-size: 14px; }
dialog b { flex: 1; min-width: 0; font-weight: 550; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
dialog button { min-width: 44px; min-height: 44px; display: grid; place-items: center; border-radius: 10px; color: inherit; }
dialog .save { padding: 0 10px; font-weight: 600; color: var(--accent-text); }`;

/** @type {(options: FileOptions) => Promise<FileTray>} */
export async function createFiles(options) {
  const { host, composer, token, wordsFile, language } = options;
  const root = /** @type {ShadowRoot} */ (host.shadowRoot);
  let texts = (await import(`./words/files-${wordsFile()}.js`)).default;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, toSheet(RULES)];
  const tray = make("ul", { class: "tray", role: "list" });
  const news = make("p", { class: "sr", role: "status" });
  composer.element.prepend(tray, news);
  /** @type {TrayFile[]} */
  let held = [];
  /** What was fetched or sent from here, by the file's id. */
  const contents = /** @type {Map<string, Promise<Blob>>} */ (new Map());

  /** @type {(path: string) => string} */
  const at = (path) =>
    new URL(`webchat/files${path}${path.includes("?") ? "&" : "?"}lang=${language()}`, host.server).href;
  const headers = () => ({ Authorization: `Bearer ${token()}` });

  /** @param {readonly File[]} files */
  async function add(files) {
    texts = (await import(`./words/files-${wordsFile()}.js`)).default;
    for (const file of files) hold(file);
    draw();
  }

  /** @param {File} file */
  function hold(file) {
    const problem = objectTo(file);
    const one = /** @type {TrayFile} */ ({
      file,
      name: file.name || texts.picture,
      state: "failed",
      problem,
      sent: 0,
      tries: 0,
    });
    if (file.type.startsWith("image/")) paint((one.preview = make("canvas", {})), Promise.resolve(file), 88);
    held.push(one);
    if (!problem) upload(one);
  }

  /** @type {(file: File) => string} what the server would say anyway */
  function objectTo(file) {
    if (held.length >= MAX_FILES) return texts.tooMany;
    if (file.size > MAX_BYTES) return texts.tooLarge;
    return file.size ? "" : texts.empty;
  }

  /** @param {TrayFile} one */
  function upload(one) {
    const request = new XMLHttpRequest();
    show(one, { request, state: "busy", sent: 0, problem: "", tries: one.tries + 1 });
    request.open("POST", at(""));
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(one.name));
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => show(one, { sent: total ? loaded / total : 0 });
    request.onload = () => heard(one, request);
    request.onerror = () => lost(one);
    request.send(one.file);
  }

  /** @type {(one: TrayFile, request: XMLHttpRequest) => void} */
  function heard(one, request) {
    const told = request.response;
    if (request.status === 201) {
      news.textContent = `${texts.ready} ${told.name}`;
      return show(one, { state: "ready", told });
    }
    const isBusy = request.status === 429 || request.status === 503;
    const mayTry = isBusy || request.status >= 500;
    show(one, {
      state: "failed",
      problem: told?.error?.message || (request.status === 413 ? texts.tooLarge : texts.failed),
      mayTry,
    });
  }

  /** @param {TrayFile} one */
  function lost(one) {
    if (one.tries >= ATTEMPTS) return show(one, { state: "failed", problem: texts.lost, mayTry: true });
    setTimeout(() => held.includes(one) && upload(one), AGAIN_AFTER * one.tries);
  }

  /** @type {(one: TrayFile, news: Partial<TrayFile>) => void} */
  function show(one, change) {
    Object.assign(one, change);
    draw();
  }

  /** @param {TrayFile} one */
  function remove(one) {
    one.request?.abort();
    if (one.told) fetch(at(`/${one.told.id}`), { method: "DELETE", headers: headers() }).catch(() => {}); // it ends in an hour
    held = held.filter((other) => other !== one);
    draw();
    composer.input.focus();
  }

  function draw() {
    const items = held.map((one) => (one.node = drawHeld(one, one.node)));
    if (items.some((item, at) => tray.children[at] !== item) || tray.children.length !== items.length)
      tray.replaceChildren(...items);
    tray.setAttribute("aria-label", texts.added);
    const isBusy = held.some((one) => one.state === "busy");
    const isFailed = held.some((one) => one.state === "failed");
    composer.hold(isBusy ? -1 : held.filter((one) => one.state === "ready").length, isFailed);
  }

  /** @type {(one: TrayFile, old?: HTMLElement) => HTMLElement} */
  function drawHeld(one, old) {
    if (!old || old.dataset.state !== one.state || one.state === "failed") return drawAnew(one, old);
    const bar = old.querySelector("progress");
    if (bar) bar.value = one.sent;
    return old;
  }

  /** @type {(one: TrayFile, old?: HTMLElement) => HTMLElement} */
  function drawAnew(one, old) {
    const isFailed = one.state === "failed";
    const state = { busy: texts.uploading, ready: sizeOf(one.file.size), failed: one.problem }[one.state];
    const bar = make("progress", { max: "1", value: `${one.sent}`, "aria-label": one.name });
    const again = make("button", { type: "button", class: "again", onclick: () => upload(one) }, texts.again);
    const away = make(
      "button",
      { type: "button", "aria-label": `${texts.remove} ${one.name}`, onclick: () => remove(one) },
      icon("close"),
    );
    const what = make(
      "div",
      {},
      make("b", { dir: "auto" }, one.name),
      make("small", isFailed ? { role: "alert" } : {}, state ?? ""),
      one.state === "busy" ? bar : null,
    );
    if (old?.contains(root.activeElement)) queueMicrotask(() => away.focus());
    return make(
      "li",
      { class: one.state, "data-state": one.state },
      one.preview ?? null,
      what,
      isFailed && one.mayTry ? again : null,
      away,
    );
  }

  /** What goes with the message that is being sent. */
  function take() {
    const ready = held.filter((one) => one.state === "ready");
    for (const { told, file } of ready) if (told) contents.set(told.id, Promise.resolve(file));
    held = held.filter((one) => one.state !== "ready");
    draw();
    return ready.flatMap(({ told }) => (told ? [{ ...told, here: true }] : []));
  }

  /** @type {(place: HTMLElement, files: readonly LineFile[]) => void} */
  function drawFiles(place, files) {
    place.replaceChildren(...files.map((file) => (file.here && file.width ? drawPicture(file) : drawFile(file))));
  }

  /** @param {LineFile} file */
  function drawPicture(file) {
    const [width, height] = [file.width ?? 1, file.height ?? 1];
    const scale = Math.min(1, 260 / height, 280 / width);
    const canvas = make("canvas", { role: "img", "aria-label": file.name });
    canvas.style.setProperty("width", `${Math.round(width * scale)}px`);
    canvas.style.setProperty("aspect-ratio", `${width} / ${height}`);
    const options = { type: "button", class: "picture", title: texts.open, onclick: () => open(file) };
    const button = make("button", /** @type {any} */ (options), canvas);
    const load = () =>
      paint(canvas, contentOf(file, "?size=small"), 560).catch(() => button.replaceWith(drawFile(file)));
    if (contents.has(file.id)) load();
    else whenSeen(button, load);
    return button;
  }

  /** @param {LineFile} file */
  function drawFile(file) {
    const note = file.here ? [sizeOf(file.size ?? 0), texts.save].filter(Boolean).join(" · ") : texts.gone;
    const inside = make("span", { dir: "auto" }, file.name || texts.file, make("small", {}, note));
    if (!file.here) return make("div", { class: "file" }, icon("clip"), inside);
    return make("button", { type: "button", class: "file", onclick: () => save(file) }, icon("clip"), inside);
  }

  /** @type {(file: LineFile, query?: string) => Promise<Blob>} */
  function contentOf(file, query = "") {
    const key = contents.has(file.id) ? file.id : file.id + query;
    const known = contents.get(key);
    if (known) return known;
    const loading = fetch(at(`/${file.id}${query}`), { headers: headers() }).then((given) => {
      if (!given.ok) throw new Error(String(given.status));
      return given.blob();
    });
    contents.set(key, loading);
    loading.catch(() => contents.delete(key));
    return loading;
  }

  /** @param {LineFile} file */
  async function open(file) {
    const close = make(
      "button",
      { type: "button", "aria-label": texts.close, onclick: () => dialog.close() },
      icon("close"),
    );
    const link = make("button", { type: "button", class: "save", onclick: () => save(file) }, texts.save);
    const canvas = make("canvas", { role: "img", "aria-label": file.name });
    const dialog = /** @type {HTMLDialogElement} */ (
      make(
        "dialog",
        {
          "aria-label": file.name,
          onclose: () => dialog.remove(),
          onclick: (event) => event.target === dialog && dialog.close(),
        },
        make("p", {}, make("b", { dir: "auto" }, file.name), link, close),
        canvas,
      )
    );
    try {
      await paint(canvas, contentOf(file), 4_096);
    } catch {
      news.textContent = texts.failed;
      return;
    }
    root.querySelector(".staffel")?.append(dialog);
    dialog.showModal();
    close.focus();
  }

  /** @param {LineFile} file */
  async function save(file) {
    try {
      const href = URL.createObjectURL(await contentOf(file));
      make("a", { href, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    } catch {
      news.textContent = texts.failed;
    }
  }

  /** @param {number} bytes */
  function sizeOf(bytes) {
    const isLarge = bytes >= 1024 * 1024;
    const shown = isLarge ? bytes / 1024 / 1024 : Math.max(1, bytes / 1024);
    return `${new Intl.NumberFormat(texts.locale, { maximumFractionDigits: isLarge ? 1 : 0 }).format(shown)} ${isLarge ? "MB" : "kB"}`;
  }

  function clear() {
    for (const one of held) one.request?.abort();
    held = [];
    contents.clear();
    draw();
  }

  return { add, take, clear, draw: drawFiles };
}

/** @type {(canvas: HTMLCanvasElement, content: Promise<Blob>, most: number) => Promise<void>} `most`: pixels of its longer side */
async function paint(canvas, content, most) {
  const picture = await createImageBitmap(await content);
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.dataset.painted = "";
  picture.close();
}

/** @type {(element: Element, run: () => void) => void} pictures far up in the log aren't fetched before they are read */
function whenSeen(element, run) {
  const watch = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    watch.disconnect();
    run();
  });
  watch.observe(element);
}
