"""The teams' pages and doors: made, changed by two at once, archived; and the editor in a real browser."""

import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from helpdesk.accounts.agents import find_agent
from helpdesk.schedule import teams
from helpdesk.schedule.teams import TeamForm
from store.db import Database
from store.models import Article, ArticleState, Role
from tests.integration.staff import House, StaffBrowser, served
from tests.integration.staff_windows import sign_in

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

WRITTEN: dict[str, Any] = {
    "name": "Versand",
    "topics": ["orders"],
    "members": [],
    "hours": {"mon": [["09:00", "12:30"], ["14:00", "18:00"]]},
    "time_zone": "Europe/Berlin",
    "region": "BY",
    "closed_on": ["2026-12-24"],
    "version": 0,
}


async def post(browser: StaffBrowser, path: str, body: object) -> httpx.Response:
    return await browser.post(f"/admin/api/teams{path}", json=body)


async def test_a_team_is_made_changed_archived_and_restored(admin: StaffBrowser, db: Database) -> None:
    ada = await find_agent(db, "ada@example.org")
    made = (await post(admin, "", WRITTEN | {"members": [ada.id]})).json()
    assert (made["version"], made["members"], made["changed_by"]) == (1, [ada.id], "Ada")
    one = f"/{made['id']}"
    changed = await post(admin, f"{one}/save", WRITTEN | {"name": "Versand Süd", "hours": None, "version": 1})
    assert (changed.json()["name"], changed.json()["hours"], changed.json()["members"]) == ("Versand Süd", None, [])
    assert (await admin.get(f"/admin/api/teams{one}")).json()["version"] == 2
    archived = await post(admin, f"{one}/archive", {"version": 2})
    assert archived.json()["active"] is False
    assert (await post(admin, f"{one}/restore", {"version": 3})).json()["active"] is True


async def test_what_is_wrong_is_said_by_field_in_the_readers_language_and_nothing_is_kept(
    admin: StaffBrowser, db: Database
) -> None:
    bad = WRITTEN | {"hours": {"mon": [["9", "17:00"]]}, "time_zone": "Mond"}
    refused = await post(admin, "", bad)
    assert refused.status_code == 422
    assert [(each["field"], each["sentence"].partition(".")[0]) for each in refused.json()["error"]["problems"]] == [
        ("hours.mon.0", "Montag: Erwartet werden zwei Uhrzeiten wie 09:00 und 17:00"),
        ("time_zone", "Die Zeitzone „Mond“ gibt es nicht"),
    ]
    assert await teams.list_teams(db) == []


async def test_a_name_is_taken_once(admin: StaffBrowser) -> None:
    await post(admin, "", WRITTEN)
    second = await post(admin, "", WRITTEN)
    assert second.json()["error"]["problems"][0]["field"] == "name"
    assert "schon ein Team „Versand“" in second.json()["error"]["message"]


async def test_two_admins_do_not_overwrite_each_other(admin: StaffBrowser, db: Database) -> None:
    made = (await post(admin, "", WRITTEN)).json()
    await teams.save(db, TeamForm(name="Lager"), by="Jo", team_id=made["id"], version=1)
    late = await post(admin, f"/{made['id']}/save", WRITTEN | {"version": 1})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "team_changed")
    assert late.json()["error"]["message"].startswith("Jo hat dieses Team")
    assert (await teams.load(db, made["id"])).team.name == "Lager"
    assert (await post(admin, f"/{made['id']}/archive", {"version": 1})).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        WRITTEN | {"active": False},
        WRITTEN | {"hours": {"monday": []}},
        WRITTEN | {"hours": {"mon": [["09:00"]]}},
        WRITTEN | {"name": "x" * 501},
        WRITTEN | {"closed_on": "2026-12-24"},
    ],
)
async def test_what_is_no_team_is_refused(admin: StaffBrowser, body: object) -> None:
    assert (await post(admin, "", body)).status_code == 422


async def test_a_member_that_does_not_exist_is_refused(admin: StaffBrowser, db: Database) -> None:
    refused = await post(admin, "", WRITTEN | {"members": ["0" * 32]})
    assert refused.json()["error"]["problems"][0]["field"] == "members"
    assert await teams.list_teams(db) == []


async def test_what_does_not_exist_is_not_found(admin: StaffBrowser) -> None:
    assert (await admin.get("/admin/api/teams/nothing")).status_code == 404
    assert (await post(admin, "/nothing/save", WRITTEN)).status_code == 404
    assert (await admin.get("/admin/teams/nothing", headers={"accept": "text/html"})).status_code == 404


async def test_the_preview_keeps_nothing_and_escapes_everything(admin: StaffBrowser, db: Database) -> None:
    shown = (await post(admin, "/preview", WRITTEN | {"name": "<b>"})).json()
    assert shown["problems"] == []
    assert "Mo 09:00–12:30 und 14:00–18:00 Uhr" in shown["html"]
    assert "Bayern" in shown["html"]
    broken = (await post(admin, "/preview", WRITTEN | {"time_zone": "<script>"})).json()
    assert (broken["html"], broken["problems"][0]["field"]) == ("", "time_zone")
    assert await teams.list_teams(db) == []


async def test_an_agent_who_is_no_admin_has_no_business_here(house: House) -> None:
    browser = await house.signed_in(Role.AGENT)
    browser.headers.update({"x-csrf-token": await browser.csrf(house.db), "accept": "application/json"})
    assert (await browser.get("/admin/teams")).status_code == 403
    assert (await post(browser, "", WRITTEN)).status_code == 403


@pytest.fixture
async def article_about_orders(db: Database) -> None:
    async with db.write() as session:
        session.add(Article(key="a", version=1, state=ArticleState.PUBLISHED, category="orders"))


@pytest.mark.browser
@pytest.mark.sqlite_only
@pytest.mark.usefixtures("article_about_orders")
async def test_a_team_is_made_in_the_browser_and_nothing_typed_is_lost_on_an_error(
    two_admins: House, browser: "Chromium"
) -> None:
    async with served(two_admins) as address:
        page, errors = await sign_in(browser, address, "mia@example.org")
        await page.goto("/admin/teams/new")
        await expect(page.locator("#preview .strip tbody tr")).to_have_count(14)
        await page.fill("[name=name]", "Versand")
        await page.get_by_label("orders").check()
        await page.fill("#topic-more", "Zoll")
        await page.keyboard.press("Enter")
        await page.get_by_label("Mia").check()
        monday = page.locator("[data-day=mon] input")
        await monday.nth(1).fill("halb fünf")
        await page.locator("#save").click()
        await expect(page.locator("#team-problem")).to_contain_text("Montag: Erwartet werden zwei Uhrzeiten")
        await expect(monday.nth(1)).to_have_value("halb fünf")
        await expect(monday.nth(1)).to_have_attribute("aria-invalid", "true")
        await monday.nth(1).fill("1630")
        await page.locator("#copy-week").click()
        await expect(page.locator("[data-day=fri] input").nth(1)).to_have_value("16:30")
        await page.select_option("[name=region]", "BY")
        await expect(page.locator("#preview")).to_contain_text("Mo–Fr 09:00–16:30 Uhr")
        await page.locator("#save").click()
        await page.wait_for_url(re.compile(r"/admin/teams/[0-9a-f]{32}$"))
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert errors == []
    (kept,) = await teams.list_teams(two_admins.db)
    assert (kept.team.topics, kept.team.hours["fri"], kept.team.region) == (
        ("orders", "Zoll"),
        (("09:00", "16:30"),),
        "BY",
    )


@pytest.mark.browser
@pytest.mark.sqlite_only
@pytest.mark.usefixtures("article_about_orders")
async def test_a_quicker_colleague_is_named_and_one_s_own_text_stays(two_admins: House, browser: "Chromium") -> None:
    made = await teams.save(two_admins.db, TeamForm(name="Versand"), by="Mia")
    options = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    async with served(two_admins) as address:
        page, errors = await sign_in(browser, address, "jo@example.org", **options)
        await page.goto(f"/admin/teams/{made.team.id}")
        await page.fill("[name=name]", "Delivery")
        await teams.save(two_admins.db, TeamForm(name="Lager"), by="Mia", team_id=made.team.id, version=1)
        await page.keyboard.press("Control+s")
        await expect(page.locator("#team-conflict")).to_contain_text("Mia has changed this team in the meantime: name.")
        await expect(page.locator("[name=name]")).to_have_value("Delivery")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await page.locator("[data-conflict=mine]").click()
        await expect(page.locator("#team-status")).to_have_text("Saved.")
        assert errors == []
    assert (await teams.load(two_admins.db, made.team.id)).team.name == "Delivery"


@pytest.mark.browser
@pytest.mark.sqlite_only
@pytest.mark.usefixtures("article_about_orders")
async def test_what_was_typed_survives_a_closed_window(two_admins: House, browser: "Chromium") -> None:
    async with served(two_admins) as address:
        page, errors = await sign_in(browser, address, "mia@example.org")
        await page.goto("/admin/teams/new")
        await page.fill("[name=name]", "Versand")
        kept = await page.evaluate("localStorage.getItem('staffel.team.')")
        assert json.loads(kept)["team"]["name"] == "Versand"
        page.on("dialog", lambda dialog: dialog.accept())
        await page.goto("/admin/teams")
        await page.goto("/admin/teams/new")
        await page.locator("[data-rescue=yes]").click()
        await expect(page.locator("[name=name]")).to_have_value("Versand")
        assert errors == []
