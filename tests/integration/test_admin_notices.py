"""The admin pages of known disturbances, and the same by the API."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.notices.notice_store import NoticeStore
from helpdesk.web.admin.notices.routes import notice_routes
from store.db import Database
from store.models import Role, now
from tests.integration.staff import House, StaffBrowser, make_house, staff_routes

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def house(db: Database) -> House:
    zone = ZoneInfo("Europe/Berlin")
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *notice_routes(store=NoticeStore(db), pages=pages, zone=zone),
        ],
    )


def entered(**changes: Any) -> dict[str, Any]:
    """What the page sends."""
    form: dict[str, Any] = {
        "name": "Streik",
        "texts": {"de": "Pakete kommen <b>später</b>.", "en": "", "fr": ""},
        "categories": ["delivery"],
        "words": ["Paketdienst", " ", "Paketdienst"],
        "starts_at": None,
        "ends_at": (now() + timedelta(hours=3)).isoformat(),
    }
    return form | changes


async def add(admin: StaffBrowser, **changes: Any) -> tuple[int, dict[str, Any]]:
    response = await admin.post("/admin/api/notices/new", json=entered(**changes))
    return response.status_code, response.json()


async def test_a_notice_is_entered_and_told_at_once(admin: StaffBrowser, db: Database) -> None:
    status, made = await add(admin, is_on=True)

    [view] = await NoticeStore(db).list_all()
    assert (status, made["id"]) == (201, view.id)
    assert view.is_told(now())
    assert view.notice.words == ("Paketdienst",)
    assert view.changed_by == "Ada"
    page = (await admin.get("/admin/notices")).text
    assert "Pakete kommen &lt;b&gt;später&lt;/b&gt;." in page
    assert "wird mitgeteilt" in page
    assert "Noch" not in (await admin.get(f"/admin/notices/{view.id}")).text.split("figures-title")[1][:40]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "notice_name"),
        ({"texts": {"de": " "}}, "notice_text"),
        ({"texts": {"xx": "hm"}}, "notice_text"),
        ({"words": [], "categories": []}, "notice_topics"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "notice_times"),
    ],
)
async def test_what_cannot_work_is_refused_in_words(admin: StaffBrowser, changes: dict[str, Any], code: str) -> None:
    status, refusal = await add(admin, **changes)

    assert (status, refusal["error"]["code"]) == (422, code)


async def test_it_is_switched_changed_and_removed(admin: StaffBrowser, db: Database) -> None:
    _, made = await add(admin)
    one, store = f"/admin/api/notices/{made['id']}", NoticeStore(db)

    assert (await admin.post(f"{one}/switch", json={"is_on": True})).json() == {"is_on": True}
    assert (await admin.post(f"{one}/save", json=entered(name="Streik bis Freitag"))).json()["is_on"]
    assert (await store.load(made["id"])).notice.name == "Streik bis Freitag"
    assert (await admin.post(f"{one}/remove", json={})).status_code == 200
    assert await store.list_all() == []
    assert (await admin.post(f"{one}/switch", json={"is_on": True})).status_code == 404


async def test_agents_may_not(house: House) -> None:
    browser = await house.signed_in(Role.AGENT, "mia@example.org", "Mia")

    assert (await browser.get("/admin/notices")).status_code == 403
