"""Asking a service over real HTTP: what comes back is told in the customer's language, all else honestly."""

import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from actions.lookups.lookup import LookupOutcome, LookupResult
from helpdesk.lookups.client import MAX_ANSWER_BYTES, SECONDS, LookupClient, LookupFailure
from helpdesk.lookups.current_lookups import MAX_ASKED, CurrentLookups, result_of
from helpdesk.lookups.definition import LookupDefinition
from helpdesk.lookups.demo_orders import DEMO_HOST, answer_demo
from helpdesk.lookups.lookup_store import LookupStore
from helpdesk.lookups.sample_lookup import SAMPLE_LOOKUP, connect_demo
from store.db import Database
from tests.fakes.embedder import LetterCounts
from tests.fakes.order_service import FakeOrderService, order_service
from tests.shop_definition import shop_definition

BERLIN = ZoneInfo("Europe/Berlin")
GIVEN = {"order_number": "4711", "postcode": "79098"}


@pytest.fixture
async def shop() -> AsyncIterator[FakeOrderService]:
    async with order_service() as started:
        yield started


@pytest.fixture
async def client(shop: FakeOrderService) -> AsyncIterator[LookupClient]:
    made = LookupClient([shop.host], {DEMO_HOST: answer_demo})
    yield made
    await made.close()


async def ask(client: LookupClient, shop: FakeOrderService, number: str = "4711", **changes: Any) -> LookupResult:
    definition = shop_definition(shop.address, **changes)
    values = GIVEN | {"order_number": number}
    answer = await client.ask(definition, values, "de", shop.secret)
    return result_of(definition, values, answer, BERLIN)


async def test_what_was_found_is_said_in_every_language(client: LookupClient, shop: FakeOrderService) -> None:
    found = await ask(client, shop)

    told = found.values
    assert told["state"] == {"de": "unterwegs", "en": "on its way", "fr": "on its way"}
    assert (told["expected"]["de"], told["expected"]["en"]) == ("12. März 2026", "12 March 2026")
    assert (told["total"]["de"], told["total"]["en"]) == ("89,90\xa0€", "€89.90")
    assert told["tracking"]["de"] == "https://track.example.org/4711"
    assert (told["paid"]["de"], told["paid"]["fr"]) == ("ja", "oui")


async def test_what_a_service_says_is_words_and_no_markup(client: LookupClient, shop: FakeOrderService) -> None:
    found = await ask(client, shop)

    item = found.values["item"]["de"]
    assert item == r"Lampe \<b\>rot\</b\> \[klick\]\(https://evil.example\)"


async def test_the_secret_goes_along_and_values_stay_one_piece(client: LookupClient, shop: FakeOrderService) -> None:
    with pytest.raises(LookupFailure):
        await client.ask(shop_definition(shop.address), GIVEN, "de", "Bearer wrong")
    await ask(client, shop, "../../admin?x=1&postcode=0#")

    _, path, headers, _ = shop.calls[-1]
    assert path == "/orders/..%2F..%2Fadmin%3Fx%3D1%26postcode%3D0%23?postcode=79098"
    assert (headers["authorization"], headers["host"]) == (shop.secret, shop.host)


@pytest.mark.parametrize("number", [".", "..", " .. "])
async def test_a_value_that_climbs_up_the_path_is_not_sent(
    client: LookupClient, shop: FakeOrderService, number: str
) -> None:
    found = await ask(client, shop, number)

    assert found.outcome is LookupOutcome.NOT_FOUND
    assert shop.calls == []


async def test_a_post_carries_the_values_inside_its_json(client: LookupClient, shop: FakeOrderService) -> None:
    body = json.dumps({"number": "{order_number}", "who": {"postcode": ["{postcode}"]}, "version": 2})
    definition = shop_definition(f"http://{shop.host}/orders/find", method="POST", body=body)

    await client.ask(definition, {"order_number": '4711", "admin": "yes', "postcode": "79098"}, "de", shop.secret)

    assert shop.calls[-1][3] == {"number": '4711", "admin": "yes', "who": {"postcode": ["79098"]}, "version": 2}


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("1001", "status"),
        ("1002", "too_large"),
        ("1003", "redirect"),
        ("1004", "redirect"),
        ("1005", "malformed"),
        ("1007", "malformed"),
        ("1008", "malformed"),
        ("1009", "malformed"),
        ("1010", "RemoteProtocolError"),
    ],
)
async def test_what_can_not_be_read_is_a_failure(
    client: LookupClient, shop: FakeOrderService, number: str, reason: str
) -> None:
    with pytest.raises(LookupFailure) as failed:
        await ask(client, shop, number)

    assert failed.value.reason == reason
    assert shop.followed == 0
    assert shop.flood is None or shop.flood.sent < MAX_ANSWER_BYTES * 40


async def test_another_charset_is_read_if_it_is_named(client: LookupClient, shop: FakeOrderService) -> None:
    found = await ask(client, shop, "1006")

    assert found.values["state"]["de"] == "überfällig"


@pytest.mark.parametrize("number", ["1000", "1012"])
async def test_a_slow_service_is_given_up_after_three_seconds(
    client: LookupClient, shop: FakeOrderService, number: str
) -> None:
    began = monotonic()
    with pytest.raises(LookupFailure, match="too_late"):
        await ask(client, shop, number)

    assert monotonic() - began < SECONDS * 2


async def test_after_five_failures_the_service_is_left_in_peace(client: LookupClient, shop: FakeOrderService) -> None:
    for _ in range(5):
        with pytest.raises(LookupFailure):
            await ask(client, shop, "1001")
    asked = len(shop.calls)

    with pytest.raises(LookupFailure, match="breaker_open"):
        await ask(client, shop)
    assert len(shop.calls) == asked


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/orders/{order_number}?p={postcode}",
        "http://169.254.169.254/{order_number}?p={postcode}",
        "http://[::1]:9/{order_number}?p={postcode}",
    ],
)
async def test_private_addresses_are_called_only_where_a_setting_names_them(
    shop: FakeOrderService, address: str
) -> None:
    client = LookupClient([shop.host, "169.254.169.254"])
    with pytest.raises(LookupFailure, match="forbidden_address"):
        await client.ask(shop_definition(address), GIVEN, "de", shop.secret)
    await client.close()


@pytest.mark.parametrize(("number", "outcome"), [("9999", "not_found"), ("1011", "not_found"), ("4711", "found")])
async def test_nothing_there_is_no_failure(
    client: LookupClient, shop: FakeOrderService, number: str, outcome: str
) -> None:
    assert (await ask(client, shop, number)).outcome == outcome


@pytest.mark.parametrize(("postcode", "outcome"), [("79098", "found"), ("79099", "not_found"), ("", "not_found")])
async def test_a_proof_that_the_answer_holds_is_compared_here(
    client: LookupClient, shop: FakeOrderService, postcode: str, outcome: str
) -> None:
    definition = shop_definition(shop.address, proof_paths={"postcode": "order.postcode"})
    values = {"order_number": "4711", "postcode": postcode}
    answer = await client.ask(definition, values, "de", shop.secret)

    assert result_of(definition, values, answer, BERLIN).outcome == outcome


async def current(db: Database, definition: LookupDefinition, client: LookupClient, secret: str) -> CurrentLookups:
    store = LookupStore(db, "k" * 40)
    view = await store.add(definition, secret=secret, by="Ada")
    await store.note_trial(view.id, definition.fingerprint)
    await store.switch(view.id, is_on=True, by="Ada")
    return CurrentLookups(store, client, LetterCounts(), BERLIN)


async def test_neither_values_nor_answers_are_logged(
    db: Database, client: LookupClient, shop: FakeOrderService
) -> None:
    lookups = await current(db, shop_definition(shop.address), client, shop.secret)
    with capture_logs() as logged:
        for number in ("4711", "1001"):
            await lookups.look_up("orders", GIVEN | {"order_number": number}, "de", "c1")

    written = json.dumps(logged, default=str)
    assert '"reason": "status"' in written
    assert not any(word in written for word in ("1001", "4711", "79098", "shipped", shop.secret))


async def test_numbers_can_not_be_tried_out(db: Database, client: LookupClient, shop: FakeOrderService) -> None:
    lookups = await current(db, shop_definition(shop.address), client, shop.secret)

    outcomes = [
        (await lookups.look_up("orders", {"order_number": str(9000 + n), "postcode": "79098"}, "de", "c1")).outcome
        for n in range(MAX_ASKED + 1)
    ]
    assert outcomes == [LookupOutcome.NOT_FOUND] * MAX_ASKED + [LookupOutcome.LIMITED]
    assert len(shop.calls) == MAX_ASKED


async def test_what_was_found_counts_as_no_try(db: Database, client: LookupClient, shop: FakeOrderService) -> None:
    lookups = await current(db, shop_definition(shop.address), client, shop.secret)

    for _ in range(MAX_ASKED + 2):
        assert (await lookups.look_up("orders", GIVEN, "de", "c1")).outcome is LookupOutcome.FOUND


async def test_the_demo_orders_are_connected_once_and_answer(db: Database, client: LookupClient) -> None:
    store = LookupStore(db, "k" * 40)
    await connect_demo(store)
    await connect_demo(store)
    lookups = CurrentLookups(store, client, LetterCounts(), BERLIN)

    found = await lookups.look_up("orders", {"order_number": "88317", "postcode": "79098"}, "de", "c1")
    wrong = await lookups.look_up("orders", {"order_number": "88317", "postcode": "10115"}, "de", "c1")

    assert [one.name for one in await lookups.switched_on()] == [SAMPLE_LOOKUP.lookup.name]
    assert found.values["number"]["de"] == "LH-2024-88317"
    assert wrong.outcome is LookupOutcome.NOT_FOUND
