"""The admin pages of web sites: from an address to articles, with what went wrong said in plain words."""

from collections.abc import AsyncIterator

import pytest

from knowledge.articles import drafts
from knowledge.sites.site_readings import SiteReadings
from store.db import Database
from store.errors import NotFound
from tests.fakes.web_site import WebSite, faq_page, serve_site
from tests.integration.staff import StaffBrowser
from tests.integration.test_sites import HULL, KEY, OARS, night_falls, readings_of, work_off


@pytest.fixture
async def site() -> AsyncIterator[WebSite]:
    async with serve_site() as running:
        running.put("/help", faq_page(OARS, HULL, more='<a href="/help/away">more</a>'))
        yield running


@pytest.fixture
def readings(db: Database, site: WebSite) -> SiteReadings:
    return readings_of(db, site)


async def enter(admin: StaffBrowser, address: str) -> str:
    """Enter a site; its id."""
    answer = await admin.post("/admin/api/sites/new", json={"address": address, "language": "en"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_from_an_address_to_articles(
    admin: StaffBrowser, site: WebSite, readings: SiteReadings, db: Database
) -> None:
    one = f"/admin/api/sites/{await enter(admin, f'{site.url}/help')}"
    assert (await admin.get(one)).json()["busy"]

    await work_off(readings)

    state = (await admin.get(one)).json()
    assert (state["busy"], state["sentence"], state["problem"]) == (False, "2 Seiten gelesen, 2 Fragen gefunden", "")
    plan = (await admin.get(f"{one}/plan")).json()
    assert plan["counts"] == {"new": 2, "changed": 0, "unchanged": 0}
    assert OARS[0] in plan["html"]
    assert f"{site.url}/help/away" in plan["html"]
    assert "Diese Seite gibt es nicht (mehr) (Status 404)" in plan["html"]
    with pytest.raises(NotFound):
        await drafts.load(db, KEY)

    body = {"revision": plan["revision"], "drafts": False, "without": ["what-is-the-hull-made-of"]}
    brought = await admin.post(f"{one}/import", json=body)

    done = brought.json()
    assert (done["new"], done["changed"], done["left"]) == (1, 0, [])
    assert "1 Artikel hat noch keine weiteren Formulierungen" in done["html"]
    assert (await drafts.load(db, KEY)).published is not None
    editor = (await admin.get(f"/admin/articles/edit/{KEY}")).text
    assert f'href="{site.url}/help"' in editor
    with pytest.raises(NotFound):
        await drafts.load(db, "what-is-the-hull-made-of")


async def test_a_preview_that_has_grown_old_stores_nothing(
    admin: StaffBrowser, site: WebSite, readings: SiteReadings, db: Database
) -> None:
    one = f"/admin/api/sites/{await enter(admin, f'{site.url}/help')}"
    await work_off(readings)
    plan = (await admin.get(f"{one}/plan")).json()
    await admin.post(f"{one}/read")
    await work_off(readings)

    refused = await admin.post(f"{one}/import", json={"revision": plan["revision"], "drafts": False})

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "plan_old")
    with pytest.raises(NotFound):
        await drafts.load(db, KEY)


async def test_what_a_night_brought_and_what_vanished_is_named(
    admin: StaffBrowser, site: WebSite, readings: SiteReadings, db: Database
) -> None:
    site_id = await enter(admin, f"{site.url}/help")
    one = f"/admin/api/sites/{site_id}"
    await work_off(readings)
    plan = (await admin.get(f"{one}/plan")).json()
    await admin.post(f"{one}/import", json={"revision": plan["revision"], "drafts": False})
    switched = await admin.post(f"{one}/switches", json={"nightly": True, "publishes": False})
    assert switched.json() == {"nightly": True, "publishes": False}

    site.put("/help", faq_page((HULL[0], "The hull is made of oak.")))
    await night_falls(db, site_id)
    await work_off(readings)

    told = (await admin.get(one)).json()["sentence"]
    assert told.endswith("1 Entwurf kam dabei heraus")
    html = (await admin.get(f"{one}/plan")).json()["html"]
    assert "Von der Website verschwunden" in html
    assert f"/admin/articles/edit/{KEY}" in html
    assert "jede Nacht, als Entwürfe" in (await admin.get("/admin/sites")).text

    revision = (await admin.get(f"{one}/plan")).json()["revision"]
    await admin.post(f"{one}/import", json={"revision": revision, "drafts": False})
    hull = await drafts.load(db, "what-is-the-hull-made-of")
    assert hull.published is not None
    assert hull.published.variants["en"].answer == "The hull is made of oak."
    assert hull.draft is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("help", "site_address_form"),
        ("https://ada:secret@boats.example/", "site_address_secret"),
        ("https://boats.example/a https://other.example/b", "site_several"),
    ],
)
async def test_what_is_no_address_is_refused_with_what_to_do(admin: StaffBrowser, address: str, code: str) -> None:
    refused = await admin.post("/admin/api/sites/new", json={"address": address, "language": "de"})

    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (422, code)
    assert "secret" not in error["message"]
    assert "{" not in error["message"]


async def test_a_site_that_cannot_be_read_says_why_on_its_page_and_in_the_list(
    admin: StaffBrowser, site: WebSite, readings: SiteReadings
) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", media_type="text/plain")
    site_id = await enter(admin, f"{site.url}/help")

    await work_off(readings)

    why = "Die robots.txt der Website bittet Programme, diese Seite nicht zu lesen."
    assert why in (await admin.get(f"/admin/sites/{site_id}")).text
    assert why in (await admin.get("/admin/sites")).text
    assert why in (await admin.get("/admin/api/sites")).json()["sites"][0]["problem"]


async def test_a_site_is_stopped_and_removed(admin: StaffBrowser, site: WebSite, readings: SiteReadings) -> None:
    one = f"/admin/api/sites/{await enter(admin, f'{site.url}/help')}"

    stopped = (await admin.post(f"{one}/stop")).json()
    assert (stopped["busy"], stopped["problem"]) == (False, "Angehalten, bevor alles gelesen war.")
    assert await work_off(readings) == 0

    await admin.post(f"{one}/remove")
    assert (await admin.get(one)).status_code == 404


async def test_what_a_site_says_is_shown_and_not_run(
    admin: StaffBrowser, site: WebSite, readings: SiteReadings
) -> None:
    site.put(
        "/help", faq_page(("<img src=x onerror=alert(1)>Is it <b>safe</b>?", "<script>alert(1)</script>It is safe."))
    )
    one = f"/admin/api/sites/{await enter(admin, f'{site.url}/help')}"
    await work_off(readings)

    html = (await admin.get(f"{one}/plan")).json()["html"]

    assert "Is it" in html
    assert "<script" not in html
    assert "<img" not in html
