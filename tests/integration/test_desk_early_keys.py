"""Keys that come before what they are meant for: done there and nowhere else, or said to be lost."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from store.models import Conversation, Handoff, Role, now
from store.status import Status
from tests.conversation_driver import drive
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD, House, agent_by_email, served
from tests.integration.staff_windows import held_up, window

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture(autouse=True)
async def mia(house: House) -> str:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    return (await agent_by_email(house.db, "mia@example.org")).id


async def open_conversation(page: "Page", conversation: str) -> None:
    await page.goto(f"/desk?view=open&conversation={conversation}")
    await page.wait_for_selector("#open:not([hidden]) #text:not([readonly])")


async def click(page: "Page", conversation: str) -> None:
    await page.click(f'#list [data-id="{conversation}"] button')


async def is_shown(page: "Page", conversation: str) -> None:
    await expect(page.locator(f'#list [data-id="{conversation}"] [aria-current=true]')).to_have_count(1)


async def statuses(house: House, *conversations: str) -> list[Status]:
    async with house.db.read() as session:
        return [(await session.get_one(Conversation, each)).status for each in conversations]


def loading(conversation: str) -> str:
    return rf"/desk/api/conversations/{conversation}$"


async def test_accepting_waits_for_the_conversation_that_was_clicked_and_words_go_into_its_answer(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one = await waiting(conversations, "Frage von Anna", chat_id="anna")
    other = await waiting(conversations, "Frage von Ben", chat_id="ben")
    async with served(house) as address, window(browser, address, "mia@example.org", locale="de-DE") as page:
        await open_conversation(page, one)
        async with held_up(page, loading(other)) as made:
            await click(page, other)
            await made.wait()
            await expect(page.locator(f'#list [data-id="{other}"] [aria-busy=true]')).to_have_count(1)
            await page.keyboard.press("a")
            await expect(page.locator("#passing")).to_have_text("A: sobald das Gespräch da ist.")
            await page.keyboard.type("Ja, exakt 123")
            await page.keyboard.press("Enter")
            assert await statuses(house, one, other) == [Status.QUEUED] * 2
        await expect(page.locator("#text")).to_have_value("Ja, exakt 123")
        await expect(page.locator("#text")).to_be_focused()
        await expect(page.locator("#passing")).to_be_hidden()
        await is_shown(page, other)
        await expect(page.locator("#list [aria-busy]")).to_have_count(0)
        assert await page.locator("dialog[open]").count() == 0
    assert await statuses(house, one, other) == [Status.QUEUED, Status.ASSIGNED]


async def test_what_was_pressed_for_a_conversation_is_done_in_no_other_and_said_to_be_lost(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    """What acts at once is lost at once; what waits is lost when one goes on, and when it can't be done after all."""
    names = ("anna", "ben", "cem")
    one, other, third = [await waiting(conversations, f"Frage von {name}", chat_id=name) for name in names]
    async with served(house) as address, window(browser, address, "mia@example.org", locale="de-DE") as page:
        await open_conversation(page, one)
        said = page.locator("#passing")
        async with held_up(page, loading(other)) as made:
            await click(page, other)
            await made.wait()
            for key in ("e", "x", "1", "u"):
                await page.keyboard.press(key)
                await expect(said).to_have_text(f"Das Gespräch ist noch nicht da: {key.upper()} hat nichts getan.")
            await page.keyboard.press("a")
            await click(page, third)
            await is_shown(page, third)
            await expect(said).to_have_text("Sie waren schon weiter: A hat nichts getan.")
        await page.route(re.compile(loading(one)), lambda route: route.abort(), times=1)
        await click(page, one)
        await expect(page.locator("#problem")).to_be_visible()
        await is_shown(page, third)
        assert await statuses(house, one, other, third) == [Status.QUEUED] * 3
        mia = (await agent_by_email(house.db, "mia@example.org")).id
        await drive(conversations).accept(other, mia)
        async with held_up(page, loading(other)) as made:
            await click(page, other)
            await made.wait()
            await page.keyboard.press("a")
        await expect(said).to_have_text("Hier gibt es nichts anzunehmen.")
        await is_shown(page, other)
        async with held_up(page, loading(one)) as made:
            await click(page, one)
            await made.wait()
            await page.evaluate("document.querySelector('#text').focus()")
            await page.keyboard.type("e")
            await expect(said).to_have_text("Einen Moment bitte: Was Sie jetzt tippen, kommt nirgends an.")
        await expect(page.locator("#text")).to_have_value("")
    assert await statuses(house, one, other, third) == [Status.QUEUED, Status.ASSIGNED, Status.QUEUED]


async def test_what_opens_something_waits_and_the_words_after_it_go_there(
    house: House, conversations: Conversations, browser: "Browser", mia: str
) -> None:
    one = await waiting(conversations, "Frage von Anna", chat_id="anna")
    other = await waiting(conversations, "Frage von Ben", chat_id="ben")
    for each in (one, other):
        await drive(conversations).accept(each, mia)
    async with served(house) as address, window(browser, address, "mia@example.org", locale="de-DE") as page:
        await open_conversation(page, one)
        places = {
            "nBitte warten": "#text",
            "tEr ist sauer": "#transfer-note",
            "pGutschein": "#promise-form [name=what]",
        }
        for keys, place in places.items():
            async with held_up(page, loading(other)) as made:
                await click(page, other)
                await made.wait()
                await page.keyboard.type(keys)
            await expect(page.locator(place)).to_have_value(keys[1:])
            await is_shown(page, other)
            await page.keyboard.press("Escape")
            await page.fill("#text", "")
            await click(page, one)
            await is_shown(page, one)
    assert await statuses(house, one, other) == [Status.ASSIGNED] * 2


async def test_words_for_the_palette_and_the_macros_wait_until_those_are_there(
    house: House, conversations: Conversations, browser: "Browser", mia: str
) -> None:
    """With letters that would resolve and hand on, had they been taken for shortcuts."""
    one = await waiting(conversations, "Frage von Anna", chat_id="anna")
    await drive(conversations).accept(one, mia)
    async with served(house) as address, window(browser, address, "mia@example.org", locale="de-DE") as page:
        await open_conversation(page, one)
        await page.locator("#who").focus()
        for opening, script, field in (
            ("Control+k", "/static/shared/palette.js", "#palette-dialog input"),
            ("m", "/static/desk/macro-list.js", "#macro-search"),
        ):
            async with held_up(page, re.escape(script)) as made:
                await page.keyboard.press(opening)
                await made.wait()
                await page.keyboard.type("jetzt ex")
                await page.keyboard.press("Backspace")
            await expect(page.locator(field)).to_have_value("jetzt e")
            await expect(page.locator(field)).to_be_focused()
            for _ in range(2):  # the first one empties a field for searching
                await page.keyboard.press("Escape")
            await expect(page.locator(field)).to_be_hidden()
        await expect(page.locator("dialog[open]")).to_have_count(0)
    assert await statuses(house, one) == [Status.ASSIGNED]


async def test_whoever_writes_elsewhere_by_then_is_not_torn_away_by_what_they_accepted(
    house: House, conversations: Conversations, browser: "Browser", mia: str
) -> None:
    one = await waiting(conversations, "Frage von Anna", chat_id="anna")
    other = await waiting(conversations, "Frage von Ben", chat_id="ben")
    async with house.db.write() as session:
        handoff = (await session.scalars(select(Handoff).where(Handoff.conversation_id == other))).one()
        handoff.offered_to, handoff.offered_at, handoff.offered_until = mia, now(), now() + timedelta(minutes=5)
    async with served(house) as address, window(browser, address, "mia@example.org", locale="de-DE") as page:
        await open_conversation(page, one)
        async with held_up(page, rf"/desk/api/conversations/{other}/accept$") as made:
            await page.click("#offers [data-verb=accept]")
            await made.wait()
            await page.click("#text")
            await page.keyboard.type("Für Anna")
        await expect(page.locator("#passing")).to_contain_text("gehört jetzt Ihnen")
        await expect(page.locator("#text")).to_have_value("Für Anna")
        await expect(page.locator("#text")).to_be_focused()
        await is_shown(page, one)
    assert await statuses(house, one, other) == [Status.QUEUED, Status.ASSIGNED]
