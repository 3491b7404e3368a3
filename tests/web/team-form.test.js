/** The form of a team: times as people type them, days off as stretches, a colleague who was quicker. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { get, openStaffPage, refusal, settled, textsOf, type } from "./staff-page.js";

/** @import { TeamFacts } from "../../helpdesk/web/admin/teams/types.js" */
/** @import { FakeServer } from "./staff-page.js" */

/** @type {TeamFacts} */
const TEAM = {
  id: "7",
  version: 3,
  name: "Delivery",
  topics: ["parcels"],
  members: [],
  hours: { mon: [["09:00", "17:00"]], tue: [] },
  time_zone: "Europe/Berlin",
  region: "",
  closed_on: ["2026-12-24", "2026-12-25", "2026-12-31"],
  changed_by: "Mia",
  changed_at: "2026-11-22T15:00:00Z",
};
const SAVE = "POST /admin/api/teams/7/save";

/** @type {FakeServer} */
let server;
let visit = 0;

beforeEach(async () => {
  ({ server } = openStaffPage("admin/teams/team.html", {
    include: ["admin/confirmation.html"],
    lists: { days: ["mon", "tue"], categories: [], agents: [] },
    values: { "view.team.id if view else ''": "7", "facts | tojson": JSON.stringify(TEAM) },
    words: { teams_conflict: "{name} changed {fields}", teams_field_name: "the name" },
  }));
  server.on("POST /admin/api/teams/preview", { html: "<ul class='said'><li>open</li></ul>", problems: [] });
  await import(`../../helpdesk/web/admin/teams/team.js?visit=${++visit}`);
  await settled();
});

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (document.querySelector(`#team [name="${name}"]`));

async function save() {
  get("team", HTMLFormElement).requestSubmit();
  await settled();
}

/** What was sent last. */
const saved = () => /** @type {TeamFacts} */ (/** @type {unknown} */ (server.sentTo("/admin/api/teams/7/save").at(-1)));

test("the form has what the team has, a topic that nobody listed included", () => {
  assert.deepEqual([field("name").value, textsOf("#topics .chip")], ["Delivery", ["parcels"]]);
  assert.deepEqual(textsOf('[data-day="tue"] .shut'), ["teams_closed"]);
  assert.equal(document.querySelectorAll("#closed .chip").length, 2);
});

test("times are kept in one form, however they are typed", async () => {
  server.on(SAVE, TEAM);
  const [from, to] = [...document.querySelectorAll('[data-day="mon"] input')];
  /** @type {HTMLInputElement} */ (from).value = "930";
  /** @type {HTMLInputElement} */ (to).value = "18 Uhr";
  await save();
  assert.deepEqual(saved().hours?.mon, [["09:30", "18:00"]]);
});

test("a stretch of days off goes in as its dates and comes out as one chip", async () => {
  server.on(SAVE, TEAM);
  get("closed-first", HTMLInputElement).value = "2026-12-26";
  get("closed-last", HTMLInputElement).value = "2026-12-30";
  get("closed-add").click();
  assert.equal(document.querySelectorAll("#closed .chip").length, 1);
  await save();
  assert.equal(saved().closed_on.length, 8);
});

test("a stretch that ends before it begins is told at its field", () => {
  get("closed-first", HTMLInputElement).value = "2026-12-30";
  get("closed-last", HTMLInputElement).value = "2026-12-26";
  get("closed-add").click();
  assert.equal(document.querySelector("[data-problem=closed_on]")?.textContent, "teams_closed_order");
});

test("each problem that the server finds is told at its field, of a time's at its box", async () => {
  const problems = [
    { field: "name", sentence: "There is a team of this name." },
    { field: "hours.mon.0", sentence: "That is no time." },
  ];
  server.on(SAVE, () => refusal(422, "Please look again.", { problems }));
  await save();
  assert.equal(get("name-problem").textContent, "There is a team of this name.");
  assert.equal(document.querySelector('[data-problem="hours.mon"]')?.textContent, "That is no time.");
  assert.equal(field("name").getAttribute("aria-invalid"), "true");
  assert.equal(document.activeElement, field("name"));
});

test("who was slower is told what differs, and what was typed stays until one chooses", async () => {
  server.on(SAVE, () => refusal(409, "Changed.", { code: "team_changed" }));
  server.on("GET /admin/api/teams/7", { ...TEAM, name: "Shipping", version: 4, changed_by: "Tom" });
  type(field("name"), "Parcels");
  await save();
  assert.equal(get("team-conflict").textContent?.includes("Tom changed the name"), true);
  assert.equal(field("name").value, "Parcels");
  server.on(SAVE, TEAM);
  /** @type {HTMLElement | null} */ (document.querySelector('[data-conflict="mine"]'))?.click();
  await settled();
  assert.deepEqual([saved().name, saved().version], ["Parcels", 4]);
});

test("what was typed is kept at once, and dropped when it is saved", async () => {
  server.on(SAVE, TEAM);
  type(field("name"), "Parcels");
  assert.match(localStorage.getItem("staffel.team.7") ?? "", /Parcels/);
  await save();
  assert.equal(localStorage.getItem("staffel.team.7"), null);
});
