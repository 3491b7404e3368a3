"""Passkeys: made, signed in with, asked for after the password, refused; on SQLite and on PostgreSQL."""

import asyncio
import json
import random
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from pydantic import SecretStr
from sqlalchemy import select, update

from helpdesk.accounts.agents import SIGNS_IN_ELSEWHERE, add_agent, deactivate, find_agent
from helpdesk.accounts.sessions import FactorPolicy, Sessions
from helpdesk.accounts.throttle import LIMIT
from helpdesk.host.cli import installation
from helpdesk.host.cli.agent import agent as agent_command
from helpdesk.second_factor.challenges import ChallengePurpose, store_challenge, use_challenge
from helpdesk.second_factor.errors import PasskeyRefused
from helpdesk.web.account.passkey_sign_in import MAX_CHALLENGES
from store.db import Database
from store.models import Agent, AgentSession, AuditEntry, Passkey, PasskeyChallenge, RecoveryCode, Role, now
from store.settings import Settings
from tests.integration.staff import ORIGIN, PASSWORD, House, StaffBrowser, make_house, staff_routes
from tests.integration.test_second_factor import CODE, next_code, set_up
from tests.passkey_device import PasskeyDevice, encode

PUBLIC = "https://desk.example.org"
PAGE = "/account/passkeys"
SIGN_IN = "/signin/passkey"
AFTER = "/signin/code/passkey"
MIA = "mia@example.org"


def make_passkey_house(db: Database, **options: Any) -> House:
    """The browsers of these tests are at `ORIGIN`; the address that the installation is known by says the rest."""
    return make_house(db, lambda pages, guard: staff_routes(db, pages, guard), public_url=PUBLIC, **options)


@pytest.fixture
def house(db: Database) -> House:
    return make_passkey_house(db)


def new_device(**traits: Any) -> PasskeyDevice:
    return PasskeyDevice(**{"origin": PUBLIC, "rp_id": "desk.example.org"} | traits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page, open in a browser, with its token."""

    browser: StaffBrowser
    csrf: str

    async def send(self, path: str, **fields: str) -> httpx.Response:
        return await self.browser.post(path, data={"csrf": self.csrf, **fields}, headers={"origin": ORIGIN})

    async def options(self, path: str, **fields: str) -> dict[str, Any]:
        answer = await self.send(f"{path}/options", **fields)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


async def visit(browser: StaffBrowser, page: str) -> Visit:
    found = re.search(r'name="csrf" (?:value|content)="([^"]*)"', (await browser.get(page)).text)
    assert found
    return Visit(browser=browser, csrf=found[1])


async def add(browser: StaffBrowser, device: PasskeyDevice, *, name: str = "Laptop", proof: str = PASSWORD) -> Any:
    """Add a passkey; the server's last answer."""
    page = await visit(browser, PAGE)
    return await page.send(PAGE, name=name, answer=device.create(await page.options(PAGE, proof=proof)))


async def with_passkey(house: House, device: PasskeyDevice, email: str = MIA) -> StaffBrowser:
    browser = await house.signed_in(email=email, name=email.partition("@")[0].title())
    assert (await add(browser, device)).status_code == 200
    return browser


async def sign_in(house: House, device: PasskeyDevice, browser: StaffBrowser | None = None) -> Any:
    page = await visit(browser or house.browser(), "/signin?next=/desk")
    return await page.send(SIGN_IN, next="/desk?view=mine", answer=device.get(await page.options(SIGN_IN)))


async def entries(db: Database, action: str) -> list[AuditEntry]:
    async with db.read() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


async def reasons(db: Database) -> list[str]:
    return [entry.after["reason"] for entry in await entries(db, "sign_in.failed")]


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
