"""The command palette and the map of shortcuts: everything by a few letters, and no letter that destroys."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from store.models import Conversation, Role
from store.status import Status
from tests.conversation_driver import drive
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD, House, served
from tests.integration.staff_windows import check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


async def test_actions_conversations_and_pages_are_a_few_letters_away(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    mia = await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    mine = await waiting(conversations, "Mein Wasserkocher ist kaputt.", chat_id="v1")
    await waiting(conversations, "Wo bleibt mein Paket?", chat_id="v2")
    await drive(conversations).accept(mine, mia.id)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto(f"/desk?conversation={mine}")
        await page.wait_for_selector("#line-2")
        await page.locator("#text").fill("Angefangen")
        await page.keyboard.press("Control+k")
        options = page.locator("#palette-dialog [role=option]")
        await expect(options.first).to_have_attribute("aria-selected", "true")
        await expect(options.first).not_to_contain_text("Abschließen")
        await check(page)
        await page.keyboard.type("weiterg")
        await expect(options).to_have_count(1)
        await page.keyboard.press("Enter")
        await expect(page.locator("#transfer-dialog")).to_be_visible()
        await page.keyboard.press("Control+k")
        await expect(page.locator("#palette-dialog")).to_be_hidden()
        await page.keyboard.press("Escape")
        await expect(page.locator("#transfer-dialog")).to_be_hidden()
        await page.keyboard.press("Control+k")
        await expect(page.locator("#palette-dialog")).to_be_visible()
        await page.keyboard.type("paket")
        await expect(page.locator("#palette-dialog .palette-hint")).to_contain_text("Wo bleibt mein Paket?")
        await page.keyboard.press("Enter")
        await expect(page.locator("#lines")).to_contain_text("Wo bleibt mein Paket?")
        await page.keyboard.press("Control+k")
        await expect(page.locator("#palette-dialog")).to_be_visible()
        await page.keyboard.type("mein konto")
        await expect(options).to_have_count(1)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/account")


async def test_no_single_letter_closes_or_gives_away(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    """Every letter is pressed once: none of them ends a conversation that nobody has answered."""
    mia = await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    mine = await waiting(conversations)
    await drive(conversations).accept(mine, mia.id)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.goto(f"/desk?conversation={mine}")
        await page.wait_for_selector("#line-2")
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789":
            await page.keyboard.press(letter)
            await page.evaluate("document.querySelectorAll('dialog[open]').forEach(dialog => dialog.close())")
            await page.evaluate("document.activeElement.blur()")
        await page.keyboard.press("?")
        shown = await page.inner_text("#help-dialog")
        assert re.search(r"Ctrl|Strg", shown)
    async with house.db.read() as session:
        conversation = (await session.scalars(select(Conversation))).one()
    assert (conversation.status, conversation.agent_id) == (Status.ASSIGNED, mia.id)
