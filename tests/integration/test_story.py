"""The story of a real conversation: stored when it is handed over, told anew to whoever reads it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from connectors.contract import Address, Author, Channel, InboundMessage
from helpdesk.accounts.agents import add_agent, set_language
from helpdesk.conversations import Conversations
from helpdesk.conversations.log.summary_source import load_summary
from helpdesk.conversations.lookups import load_live_handoff, lock_conversation
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.views.timeline import Timeline
from store.db import Database
from store.models import Conversation, Message, MoodRecord, MoodSignRecord, Promise, PromiseKind, Role
from store.settings import Settings
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.integration.staff import PASSWORD, House, StaffBrowser, agent_by_email

WORDS = "Mein Paket 4711 kam nicht an, erstatten Sie bitte auf DE89 3704 0044 0532 0130 00."
MOOD = MoodRecord(frustration=0.7, abuse=0.0, shown_by=(MoodSignRecord("words", 2, "kam nicht an"),))


@pytest.fixture
async def handed_over(db: Database, conversations: Conversations) -> str:
    """A German conversation in the queue: the customer is annoyed, the bot has given its word."""
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id="visitor-1")
    received = await drive(conversations).receive(
        InboundMessage(address=address, contact_id="visitor-1", external_id="visitor-1-1", text=WORDS)
    )
    async with db.write() as session:
        conversation = await lock_conversation(session, received.conversation_id)
        message = await session.scalar(
            select(Message).where(Message.conversation_id == conversation.id, Message.author == Author.CONTACT)
        )
        assert message is not None
        message.facts = replace(message.facts, mood=MOOD)
        session.add(
            Promise(
                conversation_id=conversation.id,
                kind=PromiseKind.ANSWER,
                text="Rückruf",
                seq=message.seq,
                due_at=datetime(2026, 5, 29, 8, tzinfo=UTC),
            )
        )
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(received.seq,), text=WORDS)
    await drive(conversations).request_handoff(received.conversation_id, [trigger])
    return received.conversation_id


async def test_the_handoff_keeps_the_story_in_the_language_of_the_house(db: Database, handed_over: str) -> None:
    async with db.read() as session:
        handoff = await load_live_handoff(session, await session.get_one(Conversation, handed_over))
    assert handoff is not None
    kept = handoff.summary.as_json()
    assert kept["language"] == "de"
    lines = told(kept)
    assert {label: lines[label] for label in ("request", "known", "mood")} == {
        "request": f"„{WORDS}“",
        "known": "Paket 4711 · IBAN: DE89 3704 0044 0532 0130 00",
        "mood": "durchgehend verärgert („kam nicht an“)",
    }
    assert "Rückruf (Bot, bis 29. Mai, 10:00)" in promised(kept)
    assert all(line["turns"] == [2] for line in kept["lines"][:3])


async def test_an_agent_reads_it_in_their_own_language_and_unmasked_once_they_own_it(
    house: House, conversations: Conversations, db: Database, handed_over: str
) -> None:
    ida = await house.signed_in(Role.AGENT, "ida@example.org", "Ida")
    agent_id = (await agent_by_email(db, "ida@example.org")).id
    await set_language(db, agent_id, "en")

    before = await ask(ida, handed_over)
    await drive(conversations).accept(handed_over, agent_id)
    after = await ask(ida, handed_over)

    assert before["summary"]["language"] == "en"
    assert told(before["summary"])["known"] == "Shipment: Paket 4711 · IBAN: DE•• •••• …3000"
    assert told(after["summary"])["known"] == "Shipment: Paket 4711 · IBAN: DE89 3704 0044 0532 0130 00"
    assert "Rückruf (bot, by 29 May, 10:00)" in promised(after["summary"])
    assert told(after["summary"])["language"] == "German"
    assert after["text"].startswith(f"Request: “{WORDS}”")


async def test_a_list_that_everybody_sees_shows_no_account_number(house: House, handed_over: str) -> None:
    ida = await house.signed_in(Role.AGENT, "ida@example.org", "Ida")
    found = await get(ida, "/desk/api/conversations?view=queue")

    assert found["conversations"][0]["id"] == handed_over
    assert "DE•• •••• …3000" in found["conversations"][0]["request"]


async def test_a_correction_of_the_customers_stands_in_what_is_told_from_then_on(
    db: Database, handed_over: str
) -> None:
    async with db.write() as session:
        conversation = await session.get_one(Conversation, handed_over)
        handoff = await load_live_handoff(session, conversation)
        assert handoff is not None
        handoff.correction, handoff.corrected_seq = "Es geht um die Rechnung 88, nicht um das Paket.", 5
        summary = (await load_summary(session, conversation, reader="de", time_zone="Europe/Berlin")).as_json()

    assert told(summary)["request"] == "„Es geht um die Rechnung 88, nicht um das Paket.“"
    assert summary["lines"][0]["turns"] == [5]


async def test_without_a_team_times_are_told_in_the_time_zone_of_the_installation(
    db: Database, live: ChangeHints, handed_over: str
) -> None:
    timeline = Timeline(db, time_zone="Asia/Tokyo")
    conversations = Conversations(db, live, Settings(time_zone="Asia/Tokyo", _env_file=None))
    agent = await add_agent(db, "ida@example.org", "Ida", Role.AGENT, password=PASSWORD)

    fresh = await timeline.story(handed_over, reader="de")
    await drive(conversations).accept(handed_over, agent.id)
    await drive(conversations).release(handed_over, agent.id)
    kept = await timeline.conversation(handed_over)

    for summary in (fresh.as_json(), kept.summary):
        assert "Rückruf (Bot, bis 29. Mai, 17:00)" in promised(summary)


def told(summary: dict[str, Any]) -> dict[str, str]:
    return {line["label"]: line["text"] for line in summary["lines"]}


def promised(summary: dict[str, Any]) -> list[str]:
    return [line["text"] for line in summary["lines"] if line["label"] == "promised"]


async def ask(browser: StaffBrowser, conversation_id: str) -> Any:
    return await get(browser, f"/desk/api/conversations/{conversation_id}/summary")


async def get(browser: StaffBrowser, path: str) -> Any:
    answer = await browser.get(path, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json()
