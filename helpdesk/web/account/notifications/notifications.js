// The page about notifications: what is true in this browser, its switches, and a test for each device.

import { Calls, csrfOf, sentenceOf } from "../../shared/calls.js";
import { Drafts } from "../../shared/drafts.js";
import { byId, find, findAll, notify } from "../../shared/elements.js";
import { say } from "../../shared/words.js";
import { endpointHash, pushKey, pushState, switchOff, switchOn } from "./push.js";

const API = "/account/api/notifications";

const calls = new Calls({ csrf: csrfOf() });
const drafts = new Drafts();
const me = byId("content").dataset.agent ?? "";
const toggle = byId("push-switch", HTMLButtonElement);
const sound = byId("sound", HTMLInputElement);
const wishes = byId("wishes", HTMLFormElement);
const quiet = byId("quiet", HTMLInputElement);

toggle.addEventListener("click", () =>
  attempt("push-problem", [toggle], async () => {
    if (toggle.dataset.state === "on") await end();
    else await begin();
  }),
);
sound.checked = drafts.read(`alerts.${me}`) === "on";
sound.addEventListener("change", () => {
  drafts.keep(`alerts.${me}`, sound.checked ? "on" : "");
  drawSound();
});
quiet.addEventListener("change", drawQuiet);
wishes.addEventListener("submit", (event) => {
  event.preventDefault();
  notify(byId("wishes-done"), null);
  attempt("wishes-problem", findAll(wishes, "button", HTMLButtonElement), save);
});
for (const row of findAll(document.body, "[data-device]")) listenToDevice(row);
drawSound();
drawQuiet();
await draw();

async function begin() {
  if (await switchOn(calls).catch(refuse)) drafts.keep(pushKey(me), "on");
  location.reload();
}

/** @param {unknown} error @returns {never} */
function refuse(error) {
  throw error instanceof DOMException ? new Error(say("notify_state_failed")) : error;
}

async function end() {
  const row = await here();
  if (row) await calls.post(`${API}/devices/${row.dataset.device}/remove`);
  drafts.keep(pushKey(me), "");
  await switchOff();
  location.reload();
}

async function save() {
  const given = new FormData(wishes);
  const times = quiet.checked ? [given.get("quiet_from"), given.get("quiet_until")].map(String) : ["", ""];
  await calls.post(API, { kinds: given.getAll("kinds").map(String), quiet_from: times[0], quiet_until: times[1] });
  notify(byId("wishes-done"), say("notify_saved"));
}

/** @param {HTMLElement} row */
function listenToDevice(row) {
  const device = row.dataset.device;
  const test = find(row, "[data-test]", HTMLButtonElement);
  const remove = find(row, "[data-remove]", HTMLButtonElement);
  test.addEventListener("click", () =>
    attempt("device-problem", [test], async () => {
      /** @type {{ sent: boolean, gone: boolean }} */
      const { sent, gone } = await calls.post(`${API}/devices/${device}/test`);
      if (gone) row.hidden = true;
      notify(byId("device-done"), say(sent ? "notify_sent" : gone ? "notify_gone" : "notify_not_sent"));
    }),
  );
  remove.addEventListener("click", () =>
    attempt("device-problem", [remove], async () => {
      const isHere = row === (await here());
      await calls.post(`${API}/devices/${device}/remove`);
      if (isHere) {
        drafts.keep(pushKey(me), "");
        await switchOff();
      }
      location.reload();
    }),
  );
}

/** The row of this browser, if the server knows it. */
async function here() {
  const hash = await endpointHash();
  return findAll(document.body, "[data-device]").find((row) => hash && row.dataset.endpoint === hash);
}

async function draw() {
  const known = await pushState(drafts.read(pushKey(me)) === "on");
  const row = await here();
  const state = known === "on" && !row ? "lost" : known;
  byId("push-state").textContent = say(`notify_state_${state}`);
  toggle.dataset.state = state;
  toggle.textContent = (state === "on" ? toggle.dataset.off : toggle.dataset.on) ?? "";
  toggle.classList.toggle("primary", state !== "on");
  toggle.hidden = !["on", "off", "lost"].includes(state);
  if (row) find(row, "[data-here]").textContent = say("notify_here");
}

function drawSound() {
  byId("sound-state").textContent = say(sound.checked ? "notify_sound_on" : "notify_sound_off");
}

function drawQuiet() {
  byId("quiet-times").hidden = !quiet.checked;
}

/**
 * Do `work` while `buttons` rest; what goes wrong is said in `notice`.
 * @param {string} notice
 * @param {HTMLButtonElement[]} buttons
 * @param {() => Promise<void>} work
 */
async function attempt(notice, buttons, work) {
  notify(byId(notice), null);
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    notify(byId(notice), sentenceOf(error));
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}
