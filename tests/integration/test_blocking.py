"""Blocked contacts: what they send is stored, and nothing else comes of it until they are let in again."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import func, select

from connectors.contract import FORGET, Address, Channel, InboundEdit, InboundMessage
from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from helpdesk.conversations.blocking import block_contact, load_blocked, unblock_contact
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from store.errors import Conflict, Invalid, StaleEpoch
from store.models import AuditEntry, Contact, Conversation, ConversationEvent, Message, Role, Turn
from store.status import Status
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import conversation_of, eventually, hire, inbound_message, log_of, visitor, wait_for_answers
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD
from tests.integration.staff_windows import check, window
from tests.integration.webchat_server import served

if TYPE_CHECKING:
    from playwright.async_api import Browser

WHY = "Beleidigt das Team"
TOLD = "werden nicht mehr beantwortet"


async def block(parts: AppComponents, conversation: str, agent: str, reason: str = WHY) -> None:
    async with parts.conversations.open(conversation) as c:
        await block_contact(c, agent, reason)


async def let_in(parts: AppComponents, conversation: str, agent: str) -> None:
    async with parts.conversations.open(conversation) as c:
        await unblock_contact(c, agent)


async def said(parts: AppComponents, conversation: str) -> list[str]:
    return [line.text for line in await log_of(parts, conversation) if line.author != "contact" and line.text]


async def test_what_a_blocked_contact_writes_is_stored_and_told_to_nobody(parts: AppComponents, bot: FakeBot) -> None:
    mia = await hire(parts, "Mia")
    conversation = (await parts.inbox.receive(inbound_message("Hallo", id_="1"))).conversation_id
    await wait_for_answers(parts, conversation, 1)
    await block(parts, conversation, mia)
    await block(parts, conversation, mia, "Noch einmal")
    events = await count(parts, ConversationEvent)
    turns, asked = await count(parts, Turn), len(bot.turns)

    for number in range(3):
        await parts.inbox.receive(inbound_message(f"Ihr seid alle … {number}", id_=f"x{number}"))
    edited = inbound_message("Ganz andere Worte", id_="x2")
    await parts.inbox.edit(InboundEdit(message=edited, edit_id="e1"))

    lines = await log_of(parts, conversation)
    assert [line.text for line in lines if line.author == "contact"][1:] == [
        "Ihr seid alle … 0",
        "Ihr seid alle … 1",
        "Ganz andere Worte",
    ]
    assert len([text for text in await said(parts, conversation) if TOLD in text]) == 1
    assert (await conversation_of(parts, conversation)).status == Status.RESOLVED
    assert (await count(parts, Turn), len(bot.turns)) == (turns, asked)
    assert await count(parts, ConversationEvent) == events
    assert not await parts.watchdog.look()


async def test_another_conversation_of_a_blocked_contact_begins_closed(parts: AppComponents, bot: FakeBot) -> None:
    mia = await hire(parts, "Mia")
    first = await parts.inbox.receive(on_slack("t1", "Hallo"))
    await wait_for_answers(parts, first.conversation_id, 1)
    await block(parts, first.conversation_id, mia)
    asked = len(bot.turns)
    second = await parts.inbox.receive(on_slack("t2", "Ich bin wieder da"))

    assert second.conversation_id != first.conversation_id
    assert (await conversation_of(parts, second.conversation_id)).status == Status.RESOLVED
    assert [text for text in await said(parts, second.conversation_id) if "Staffel" in text] == []
    assert len(bot.turns) == asked


async def test_whoever_is_let_in_again_is_answered(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation = (await parts.inbox.receive(inbound_message("Hallo", id_="1"))).conversation_id
    await wait_for_answers(parts, conversation, 1)
    await block(parts, conversation, mia)
    await parts.inbox.receive(inbound_message("Entschuldigung", id_="2"))
    async with parts.db.read() as session:
        listed = await load_blocked(session)
    assert [(one.block.reason, one.block.agent_name, one.conversation_id) for one in listed] == [
        (WHY, "Mia", conversation)
    ]
    await let_in(parts, conversation, mia)
    await parts.inbox.receive(inbound_message("Wo ist mein Paket?", id_="3"))
    await eventually(lambda: is_said(parts, conversation, "Wo ist mein Paket?"), "an answer")
    with pytest.raises(Conflict):
        await let_in(parts, conversation, mia)
    async with parts.db.read() as session:
        assert await load_blocked(session) == []


async def test_a_mail_is_never_answered_by_itself(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    address = Address(channel=Channel.EMAIL, account="post", chat_id="ida@example.org", thread="t1")
    mail = InboundMessage(address=address, contact_id="ida@example.org", external_id="1", text="Werbung!")
    conversation = (await parts.inbox.receive(mail)).conversation_id
    await block(parts, conversation, mia)
    before = await said(parts, conversation)
    again = InboundMessage(address=address, contact_id="ida@example.org", external_id="2", text="Mehr Werbung!")
    await parts.inbox.receive(again)
    assert await said(parts, conversation) == before


async def test_who_blocks_says_why_and_has_the_conversation(parts: AppComponents) -> None:
    mia, ben = await hire(parts, "Mia"), await hire(parts, "Ben")
    conversation = (await parts.inbox.receive(inbound_message("Hallo", id_="1"))).conversation_id
    with pytest.raises(Invalid):
        await block(parts, conversation, mia, "  ")
    await drive(parts.conversations).accept(conversation, ben)
    with pytest.raises(StaleEpoch):
        await block(parts, conversation, mia)
    await block(parts, conversation, ben)
    assert (await conversation_of(parts, conversation)).status == Status.RESOLVED


async def test_a_blocked_contact_is_exported_and_may_be_forgotten(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation = (await parts.inbox.receive(inbound_message("Hallo", id_="1"))).conversation_id
    await block(parts, conversation, mia)
    forget = InboundMessage(
        address=visitor(), contact_id=visitor().chat_id, external_id="f1", text="/forget", payload=FORGET
    )
    await parts.inbox.receive(forget)
    asked = [line for line in await log_of(parts, conversation) if line.choices]
    assert asked, "the question whether they are sure"
    async with parts.db.read() as session:
        contact = (await session.get_one(Conversation, conversation)).contact_id
    assert WHY in str(await export_contact(parts.db, contact))
    await erase_contact(parts.db, contact)
    async with parts.db.read() as session:
        assert list(await session.scalars(select(Contact).where(Contact.blocked_at.is_not(None)))) == []


@pytest.mark.browser
@pytest.mark.sqlite_only
async def test_on_the_desk_a_contact_is_blocked_listed_and_let_in(
    tmp_path: Path, sqlite_url: str, browser: "Browser"
) -> None:
    async with served(tmp_path, sqlite_url) as (parts, address):
        await add_agent(parts.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
        conversation = await waiting(parts.conversations)
        async with window(browser, f"http://{address}", "ada@example.org") as page:
            await page.goto(f"/desk?conversation={conversation}")
            await page.click("#contact-block")
            reason = page.locator("#block-form [name=reason]")
            await reason.fill("Verworfen")
            await page.keyboard.press("Escape")
            await page.click("#contact-block")
            await expect(reason).to_have_value("")
            await page.locator("#block-form button").click()
            await expect(page.locator("#block-problem")).to_be_visible()
            await check(page)
            await reason.fill(WHY)
            await page.locator("#block-form button").click()
            await expect(page.locator("#contact-blocked")).to_contain_text(WHY)
            await page.goto("/admin/blocked")
            await check(page)
            await expect(page.locator("tbody tr")).to_contain_text(WHY)
            await page.locator("[data-unblock]").click()
            await expect(page.locator("tbody tr")).to_have_count(0)
        async with parts.db.read() as session:
            entered = await session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("%block%")))
            assert list(entered) == ["conversations.block", "conversations.unblock"]


async def count(parts: AppComponents, table: type[object]) -> int:
    async with parts.db.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def is_said(parts: AppComponents, conversation: str, words: str) -> bool:
    async with parts.db.read() as session:
        found = select(Message.id).where(Message.conversation_id == conversation, Message.text == f"You said: {words}")
        return await session.scalar(found) is not None


def on_slack(thread: str, text: str) -> InboundMessage:
    address = Address(channel=Channel.SLACK, account="T1", chat_id="C1", thread=thread)
    return InboundMessage(address=address, contact_id="U1", external_id=f"{thread}:1", text=text)
