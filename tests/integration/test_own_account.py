"""The own account: a new password, and the browsers that are signed in, on SQLite and on PostgreSQL."""

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from helpdesk.accounts.agents import find_agent
from helpdesk.accounts.invitations import invitation_link
from helpdesk.accounts.own_sessions import end_session, load_own_sessions
from helpdesk.accounts.sessions import Sessions
from tests.integration.staff import ORIGIN, PASSWORD, House, StaffBrowser, served
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser

NEW = "kranich teekanne dachboden"
FIREFOX = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"


async def change(browser: StaffBrowser, old: str, new: str) -> httpx.Response:
    return await browser.fill("/account", to="/account/password", old=old, new=new)


async def signed_in_elsewhere(house: House, address: str = "203.0.113.9") -> StaffBrowser:
    other = house.browser(address, **{"user-agent": FIREFOX, "accept-language": "en"})
    assert (await other.sign_in("mia@example.org")).status_code == 303
    return other


async def test_a_new_password_takes_the_place_of_the_old_and_ends_the_other_sessions(house: House) -> None:
    mia = await house.signed_in()
    other = await signed_in_elsewhere(house)
    done = await change(mia, PASSWORD, NEW)
    assert done.headers["location"] == "/account?done=password"
    assert (await mia.get("/account")).status_code == 200, "this browser stays signed in"
    assert (await other.get("/account")).status_code == 303, "the other doesn't"
    assert (await house.browser().sign_in("mia@example.org", PASSWORD)).status_code == 401
    assert (await house.browser().sign_in("mia@example.org", NEW)).status_code == 303


async def test_a_link_made_before_ends_with_the_old_password(house: House) -> None:
    mia = await house.signed_in()
    link = (await invitation_link(house.db, ORIGIN, "mia@example.org")).removeprefix(ORIGIN)
    await change(mia, PASSWORD, NEW)
    assert (await house.browser().get(link)).status_code == 404


async def test_without_the_old_password_nothing_changes(house: House) -> None:
    mia = await house.signed_in()
    other = await signed_in_elsewhere(house)
    answer = await change(mia, "falsch geraten", NEW)
    assert answer.status_code == 403
    assert "stimmt nicht" in answer.text
    assert (await other.get("/account")).status_code == 200
    assert (await house.browser().sign_in("mia@example.org", PASSWORD)).status_code == 303


async def test_whoever_finds_an_open_desk_can_not_try_passwords_for_ever(house: House) -> None:
    mia = await house.signed_in()
    answers = [(await change(mia, f"geraten {n}", NEW)).status_code for n in range(11)]
    assert answers == [403] * 10 + [429]
    assert (await change(mia, PASSWORD, NEW)).status_code == 429, "not even the right one, for now"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("kurz", "mindestens 12 Zeichen"),
        ("Passwort1234", "Listen bekannter"),
        ("Lampi2024!!", "mindestens 12 Zeichen"),
        ("LampiLampi12", "Namen der Firma"),
        ("mia@example.org", "Namen der Firma"),
        ("abcabcabcabc", "Wiederholungen"),
    ],
)
async def test_a_poor_new_password_is_refused_with_the_reason(house: House, new: str, why: str) -> None:
    mia = await house.signed_in()
    answer = await change(mia, PASSWORD, new)
    assert (answer.status_code, why in answer.text) == (422, True), answer.text
    assert new not in answer.text.split('name="old"')[1], "what was typed isn't shown again"
    assert (await house.browser().sign_in("mia@example.org", PASSWORD)).status_code == 303


async def test_sessions_are_shown_with_browser_system_and_network(house: House) -> None:
    await house.signed_in()
    other = await signed_in_elsewhere(house)
    shown = (await other.get("/account")).text
    text = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    assert "Firefox auf Linux" in text
    assert "203.0.113.…" in text
    assert "203.0.113.9" not in shown
    assert text.count("dieser Browser") == 1


async def test_one_session_is_ended_and_the_others_stay(house: House) -> None:
    mia = await house.signed_in()
    second, third = await signed_in_elsewhere(house), await signed_in_elsewhere(house, "192.0.2.4")
    shown = (await mia.get("/account")).text
    (reference,) = re.findall(r'value="(\w+)"[^>]*>\s*Abmelden<', shown.split("192.0.2.…")[1].split("</li>")[0])
    done = await mia.fill("/account", to="/account/sessions", session=reference)
    assert done.headers["location"] == "/account?done=sessions"
    states = [(await one.get("/account")).status_code for one in (mia, second, third)]
    assert states == [200, 200, 303]


async def test_all_others_are_ended_at_once(house: House) -> None:
    mia = await house.signed_in()
    others = [await signed_in_elsewhere(house), await signed_in_elsewhere(house)]
    await mia.fill("/account", to="/account/sessions")
    assert [(await one.get("/account")).status_code for one in (mia, *others)] == [200, 303, 303]


async def test_nobody_ends_or_sees_the_session_of_somebody_else(house: House) -> None:
    mia = await house.signed_in()
    jo = await house.signed_in(email="jo@example.org", name="Jo")
    jo_id = (await find_agent(house.db, "jo@example.org")).id
    (jos,) = await load_own_sessions(house.db, jo_id, "")
    await mia.fill("/account", to="/account/sessions", session=jos.reference)
    assert (await jo.get("/account")).status_code == 200
    assert jos.reference not in (await mia.get("/account")).text
    await mia.fill("/account", to="/account/sessions")
    assert (await jo.get("/account")).status_code == 200, "not with all others either"
    await end_session(house.db, jo_id, jos.reference)
    assert (await jo.get("/account")).status_code == 303, "the same reference, from whom it belongs to"


async def test_a_session_that_is_over_is_not_shown(house: House) -> None:
    mia = await house.signed_in()
    await signed_in_elsewhere(house)
    agent = await find_agent(house.db, "mia@example.org")
    assert len(await load_own_sessions(house.db, agent.id, "")) == 2
    await Sessions(house.db).end_all(agent.id)
    assert await load_own_sessions(house.db, agent.id, "") == []
    assert (await mia.get("/account")).status_code == 303


@pytest.mark.sqlite_only
async def test_the_page_in_a_browser(house: House, browser: "Browser") -> None:
    await house.signed_in()
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.click("#account summary")
        await page.click("#account a[href='/account']")
        await page.wait_for_selector("h1:has-text('Mein Konto')")
        await check(page)
        await page.fill("[name=old]", PASSWORD)
        await page.fill("[name=new]", "passwort1234")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#problem:has-text('Listen')")
        await page.fill("[name=old]", PASSWORD)
        await page.fill("[name=new]", NEW)
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[role=status]:has-text('geändert')")
        assert await page.locator(".sessions li").count() == 1
        await check(page)
