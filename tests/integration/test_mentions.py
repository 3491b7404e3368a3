"""Naming a colleague in a note: whom it names is kept, listed, and chosen from a list while writing."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select, update

from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from helpdesk.privacy.erasure import erase_contact
from store.models import Conversation, Message, Role, StaffMention, now
from tests.conversation_driver import drive
from tests.harness import eventually
from tests.integration.desk_client import desk_of, waiting
from tests.integration.staff import PASSWORD, House, agent_by_email
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser


async def test_whoever_is_named_finds_where_for_a_month(house: House, conversations: Conversations) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    asked, other = await waiting(conversations), await waiting(conversations, chat_id="visitor-2")
    me = (await agent_by_email(house.db, "mia@example.org")).id
    await drive(conversations).note(asked, me, "@Jo, weißt du das? Und @Mia weiß es auch nicht.", "n1")
    await drive(conversations).note(other, me, "jo@example.org ist keine Frage", "n2")

    found = await jo.ask("conversations?view=mentions")
    assert [card["id"] for card in found["conversations"]] == [asked]
    assert found["counts"]["mentions"] == 1
    assert (await mia.ask("conversations?view=mentions"))["conversations"] == []

    async with house.db.write() as session:
        await session.execute(update(StaffMention).values(created_at=now() - timedelta(days=31)))
    assert (await jo.ask("conversations?view=mentions"))["conversations"] == []


async def test_mentions_go_with_their_conversation(house: House, conversations: Conversations) -> None:
    await desk_of(house, "Mia")
    await desk_of(house, "Jo")
    asked = await waiting(conversations)
    me = (await agent_by_email(house.db, "mia@example.org")).id
    await drive(conversations).note(asked, me, "@Jo bitte ansehen", "n1")
    async with house.db.read() as session:
        contact = await session.scalar(select(Conversation.contact_id).where(Conversation.id == asked))
    assert contact
    await erase_contact(house.db, contact)
    async with house.db.read() as session:
        assert list(await session.scalars(select(StaffMention))) == []


@pytest.mark.browser
@pytest.mark.sqlite_only
async def test_an_at_sign_opens_the_colleagues_and_keys_choose_one(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url) as (parts, address):
        mia = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
        jorg = await add_agent(parts.db, "joerg@example.org", "Jörg Klein", Role.AGENT, password=PASSWORD)
        await add_agent(parts.db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD)
        conversation = await waiting(parts.conversations)
        await drive(parts.conversations).accept(conversation, mia.id)
        async with window(browser, f"http://{address}", "mia@example.org") as page:
            await page.goto(f"/desk?conversation={conversation}")
            await page.wait_for_selector("#open:not([hidden]) #text:not([readonly])")
            await page.keyboard.press("@")
            options = page.locator("#mention-list [role=option]")
            await expect(options).to_have_count(2)
            await check(page)
            await page.keyboard.press("Escape")
            await expect(page.locator("#mention-list")).to_be_hidden()
            await expect(page.locator("#text")).to_be_focused()
            await page.keyboard.type(" Fragt @")
            await page.keyboard.type("kl")
            await expect(options).to_have_text(["Jörg KleinOffline"])
            await page.keyboard.press("Backspace")
            await page.keyboard.press("Backspace")
            await expect(options).to_have_count(2)
            await page.keyboard.press("ArrowDown")
            await page.keyboard.press("Enter")
            await expect(page.locator("#text")).to_have_value("@ Fragt @Jörg Klein ")
            await page.keyboard.type("bitte")
            await page.keyboard.press("Enter")

            async def named() -> str | None:
                async with parts.db.read() as session:
                    return await session.scalar(select(StaffMention.agent_id))

            assert await eventually(named, "the mention") == jorg.id
            async with parts.db.read() as session:
                note = await session.scalar(
                    select(Message.text).where(Message.agent_id == mia.id, Message.kind == "note")
                )
            assert note == "@ Fragt @Jörg Klein bitte"
            await page.locator("#mode label", has_text="Antwort").click()
            await page.locator("#text").press_sequentially("@")
            await expect(page.locator("#text")).to_have_value("@")
            await expect(page.locator("#mention-list")).to_be_hidden()
