"""Nobody is left in limbo when an agent goes."""

from datetime import timedelta

import pytest
from sqlalchemy import literal, select, update

from helpdesk.app import AppComponents
from helpdesk.conversations import OpenConversation
from helpdesk.conversations.waiting.waiting_room import open_missing_turn
from store.models import Agent, Conversation, Handoff, now
from store.status import Status
from tests.conversation_driver import drive
from tests.harness import conversation_of, hire, inbound_message, log_of

LONG_AGO = timedelta(seconds=100)


async def owned_by(parts: AppComponents, agent_id: str) -> str:
    """A conversation that an agent owns and in which nothing has happened for a while."""
    received = await parts.inbox.receive(inbound_message("Hello."))
    await drive(parts.conversations).request_handoff(received.conversation_id, [])
    await drive(parts.conversations).accept(received.conversation_id, agent_id)
    async with parts.db.write() as session:
        await session.execute(update(Conversation).values(changed_at=now() - LONG_AGO))
    return received.conversation_id


async def change(parts: AppComponents, agent_id: str, **values: object) -> None:
    async with parts.db.write() as session:
        await session.execute(update(Agent).where(Agent.id == agent_id).values(**values))


@pytest.mark.parametrize("gone", [{"last_seen_at": now() - LONG_AGO}, {"active": False}])
async def test_f82_a_vanished_agents_conversation_waits_again_and_the_customer_is_told(
    parts: AppComponents, gone: dict[str, object]
) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await owned_by(parts, mia)
    await change(parts, mia, **gone)

    assert await parts.watchdog.look() == 1
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED
    assert "Mia musste das Gespräch abgeben" in (await log_of(parts, conversation_id))[-1].text
    assert await parts.watchdog.look() == 0


@pytest.mark.parametrize("here", [{"last_seen_at": now() + timedelta(hours=1)}, {"last_seen_at": None}])
async def test_an_agent_who_is_there_or_works_through_the_api_keeps_the_conversation(
    parts: AppComponents, here: dict[str, object]
) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await owned_by(parts, mia)
    await change(parts, mia, **here)

    assert await parts.watchdog.look() == 0
    assert (await conversation_of(parts, conversation_id)).agent_id == mia


async def test_whoever_was_passed_on_to_somebody_who_never_came_waits_again(parts: AppComponents) -> None:
    mia, ada = await hire(parts, "Mia"), await hire(parts, "Ada")
    conversation_id = await owned_by(parts, mia)
    await change(parts, ada, last_seen_at=None)
    async with parts.db.write() as session:  # as it was before transfers were offered
        await session.execute(update(Conversation).values(agent_id=ada, changed_at=now()))
        await session.execute(update(Handoff).values(accepted_by=None, accepted_at=None))
    assert await parts.watchdog.look() == 0

    async with parts.db.write() as session:
        await session.execute(update(Conversation).values(changed_at=now() - LONG_AGO))
    assert await parts.watchdog.look() == 1
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED


async def test_f29_an_agent_who_has_just_answered_keeps_the_conversation(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await owned_by(parts, mia)
    await change(parts, mia, last_seen_at=now() - LONG_AGO)
    epoch = (await conversation_of(parts, conversation_id)).epoch
    await drive(parts.conversations).answer(conversation_id, mia, epoch, "Still here.", "c1")

    assert await parts.watchdog.look() == 0


async def test_what_was_erased_between_two_looks_is_passed_over_without_a_word(parts: AppComponents) -> None:
    gone = select(literal("gone"))

    assert await parts.watchdog._mend("unanswered", gone, open_missing_turn) == 0
    assert await parts.watchdog._release("gone", "nobody", lost=True) == 0


async def test_one_that_cannot_be_mended_holds_up_no_other(parts: AppComponents) -> None:
    received = [await parts.inbox.receive(inbound_message("hallo?", name=name)) for name in ("ida", "ole")]
    tried: list[str] = []

    async def mend(c: OpenConversation) -> bool:
        tried.append(c.conversation.id)
        if len(tried) == 1:
            raise KeyError
        return True

    both = select(Conversation.id).where(Conversation.id.in_([one.conversation_id for one in received]))
    assert await parts.watchdog._mend("unanswered", both, mend) == 1
    assert len(tried) == 2
