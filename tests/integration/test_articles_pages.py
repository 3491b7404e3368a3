"""The admin pages about articles: over HTTP, and in a real browser."""

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import sqlalchemy as sa

from helpdesk.web.admin.articles.words import HINTS
from knowledge.articles import drafts
from knowledge.articles.article_list import list_articles
from knowledge.articles.drafts import load
from knowledge.hints import WordingRule
from store.db import Database
from store.models import Role
from tests.harness import eventually
from tests.integration.staff import ORIGIN, House, StaffBrowser, served
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

pytestmark = pytest.mark.sqlite_only


def draft(answer: str = "Von 9 bis 17 Uhr.", **more: Any) -> dict[str, Any]:
    return {"variants": {"de": {"question": "Wann offen?", "answer": answer, "phrasings": ["öffnungszeiten"]}}, **more}


async def published(db: Database, key: str = "hours", answer: str = "Von 9 bis 17 Uhr.", **more: Any) -> int:
    there = {view.key: view.version for view in [await load(db, key)]} if await exists(db, key) else {}
    saved = await drafts.save_draft(db, key, draft(answer, **more), by="Jo", expected_version=there.get(key))
    return (await drafts.publish(db, key, by="Jo", expected_version=saved.version)).version


async def exists(db: Database, key: str) -> bool:
    return key in [view.key for view in await list_articles(db)]


async def post(browser: StaffBrowser, db: Database, path: str, body: object) -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    headers = {
        "x-csrf-token": await browser.csrf(db),
        "origin": ORIGIN,
        "content-type": kind,
        "accept": "application/json",
    }
    return await browser.post(path, content=raw, headers=headers)


# Over HTTP


async def test_the_second_editor_gets_what_the_first_changed_and_loses_nothing(
    admin: StaffBrowser, db: Database
) -> None:
    seen = await published(db)
    await drafts.save_draft(db, "hours", draft("Von 8 bis 17 Uhr.", category="shop"), by="Jo", expected_version=seen)
    mine = draft("Von 9 bis 18 Uhr.")
    one = "/admin/api/articles/hours"
    refused = await post(admin, db, f"{one}/draft", {"content": mine, "version": seen})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")
    merged = (await post(admin, db, f"{one}/merge", {"content": mine, "version": seen})).json()
    assert [clash["label"] for clash in merged["clashes"]] == ["Deutsch · Antwort"]
    assert merged["clashes"][0]["theirs"] == "Von 8 bis 17 Uhr."
    assert {"language": None, "field": "category", "value": "shop"} in merged["values"]
    assert "<ins>" in merged["changes"]
    saved = await post(
        admin, db, f"{one}/draft", {"content": {**mine, "category": "shop"}, "version": merged["version"]}
    )
    assert saved.status_code == 200


async def test_previews_and_hints_come_in_one_answer_and_are_safe(admin: StaffBrowser, db: Database) -> None:
    texts = {"de": "Wir melden uns zeitnah. <img src=x onerror=alert(1)>", "en": ""}
    found = (await post(admin, db, "/admin/api/look", {"answers": texts})).json()
    assert set(found["previews"]["de"]) == {"webchat", "telegram", "slack"}
    assert all("<img" not in one["html"] for one in found["previews"]["de"].values())
    rules = [(hint["rule"], hint["language"], hint["found"]) for hint in found["hints"]]
    assert rules == [("vague_time", "de", "zeitnah"), ("language_missing", "en", "")]
    assert found["hints"][0]["sentence"].startswith("Wann genau?")


def test_every_hint_has_a_sentence() -> None:
    assert [rule for rule in WordingRule if rule not in HINTS] == []


async def test_an_answer_older_than_its_twin_is_told_in_the_editor(admin: StaffBrowser, db: Database) -> None:
    both = {**draft()["variants"], "en": {"question": "When open?", "answer": "9 to 5 pm.", "phrasings": []}}
    saved = await drafts.save_draft(db, "hours", {"variants": both}, by="Jo")
    async with db.write() as session:
        await session.execute(sa.text("UPDATE article_versions SET at = '2026-01-01 00:00:00+00:00'"))
    newer = {**both, "de": {**both["de"], "answer": "Von 9 bis 17 Uhr, auch samstags."}}
    await drafts.save_draft(db, "hours", {"variants": newer}, by="Jo", expected_version=saved.version)
    answers = {language: wording["answer"] for language, wording in newer.items()}
    found = (await post(admin, db, "/admin/api/look", {"answers": answers, "key": "hours"})).json()
    assert [(hint["rule"], hint["language"]) for hint in found["hints"]] == [("older_twin", "en")]


async def test_a_rollback_publishes_the_old_words_with_one_request(admin: StaffBrowser, db: Database) -> None:
    await published(db, answer="Alt.")
    version = await published(db, answer="Neu.")
    back = await post(admin, db, "/admin/api/articles/hours/rollback", {"version": version, "to": 2})
    assert back.json()["state"] == "published"
    shown = (await load(db, "hours")).published
    assert shown
    assert shown.variants["de"].answer == "Alt."
    page = (await admin.get("/admin/articles/history/hours?old=4&new=5")).text
    assert "Neu" in page
    assert "Zurück zu einer früheren Fassung" in page


async def test_the_presence_names_the_others_and_the_newest_version(
    admin: StaffBrowser, house: House, db: Database
) -> None:
    await published(db)
    other = await house.signed_in(Role.ADMIN, "jo@example.org", "Jo")
    await post(other, db, "/admin/api/articles/hours/presence", {})
    here = (await post(admin, db, "/admin/api/articles/hours/presence", {})).json()
    assert (here["others"], here["version"], here["changed_by"]) == (["Jo"], 2, "Jo")


async def test_the_list_is_filtered_by_its_address(admin: StaffBrowser, db: Database) -> None:
    await published(db, "hours", owner="ada@example.org", review_on="2026-01-01")
    await published(db, "other", valid_until="2026-01-01T00:00:00Z")
    for query, expected in {
        "owner=me": {"hours"},
        "owner=nobody": {"other"},
        "due=yes": {"hours"},
        "hidden=yes": {"other"},
        "language=en": {"hours", "other"},
        "state=draft": set(),
        "state=nonsense&page=x": {"hours", "other"},
    }.items():
        page = (await admin.get(f"/admin/articles?{query}")).text
        assert {key for key in ("hours", "other") if f"/edit/{key}" in page} == expected, query


# In a browser


@pytest.mark.browser
async def test_two_admins_edit_the_same_article_and_nothing_is_lost(two_admins: House, browser: "Chromium") -> None:
    await published(two_admins.db)
    async with (
        served(two_admins) as address,
        window(browser, address, "mia@example.org") as mia,
        window(browser, address, "jo@example.org") as jo,
    ):
        for page in (mia, jo):
            await page.goto("/admin/articles/edit/hours")
            await page.wait_for_selector("[data-preview=de] p")
        await jo.fill("[name=de-answer]", "Von 8 bis 17 Uhr.")
        await jo.click("#publish")
        await jo.wait_for_selector("#article-status:has-text('Published')")
        await mia.fill("[name=de-answer]", "Von 9 bis 18 Uhr.")
        await mia.fill("[name=de-phrasings]", "öffnungszeiten\nwann habt ihr auf")
        await mia.keyboard.press("Control+s")
        await mia.wait_for_selector("#conflict:not([hidden]) del:has-text('8')")
        await check(mia)
        assert await mia.input_value("[name=de-answer]") == "Von 9 bis 18 Uhr."
        await mia.click("text=Text von Jo nehmen")
        assert await mia.input_value("[name=de-answer]") == "Von 8 bis 17 Uhr."
        await mia.click("text=Meins behalten")
        await mia.keyboard.press("Control+s")
        await mia.wait_for_selector("#article-status:has-text('gespeichert')")
    view = await load(two_admins.db, "hours")
    assert view.draft
    assert view.draft.variants["de"].answer == "Von 9 bis 18 Uhr."
    assert view.draft.variants["de"].phrasings == ("öffnungszeiten", "wann habt ihr auf")


@pytest.mark.browser
async def test_an_article_goes_through_review_and_back_with_one_click(two_admins: House, browser: "Chromium") -> None:
    await published(two_admins.db, answer="Alt.")
    async with served(two_admins) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/articles/edit/hours")
        await page.fill("[name=de-answer]", "Zeitnah neu.")
        await page.wait_for_selector(".hint-item:has-text('Wann genau?')")
        assert await page.locator("[data-language=de] .marks mark").inner_text() == "Zeitnah"
        await page.click("#save")
        await page.wait_for_selector("[data-do=submit]:visible")
        await page.click("[data-do=submit]")
        await page.fill("#comment-text", "Passt das?")
        await page.click("#comment-go")
        await page.wait_for_selector(".notice:has-text('Mia bittet um Prüfung')")
        await page.keyboard.press("Tab")
        await page.click("#publish")
        await page.wait_for_selector("#article-status:has-text('nächsten Frage')")
        await page.click("text=Fassungen (")
        await page.wait_for_selector("ins:has-text('Zeitnah neu')")
        await page.click("[data-to='2']")
        await page.click("#sure [value=yes]")
        await page.wait_for_selector("#article-status:has-text('Zurückgenommen')")
    shown = (await load(two_admins.db, "hours")).published
    assert shown
    assert shown.variants["de"].answer == "Alt."


@pytest.mark.browser
async def test_unsaved_text_survives_a_closed_window(two_admins: House, browser: "Chromium") -> None:
    await published(two_admins.db)
    async with served(two_admins) as address, window(browser, address, "mia@example.org") as page:
        await page.goto("/admin/articles/edit/hours")
        await page.fill("[name=de-answer]", "Nicht gespeichert.")
        await eventually(
            lambda: page.evaluate("localStorage.getItem('staffel.article.hours')"), "the text on the shelf"
        )
        page.on("dialog", lambda dialog: dialog.accept())
        await page.reload()
        await page.click("[data-rescue=yes]")
        assert await page.input_value("[name=de-answer]") == "Nicht gespeichert."


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
async def test_the_article_pages_have_no_fault_that_axe_finds(
    two_admins: House, browser: "Chromium", scheme: str, width: int
) -> None:
    await published(two_admins.db, answer="Alt.")
    version = await published(two_admins.db, answer="Neu.", owner="mia@example.org", review_on="2026-01-01")
    saved = await drafts.save_draft(
        two_admins.db, "hours", draft("Zeitnah, in 3–5 Wochen."), by="Jo", expected_version=version
    )
    await drafts.submit(two_admins.db, "hours", by="Jo", expected_version=saved.version, comment="Gut so?")
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    async with served(two_admins) as address, window(browser, address, "mia@example.org", **options) as page:
        for path in ("", "/history/hours", "/new", "/edit/hours"):
            await page.goto(f"/admin/articles{path}")
            await check(page)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        await page.wait_for_selector(".hint-item")
        for channel in ("telegram", "slack"):
            await page.click(f"#de-tab-{channel}")
            await check(page)
