// This browser as a device that push messages come to: whether it can, whether it is, switching it on and off.

import { Refused } from "../../shared/calls.js";

/** @import { Calls } from "../../shared/calls.js" */
/** @typedef {"on" | "off" | "lost" | "denied" | "insecure" | "missing"} PushState */

const API = "/account/api/notifications";
const WORKER = "/desk/push-worker.js";
const SCOPE = "/desk/";

/** What is remembered in this browser for an agent: whether they have switched it on here.
 * @param {string} agent */
export const pushKey = (agent) => `push.${agent}`;

/** What is true now, whatever was switched on before.
 * @param {boolean} isWanted
 * @returns {Promise<PushState>} */
export async function pushState(isWanted) {
  if (!isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "missing";
  if (Notification.permission === "denied") return "denied";
  if (!isWanted) return "off";
  return Notification.permission === "granted" && (await currentSubscription()) ? "on" : "lost";
}

/** Ask the agent, subscribe, and tell the server. Returns the device's id; null when the agent said no.
 * @param {Calls} calls
 * @returns {Promise<string | null>} */
export async function switchOn(calls) {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  await activated(registration);
  /** @type {{ key: string }} */
  const { key } = await calls.get(`${API}/key`);
  const options = { userVisibleOnly: true, applicationServerKey: decode(key) };
  const subscription = await registration.pushManager.subscribe(options).catch(async (error) => {
    const old = await registration.pushManager.getSubscription(); // made with the key of another time
    if (!old) throw error;
    await old.unsubscribe();
    return registration.pushManager.subscribe(options);
  });
  return await tell(calls, subscription);
}

/** End it in this browser. */
export async function switchOff() {
  await (await currentSubscription())?.unsubscribe();
}

/** Tell the server once more: it forgets devices with the session in which they were added. False, and no push message
 * comes here any more, if the agent has removed this browser from elsewhere.
 * @param {Calls} calls */
export async function renew(calls) {
  const subscription = await currentSubscription();
  try {
    if (subscription) await tell(calls, subscription, true);
  } catch (error) {
    if (!(error instanceof Refused && error.code === "push_removed")) throw error;
    await subscription?.unsubscribe();
    return false;
  }
  return true;
}

/** The id by which the server knows this browser. */
export async function endpointHash() {
  const subscription = await currentSubscription();
  if (!subscription) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function currentSubscription() {
  const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** @param {ServiceWorkerRegistration} registration */
async function activated(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (!worker) return;
  await new Promise((resolve) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && resolve(null));
  });
}

/** @param {Calls} calls
 * @param {PushSubscription} subscription
 * @param {boolean} renews
 * @returns {Promise<string>} */
async function tell(calls, subscription, renews = false) {
  const { endpoint, keys } = subscription.toJSON();
  /** @type {{ id: string }} */
  const device = await calls.post(`${API}/devices`, { endpoint, p256dh: keys?.p256dh, auth: keys?.auth, renews });
  return device.id;
}

/** @param {string} text base64url */
function decode(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
