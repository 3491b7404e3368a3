"""The desk in a browser: what is offered, the handoff's card, articles, promises; by keyboard, on a phone, to axe."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect
from sqlalchemy import delete, select

from connectors.contract import Address, Author, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent, set_language
from helpdesk.conversations import Conversations
from helpdesk.conversations.log.message_log import MessageLog
from helpdesk.conversations.lookups import lock_conversation
from helpdesk.conversations.promises.register import NewPromise
from store.db import Database
from store.models import (
    Agent,
    Article,
    ArticleState,
    AskedQuestion,
    Contact,
    Conversation,
    DecisionRecord,
    Handoff,
    Message,
    MessageFacts,
    MessageKind,
    MoodRecord,
    MoodSignRecord,
    Promise,
    QuestionCandidate,
    Role,
    Variant,
    now,
)
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import PromiseDriver, drive
from tests.integration.staff import PASSWORD, House, agent_by_email, served
from tests.integration.staff_windows import HOSTILE, check, window

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

SENTENCE = {"de": "Sie fragt zum dritten Mal.", "en": "She asks for the third time."}


@pytest.fixture(autouse=True)
async def mia(db: Database) -> Agent:
    return await add_agent(db, "mia@example.org", "Mia", Role.ADMIN, password=PASSWORD)


async def waiting(conversations: Conversations, chat_id: str = "v1", *, name: str = "Karin") -> str:
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id=chat_id)
    received = await drive(conversations).receive(
        InboundMessage(
            address=address, contact_id=chat_id, external_id=chat_id, text="Wo bleibt mein Paket?", contact_name=name
        )
    )
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(received.seq,), text="Wo bleibt mein Paket?")
    await drive(conversations).request_handoff(received.conversation_id, [trigger])
    async with conversations.db.write() as session:
        await session.execute(delete(Promise))  # what Staffel promises everybody who waits
    return received.conversation_id


async def furnish(db: Database, conversation_id: str, **values: Any) -> None:
    """Everything that a handoff's card can show."""
    async with db.write() as session:
        handoff = (await session.scalars(select(Handoff).where(Handoff.conversation_id == conversation_id))).one()
        for name, value in {
            "wording": "Ihr Paket fehlt.",
            "decision": DecisionRecord(sentence=SENTENCE),
            **values,
        }.items():
            setattr(handoff, name, value)
        conversation = await lock_conversation(session, conversation_id)
        contact = await session.get_one(Contact, conversation.contact_id)
        contact.important = True
        message = (await session.scalars(select(Message).where(Message.kind == MessageKind.INCOMING))).first()
        assert message
        message.facts = replace(message.facts, mood=MoodRecord(frustration=0.2, abuse=0.0))
        angry = MoodRecord(frustration=0.9, abuse=0.0, shown_by=(MoodSignRecord("shouting", 0, HOSTILE),))
        facts = MessageFacts(mood=angry)
        MessageLog(session, conversation).append(MessageKind.INCOMING, Author.CONTACT, HOSTILE, facts=facts)
        session.add(Article(key="lost", state=ArticleState.PUBLISHED))
        await session.flush()
        session.add(
            Variant(article_key="lost", language="de", question="Paket verloren?", answer="Wir **forschen** nach.")
        )
        session.add(
            AskedQuestion(
                conversation_id=conversation_id,
                turn_id="t",
                seq=2,
                text="?",
                language="de",
                outcome="none",
                candidates=(QuestionCandidate("lost", 0.6),),
            )
        )


async def offer(db: Database, conversation_id: str, *because: str) -> None:
    mias = (await agent_by_email(db, "mia@example.org")).id
    async with db.write() as session:
        handoff = (await session.scalars(select(Handoff).where(Handoff.conversation_id == conversation_id))).one()
        handoff.offered_to, handoff.offered_at = mias, now()
        handoff.offered_until, handoff.offered_because = now() + timedelta(minutes=5), ("waited", *because)


async def open_page(page: "Page", conversation_id: str) -> None:
    await page.goto(f"/desk?conversation={conversation_id}")
    await page.wait_for_selector("#line-2")


async def test_an_offer_stands_on_top_and_one_key_takes_it(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation_id = await waiting(conversations)
    await offer(house.db, conversation_id)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.wait_for_selector("#offers .offer")
        assert "Karin" in await page.inner_text("#offers")
        assert "noch " in await page.inner_text("#offers .left")
        assert "Karin" in await page.inner_text("#said")
        await page.keyboard.press("a")
        await page.wait_for_selector("#offers", state="hidden")
        await page.wait_for_selector("#text:focus")
    async with house.db.read() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        assert conversation.agent_id == (await agent_by_email(house.db, "mia@example.org")).id


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Warum Sie: Sie sprechen Deutsch · Ihr Thema Rückgabe · am wenigsten offene Gespräche"),
        ("en", "Why you: you speak German · your topic Returns · fewest open conversations"),
    ],
)
async def test_an_offer_says_in_the_agents_language_why_it_came_to_them(
    house: House, conversations: Conversations, browser: "Browser", language: str, said: str
) -> None:
    conversation_id = await waiting(conversations)
    await furnish(house.db, conversation_id, topic="returns")
    await offer(house.db, conversation_id, "speaks", "knows_topic", "fewest_open")
    await set_language(house.db, (await agent_by_email(house.db, "mia@example.org")).id, language)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await expect(page.locator("#offers .because")).to_have_text(said)


async def test_an_offer_without_a_reason_that_is_about_the_agent_says_none(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    await offer(house.db, await waiting(conversations))
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await page.wait_for_selector("#offers .offer")
        assert await page.locator("#offers .because").count() == 0


async def test_the_card_leads_to_the_lines_and_one_key_inserts_an_article(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation_id = await waiting(conversations)
    await furnish(house.db, conversation_id, topic="delivery")
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_page(page, conversation_id)
        card = page.locator("#baton")
        assert "Thema Lieferung und Versand" in await card.inner_text()
        assert "Ihr Paket fehlt." in await card.inner_text()
        assert SENTENCE["de"] in await card.inner_text()
        await card.locator(".chip").first.click()
        assert await page.evaluate("document.activeElement.id") == "line-2"
        assert await page.evaluate("window.harmed") is None
        assert "sehr verärgert" in await page.inner_text("#mood .course")
        await page.keyboard.press("1")
        await page.wait_for_selector("#problem:not([hidden])")
        await page.keyboard.press("a")
        await page.wait_for_selector("#text:focus")
        await page.wait_for_selector("[data-do=accept]:not([disabled])", state="attached")
        await page.keyboard.press("Escape")
        await page.keyboard.press("1")
        await expect(page.locator("#text")).to_have_value(re.compile("forschen"))
        await page.keyboard.type("Das tut mir leid.")
        assert await page.input_value("#text") == "Das tut mir leid.\n\nWir **forschen** nach."


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_contact_is_marked_as_important_with_the_keyboard_and_taken_back(
    house: House, conversations: Conversations, browser: "Browser", scheme: Any
) -> None:
    conversation_id = await waiting(conversations)
    async with (
        served(house) as address,
        window(browser, address, "mia@example.org", color_scheme=scheme) as page,
    ):
        await open_page(page, conversation_id)
        button, badge = page.locator("#important"), page.locator("#is-important")
        await expect(button).to_have_text("Als wichtig")
        await expect(badge).to_be_hidden()
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(button).to_have_text("Nicht mehr als wichtig führen")
        await expect(button).to_be_focused()
        await expect(badge).to_be_visible()
        await expect(page.locator("#said")).to_have_text("Als wichtig markiert")
        await expect(page.locator("#lines")).to_contain_text("Mia hat den Kontakt als wichtig markiert")
        await check(page)
        await page.keyboard.press("Space")
        await expect(badge).to_be_hidden()
        await expect(page.locator("#lines")).to_contain_text("Mia führt den Kontakt nicht mehr als wichtig")


async def test_while_a_colleague_has_it_the_mark_is_only_shown(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation_id = await waiting(conversations)
    jo = await add_agent(house.db, "jo@example.org", "Jo", Role.AGENT, password=PASSWORD)
    await drive(conversations).accept(conversation_id, jo.id)
    await drive(conversations).mark_important(conversation_id, jo.id, True)
    async with served(house) as address, window(browser, address, "mia@example.org") as page:
        await open_page(page, conversation_id)
        await expect(page.locator("#is-important")).to_be_visible()
        await expect(page.locator("#important")).to_be_hidden()


async def test_a_draft_that_promises_is_recorded_in_two_clicks_and_kept_in_one(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    conversation_id = await waiting(conversations)
    await drive(conversations).accept(conversation_id, (await agent_by_email(house.db, "mia@example.org")).id)
    async with (
        served(house) as address,
        window(browser, address, "mia@example.org", timezone_id="Europe/Berlin") as page,
    ):
        await open_page(page, conversation_id)
        await page.fill("#text", "Ich melde mich bis morgen 12 Uhr.")
        await page.wait_for_selector("#noticed:not([hidden])")
        await page.click("#noticed button >> nth=0")
        assert await page.input_value("#promise-form [name=what]") == "melde mich bis morgen 12 Uhr"
        assert (await page.input_value("#promise-form [name=due]")).endswith("T12:00")
        await check(page)
        await page.check("#promise-form [name=shown]")
        await page.click("#promise-form button.primary")
        await page.wait_for_selector("#promises .promise")
        assert await page.locator("#noticed").is_hidden()
        await page.click(".views [data-view=promises]")
        await expect(page.locator("#list .what")).to_have_text("melde mich bis morgen 12 Uhr")
        await page.click("#promises .button >> nth=0")
        await page.wait_for_selector("#promises .promise.kept")
        await expect(page.locator("#list-empty")).to_contain_text("Nichts zugesagt")
    async with house.db.read() as session:
        (promise,) = await session.scalars(select(Promise))
        assert promise.kept_at
        assert promise.shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
async def test_the_full_desk_has_no_fault_that_axe_finds(
    house: House, conversations: Conversations, browser: "Browser", scheme: str, width: int
) -> None:
    mias = (await agent_by_email(house.db, "mia@example.org")).id
    mine, other = await waiting(conversations), await waiting(conversations, "v2", name="Tom")
    await furnish(
        house.db, mine, round=2, urgency=2, topic="delivery", correction="Die Vase ist kaputt.", corrected_seq=2
    )
    await offer(house.db, other, "last_agent", "speaks", "widened_team", "only_free")
    await drive(conversations).accept(mine, mias)
    promises = PromiseDriver(conversations)
    for minutes in (20, 90):
        due = now() + timedelta(minutes=minutes)
        await promises.make(mine, mias, NewPromise(text="Ersatz schicken", due_at=due, shown=True))
    await promises.remind(now() + timedelta(minutes=25))
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    async with served(house) as address, window(browser, address, "mia@example.org", **options) as page:
        await page.wait_for_selector("#offers .offer")
        await check(page)
        await page.click(".views [data-view=promises]")
        await page.wait_for_selector("#list .what")
        await check(page)
        await open_page(page, mine)
        if width < 760:
            await check(page)
            await page.click("#details-open")
        await page.wait_for_selector("#promises .promise.broken")
        await page.click("#promise-new summary")
        await check(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.goto(f"/desk?conversation={mine}")
        await page.wait_for_selector("#line-2")
        for what, dialog in (("transfer", "#transfer-dialog"), ("return", "#return-dialog")):
            await page.click("#more summary")
            await page.click(f"[data-do={what}]")
            await page.wait_for_selector(f"{dialog}[open]")
            await check(page)
            await page.keyboard.press("Escape")
