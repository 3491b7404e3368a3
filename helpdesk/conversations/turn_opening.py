"""When the bot answers: several short messages in a row are one turn."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

import tracing
from helpdesk.conversations.log.statements import open_turn_statement
from store.models import Conversation, Message, MessageKind, Turn, TurnStatus, new_id, now
from store.status import Status

#: Lines from the newest on within which a changed one is answered again: a claim reads back a little further.
MAX_LINES_BACK = 90
#: Within which messages count as sent in the same moment.
TOGETHER = timedelta(seconds=0.05)
#: Fewer, such as "Hallo?" or "Jemand da?", only begin a question.
MIN_QUESTION_WORDS = 4


def settle_time(text: str, *, writing: bool, sees_typing: bool = True) -> timedelta:
    """How long to wait for a customer's next message before answering: a finished question hardly, a "hello" longer.

    A question mark behind some words and nobody typing: nothing more is on its way but what was sent in the same
    moment, as after a break of the connection. Where nobody sees the customer type (not `sees_typing`), what looks
    unfinished waits longer for the rest of it, and so do files, for the words about them.
    """
    if writing:
        return timedelta(seconds=2.5)
    words = len(text.split())
    if sees_typing and words >= MIN_QUESTION_WORDS and text.rstrip().endswith("?"):
        return TOGETHER
    if text.rstrip().endswith(("?", "!", ".")):
        return timedelta(seconds=0.25)
    is_short = words < 5
    if sees_typing:
        return timedelta(seconds=0.8 if is_short else 0.25)
    return timedelta(seconds=1.6 if is_short else 0.8)


async def open_turn(session: AsyncSession, conversation: Conversation, message: Message, *, writing: bool) -> None:
    """See that the bot answers `message`: with a turn of its own, or in the one that hasn't begun.

    One that is being worked on stays as it is: who stores its reply opens the next.
    """
    time = now()
    sees_typing = conversation.channel.shows_the_log
    wait = settle_time(message.text, writing=writing, sees_typing=sees_typing)
    wait = timedelta(0) if message.payload or not conversation.channel.is_live else wait
    statement = open_turn_statement(session.get_bind().dialect.name)
    values = {
        "id": new_id(),
        "conversation_id": conversation.id,
        "epoch": conversation.epoch,
        "first_seq": message.seq,
        "last_seq": message.seq,
        "due_at": time + wait,
        "created_at": time,
    }
    if tracing.is_on():
        tracing.belongs_to(await session.scalar(statement.returning(Turn.id), values))
    else:
        await session.execute(statement, values)


async def load_open_turn(session: AsyncSession, conversation: Conversation, seq: int) -> Turn | None:
    """The turn that is still working on the message `seq`, or is about to."""
    return await session.scalar(
        select(Turn).where(
            Turn.conversation_id == conversation.id,
            Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING]),
            Turn.first_seq <= seq,
            Turn.last_seq >= seq,
        )
    )


async def close_turns(session: AsyncSession, conversation: Conversation) -> None:
    """A new owner: what the bot is still working on is no longer wanted."""
    turns = await session.scalars(
        select(Turn).where(Turn.conversation_id == conversation.id, Turn.status == TurnStatus.PENDING)
    )
    for turn in turns:
        withhold_turn(turn, "owner_changed")


async def take_back_turn(session: AsyncSession, conversation: Conversation) -> int | None:
    """End the open turn, begun or not, for another to take its place; the line it began with, None without one."""
    turn = await session.scalar(
        select(Turn).where(
            Turn.conversation_id == conversation.id, Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING])
        )
    )
    if turn is None:
        return None
    withhold_turn(turn, "taken_back")
    await session.flush()
    return turn.first_seq


def withhold_turn(turn: Turn, reason: str) -> None:
    """End a turn whose answer is no longer wanted."""
    turn.status, turn.finished_at, turn.reason = TurnStatus.WITHHELD, now(), reason


async def open_turn_again(session: AsyncSession, conversation: Conversation, message: Message) -> None:
    """See that the bot answers a line anew whose words have changed since it was answered."""
    message.facts = replace(message.facts, reopened=True, settled=False)
    await session.flush()
    await open_turn(session, conversation, message, writing=False)


async def load_forgotten_messages(session: AsyncSession, conversation: Conversation) -> list[Message]:
    """Messages for the bot that no turn answers or is about to, in order."""
    open_one = await session.scalar(
        select(Turn.id).where(
            Turn.conversation_id == conversation.id, Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING])
        )
    )
    if open_one is not None or conversation.status != Status.BOT:
        return []
    return await load_unanswered_messages(session, conversation, after=conversation.answered_seq)


async def load_closed_over(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether there are words of the contact after what counts as answered."""
    messages = await load_unanswered_messages(session, conversation, after=conversation.answered_seq)
    return any(message.text for message in messages)


async def load_unanswered_messages(session: AsyncSession, conversation: Conversation, *, after: int) -> list[Message]:
    """What the contact wrote after line `after` that hasn't been answered on the spot, in order."""
    return await _load_incoming(session, conversation, Message.seq > after)


async def load_open_messages(session: AsyncSession, conversation: Conversation) -> list[Message]:
    """What the contact wrote and the bot still has to answer, in order: new lines, and older ones in new words."""
    answered = conversation.answered_seq
    is_near = Message.seq > min(answered, conversation.last_seq - MAX_LINES_BACK)  # a long log is not read through
    return await _load_incoming(session, conversation, is_near & ((Message.seq > answered) | Message.is_reopened))


async def _load_incoming(
    session: AsyncSession, conversation: Conversation, which: ColumnElement[bool]
) -> list[Message]:
    found = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.kind == MessageKind.INCOMING, which)
        .order_by(Message.seq)
    )
    return [message for message in found if not message.is_settled]
