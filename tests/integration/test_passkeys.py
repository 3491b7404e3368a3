"""Passkeys: made, signed in with, asked for after the password, taken away; on SQLite and on PostgreSQL."""

import asyncio
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import select, update

from helpdesk.accounts.agents import SIGNS_IN_ELSEWHERE, add_agent
from helpdesk.accounts.sessions import FactorPolicy
from helpdesk.accounts.throttle import LIMIT
from helpdesk.host.cli import installation
from helpdesk.host.cli.agent import agent as agent_command
from store.db import Database
from store.models import Agent, AgentSession, RecoveryCode, Role, now
from store.settings import Settings
from tests.integration.passkey_visits import (
    AFTER,
    MIA,
    PAGE,
    add,
    entries,
    make_passkey_house,
    new_device,
    reasons,
    sign_in,
    visit,
    with_passkey,
)
from tests.integration.second_factor_steps import CODE, next_code, set_up
from tests.integration.staff import PASSWORD, House
from tests.passkey_device import encode


@pytest.fixture
def house(db: Database) -> House:
    return make_passkey_house(db)


async def test_a_passkey_signs_in_without_password_and_code(house: House) -> None:
    device = new_device()
    await with_passkey(house, device)
    browser = house.browser()
    done = await sign_in(house, device, browser)
    assert (done.status_code, done.headers["location"]) == (303, "/desk?view=mine")
    assert (await browser.get("/desk")).status_code == 200
    assert "staffel_device" in browser.cookies, "the sign-in is complete, so the browser is known"
    (entry,) = await entries(house.db, "sign_in.passkey")
    assert (entry.actor_name, entry.address) == ("Mia", "198.51.100.…")
    assert "zuletzt benutzt" in (await browser.get(PAGE)).text


async def test_it_is_all_that_admins_need_who_must_have_a_second_factor(db: Database) -> None:
    house, device = make_passkey_house(db, policy=FactorPolicy.ADMINS), new_device()
    await add_agent(db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    ada = house.browser()
    await ada.sign_in("ada@example.org")
    assert (await ada.get("/admin")).status_code == 303
    assert 'name="proof"' not in (await ada.get(PAGE)).text, "the password was just given"
    done = await add(ada, device, proof="")
    assert len(re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)) == 10
    assert (await ada.get("/admin")).status_code == 200
    again = house.browser()
    assert (await sign_in(house, device, again)).status_code == 303
    assert (await again.get("/admin")).status_code == 200


async def test_after_the_password_it_is_the_second_factor(house: House) -> None:
    device = new_device()
    await with_passkey(house, device)
    browser = house.browser()
    await browser.sign_in(MIA)
    assert (await browser.get("/desk")).status_code == 303, "the password alone is not enough any more"
    page = await visit(browser, CODE)
    asked = await page.options(AFTER)
    assert [one["id"] for one in asked["allowCredentials"]] == [encode(device.credential)]
    done = await page.send(AFTER, answer=device.get(asked), next="/desk?view=mine")
    assert (done.status_code, done.headers["location"]) == (303, "/desk?view=mine")
    assert (await browser.get("/desk")).status_code == 200
    (entry,) = await entries(house.db, "sign_in.second_factor")
    assert entry.after == {"by": "passkey"}


async def test_nothing_but_the_second_factor_comes_after_the_password(house: House) -> None:
    device = new_device()
    await with_passkey(house, device)
    browser = house.browser()
    await browser.sign_in(MIA)
    page = await visit(browser, CODE)
    assert (await browser.get(PAGE)).headers["location"] == CODE
    for path in (f"{PAGE}/options", PAGE, "/account/second-factor/begin"):
        assert (await page.send(path, proof=PASSWORD, name="x", answer="{}")).status_code == 403, path


async def test_adding_needs_the_password_and_with_an_app_a_code(house: House) -> None:
    mia = await house.signed_in()
    page = await visit(mia, PAGE)
    assert (await page.send(f"{PAGE}/options", proof="falsch geraten")).status_code == 403
    assert (await page.send(f"{PAGE}/options")).status_code == 403
    secret, codes = await set_up(house, mia)
    page = await visit(mia, PAGE)
    assert (await page.send(f"{PAGE}/options", proof=PASSWORD)).status_code == 403, "the stronger proof is asked"
    done = await add(mia, new_device(), proof=await next_code(house.db, secret))
    assert done.headers["location"] == f"{PAGE}?done=added"
    assert (await mia.get("/desk")).status_code == 200
    assert (await add(mia, new_device(), proof=codes[0])).status_code == 303, "a recovery code does as well"


@pytest.mark.sqlite_only
async def test_passwords_are_not_guessed_there(house: House) -> None:
    page = await visit(await house.signed_in(), PAGE)
    tried = [(await page.send(f"{PAGE}/options", proof=f"geraten {n}")).status_code for n in range(LIMIT + 1)]
    assert tried == [403] * LIMIT + [429]


async def test_who_signs_in_with_a_provider_proves_themselves_by_having_just_done_so(house: House) -> None:
    mia = await house.signed_in()
    async with house.db.write() as session:
        await session.execute(update(Agent).values(password_hash=SIGNS_IN_ELSEWHERE))
    device = new_device()
    done = await add(mia, device, proof="")
    assert done.status_code == 200
    assert (await sign_in(house, device)).status_code == 403, "the provider may have shut them out since"
    assert await reasons(house.db) == ["passkey_account"]
    page = await visit(mia, PAGE)
    async with house.db.write() as session:
        await session.execute(update(AgentSession).values(created_at=now() - timedelta(minutes=11)))
    assert (await page.send(f"{PAGE}/options")).status_code == 403
    assert "innerhalb von zehn Minuten" in (await mia.get(PAGE)).text


async def test_the_first_one_ends_other_sessions_and_this_one_goes_on(house: House) -> None:
    mia, other = await house.signed_in(), house.browser()
    await other.sign_in(MIA)
    await add(mia, new_device())
    assert (await mia.get("/desk")).status_code == 200
    assert (await other.get("/desk")).status_code == 303


async def test_recovery_codes_stand_for_a_lost_one(house: House) -> None:
    mia = await house.signed_in()
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", (await add(mia, new_device())).text)
    assert await add(mia, new_device(), name="Telefon"), "the second one leaves the codes as they are"
    browser = house.browser()
    await browser.sign_in(MIA)
    assert (await browser.fill(CODE, code=codes[0])).status_code == 303
    assert "9 Ersatzcodes" in (await mia.get(PAGE)).text
    renewed = await mia.fill(PAGE, to=f"{PAGE}/codes", proof=PASSWORD)
    assert len(new := re.findall(r"<code>([a-z2-7-]{19})</code>", renewed.text)) == 10
    assert not set(new) & set(codes)
    assert (await mia.fill(PAGE, to=f"{PAGE}/codes", proof="falsch")).status_code == 403


async def test_removed_it_signs_nobody_in_and_other_sessions_end(house: House) -> None:
    device, second = new_device(), new_device()
    mia = await with_passkey(house, device)
    await add(mia, second, name="Telefon")
    other = house.browser()
    await sign_in(house, device, other)
    first = re.findall(rf"{PAGE}/(\w+)/remove", (await mia.get(PAGE)).text)[0]
    assert (await mia.fill(PAGE, to=f"{PAGE}/{first}/remove", proof="falsch")).status_code == 403
    done = await mia.fill(PAGE, to=f"{PAGE}/{first}/remove", proof=PASSWORD)
    assert done.headers["location"] == f"{PAGE}?done=removed"
    assert ((await mia.get("/desk")).status_code, (await other.get("/desk")).status_code) == (200, 303)
    refused = await sign_in(house, device)
    assert (refused.status_code, "gilt hier nicht" in refused.text) == (403, True)
    assert await reasons(house.db) == ["passkey_unknown"]
    assert (await sign_in(house, second)).status_code == 303
    assert len(await entries(house.db, "account.passkeys.add")) == 2
    assert len(await entries(house.db, "account.passkeys.remove")) == 1


async def test_with_the_last_one_the_recovery_codes_go_and_the_password_is_enough(house: House) -> None:
    mia = await with_passkey(house, new_device())
    (only,) = re.findall(rf"{PAGE}/(\w+)/remove", (await mia.get(PAGE)).text)
    await mia.fill(PAGE, to=f"{PAGE}/{only}/remove", proof=PASSWORD)
    async with house.db.read() as session:
        assert list(await session.scalars(select(RecoveryCode))) == []
    browser = house.browser()
    await browser.sign_in(MIA)
    assert (await browser.get("/desk")).status_code == 200


async def test_taking_the_app_away_leaves_passkey_and_recovery_codes(house: House) -> None:
    mia, device = await house.signed_in(), new_device()
    secret, codes = await set_up(house, mia)
    await add(mia, device, proof=codes[0])
    page = "/account/second-factor"
    assert (await mia.fill(page, to=f"{page}/remove", code=await next_code(house.db, secret))).status_code == 303
    browser = house.browser()
    await browser.sign_in(MIA)
    assert (await browser.get("/desk")).status_code == 303
    assert (await browser.fill(CODE, code=codes[1])).status_code == 303


async def test_the_operator_takes_passkeys_away_by_command(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mia = await with_passkey(house, device := new_device())
    settings = Settings(database_url=house.db.url, secret_key=SecretStr("k" * 32), _env_file=None)
    monkeypatch.setattr(installation, "settings", lambda: settings)
    done = await asyncio.to_thread(CliRunner().invoke, agent_command, ["remove-second-factor", MIA])
    assert done.exit_code == 0, done.output
    assert (await mia.get("/desk")).status_code == 303
    assert (await sign_in(house, device)).status_code == 403


async def test_nobody_names_or_removes_somebody_elses(house: House) -> None:
    mia = await with_passkey(house, device := new_device())
    jo = await with_passkey(house, new_device(), "jo@example.org")
    (mias,) = re.findall(rf"{PAGE}/(\w+)/remove", (await mia.get(PAGE)).text)
    assert (await jo.fill(PAGE, to=f"{PAGE}/{mias}/remove", proof=PASSWORD)).status_code == 404
    assert (await jo.fill(PAGE, to=f"{PAGE}/{mias}/name", name="Meiner")).status_code == 404
    assert (await mia.fill(PAGE, to=f"{PAGE}/{mias}/name", name="  Der   blaue ")).status_code == 303
    assert "Der blaue" in (await mia.get(PAGE)).text
    assert (await mia.fill(PAGE, to=f"{PAGE}/{mias}/name", name=" ")).status_code == 422
    assert (await sign_in(house, device)).status_code == 303


async def test_somebody_elses_passkey_is_no_second_factor(house: House) -> None:
    await with_passkey(house, new_device())
    jos = new_device()
    await with_passkey(house, jos, "jo@example.org")
    browser = house.browser()
    await browser.sign_in(MIA)
    page = await visit(browser, CODE)
    assert (await page.send(AFTER, answer=jos.get(await page.options(AFTER)))).status_code == 403
    jos.user_handle = None
    assert (await page.send(AFTER, answer=jos.get(await page.options(AFTER)))).status_code == 403
    assert (await browser.get("/desk")).status_code == 303
    assert await reasons(house.db) == ["passkey_unknown"] * 2
