"""The second factor: set up, asked for, and nothing open before it, on SQLite and on PostgreSQL."""

import asyncio
import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import select, update
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from structlog.testing import capture_logs
from websockets import Origin
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from helpdesk.accounts.agents import add_agent, change_role, find_agent
from helpdesk.accounts.errors import WrongCode
from helpdesk.accounts.invitations import first_admin_link, invitation_link
from helpdesk.accounts.keys import make_key
from helpdesk.accounts.sessions import FactorPolicy, Sessions
from helpdesk.host.cli import installation
from helpdesk.host.cli.agent import agent as agent_command
from helpdesk.second_factor.second_factors import MAX_ATTEMPTS, SecondFactors
from helpdesk.web.shared.access import Access, access_of, route
from store.db import Database
from store.models import RecoveryCode, Role, SecondFactor, now
from store.settings import Settings
from tests.harness import eventually
from tests.integration.staff import ORIGIN, PASSWORD, House, make_house, served
from tests.integration.staff_windows import check

if TYPE_CHECKING:
    from playwright.async_api import Browser

from tests.integration.second_factor_steps import (
    CODE,
    PAGE,
    half_signed_in,
    house_with,
    next_code,
    partial_csrf,
    set_up,
)


async def test_the_code_is_asked_after_the_password_and_leads_where_one_wanted_to_go(house: House) -> None:
    secret, _ = await set_up(house, await house.signed_in())
    browser = house.browser()
    await browser.fill("/signin", to="/signin", email="mia@example.org", password=PASSWORD, next="/desk?view=mine")
    asked = (await browser.get("/desk?view=mine")).headers["location"]
    asked = (await browser.get(asked)).headers["location"]
    assert asked == "/signin/code?next=/desk%3Fview%3Dmine"
    half = browser.cookies["staffel_agent"]
    done = await browser.fill(asked, to=CODE, code=await next_code(house.db, secret), next="/desk?view=mine")
    assert (done.status_code, done.headers["location"]) == (303, "/desk?view=mine")
    assert browser.cookies["staffel_agent"] != half, "a session of its own"
    assert await Sessions(house.db).find_partial(half) is None
    assert (await browser.get("/desk")).status_code == 200


async def test_setting_up_ends_other_sessions_and_keeps_this_one(house: House) -> None:
    mia, other = await house.signed_in(), await half_signed_in(house)
    assert (await other.get("/desk")).status_code == 200, "complete until there is a second factor"
    await set_up(house, mia)
    assert (await mia.get("/desk")).status_code == 200
    assert (await other.get("/desk")).status_code == 303


async def test_a_code_counts_once_even_within_its_half_minute(house: House) -> None:
    secret, _ = await set_up(house, await house.signed_in())
    code = await next_code(house.db, secret)
    first, second = await half_signed_in(house), await half_signed_in(house)
    assert (await first.fill(CODE, code=code)).status_code == 303
    again = await second.fill(CODE, code=code)
    assert again.status_code == 403
    assert "schon benutzt" in again.text
    assert (await second.get("/desk")).status_code == 303


async def test_a_code_sent_many_times_at_once_counts_once(house: House) -> None:
    secret, codes = await set_up(house, await house.signed_in())
    agent, factors = await find_agent(house.db, "mia@example.org"), SecondFactors(house.db, "k" * 32)
    for code in (await next_code(house.db, secret), codes[0]):
        tried = await asyncio.gather(*(factors.verify(agent.id, code) for _ in range(2)), return_exceptions=True)
        assert tried.count(None) == 1, code
        assert sum(isinstance(one, WrongCode) for one in tried) == 1


async def test_each_of_ten_recovery_codes_signs_in_once(house: House) -> None:
    _, codes = await set_up(house, await house.signed_in())
    assert len(set(codes)) == 10
    first, second = await half_signed_in(house), await half_signed_in(house)
    assert (await first.fill(CODE, code=codes[3].upper().replace("-", " "))).status_code == 303
    assert (await second.fill(CODE, code=codes[3])).status_code == 403
    assert "9 Ersatzcodes" in (await first.get(PAGE)).text


async def test_a_recovery_code_is_nobody_elses(house: House) -> None:
    _, codes = await set_up(house, await house.signed_in())
    await set_up(house, await house.signed_in(email="jo@example.org", name="Jo"))
    jo = await half_signed_in(house, "jo@example.org")
    assert (await jo.fill(CODE, code=codes[0])).status_code == 403


async def test_neither_secret_nor_codes_can_be_read_in_the_database(house: House) -> None:
    secret, codes = await set_up(house, await house.signed_in())
    async with house.db.read() as session:
        stored = str(list(await session.scalars(select(SecondFactor.secret))))
        hashes = str(list(await session.scalars(select(RecoveryCode.code_hash))))
    assert secret not in stored
    assert not [code for code in codes if code.replace("-", "") in hashes]


async def test_codes_can_not_be_guessed_for_long(house: House) -> None:
    secret, _ = await set_up(house, await house.signed_in())
    browser = await half_signed_in(house)
    wrong = "000000" if pyotp.TOTP(secret).now() != "000000" else "111111"
    answers = [(await browser.fill(CODE, code=wrong)).status_code for _ in range(MAX_ATTEMPTS + 1)]
    assert answers == [403] * MAX_ATTEMPTS + [429]
    right = await (await half_signed_in(house)).fill(CODE, code=await next_code(house.db, secret))
    assert right.status_code == 429, "the count is the account's, not the browser's"


async def test_wrong_codes_from_elsewhere_do_not_lock_the_owners_browser_out(house: House) -> None:
    mia = await house.signed_in()
    secret, _ = await set_up(house, mia)
    await mia.fill("/desk", to="/signout")
    thief = await half_signed_in(house)
    wrong = "000000" if pyotp.TOTP(secret).now() != "000000" else "111111"
    answers = [(await thief.fill(CODE, code=wrong)).status_code for _ in range(MAX_ATTEMPTS + 1)]
    assert answers[-1] == 429
    assert "staffel_device" not in thief.cookies, "the password alone makes no browser known"
    await mia.sign_in("mia@example.org")
    assert (await mia.fill(CODE, code=await next_code(house.db, secret))).status_code == 303
    await mia.fill("/desk", to="/signout")
    await mia.sign_in("mia@example.org")
    answers = [(await mia.fill(CODE, code=wrong)).status_code for _ in range(MAX_ATTEMPTS + 1)]
    assert answers == [403] * MAX_ATTEMPTS + [429], "it has a count of its own"


async def test_a_link_lifts_the_lock_for_the_browser_that_follows_it(house: House) -> None:
    secret, _ = await set_up(house, await house.signed_in())
    thief = await half_signed_in(house)
    wrong = "000000" if pyotp.TOTP(secret).now() != "000000" else "111111"
    shown = [await thief.fill(CODE, code=wrong) for _ in range(MAX_ATTEMPTS + 1)][-1]
    assert "Ein neuer Link hebt die Sperre" in shown.text
    link = (await invitation_link(house.db, ORIGIN, "mia@example.org")).removeprefix(ORIGIN)
    mia = house.browser()
    await mia.fill(link, name="Mia", email="mia@example.org", password="wolke tisch fahrrad")
    assert (await mia.get("/desk")).status_code == 303, "the code is still asked"
    assert (await mia.fill(CODE, code=await next_code(house.db, secret))).status_code == 303
    assert (await mia.get("/desk")).status_code == 200


async def test_wrong_passwords_behind_the_same_address_do_not_lock_the_owners_browser_out(house: House) -> None:
    mia, colleague = await house.signed_in(), house.browser()
    await mia.fill("/desk", to="/signout")
    answers = [(await colleague.sign_in("mia@example.org", "wrong wiese turnschuh")).status_code for _ in range(11)]
    assert answers[-1] == 429
    assert (await mia.sign_in("mia@example.org")).status_code == 303
    forged = house.browser()
    owner, name, _ = mia.cookies["staffel_device"].split(".")
    forged.cookies.set("staffel_device", f"{owner}.other.{mia.cookies['staffel_device'].rpartition('.')[2]}")
    assert (await forged.sign_in("mia@example.org")).status_code == 429
    assert name != "other"


async def test_an_old_code_does_not_count(house: House) -> None:
    secret, _ = await set_up(house, await house.signed_in())
    agent, factors = await find_agent(house.db, "mia@example.org"), SecondFactors(house.db, "k" * 32)
    await next_code(house.db, secret)
    with pytest.raises(WrongCode):
        await factors.verify(agent.id, pyotp.TOTP(secret).at(0))


@pytest.mark.parametrize("stage", ["code", "setup"])
async def test_nothing_for_staff_is_open_to_a_half_signed_in_session(db: Database, stage: str) -> None:
    """Every route of the table, by every method, with the right token of this very session."""
    house = house_with(db, FactorPolicy.EVERYBODY)
    await add_agent(db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    if stage == "code":
        await set_up(house, await half_signed_in(house, "ada@example.org"))
    browser = await half_signed_in(house, "ada@example.org")
    csrf = await partial_csrf(browser, CODE if stage == "code" else PAGE)
    tried = 0
    for item in house.app.routes:
        if access_of(item) is Access.STAFF and isinstance(item, Route):
            path = re.sub(r"\{[^}]*\}", "0a" * 16, item.path)
            for method in sorted(item.methods or ()):
                headers = {"accept": "application/json", "x-csrf-token": csrf, "origin": ORIGIN}
                answer = await browser.request(method, path, headers=headers)
                assert answer.status_code == 401, (method, path, answer.status_code)
                tried += 1
    assert tried > 60


async def test_half_signed_in_pages_want_the_token_of_the_session(db: Database) -> None:
    house = house_with(db, FactorPolicy.EVERYBODY)
    await add_agent(db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    browser = await half_signed_in(house, "ada@example.org")
    for item in house.app.routes:
        if access_of(item) is Access.PARTIAL and isinstance(item, Route) and "POST" in (item.methods or ()):
            sent = await browser.post(item.path, data={"csrf": "wrong"}, headers={"origin": ORIGIN})
            assert sent.status_code == 403, item.path
            nobody = await house.browser().post(item.path, headers={"origin": ORIGIN, "accept": "application/json"})
            assert nobody.status_code == 401, item.path


async def test_a_secret_that_nobody_confirmed_in_time_is_no_good(house: House) -> None:
    browser = await house.signed_in()
    await browser.fill(PAGE, to=f"{PAGE}/begin")
    async with house.db.write() as session:
        await session.execute(update(SecondFactor).values(created_at=now() - timedelta(minutes=31)))

    assert 'id="secret"' not in (await browser.get(PAGE)).text
    assert (await browser.get(f"{PAGE}/qr.svg")).status_code == 404


async def test_while_the_code_is_outstanding_no_other_app_is_set_up(house: House) -> None:
    await set_up(house, await house.signed_in())
    browser = await half_signed_in(house)
    csrf = await partial_csrf(browser, CODE)
    for path in ("begin", "confirm"):
        answer = await browser.post(f"{PAGE}/{path}", data={"csrf": csrf, "code": "1"}, headers={"origin": ORIGIN})
        assert answer.status_code == 403, path
    assert (await browser.get(f"{PAGE}/qr.svg")).status_code == 403
    assert (await browser.get(PAGE)).headers["location"] == CODE


async def test_the_socket_of_the_desk_refuses_a_half_signed_in_session(house: House) -> None:
    secret, _ = await set_up(house, await house.signed_in())
    half = await half_signed_in(house)
    whole = await half_signed_in(house)
    assert (await whole.fill(CODE, code=await next_code(house.db, secret))).status_code == 303
    (path,) = [item.path for item in house.app.routes if isinstance(item, WebSocketRoute)]
    async with served(house) as address:
        ws, origin = address.replace("http", "ws") + path, Origin(ORIGIN)
        cookie = {"Cookie": f"staffel_agent={half.cookies['staffel_agent']}"}
        with pytest.raises((InvalidStatus, ConnectionClosed)):
            async with connect(ws, origin=origin, additional_headers=cookie) as socket:
                await socket.recv()
        cookie = {"Cookie": f"staffel_agent={whole.cookies['staffel_agent']}"}
        async with connect(ws, origin=origin, additional_headers=cookie) as socket:
            await (await socket.ping())


async def test_who_must_have_one_is_led_to_it_and_gets_nowhere_else(db: Database) -> None:
    house = house_with(db, FactorPolicy.ADMINS)
    await add_agent(db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD)
    jo = await half_signed_in(house, "jo@example.org")
    assert (await jo.get("/desk")).status_code == 200, "agents needn't"
    browser = house.browser()
    link = (await first_admin_link(db, ORIGIN) or "").removeprefix(ORIGIN)
    await browser.fill(link, name="Ada", email="ada@example.org", password=PASSWORD)
    refused = (await browser.get("/admin")).headers["location"]
    assert refused == "/signin?next=/admin"
    assert (await browser.get(refused)).headers["location"] == PAGE
    assert "genügt ein Passwort allein nicht" in (await browser.get(PAGE)).text
    await set_up(house, browser)
    assert (await browser.get("/admin")).status_code == 200


async def test_who_becomes_an_admin_needs_one_from_then_on(db: Database) -> None:
    house = house_with(db, FactorPolicy.ADMINS)
    mia = await house.signed_in()
    await change_role(db, (await find_agent(db, "mia@example.org")).id, Role.ADMIN)
    assert (await mia.get("/desk")).status_code == 303
    assert (await mia.get("/signin")).headers["location"] == PAGE


async def test_taking_it_away_needs_a_code_and_ends_the_sessions(house: House) -> None:
    mia = await house.signed_in()
    secret, _ = await set_up(house, mia)
    assert (await mia.fill(PAGE, to=f"{PAGE}/remove", code="12345")).status_code == 403
    assert (await mia.get("/desk")).status_code == 200
    done = await mia.fill(PAGE, to=f"{PAGE}/remove", code=await next_code(house.db, secret))
    assert done.headers["location"] == "/signin"
    assert (await mia.get("/desk")).status_code == 303
    again = await half_signed_in(house)
    assert (await again.get("/desk")).status_code == 200, "the password alone does"


async def test_the_operator_takes_it_away_by_command_and_the_log_says_who(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = await house.signed_in()
    await set_up(house, mia)
    agent = await find_agent(house.db, "mia@example.org")
    settings = Settings(database_url=house.db.url, secret_key=SecretStr("k" * 32), _env_file=None)
    monkeypatch.setattr(installation, "settings", lambda: settings)
    with capture_logs() as lines:
        done = await asyncio.to_thread(CliRunner().invoke, agent_command, ["remove-second-factor", "mia@example.org"])
    assert (done.exit_code, agent.id in done.output) == (0, True), done.output
    (line,) = [line for line in lines if line["event"] == "second_factor.removed"]
    assert (line["agent"], line["by"]) == (agent.id, f"command, system user {os.getuid()}")
    assert (await mia.get("/desk")).status_code == 303
    assert (await (await half_signed_in(house)).get("/desk")).status_code == 200
    again = await asyncio.to_thread(CliRunner().invoke, agent_command, ["remove-second-factor", "mia@example.org"])
    assert again.exit_code == 1


async def test_keys_of_programs_are_asked_for_no_code(db: Database) -> None:
    async def echo(request: Request) -> Response:
        return PlainTextResponse("inside")

    house = make_house(
        db, lambda pages, guard: [route("/try/api", echo, access=Access.API)], policy=FactorPolicy.EVERYBODY
    )
    key = await make_key(db, "shop", ["messages"])
    answer = await house.browser().get("/try/api", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200


async def test_new_recovery_codes_end_the_old_ones(house: House) -> None:
    mia = await house.signed_in()
    secret, old = await set_up(house, mia)
    answer = await mia.fill(PAGE, to=f"{PAGE}/codes", code=await next_code(house.db, secret))
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert (await (await half_signed_in(house)).fill(CODE, code=old[0])).status_code == 403
    assert (await (await half_signed_in(house)).fill(CODE, code=new[0])).status_code == 303


async def test_the_picture_is_a_plain_file_of_ours_and_kept_nowhere(house: House) -> None:
    mia = await house.signed_in()
    assert (await mia.get(f"{PAGE}/qr.svg")).status_code == 404, "nothing is being set up"
    await mia.fill(PAGE, to=f"{PAGE}/begin")
    picture = await mia.get(f"{PAGE}/qr.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.headers["cache-control"] == "no-store"
    assert "style=" not in picture.text
    assert (await house.browser().get(f"{PAGE}/qr.svg")).status_code == 303


@pytest.mark.sqlite_only
async def test_set_up_and_sign_in_in_a_browser(db: Database, browser: "Browser") -> None:
    house = house_with(db, FactorPolicy.EVERYBODY)
    await add_agent(db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    async with served(house) as address:
        context = await browser.new_context(base_url=address, reduced_motion="reduce")
        page, errors = await context.new_page(), list[str]()
        page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)

        async def give_password() -> None:
            await page.goto("/desk")
            await page.fill("[name=email]", "mia@example.org")
            await page.fill("[name=password]", PASSWORD)
            await page.keyboard.press("Enter")

        await give_password()
        await page.wait_for_url("**/account/second-factor")
        await check(page)
        await page.click("button.primary")
        width = "image => image.complete && image.naturalWidth"
        await eventually(lambda: page.locator("img").first.evaluate(width), "the picture")
        await check(page)
        secret = (await page.inner_text("#secret")).replace(" ", "")
        await page.fill("[name=code]", pyotp.TOTP(secret).now())
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".recovery-codes li")
        await check(page)
        await page.click("a.primary")
        await page.wait_for_url("**/desk")
        await page.click("#account summary")
        await page.click("#sign-out button")
        await page.wait_for_url("**/signin")
        await give_password()
        await page.wait_for_url("**/signin/code**")
        await check(page)
        await page.fill("[name=code]", "12345")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#problem")
        await page.fill("[name=code]", await next_code(db, secret))
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk")
        assert errors == []
