"""What the server said before is not believed after what it said since: answers that overtake one another."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from connectors.contract import Address, Author, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from store.models import Conversation, Message, MessageKind, Role
from tests.conversation_driver import drive
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD, House, agent_by_email, served
from tests.integration.staff_windows import held_up, window

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture(autouse=True)
async def mia(house: House) -> None:
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)


async def write(conversations: Conversations, chat_id: str, text: str) -> None:
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id=chat_id)
    await drive(conversations).receive(
        InboundMessage(address=address, contact_id=chat_id, external_id=text, text=text, contact_name="Anna")
    )


async def open_conversation(page: "Page", conversation: str) -> None:
    await page.goto(f"/desk?conversation={conversation}")
    await page.wait_for_selector("#open:not([hidden]) #text:not([readonly])")


async def test_an_answer_from_before_accepting_makes_no_note_of_what_is_written_after(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, conversation)
        news = re.compile(rf"/desk/api/conversations/{conversation}\?after=")
        async with held_up(page, news.pattern) as made:
            await write(conversations, "anna", "Hallo?")
            await made.wait()
            await page.route(news, lambda route: route.abort())
            await page.keyboard.press("a")
            await page.wait_for_selector("#text:focus:not([readonly])")
        await expect(page.locator("#lines")).to_contain_text("Hallo?")
        await page.keyboard.type("Ich sehe nach.")
        await page.keyboard.press("Enter")
        await page.unroute(news)
        await write(conversations, "anna", "Sind Sie da?")
        await expect(page.locator("#lines")).to_contain_text("Ich sehe nach.")
    async with house.db.read() as session:
        kinds = await session.scalars(select(Message.kind).where(Message.text == "Ich sehe nach."))
        assert kinds.all() == [MessageKind.OUTGOING]


async def test_an_answer_from_before_the_draft_was_saved_takes_no_word_of_it(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    await drive(conversations).accept(conversation, (await agent_by_email(house.db, "mia@example.org")).id)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, conversation)
        async with held_up(page, rf"/desk/api/conversations/{conversation}\?after=") as made:
            await write(conversations, "anna", "Hallo?")
            await made.wait()
            async with page.expect_response(re.compile("/draft$")):
                await page.fill("#text", "Ich sehe")
        await expect(page.locator("#lines")).to_contain_text("Hallo?")
        assert await page.input_value("#text") == "Ich sehe"


async def test_keys_work_on_while_the_same_conversation_is_fetched_again(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, conversation)
        async with held_up(page, rf"/desk/api/conversations/{conversation}$") as made:
            await page.click(f'#list [data-id="{conversation}"] button')
            await made.wait()
            await page.keyboard.press("n")
            await expect(page.locator("#text")).to_be_focused()
            await page.keyboard.type("Für uns")
        await expect(page.locator("#text")).to_have_value("Für uns")
    async with house.db.read() as session:
        assert (await session.get_one(Conversation, conversation)).agent_id is None
        assert not (await session.scalars(select(Message.id).where(Message.author == Author.AGENT))).all()
