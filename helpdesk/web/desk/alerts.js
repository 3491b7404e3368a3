// Telling an agent who looks elsewhere that somebody waits: the title always, sound and notification if wanted.

import { $, kept, me, say } from "./page.js";

const title = document.title;
let before = null;
let wanted = kept.read(`alerts.${me.id}`) === "on";
let sound = null;

export function start() {
  $("alerts").addEventListener("click", () => toggle(!wanted));
  draw();
}

/** What waits: a longer queue, a new offer to me, or a promise that has become due is news. */
export function tell({ queue = 0, offers = 0, offered = false, due = 0 }) {
  document.title = queue || offers ? `${offers ? "● " : ""}(${Math.max(queue, offers)}) ${title}` : title;
  const dueNow = before !== null && due > before.due;
  if (dueNow) $("said").textContent = say("desk_promise_due_said");
  if (wanted && (offered || dueNow || (before !== null && queue > before.queue)))
    ring(dueNow && !offered ? "desk_promise_due_said" : "desk_alert_title");
  before = { queue, due };
}

async function toggle(on) {
  wanted = on;
  kept.write(`alerts.${me.id}`, on ? "on" : "");
  if (on) {
    sound ??= new AudioContext();
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    beep();
  }
  draw();
}

function draw() {
  $("alerts").setAttribute("aria-pressed", String(wanted));
  $("alerts").title = say(wanted ? "desk_alerts_on" : "desk_alerts_off");
}

function ring(key) {
  beep();
  if (document.hidden && "Notification" in window && Notification.permission === "granted") {
    const note = new Notification(say(key), { tag: "staffel-queue", icon: "/static/shared/mark.svg" });
    note.addEventListener("click", () => {
      window.focus();
      note.close();
    });
  }
}

/** Two soft tones; no file to load. */
function beep() {
  if (!sound) return;
  const start = sound.currentTime + 0.02;
  [660, 880].forEach((frequency, index) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const at = start + index * 0.16;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.15);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.16);
  });
}
