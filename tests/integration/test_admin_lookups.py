"""The admin pages of look-ups: entered, tried with real values, switched on; the secret is never seen again."""

from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.lookups.client import LookupClient
from helpdesk.lookups.current_lookups import CurrentLookups
from helpdesk.lookups.lookup_store import LookupStore
from helpdesk.web.admin.lookups.routes import lookup_routes
from helpdesk.web.admin.lookups.view_data import form_of
from store.db import Database
from store.models import LookupRecord, Role
from tests.fakes.embedder import LetterCounts
from tests.fakes.order_service import FakeOrderService, order_service
from tests.integration.staff import House, StaffBrowser, make_house, staff_routes
from tests.shop_definition import shop_definition

pytestmark = pytest.mark.sqlite_only

BERLIN = ZoneInfo("Europe/Berlin")
RIGHT = {"order_number": "4711", "postcode": "79098"}


@pytest.fixture
async def shop() -> AsyncIterator[FakeOrderService]:
    async with order_service() as started:
        yield started


@pytest.fixture
async def lookups(db: Database, shop: FakeOrderService) -> AsyncIterator[CurrentLookups]:
    made = CurrentLookups(LookupStore(db, "k" * 40), LookupClient([shop.host]), LetterCounts(), BERLIN)
    yield made
    await made.close()


@pytest.fixture
def house(db: Database, lookups: CurrentLookups) -> House:
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *lookup_routes(lookups=lookups, pages=pages, zone=BERLIN),
        ],
    )


def entered(shop: FakeOrderService, **changes: Any) -> dict[str, Any]:
    """What the page sends."""
    form = form_of(shop_definition(shop.address))
    wordings = ("title", "found", "not_found", "unreachable")
    return {**form, **{name: dict(form[name]) for name in wordings}, "secret": shop.secret, **changes}


async def add(admin: StaffBrowser, shop: FakeOrderService, **changes: Any) -> str:
    response = await admin.post("/admin/api/lookups/new", json=entered(shop, **changes))
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def post(admin: StaffBrowser, lookup: str, verb: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    response = await admin.post(f"/admin/api/lookups/{lookup}/{verb}", json=body)
    return response.status_code, response.json()


async def try_it(admin: StaffBrowser, lookup: str, **values: str) -> tuple[int, dict[str, Any]]:
    return await post(admin, lookup, "try", {"values": RIGHT | values, "language": "de"})


async def test_the_secret_is_stored_encrypted_and_never_shown_again(
    admin: StaffBrowser, shop: FakeOrderService, db: Database, lookups: CurrentLookups
) -> None:
    lookup = await add(admin, shop)

    page = (await admin.get(f"/admin/lookups/{lookup}")).text
    async with db.read() as session:
        row = await session.get_one(LookupRecord, lookup)
    assert shop.secret not in page
    assert shop.secret not in row.secret
    assert await lookups.store.secret_of(lookup) == shop.secret


async def test_it_is_switched_on_only_after_it_was_tried(
    admin: StaffBrowser, shop: FakeOrderService, lookups: CurrentLookups
) -> None:
    lookup = await add(admin, shop)
    status, answer = await post(admin, lookup, "switch", {"is_on": True})
    assert (status, answer["error"]["code"]) == (409, "lookup_untried")

    status, tried = await try_it(admin, lookup)
    assert (status, tried["outcome"], tried["status"]) == (200, "found", 200)
    assert tried["sentences"]["de"] == "Bestellung: unterwegs. Sie kommt am 12. März 2026."
    assert ["order.state", "shipped"] in tried["fields"]

    assert await post(admin, lookup, "switch", {"is_on": True}) == (200, {"is_on": True})
    assert [one.name for one in await lookups.switched_on()] == ["orders"]


async def test_a_trial_that_found_nothing_is_none(admin: StaffBrowser, shop: FakeOrderService) -> None:
    lookup = await add(admin, shop)

    _, missing = await try_it(admin, lookup, order_number="9999")
    _, broken = await try_it(admin, lookup, order_number="1001")

    assert (missing["outcome"], missing["status"]) == ("not_found", 404)
    assert (broken["outcome"], broken["reason"], broken["status"]) == ("unreachable", "status", 500)
    assert broken["sentences"]["de"] == "Ich komme gerade nicht an die Bestellungen."
    assert (await post(admin, lookup, "switch", {"is_on": True}))[0] == 409


async def test_what_is_changed_is_off_until_it_was_tried_again(
    admin: StaffBrowser, shop: FakeOrderService, lookups: CurrentLookups
) -> None:
    lookup = await add(admin, shop)
    await try_it(admin, lookup)
    await post(admin, lookup, "switch", {"is_on": True})

    same = await post(admin, lookup, "save", entered(shop, secret=""))
    changed = await post(admin, lookup, "save", entered(shop, secret="", found={"de": "Bestellung {state}.", "en": ""}))

    assert (same[1]["is_on"], changed[1]["is_on"], changed[1]["is_tried"]) == (True, False, False)
    assert await lookups.switched_on() == []
    assert await lookups.store.secret_of(lookup) == shop.secret


async def test_a_stored_secret_is_never_sent_to_another_host(admin: StaffBrowser, shop: FakeOrderService) -> None:
    lookup = await add(admin, shop)

    elsewhere = entered(shop, secret="", address="https://evil.example/{order_number}/{postcode}")
    status, answer = await post(admin, lookup, "save", elsewhere)

    assert (status, answer["error"]["code"]) == (409, "key_elsewhere")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "Orders!"}, "lookup_name"),
        ({"title": {"de": " ", "en": ""}}, "lookup_title"),
        ({"phrasings": " \n "}, "lookup_phrasings"),
        ({"address": "ftp://shop.example/{order_number}/{postcode}"}, "lookup_address"),
        ({"address": "https://{order_number}.example/{postcode}"}, "lookup_address"),
        ({"address": "https://ada:pw@shop.example/{order_number}/{postcode}"}, "lookup_address"),
        ({"address": "https://shop.example/{order_number}/{postcode}/{iban}"}, "lookup_unknown_field"),
        ({"address": "https://shop.example/orders?postcode={postcode}"}, "lookup_unused_field"),
        ({"address": "https://shop.example/orders/{order_number}"}, "lookup_proof_unchecked"),
        ({"method": "DELETE"}, "lookup_method"),
        ({"header": "Host"}, "lookup_header"),
        ({"header": "X-Key: 1\r\nX"}, "lookup_header"),
        ({"body": "{nope"}, "lookup_body"),
        ({"shown": []}, "lookup_no_shown"),
        ({"asked": []}, "lookup_no_asked"),
        ({"found": {"de": "", "en": ""}}, "lookup_found"),
        ({"found": {"de": "Da ist {secret}.", "en": ""}}, "lookup_sentence_field"),
        ({"shown": [{"name": "state", "path": "order..state", "kind": "text"}]}, "lookup_path"),
        ({"shown": [{"name": "state", "path": "s", "kind": "money"}]}, "lookup_currency"),
        ({"shown": [{"name": "state", "path": "s", "kind": "text", "said_as": "shipped"}]}, "lookup_said_as"),
    ],
)
async def test_what_can_not_work_is_refused_with_a_sentence(
    admin: StaffBrowser, shop: FakeOrderService, changes: dict[str, Any], code: str
) -> None:
    response = await admin.post("/admin/api/lookups/new", json=entered(shop, **changes))

    assert (response.status_code, response.json()["error"]["code"]) == (422, code)
    assert "can't work like this" not in response.json()["error"]["message"]


async def test_a_short_name_is_given_once(admin: StaffBrowser, shop: FakeOrderService) -> None:
    await add(admin, shop)
    response = await admin.post("/admin/api/lookups/new", json=entered(shop))
    assert response.json()["error"]["code"] == "lookup_name_taken"


async def test_what_was_entered_is_shown_as_text(admin: StaffBrowser, shop: FakeOrderService) -> None:
    lookup = await add(admin, shop, title={"de": "</script><script>alert(1)</script>", "en": "<img src=x>"})

    for path in ("/admin/lookups", f"/admin/lookups/{lookup}"):
        page = (await admin.get(path, headers={"accept": "text/html"})).text
        assert "<script>alert" not in page
        assert "<img" not in page


async def test_it_is_removed_with_its_secret(admin: StaffBrowser, shop: FakeOrderService) -> None:
    lookup = await add(admin, shop)
    await post(admin, lookup, "remove", {})

    assert (await admin.get(f"/admin/lookups/{lookup}")).status_code == 404


async def test_agents_and_foreign_pages_do_not_get_in(
    house: House, admin: StaffBrowser, shop: FakeOrderService
) -> None:
    agent = await house.signed_in(Role.AGENT, "mia@example.org", "Mia")
    assert (await agent.get("/admin/lookups")).status_code == 403

    admin.headers.pop("x-csrf-token")
    assert (await admin.post("/admin/api/lookups/new", json=entered(shop))).status_code == 403
