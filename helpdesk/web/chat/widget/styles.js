/** The widget's looks, as a constructed style sheet: no style element, so that the strictest page policy allows it. */

const LIGHT = `
  --background: #f8fafc; --surface: #ffffff; --ink: #0f172a; --muted: #475569; --line: #e2e8f0; --edge: #8292a8;
  --accent: #0f766e; --accent-ink: #ffffff; --accent-text: #0f766e; --warn: #b45309; --warn-ground: #fff7ed;
  --danger: #b91c1c; --badge: #b91c1c; --shade: 15 23 42;`;

const DARK = `
  --background: #0b1220; --surface: #131c2e; --ink: #e5edf7; --muted: #9fb0c6; --line: #24324a; --edge: #5d7393;
  --accent: #2dd4bf; --accent-ink: #042f2e; --accent-text: #2dd4bf; --warn: #fbbf24; --warn-ground: #2a2113;
  --danger: #f87171; --badge: #b91c1c; --shade: 0 0 0;`;

const RULES = `
:host { all: initial; }
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }

.staffel {
  ${LIGHT}
  color-scheme: light;
  font: 400 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  color: var(--ink);
}
:host([data-theme="dark"]) .staffel { ${DARK} color-scheme: dark; }
@media (prefers-color-scheme: dark) { :host(:not([data-theme="light"])) .staffel { ${DARK} color-scheme: dark; } }

p, h2, form { margin: 0; }
button, input, textarea { font: inherit; color: inherit; }
button { cursor: pointer; border: 0; background: none; padding: 0; touch-action: manipulation; }
button:disabled { cursor: default; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
textarea:focus-visible { outline: none; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.baton { width: 26px; height: 26px; }
.baton .bar { fill: currentColor; }
.baton .band { fill: var(--accent); }

.launcher {
  position: fixed; z-index: 2147483000; inset: auto 24px max(24px, env(safe-area-inset-bottom)) auto;
  width: 60px; height: 60px; border-radius: 50%; background: var(--accent); color: var(--accent-ink);
  box-shadow: 0 2px 6px rgb(var(--shade) / .18), 0 10px 28px rgb(var(--shade) / .22); display: grid; place-items: center;
  transition: transform .16s;
}
:host([data-position="left"]) :is(.launcher, .panel) { right: auto; left: 24px; }
.launcher:hover { transform: translateY(-2px); }
.launcher .icon { width: 28px; height: 28px; }
.face { grid-area: 1 / 1; display: grid; transition: opacity .16s, transform .2s; }
.close-face, .open .chat-face { opacity: 0; transform: scale(.7); }
.open .close-face { opacity: 1; transform: none; }
.badge {
  position: absolute; top: -3px; right: -3px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
  background: var(--badge); color: #fff; font-size: 12px; font-weight: 700; line-height: 22px; text-align: center;
  box-shadow: 0 0 0 2px var(--surface);
}

.panel {
  position: fixed; z-index: 2147483001; inset: auto 24px 100px auto; width: 400px;
  height: min(680px, 100dvh - 124px); display: flex; flex-direction: column; overflow: hidden; border-radius: 20px;
  background: var(--background); border: 1px solid var(--line);
  box-shadow: 0 4px 12px rgb(var(--shade) / .08), 0 24px 64px rgb(var(--shade) / .24); animation: rise .2s ease-out;
}
@keyframes rise { from { opacity: 0; transform: translateY(12px) scale(.985); } }

.header { display: flex; align-items: center; gap: 12px; padding: 14px 12px 14px 16px; background: var(--surface); border-bottom: 1px solid var(--line); flex: none; }
.mark { width: 42px; height: 42px; border-radius: 13px; background: var(--accent); color: var(--accent-ink); display: grid; place-items: center; flex: none; font-weight: 650; font-size: 18px; }
.mark.agent { border-radius: 50%; }
.who { flex: 1; min-width: 0; }
.title { font-size: 16px; line-height: 1.3; font-weight: 650; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.role { font-size: 13px; line-height: 1.4; color: var(--muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tool { width: 40px; height: 40px; border-radius: 12px; display: grid; place-items: center; color: var(--muted); font-size: 13px; font-weight: 650; flex: none; }
.language { position: relative; }
.language select { position: absolute; inset: 0; width: 100%; opacity: 0; cursor: pointer; font-size: 16px; }
.tool:focus-within { outline: 2px solid var(--accent-text); outline-offset: 2px; }
.tool:hover { background: var(--background); color: var(--ink); }

.status { padding: 8px 16px; font-size: 13.5px; font-weight: 550; text-align: center; color: var(--accent-text); background: var(--surface); border-bottom: 1px solid var(--line); flex: none; }
.banner { display: flex; align-items: center; gap: 10px; padding: 10px 16px; font-size: 13.5px; line-height: 1.4; color: var(--warn); background: var(--warn-ground); border-bottom: 1px solid var(--line); flex: none; }
.banner span { flex: 1; }
.banner button { font-weight: 650; text-decoration: underline; text-underline-offset: 3px; padding: 6px; border-radius: 6px; }
.banner.calm { color: var(--muted); background: var(--surface); }
.banner.calm .icon { display: none; }

.messages { position: relative; flex: 1; min-height: 0; display: flex; }
.scroller { position: relative; flex: 1; min-width: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 16px; scrollbar-width: thin; }
.scroller:focus-visible { outline-offset: -3px; }
.panel:focus { outline: none; }
.list { display: flex; flex-direction: column; }
.day, .activity { align-self: center; margin: 14px 0 8px; font-size: 12.5px; line-height: 1.4; color: var(--muted); text-align: center; max-width: 90%; }
.day:first-child { margin-top: 0; }
.activity + .activity { margin-top: -2px; }
.activity span { display: inline-block; padding: 5px 12px; border-radius: 999px; background: var(--surface); border: 1px solid var(--line); }
.message { display: flex; flex-direction: column; align-items: flex-start; max-width: 88%; min-width: 0; margin-top: 3px; animation: arrive .18s ease-out; }
.message.first { margin-top: 12px; }
.message.contact { align-self: flex-end; align-items: flex-end; max-width: 82%; }
@keyframes arrive { from { opacity: 0; transform: translateY(6px); } }
.name { font-size: 12.5px; font-weight: 600; color: var(--muted); margin: 0 0 3px 4px; }
.bubble { max-width: 100%; padding: 10px 14px; border-radius: 16px; background: var(--surface); border: 1px solid var(--line); overflow-wrap: anywhere; }
.bot .bubble, .agent .bubble, .system .bubble { border-top-left-radius: 5px; }
.agent .bubble { border-color: var(--accent-text); }
.contact .bubble { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); border-bottom-right-radius: 5px; }
.contact.choice .bubble { background: var(--surface); border-color: var(--accent-text); color: var(--accent-text); font-weight: 550; }
.contact.failed .bubble { background: var(--surface); border-color: var(--danger); color: var(--ink); }
.plain { white-space: pre-wrap; }
.bubble > :first-child { margin-top: 0; }
.bubble > :last-child { margin-bottom: 0; }
.bubble:empty { display: none; }
.bubble p, .bubble ul, .bubble ol, .bubble pre, .bubble blockquote { margin: 8px 0; }
.bubble ul, .bubble ol { padding-left: 22px; }
.bubble li, .bubble li > p { margin: 3px 0; }
.bubble h3, .bubble h4 { margin: 14px 0 4px; font-size: 15.5px; line-height: 1.35; font-weight: 650; }
.bubble h4 { font-size: 14.5px; }
.bubble a { color: var(--accent-text); text-underline-offset: 2px; border-radius: 3px; }
.bubble code { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--background); border: 1px solid var(--line); border-radius: 5px; padding: 1px 5px; }
.bubble pre { margin: 0; }
.bubble pre code { background: none; border: 0; padding: 0; white-space: pre; overflow-wrap: normal; }
.bubble blockquote { margin-inline: 0; padding-left: 12px; border-left: 3px solid var(--accent-text); }
.bubble hr { border: 0; border-top: 1px solid var(--line); margin: 12px 0; }
.wide { margin: 8px 0; overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; max-width: 100%; }
.wide.pre { padding: 10px 12px; background: var(--background); }
table { border-collapse: collapse; font-size: 13.5px; line-height: 1.4; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 7px 10px; border-bottom: 1px solid var(--line); overflow-wrap: normal; min-width: 72px; }
th { font-weight: 600; background: var(--background); }
tr:last-child td { border-bottom: 0; }
.source { font-size: 12.5px; line-height: 1.4; color: var(--muted); margin: 5px 4px 6px; overflow-wrap: anywhere; }
.source a { color: inherit; text-underline-offset: 2px; }
.source a:hover { color: var(--accent-text); }
.source ul { margin: 0; padding: 0; list-style: none; }
.source li { padding: 4px 0; }
summary { display: inline-block; padding: 6px 0; font-weight: 600; color: var(--accent-text); cursor: pointer; border-radius: 6px; }
summary span + span, [open] > summary span { display: none; }
[open] > summary span + span { display: inline; }
.meta { display: flex; align-items: center; gap: 4px; margin: 3px 4px 0; font-size: 12px; line-height: 1.4; color: var(--muted); }
.meta .icon { width: 15px; height: 15px; }
.meta .icon-checks { width: 18px; color: var(--accent-text); }
.bubble.gone { color: var(--muted); font-style: italic; }
.state.failed, .failed .icon-alert { color: var(--danger); }
.message:not(.last):not(.failed) .meta:not(.changed) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.failure { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 2px 14px; margin: 0 4px; font-size: 13px; text-align: right; }
.failure p { width: 100%; color: var(--danger); }
.failure button { font-weight: 650; color: var(--accent-text); text-decoration: underline; text-underline-offset: 3px; min-height: 28px; border-radius: 6px; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
.choices button {
  min-height: 40px; padding: 7px 15px; border-radius: 20px; border: 1.5px solid var(--accent-text); background: var(--surface); color: var(--accent-text);
  font-weight: 550; font-size: 14.5px; line-height: 1.35; text-align: left; overflow-wrap: anywhere;
}
.choices button:hover { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
.chosen { display: flex; align-items: center; gap: 5px; margin-top: 8px; padding: 5px 12px; border-radius: 16px; border: 1px solid var(--line); font-size: 14px; color: var(--muted); }
.chosen .icon { width: 16px; height: 16px; color: var(--accent-text); }
.typing { display: flex; align-items: center; gap: 10px; margin-top: 12px; font-size: 13px; color: var(--muted); }
.dots { display: flex; gap: 4px; padding: 11px 13px; border-radius: 16px; border-top-left-radius: 5px; background: var(--surface); border: 1px solid var(--line); }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: var(--edge); animation: breathe 1.2s infinite ease-in-out; }
.dots i:nth-child(2) { animation-delay: .16s; }
.dots i:nth-child(3) { animation-delay: .32s; }
@keyframes breathe { 0%, 70%, 100% { opacity: .35; transform: none; } 35% { opacity: 1; transform: translateY(-3px); } }
.newer {
  position: absolute; bottom: 12px; left: 50%; translate: -50% 0; display: flex; align-items: center; gap: 6px; min-height: 36px; padding: 4px 14px 4px 10px;
  border-radius: 18px; background: var(--accent); color: var(--accent-ink); font-size: 13.5px; font-weight: 600; white-space: nowrap; box-shadow: 0 4px 14px rgb(var(--shade) / .25);
}

textarea::placeholder { color: var(--muted); opacity: 1; }
.composer { padding: 12px 12px 8px; background: var(--surface); border-top: 1px solid var(--line); flex: none; }
.box { display: flex; align-items: flex-end; gap: 4px; padding: 4px; border: 1px solid var(--edge); border-radius: 16px; background: var(--background); }
.box:focus-within { border-color: var(--accent-text); box-shadow: 0 0 0 1px var(--accent-text); }
textarea { flex: 1; min-width: 0; display: block; resize: none; border: 0; background: none; padding: 9px 8px 9px 10px; height: 42px; max-height: 140px; line-height: 24px; scrollbar-width: thin; }
.send { width: 42px; height: 42px; border-radius: 12px; background: var(--accent); color: var(--accent-ink); display: grid; place-items: center; flex: none; }
.send:disabled { background: transparent; color: var(--edge); }
.foot { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 4px; font-size: 13px; }
.person { display: flex; align-items: center; gap: 6px; min-height: 36px; padding: 0 6px 0 4px; border-radius: 8px; color: var(--muted); font-weight: 550; }
.person:hover { color: var(--accent-text); text-decoration: underline; text-underline-offset: 3px; }
.person .icon { width: 17px; height: 17px; }
.privacy { padding: 0 16px 8px; background: var(--surface); color: var(--muted); font-size: 12.5px; text-align: center; overflow-wrap: anywhere; flex: none; }
.left { margin: 4px 0 4px auto; color: var(--muted); }
.left.over { color: var(--danger); font-weight: 600; }

@media (max-width: 480px) {
  .panel.panel.panel {
    inset: var(--seen-top, 0) 0 auto 0; width: 100%; height: var(--seen-height, 100dvh); border: 0; border-radius: 0;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left);
  }
  .open .launcher { display: none; }
  .header { padding-right: 8px; }
  .tool { width: 44px; height: 44px; }
  .choices button, .person, .failure button, .banner button, .newer { min-height: 44px; }
  .choices button { border-radius: 22px; }
  .send { width: 44px; height: 44px; }
  textarea { font-size: 16px; }
  .composer { padding-bottom: max(6px, env(safe-area-inset-bottom)); }
}
@media (max-height: 520px) { .panel { bottom: 12px; height: calc(100dvh - 24px); } .open .launcher { display: none; } }
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { .bubble, .choices button, .launcher, .send, .box { border: 1px solid CanvasText; } .icon { stroke: CanvasText; } }
`;

/** @type {CSSStyleSheet|undefined} */
let shared;

/** @returns {CSSStyleSheet} one for all elements of the page */
export function sheet() {
  return (shared ??= toSheet(RULES));
}

/** @param {string} rules */
export function toSheet(rules) {
  const made = new CSSStyleSheet();
  made.replaceSync(rules);
  return made;
}
