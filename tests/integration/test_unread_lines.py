"""A line that the contact wrote just before an agent gives the conversation away is read or answered, never lost."""

import pytest
from sqlalchemy import update

from helpdesk.app import AppComponents
from helpdesk.conversations.read_marks import mark_read_by_agent
from helpdesk.queue.watchdog import OVERDUE
from store.errors import Invalid, UnreadLine
from store.models import Conversation, Message, now
from store.status import Status
from tests.conversation_driver import drive
from tests.harness import conversation_of, hire, inbound_message, log_of, wait_for_answers

LAST_WORDS = "Und wo ist die Rechnung?"


async def accepted(parts: AppComponents) -> tuple[str, str]:
    """A conversation that Mia has and has answered."""
    received = await parts.inbox.receive(inbound_message("Mein Tisch wackelt."))
    await wait_for_answers(parts, received.conversation_id, 1)
    await drive(parts.conversations).request_handoff(received.conversation_id, [])
    mia = await hire(parts, "Mia")
    epoch = (await drive(parts.conversations).accept(received.conversation_id, mia)).epoch
    await drive(parts.conversations).answer(received.conversation_id, mia, epoch, "Ich schicke Ersatz.", "c1")
    return received.conversation_id, mia


async def seq_of(parts: AppComponents, conversation_id: str) -> int:
    return (await conversation_of(parts, conversation_id)).last_seq


@pytest.mark.parametrize("verb", ["return_to_bot", "resolve"])
async def test_f86_an_agent_is_told_of_a_line_that_came_after_what_they_have_read(
    parts: AppComponents, verb: str
) -> None:
    conversation_id, mia = await accepted(parts)
    read = await seq_of(parts, conversation_id)
    newest = await parts.inbox.receive(inbound_message(LAST_WORDS))
    change = getattr(drive(parts.conversations), verb)

    with pytest.raises(UnreadLine) as told:
        await change(conversation_id, mia, read_seq=read)
    assert told.value.details == {"last_seq": newest.seq}
    assert (await conversation_of(parts, conversation_id)).status == Status.ASSIGNED

    await change(conversation_id, mia, read_seq=newest.seq)
    after = await conversation_of(parts, conversation_id)
    assert after.status in {Status.BOT, Status.RESOLVED}
    assert after.answered_seq >= newest.seq


@pytest.mark.parametrize("verb", ["return_to_bot", "resolve"])
async def test_f86_without_a_word_on_what_was_read_the_bot_answers_the_line(parts: AppComponents, verb: str) -> None:
    conversation_id, mia = await accepted(parts)
    await parts.inbox.receive(inbound_message(LAST_WORDS))
    await getattr(drive(parts.conversations), verb)(conversation_id, mia)

    answers = await wait_for_answers(parts, conversation_id, 2)
    assert answers[-1] == f"You said: {LAST_WORDS}"
    assert (await conversation_of(parts, conversation_id)).status == Status.BOT


@pytest.mark.parametrize("verb", ["return_to_bot", "resolve"])
async def test_what_an_agent_has_marked_as_read_is_not_answered_again(parts: AppComponents, verb: str) -> None:
    conversation_id, mia = await accepted(parts)
    newest = await parts.inbox.receive(inbound_message("Danke, das war alles."))
    async with parts.conversations.open(conversation_id) as c:
        await mark_read_by_agent(c, mia, newest.seq)
    await getattr(drive(parts.conversations), verb)(conversation_id, mia)

    after = await conversation_of(parts, conversation_id)
    assert (after.status, after.answered_seq) == (
        Status.BOT if verb == "return_to_bot" else Status.RESOLVED,
        after.last_seq,
    )
    assert await parts.watchdog.look() == 0


async def test_a_line_before_a_transfer_is_left_to_the_colleague(parts: AppComponents) -> None:
    conversation_id, mia = await accepted(parts)
    read = await seq_of(parts, conversation_id)
    newest = await parts.inbox.receive(inbound_message(LAST_WORDS))
    jonas = await hire(parts, "Jonas")
    await drive(parts.conversations).transfer(conversation_id, mia, jonas, read_seq=read)

    with pytest.raises(UnreadLine):
        await drive(parts.conversations).resolve(conversation_id, jonas, read_seq=newest.seq - 1)
    await drive(parts.conversations).return_to_bot(conversation_id, jonas)  # says nothing of what he has read
    assert (await wait_for_answers(parts, conversation_id, 2))[-1] == f"You said: {LAST_WORDS}"


async def test_nobody_has_read_what_is_not_written_yet(parts: AppComponents) -> None:
    conversation_id, mia = await accepted(parts)
    with pytest.raises(Invalid, match="at most"):
        await drive(parts.conversations).resolve(conversation_id, mia, read_seq=1_000)


async def test_the_watchdog_opens_a_conversation_that_was_closed_over_a_line(parts: AppComponents) -> None:
    conversation_id, mia = await accepted(parts)
    newest = await parts.inbox.receive(inbound_message(LAST_WORDS))
    await drive(parts.conversations).resolve(conversation_id, mia, read_seq=newest.seq)
    assert await parts.watchdog.look() == 0
    async with parts.db.write() as session:  # as an older version left it
        await session.execute(update(Conversation).values(answered_seq=newest.seq - 1))
        await session.execute(update(Message).values(created_at=now() - 2 * OVERDUE))

    assert await parts.watchdog.look() == 1
    assert await wait_for_answers(parts, conversation_id, 2)  # late, and so perhaps with an apology and a person
    assert [line.event for line in await log_of(parts, conversation_id)].count("contact_writes") == 1
