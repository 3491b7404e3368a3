"""What of passkeys is refused: answers that are not right, that come twice, late or from elsewhere, and nonsense."""

import asyncio
import json
import random
from typing import Any

import pytest
from sqlalchemy import select, update

from helpdesk.accounts.agents import deactivate, find_agent
from helpdesk.accounts.sessions import Sessions
from helpdesk.accounts.throttle import LIMIT
from helpdesk.second_factor.challenges import ChallengePurpose, store_challenge, use_challenge
from helpdesk.second_factor.errors import PasskeyRefused
from helpdesk.web.account.passkey_sign_in import MAX_CHALLENGES
from store.db import Database
from store.models import Passkey, PasskeyChallenge, now
from tests.integration.passkey_visits import (
    AFTER,
    MIA,
    PAGE,
    SIGN_IN,
    Visit,
    add,
    entries,
    make_passkey_house,
    new_device,
    reasons,
    sign_in,
    visit,
    with_passkey,
)
from tests.integration.second_factor_steps import CODE
from tests.integration.staff import PASSWORD, House, make_house
from tests.passkey_device import encode


@pytest.fixture
def house(db: Database) -> House:
    return make_passkey_house(db)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"origin": "https://desk.example.org.evil.example"}, "passkey_signature"),
        ({"rp_id": "example.org"}, "passkey_signature"),
        ({"verifies": False}, "passkey_signature"),
        ({"user_handle": None}, "passkey_unknown"),
        ({"user_handle": b"0" * 32}, "passkey_unknown"),
        ({"key": new_device().key}, "passkey_signature"),
        ({"credential": b"another"}, "passkey_unknown"),
    ],
)
async def test_what_is_not_right_signs_nobody_in(house: House, wrong: dict[str, Any], reason: str) -> None:
    device = new_device()
    await with_passkey(house, device)
    for name, value in wrong.items():
        setattr(device, name, value)
    browser = house.browser()
    refused = await sign_in(house, device, browser)
    assert (refused.status_code, "gilt hier nicht" in refused.text) == (403, True)
    assert (await browser.get("/desk")).status_code == 303
    assert await reasons(house.db) == [reason]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("wrong", [{"origin": "http://desk.example.org"}, {"rp_id": "org"}, {"verifies": False}])
async def test_what_is_not_right_is_not_registered(house: House, wrong: dict[str, Any]) -> None:
    mia = await house.signed_in()
    assert (await add(mia, new_device(**wrong))).status_code == 403
    async with house.db.read() as session:
        assert list(await session.scalars(select(Passkey))) == []


async def test_one_that_counts_backwards_is_refused_and_entered(house: House) -> None:
    device = new_device()
    await with_passkey(house, device)
    await sign_in(house, device)
    device.count -= 1
    assert (await sign_in(house, device)).status_code == 403, "the same number once more: a copy of it has signed"
    assert await reasons(house.db) == ["passkey_count"]
    (entry,) = await entries(house.db, "sign_in.failed")
    assert entry.subject == (await find_agent(house.db, MIA)).id
    assert (await sign_in(house, device)).status_code == 303


async def test_one_that_does_not_count_is_as_good(house: House) -> None:
    device = new_device(counts=False)
    await with_passkey(house, device)
    assert [(await sign_in(house, device)).status_code for _ in range(2)] == [303, 303]


async def test_an_answer_counts_once_even_sent_twice_at_once(house: House) -> None:
    device = new_device(counts=False)
    await with_passkey(house, device)
    page = await visit(house.browser(), "/signin")
    answer = device.get(await page.options(SIGN_IN))
    sent = await asyncio.gather(*(page.send(SIGN_IN, answer=answer) for _ in range(2)))
    assert sorted(one.status_code for one in sent) == [303, 403]
    assert await reasons(house.db) == ["passkey_challenge"]


async def test_a_challenge_is_bound_to_its_browser_its_purpose_and_its_minutes(house: House) -> None:
    device = new_device(counts=False)
    mia = await with_passkey(house, device)
    mine, other = await visit(house.browser(), "/signin"), await visit(house.browser(), "/signin")
    asked = await mine.options(SIGN_IN)
    assert (await other.send(SIGN_IN, answer=device.get(asked))).status_code == 403
    assert (await mine.send(SIGN_IN, answer=device.get(asked))).status_code == 303, "nobody else uses it up"

    page = await visit(mia, PAGE)
    to_register = await page.options(PAGE, proof=PASSWORD)
    fresh = await visit(house.browser(), "/signin")
    assert (await fresh.send(SIGN_IN, answer=device.get(to_register))).status_code == 403

    asked = await fresh.options(SIGN_IN)
    async with house.db.write() as session:
        await session.execute(update(PasskeyChallenge).values(expires_at=now()))
    assert (await fresh.send(SIGN_IN, answer=device.get(asked))).status_code == 403
    assert (await fresh.send(SIGN_IN, answer=device.get({"challenge": encode(b"c" * 32)}))).status_code == 403
    assert await reasons(house.db) == ["passkey_challenge"] * 4


async def test_a_challenge_for_one_purpose_is_none_for_another(house: House) -> None:
    made = await store_challenge(house.db, ChallengePurpose.REGISTRATION, "h" * 64, at=now())
    with pytest.raises(PasskeyRefused):
        await use_challenge(house.db, made, ChallengePurpose.SECOND_FACTOR, "h" * 64, at=now())
    await use_challenge(house.db, made, ChallengePurpose.REGISTRATION, "h" * 64, at=now())


@pytest.mark.sqlite_only
async def test_challenges_that_nobody_answers_do_not_pile_up(house: House) -> None:
    await with_passkey(house, new_device())
    page = await visit(house.browser(), "/signin")
    for _ in range(3):
        await page.options(SIGN_IN)
    async with house.db.write() as session:
        await session.execute(update(PasskeyChallenge).values(expires_at=now()))
    await page.options(SIGN_IN)
    async with house.db.read() as session:
        assert len(list(await session.scalars(select(PasskeyChallenge)))) == 1
    rest = [(await page.send(f"{SIGN_IN}/options")).status_code for _ in range(MAX_CHALLENGES - 3)]
    assert rest == [200] * (MAX_CHALLENGES - 4) + [429]


async def test_a_stranger_locks_only_strangers_out(house: House) -> None:
    device, foreign = new_device(), new_device(user_handle=b"0" * 32)
    mia = await with_passkey(house, device)
    page = await visit(house.browser(), "/signin")
    for _ in range(LIMIT):
        assert (await page.send(SIGN_IN, answer=foreign.get(await page.options(SIGN_IN)))).status_code == 403
    assert (await sign_in(house, device)).status_code == 429, "at this address, in a browser that nobody knows"
    await mia.fill("/desk", to="/signout")
    assert (await sign_in(house, device, mia)).status_code == 303, "Mia's own browser has a count of its own"
    assert (await sign_in(house, device, house.browser("203.0.113.9"))).status_code == 303
    wrong = [await house.browser("192.0.2.9").sign_in(MIA, f"geraten {n}") for n in range(LIMIT + 1)]
    assert wrong[-1].status_code == 429
    assert (await sign_in(house, device, house.browser("192.0.2.9"))).status_code == 303, "passwords are another matter"


async def test_a_closed_account_stays_closed(house: House) -> None:
    device = new_device()
    await with_passkey(house, device)
    await deactivate(house.db, (await find_agent(house.db, MIA)).id)
    assert (await sign_in(house, device)).status_code == 403
    assert await reasons(house.db) == ["passkey_account"]


async def test_with_passwords_off_a_passkey_is_a_second_factor_only(db: Database) -> None:
    house, device = make_passkey_house(db), new_device()
    await with_passkey(house, device)
    strict = make_passkey_house(db, passwords=False)
    browser = strict.browser()
    assert SIGN_IN not in (await browser.get("/signin")).text
    csrf = house.guard.cookies.form_token(browser.cookies["staffel_form"])
    page = Visit(browser=browser, csrf=csrf)
    assert (await page.send(f"{SIGN_IN}/options")).status_code == 409
    assert (await page.send(SIGN_IN, answer="{}")).status_code == 409
    token = await Sessions(db).start((await find_agent(db, MIA)).id, provider_id=None)
    browser.cookies.set("staffel_agent", token)
    after = await visit(browser, CODE)
    done = await after.send(AFTER, answer=device.get(await after.options(AFTER)))
    assert done.status_code == 303


async def test_the_sign_in_page_tells_nothing_about_who_has_one(house: House) -> None:
    assert SIGN_IN not in (await house.browser().get("/signin")).text, "not before anybody has one"
    await with_passkey(house, new_device())
    pages = [await visit(house.browser(), "/signin") for _ in range(2)]
    first, second = [await page.options(SIGN_IN) for page in pages]
    assert first.pop("challenge") != second.pop("challenge")
    assert first == second == {
        "timeout": 300_000, "rpId": "desk.example.org", "allowCredentials": [], "userVerification": "required",
    }  # fmt: skip


@pytest.mark.sqlite_only
async def test_ten_are_enough_and_one_is_registered_once(house: House) -> None:
    mia, device = await house.signed_in(), new_device()
    await add(mia, device)
    page = await visit(mia, PAGE)
    asked = await page.options(PAGE, proof=PASSWORD)
    assert [one["id"] for one in asked["excludeCredentials"]] == [encode(device.credential)]
    assert (await page.send(PAGE, name="Noch einmal", answer=device.create(asked))).status_code == 409
    for n in range(9):
        assert (await add(mia, new_device(), name=f"Gerät {n}")).status_code == 303
    assert (await page.send(f"{PAGE}/options", proof=PASSWORD)).status_code == 409
    assert "data-passkey=" not in (await mia.get(PAGE)).text


@pytest.mark.sqlite_only
async def test_nonsense_is_refused_and_never_an_error(house: House) -> None:
    device = new_device(counts=False)
    mia = await with_passkey(house, device)
    page, own, dice = await visit(house.browser("203.0.113.4"), "/signin"), await visit(mia, PAGE), random.Random(16)
    hostile = ["", "{}", "[]", "null", "1", '"x"', "[" * 9_000, '{"id":"é","response":{}}', '{"id":1,"response":7}']
    for text in hostile:
        assert (await own.send(PAGE, name="x", answer=text)).status_code == 403, text
    asked, made = await page.options(SIGN_IN), device.create(await own.options(PAGE, proof=PASSWORD))
    for text in (device.get(asked), made):
        whole = json.loads(text)
        for part in list(whole["response"]):
            values: list[Any] = [None, 7, [], "", "AAAA", "ä", encode(dice.randbytes(90))]
            for value in values:
                broken = json.dumps({**whole, "response": {**whole["response"], part: value}})
                status = (await own.send(PAGE, name="x", answer=broken)).status_code
                assert status in {303, 403, 409} if part == "transports" else status == 403, (part, value)
    async with house.db.read() as session:
        assert len(list(await session.scalars(select(Passkey)))) == 1


@pytest.mark.sqlite_only
async def test_without_https_or_a_name_there_are_none(db: Database) -> None:
    house = make_house(db)
    mia = await house.signed_in()
    shown = (await mia.get(PAGE)).text
    assert "STAFFEL_PUBLIC_URL" in shown
    assert "data-passkey=" not in shown
    page = await visit(mia, PAGE)
    assert (await page.send(f"{PAGE}/options", proof=PASSWORD)).status_code == 409
