"""What becomes of a call that the bot has agreed: a promise in the queue, and the number with the contact."""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk.app import AppComponents
from store.models import Contact, Promise, PromiseKind, now
from store.status import Status
from tests.fakes.bot import FakeBot
from tests.harness import conversation_of, eventually, inbound_message, run_helpdesk, said_by, settings_for

PHONE = "+49 170 1234567"


@pytest.fixture
async def parts(tmp_path: Path, database_url: str, bot: FakeBot) -> AsyncIterator[AppComponents]:
    async with run_helpdesk(settings_for(tmp_path, database_url), bot) as started:
        yield started


def agreeing(bot: FakeBot, **call: Any) -> None:
    """The bot takes what is written as the number, and says what was agreed."""
    message: dict[str, Any] = {"text": "Abgemacht.", "custom": {"call": {"phone": PHONE, **call}}}
    bot.answering = lambda turn: [message]
    bot.answered = "callback_phone"


async def promises_of(parts: AppComponents, conversation_id: str) -> list[Promise]:
    async with parts.db.read() as session:
        return list(await session.scalars(select(Promise).where(Promise.conversation_id == conversation_id)))


async def test_an_agreed_call_waits_in_the_queue_with_its_time(parts: AppComponents, bot: FakeBot) -> None:
    start = (now() + timedelta(days=1)).replace(microsecond=0).astimezone(UTC)
    agreeing(bot, start=start.isoformat(), end=(start + timedelta(hours=2)).isoformat())

    received = await parts.inbox.receive(inbound_message("0170 1234567"))
    (promise,) = await eventually(lambda: promises_of(parts, received.conversation_id), "a promise")

    assert (promise.kind, promise.shown) == (PromiseKind.CALLBACK, True)
    assert PHONE in promise.text
    assert promise.due_at == start + timedelta(hours=2)
    assert (await conversation_of(parts, received.conversation_id)).status == Status.QUEUED
    said = await said_by(parts, received.conversation_id, "bot")
    assert said[-1] == "Abgemacht."
    async with parts.db.read() as session:
        assert (await session.scalars(select(Contact))).one().phone == PHONE


async def test_a_number_without_a_time_is_kept_with_the_contact_only(parts: AppComponents, bot: FakeBot) -> None:
    agreeing(bot)

    received = await parts.inbox.receive(inbound_message("0170 1234567"))

    async def look() -> str | None:
        async with parts.db.read() as session:
            return (await session.scalars(select(Contact))).one().phone

    assert await eventually(look, "the number") == PHONE
    assert await promises_of(parts, received.conversation_id) == []
    assert (await conversation_of(parts, received.conversation_id)).status == Status.BOT
