"""What the server said before is not believed after what it said since: answers that overtake one another."""

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from connectors.contract import Address, Author, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from store.models import Conversation, Message, MessageKind, Role
from store.status import Status
from tests.conversation_driver import drive
from tests.integration.desk_client import waiting
from tests.integration.staff import PASSWORD, House, agent_by_email, served
from tests.integration.staff_windows import held_up, window

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Route

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
    await page.goto(f"/desk?view=open&conversation={conversation}")
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


async def test_a_resolution_that_is_answered_late_holds_up_nobody_in_the_next_conversation(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    """Everything works in the next conversation meanwhile, and what comes late is of the one that it was meant for."""
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        given_up: list[str] = []  # a call that waited longer than the page does lets one go on, too
        page.on("requestfailed", lambda request: given_up.append(request.url))
        await page.locator("#who").focus()
        async with held_up(page, rf"/desk/api/conversations/{one}/resolve$") as made:
            await page.keyboard.press("e")
            await made.wait()
            await expect(page.locator("[data-do=resolve]")).to_be_disabled()
            await page.keyboard.press("e")
            await choose(page, other)
            await expect(page.locator("[data-do=resolve]")).to_be_enabled()
            await page.locator("#who").focus()
            await page.keyboard.press("r")
            await page.keyboard.type("Für Ben")
            await page.keyboard.press("Enter")
            await expect(page.locator("#lines")).to_contain_text("Für Ben")
            await page.keyboard.type("Und noch etwas")
            assert given_up == []
        await expect(page.locator("#text")).to_have_value("Und noch etwas")
        await expect(page.locator("#text")).to_be_editable()
        assert page.url.endswith(other)
    assert [await status_of(house, each) for each in (one, other)] == [Status.RESOLVED, Status.ASSIGNED]


async def test_a_refusal_that_comes_late_names_the_conversation_that_it_is_about(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        await page.route(re.compile(r"\?after="), lambda route: route.abort())  # what is new isn't read
        await write(conversations, "anna", "Halt, noch etwas!")
        await page.locator("#who").focus()
        async with held_up(page, rf"/desk/api/conversations/{one}/resolve$") as made:
            await page.keyboard.press("e")
            await made.wait()
            await choose(page, other)
        await expect(page.locator("#problem")).to_contain_text(re.compile(r"^Anna.*gerade"))
    assert await status_of(house, one) is Status.ASSIGNED


async def test_what_is_typed_before_an_accepted_conversation_is_there_goes_into_the_answer(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    """With letters that would resolve, decline, hand on and insert, had they been taken for shortcuts."""
    conversation = await waiting(conversations, "Wo ist mein Paket?", chat_id="anna")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, conversation)
        await page.locator("#who").focus()
        async with held_up(page, rf"/desk/api/conversations/{conversation}/accept$") as made:
            await page.keyboard.press("a")
            await made.wait()
            await page.keyboard.type("Ja, exakt 123: tuxx")
            await page.keyboard.press("Backspace")
            await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_have_value("Ja, exakt 123: tux")
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type("e")
        await expect(page.locator("#text")).to_have_value("Ja, exakt 123: tuxe")
        assert await page.locator("dialog[open]").count() == 0
    assert await status_of(house, conversation) is Status.ASSIGNED
    assert await said_by_agents(house) == []


async def test_what_opens_something_is_done_once_a_decision_has_ended_and_what_acts_is_not(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    one, other = await owned(house, conversations, "anna", "ben")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_conversation(page, one)
        await page.locator("#who").focus()
        snooze = rf"/desk/api/conversations/{one}/snooze$"
        async with held_up(page, snooze) as made:
            await put_off(page)
            await made.wait()
            await page.keyboard.type("nBitte warten")
        await expect(page.locator("#text")).to_have_value("Bitte warten")
        await page.keyboard.press("Escape")
        async with held_up(page, rf"/desk/api/conversations/{one}/wake$") as made:
            await page.keyboard.press("z")
            await made.wait()
            await page.keyboard.type("ex1")
        await expect(page.locator("#more")).to_be_visible()
        await expect(page.locator("[data-do=resolve]")).to_be_enabled()
        assert await page.locator("dialog[open]").count() == 0

        asked, goes_on = asyncio.Event(), asyncio.Event()

        async def fail(route: "Route") -> None:
            asked.set()
            await goes_on.wait()
            await route.abort()

        await page.route(re.compile(snooze), fail)
        await put_off(page)
        await asked.wait()
        await page.keyboard.type("r")
        goes_on.set()
        await expect(page.locator("#problem")).to_be_visible()
        await expect(page.locator("#text")).not_to_be_focused()
    assert [await status_of(house, each) for each in (one, other)] == [Status.ASSIGNED] * 2


async def put_off(page: "Page") -> None:
    await page.keyboard.press("z")
    await expect(page.locator("#snooze-dialog")).to_be_visible()
    await page.click("[data-later=tomorrow]")


async def owned(house: House, conversations: Conversations, *names: str) -> list[str]:
    """Conversations of Mia's in which the customers have had an answer."""
    mia, found = (await agent_by_email(house.db, "mia@example.org")).id, []
    for name in names:
        conversation = await waiting(conversations, f"Frage von {name}", chat_id=name)
        await write(conversations, name, f"{name} fragt")
        epoch = (await drive(conversations).accept(conversation, mia)).epoch
        await drive(conversations).answer(conversation, mia, epoch, "Kommt.", f"first-{name}")
        found.append(conversation)
    return found


async def choose(page: "Page", conversation: str) -> None:
    await page.evaluate(f"""document.querySelector('#list [data-id="{conversation}"] button').click()""")
    await expect(page.locator(f'#list [data-id="{conversation}"] [aria-current=true]')).to_have_count(1)
    await expect(page.locator("#text")).to_be_editable()


async def status_of(house: House, conversation: str) -> Status:
    async with house.db.read() as session:
        return (await session.get_one(Conversation, conversation)).status


async def said_by_agents(house: House) -> list[str]:
    async with house.db.read() as session:
        return list(await session.scalars(select(Message.text).where(Message.author == Author.AGENT)))
