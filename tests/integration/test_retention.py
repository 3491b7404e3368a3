"""Personal data has an end date, an export and an erasure."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from starlette.responses import Response

from helpdesk.app import AppComponents
from helpdesk.privacy.erasure import ErasedRows, erase_contact
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.people_search import find_contacts
from store.errors import NotFound
from store.models import Base, Contact, Conversation, Message, now
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import eventually, hire, inbound_message, log_of, run_helpdesk, said_by, settings_for

CANARY = "canary-7431"


async def talk(parts: AppComponents, name: str) -> str:
    """A resolved conversation with everything that can be kept of one; its id."""
    received = await parts.inbox.receive(inbound_message(f"my order {CANARY}?", name=name))

    async def answered() -> bool:
        return len(await said_by(parts, received.conversation_id, "bot")) >= 2

    await eventually(answered, "the answer")
    mia = await hire(parts, f"Mia {name}".replace(" ", ""))
    await drive(parts.conversations).request_handoff(received.conversation_id, [])
    await drive(parts.conversations).leave_email(received.conversation_id, f"{name}@example.org")
    await drive(parts.conversations).accept(received.conversation_id, mia)
    await drive(parts.conversations).resolve(received.conversation_id, mia)
    return received.conversation_id


async def age(parts: AppComponents, conversation_id: str, days: int) -> None:
    """Let a conversation be older than it is."""
    async with parts.db.write() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id)
            .values(changed_at=now() - timedelta(days=days))
        )


async def everything(parts: AppComponents) -> str:
    """All that the database holds, as text."""
    async with parts.db.read() as session:
        rows = [
            [str(value) for value in row]
            for table in Base.metadata.sorted_tables
            for row in await session.execute(select(table))
        ]
    return json.dumps(rows)


async def test_what_is_past_its_end_date_goes_whole_and_the_rest_stays(parts: AppComponents) -> None:
    old, young = await talk(parts, "old"), await talk(parts, "young")
    await age(parts, old, days=91)
    await age(parts, young, days=89)

    assert await parts.retention.sweep() == 1
    async with parts.db.read() as session:
        assert list(await session.scalars(select(Conversation.id))) == [young]
        assert await session.scalar(select(func.count()).select_from(Contact)) == 1
        assert await session.scalar(select(func.count()).where(Message.conversation_id == old)) == 0
    assert await parts.retention.sweep() == 0


async def test_erasure_leaves_no_trace(parts: AppComponents) -> None:
    conversation_id = await talk(parts, "ida")
    [contact] = await find_contacts(parts.db, "ida@example.org")
    assert CANARY in await everything(parts)

    assert (await erase_contact(parts.db, contact)).conversations == 1
    await parts.retention.forget_in_bot()  # until then its id is kept, to tell the bot
    left = await everything(parts)
    assert CANARY not in left
    assert "ida@example.org" not in left
    assert conversation_id not in left
    with pytest.raises(NotFound):
        await erase_contact(parts.db, contact)


async def test_what_two_instances_erase_at_once_is_erased_once(parts: AppComponents) -> None:
    await talk(parts, "ida")
    [contact] = await find_contacts(parts.db, "ida@example.org")

    both = await asyncio.gather(*(erase_contact(parts.db, contact) for _ in range(2)), return_exceptions=True)

    assert sum(each.conversations for each in both if isinstance(each, ErasedRows)) == 1
    assert [each for each in both if not isinstance(each, ErasedRows | NotFound)] == []
    assert CANARY not in await everything(parts)


async def test_f10_an_erasure_that_breaks_off_has_erased_nothing_and_the_next_one_everything(
    parts: AppComponents, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = await talk(parts, "ida")
    [contact] = await find_contacts(parts.db, conversation_id)

    async def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    before = (await log_of(parts, conversation_id))[-1].seq
    monkeypatch.setattr("helpdesk.privacy.erasure._erase_people", break_off)
    with pytest.raises(KeyboardInterrupt):
        await erase_contact(parts.db, contact)
    monkeypatch.undo()
    assert [line.seq for line in await log_of(parts, conversation_id)] == list(range(1, before + 1))

    assert (await erase_contact(parts.db, contact)).conversations == 1
    assert CANARY not in await everything(parts)


async def test_export_holds_everything_that_was_said(parts: AppComponents) -> None:
    conversation_id = await talk(parts, "ida")
    [contact] = await find_contacts(parts.db, conversation_id)
    exported = await export_contact(parts.db, contact)

    text = json.dumps(exported)
    assert CANARY in text
    assert exported["contact"]["email"] == "ida@example.org"
    assert [line["seq"] for line in exported["conversations"][0]["messages"]][:3] == [1, 2, 3]
    assert exported["conversations"][0]["handoffs"]


async def test_f10_the_bot_forgets_an_erased_conversation_as_soon_as_it_can(tmp_path: Path, database_url: str) -> None:
    bot = FakeBot()
    async with run_helpdesk(settings_for(tmp_path, database_url), bot) as parts:
        conversation_id = await talk(parts, "ida")
        bot.broken = lambda: Response(status_code=503)
        [contact] = await find_contacts(parts.db, "ida@example.org")
        await erase_contact(parts.db, contact)
        assert await parts.retention.forget_in_bot() == 0

        bot.broken = None

        async def is_done() -> bool:
            return await parts.retention.forget_in_bot() == 0  # in the background, too: twice does no harm

        await eventually(is_done, "that nothing is left to forget")
    assert set(bot.forgotten) == {conversation_id}
