"""When the bot answers: several short messages in a row are one turn."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.statements import open_turn_statement
from store.models import Conversation, Message, MessageKind, Turn, TurnStatus, new_id, now
from store.status import Status


def settle_time(text: str, *, writing: bool) -> timedelta:
    """How long to wait for a customer's next message before answering: a finished question hardly, a "hello" longer."""
    if writing:
        return timedelta(seconds=2.5)
    words = len(text.split())
    if text.rstrip().endswith(("?", "!", ".")) or words >= 5:
        return timedelta(seconds=0.25)
    return timedelta(seconds=0.8)


async def open_turn(session: AsyncSession, conversation: Conversation, message: Message, *, writing: bool) -> None:
    """See that the bot answers `message`: with a turn of its own, or in the one that hasn't begun.

    One that is being worked on stays as it is: who stores its reply opens the next.
    """
    time = now()
    wait = timedelta(0) if message.payload else settle_time(message.text, writing=writing)
    await session.execute(
        open_turn_statement(session.get_bind().dialect.name),
        {
            "id": new_id(),
            "conversation_id": conversation.id,
            "epoch": conversation.epoch,
            "first_seq": message.seq,
            "last_seq": message.seq,
            "due_at": time + wait,
            "created_at": time,
        },
    )


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
        turn.status, turn.finished_at, turn.reason = TurnStatus.WITHHELD, now(), "owner_changed"


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
    found = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.kind == MessageKind.INCOMING, Message.seq > after)
        .order_by(Message.seq)
    )
    return [message for message in found if not message.is_settled]
