"""A worker that slept through its lease, as a program that was stopped and goes on: what it brings comes too late."""

from datetime import timedelta

from sqlalchemy import select, update

from bot_protocol import BotMessage
from helpdesk.conversations import Conversations
from helpdesk.conversations.bot_replies import store_reply
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.turns.claim import claim_turns
from store.db import Database
from store.models import Message, Turn, now
from tests.conversation_driver import drive
from tests.harness import inbound_message


async def test_f19_a_worker_that_slept_through_its_lease_stores_no_second_reply(
    db: Database, conversations: Conversations
) -> None:
    await drive(conversations).receive(inbound_message("Where is my parcel?"))
    async with db.write() as session:
        await session.execute(update(Turn).values(due_at=now() - timedelta(seconds=1)))
    [asleep] = await claim_turns(db, "asleep", lease_seconds=-1, limit=1)
    [awake] = await claim_turns(db, "awake", lease_seconds=30, limit=1)
    assert asleep.turn_id == awake.turn_id

    outcomes = [
        await store_reply(conversations, claimed.lease, BotReply(texts=(BotMessage(text=words),)))
        for claimed, words in ((asleep, "too early"), (awake, "in time"), (asleep, "too late"), (awake, "again"))
    ]

    assert outcomes == [False, True, False, False]
    async with db.read() as session:
        said = await session.scalars(select(Message.text).where(Message.turn_id == awake.turn_id))
        assert list(said) == ["in time"]
