"""The stream of events by the API: in order, each once, without asking again and again, and only with the right key."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from connectors.contract import Author
from helpdesk.accounts.keys import make_key, revoke_key
from helpdesk.app import AppComponents, create_app
from helpdesk.events.event_stream import EVENTS_KEPT
from helpdesk.views.log_epoch import renew_log_epoch
from store.clock import CLOCK
from store.models import ConversationEvent, Message, now
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import eventually, inbound_message, settings_for

OPENED, ANSWERED = "conversation.opened", "conversation.answered"


class EventReader:
    """A program that reads the stream and keeps its place."""

    def __init__(self, http: httpx.AsyncClient, parts: AppComponents) -> None:
        self.http = http
        self.parts = parts
        self.cursor = ""
        self.events: list[dict[str, Any]] = []

    async def read(self, **query: int) -> list[dict[str, Any]]:
        answer = await self.ask(**query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        self.cursor = page["cursor"]
        self.events += page["events"]
        return list(page["events"])

    async def ask(self, **query: int) -> httpx.Response:
        return await self.http.get("/events", params={"after": self.cursor, **query}, timeout=60)

    @property
    def numbers(self) -> list[int]:
        return [event["data"]["number"] for event in self.events]


@pytest.fixture
async def reader(tmp_path: Path, database_url: str) -> AsyncIterator[EventReader]:
    settings = settings_for(tmp_path, database_url)
    app = create_app(settings, embedder=LetterCounts(), rasa_transport=FakeBot().transport())
    async with app.router.lifespan_context(app):
        parts: AppComponents = app.state.parts
        key = await make_key(parts.db, "reader", ("events",))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://staffel.test/api/v1",
            headers={"Authorization": f"Bearer {key}"},
        ) as http:
            yield EventReader(http, parts)


async def ask(parts: AppComponents, name: str) -> str:
    received = await drive(parts.conversations).receive(inbound_message("Where is my parcel?", name=name))
    return received.conversation_id


async def answered(parts: AppComponents, conversation_id: str) -> None:
    """Wait for the bot's answer; its greeting is the first line of all."""

    async def is_answered() -> bool:
        async with parts.db.read() as session:
            said = select(Message.id).where(Message.conversation_id == conversation_id, Message.author == Author.BOT)
            return await session.scalar(said.where(Message.seq > 1).limit(1)) is not None

    await eventually(is_answered, "the bot's answer")


async def test_events_come_in_order_page_by_page_and_each_once(reader: EventReader) -> None:
    conversation = await ask(reader.parts, "ida")

    async def both() -> bool:
        await reader.read(limit=1)
        return len(reader.events) >= 2

    await eventually(both, "question and answer")
    assert [event["type"] for event in reader.events] == [OPENED, ANSWERED]
    assert {event["data"]["conversation"] for event in reader.events} == {conversation}
    assert await reader.read() == []
    assert "parcel" not in str(reader.events)


async def test_a_program_that_waits_hears_at_once_and_otherwise_when_its_time_is_up(reader: EventReader) -> None:
    waiting = asyncio.create_task(reader.read(wait=30))
    await asyncio.sleep(0.2)
    began = monotonic()
    await ask(reader.parts, "ida")
    assert (await waiting)[0]["type"] == OPENED
    assert monotonic() - began < 10

    async def all_read() -> bool:
        return not await reader.read()

    await eventually(all_read, "the end of the stream")
    while len(reader.events) < 2:
        await reader.read(wait=30)
    began = monotonic()
    assert await reader.read(wait=1) == []
    assert monotonic() - began >= 1


async def test_many_at_once_leave_no_gap_that_a_reader_could_miss(reader: EventReader) -> None:
    """A number that is committed late must not turn up behind the reader."""
    count, desk = 24, drive(reader.parts.conversations)
    writing = asyncio.gather(
        *(desk.receive(inbound_message("hello there", name=f"c{number}")) for number in range(count))
    )

    async def all_opened() -> bool:
        await reader.read(limit=3)
        return [event["type"] for event in reader.events].count(OPENED) == count

    await eventually(all_opened, "every conversation")
    await writing
    assert reader.numbers == sorted(set(reader.numbers))


async def test_a_cursor_that_is_too_old_or_of_another_log_is_refused(
    reader: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reader.read()
    later = now() + EVENTS_KEPT + timedelta(hours=1)
    monkeypatch.setattr(CLOCK, "now", lambda: later)
    answer = await reader.ask()
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "cursor_expired")
    monkeypatch.undo()
    assert (await reader.ask()).status_code == 200
    await renew_log_epoch(reader.parts.db)
    assert (await reader.ask()).status_code == 410
    reader.cursor = "from-somewhere"
    assert (await reader.ask()).status_code == 422


async def test_it_takes_the_scope_events_and_without_a_key_that_has_it_nothing_is_recorded(reader: EventReader) -> None:
    db = reader.parts.db
    other = await make_key(db, "crm", ("conversations",))
    answer = await reader.http.get("/events", headers={"Authorization": f"Bearer {other}"})
    assert answer.status_code == 403
    await revoke_key(db, "reader")
    await answered(reader.parts, await ask(reader.parts, "ida"))
    reader.http.headers["Authorization"] = f"Bearer {await make_key(db, 'new', ('events',))}"
    assert await reader.read() == []
    opened = await ask(reader.parts, "ben")
    assert (await reader.read(wait=30))[0]["data"]["conversation"] == opened


async def test_an_erased_number_is_never_given_again(reader: EventReader) -> None:
    await ask(reader.parts, "ida")

    async def both() -> bool:
        await reader.read()
        return len(reader.events) >= 2

    await eventually(both, "question and answer")
    async with reader.parts.db.write() as session:
        await session.execute(update(ConversationEvent).values(created_at=now() - EVENTS_KEPT - timedelta(days=1)))
    await reader.parts.retention.sweep()
    await ask(reader.parts, "ben")
    assert (await reader.read(wait=30))[0]["data"]["number"] > max(reader.numbers[:2])
