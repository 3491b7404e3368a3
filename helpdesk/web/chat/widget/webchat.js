/**
 * The one script tag: `<script src="https://help.example/webchat.js" async></script>`.
 *
 * A classic script, because only those know the tag they came from (`document.currentScript`) and load from any site
 * without `crossorigin`; the modules come from beside it by `import()`, which a page's `script-src` of this host allows.
 */
(() => {
  const tag = /** @type {HTMLScriptElement|null} */ (
    document.currentScript ?? document.querySelector('script[src*="webchat.js"]')
  );
  if (!tag) return;
  const server = new URL("./", tag.src).href;
  const whenReady = new Promise((resolve) => {
    if (document.readyState !== "loading") resolve(undefined);
    else document.addEventListener("DOMContentLoaded", resolve, { once: true });
  });
  Promise.all([import(`${server}static/chat/widget/index.js`), whenReady])
    .then(([{ start }]) => start({ ...tag.dataset, server }))
    .catch((reason) => console.warn("Staffel: the chat could not be loaded.", reason));
})();
