// The service worker for push messages. It shows what comes, opens the conversation, and keeps nothing: no cache, no fetch.

/** @typedef {{ url: string, visibilityState: string, focus: () => Promise<void>, postMessage: (news: unknown) => void }} DeskWindow */
/**
 * @typedef {{
 *   addEventListener: (type: string, listener: (event: any) => void) => void,
 *   skipWaiting: () => Promise<void>,
 *   clients: {
 *     claim: () => Promise<void>,
 *     matchAll: (of: object) => Promise<DeskWindow[]>,
 *     openWindow: (address: string) => Promise<unknown>,
 *   },
 *   registration: ServiceWorkerRegistration,
 * }} PushWorker what the browser gives a service worker; the types of pages don't know it
 */

const worker = /** @type {PushWorker} */ (/** @type {unknown} */ (globalThis));

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("push", (event) => event.waitUntil(show(event.data)));

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data ?? "/desk")));
});

/**
 * A page that is being looked at tells its agent by itself: no second bell.
 * @param {{ json: () => any } | null} data
 */
async function show(data) {
  /** @type {{ title: string, body: string, tag: string, url: string, test?: boolean }} */
  const message = data?.json();
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const isWatched = windows.some((one) => one.visibilityState === "visible" && new URL(one.url).pathname === "/desk");
  if (isWatched && !message.test && !message.tag.startsWith("mention-")) return;
  const { title, body, tag, url } = message;
  const options = /** @type {NotificationOptions} */ ({
    body,
    tag,
    renotify: true,
    data: url,
    icon: "/static/shared/mark.svg",
  });
  await worker.registration.showNotification(title, options);
}

/**
 * To a desk that is open already, else to a new one.
 * @param {string} address
 */
async function open(address) {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const desk = windows.find((one) => new URL(one.url).pathname === "/desk");
  if (!desk) {
    await worker.clients.openWindow(address);
    return;
  }
  desk.postMessage({ type: "open", conversation: new URL(address, desk.url).searchParams.get("conversation") });
  await desk.focus();
}
