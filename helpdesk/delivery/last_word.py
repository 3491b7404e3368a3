"""What the contact wrote last before a message of ours: the answer points there."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.models import Message, MessageFacts, MessageKind


class LastWord(NamedTuple):
    """What the contact wrote last: the channel's own id of it, its words, and what is remembered with it."""

    external_id: str | None = None
    text: str = ""
    facts: MessageFacts = MessageFacts()


async def load_last_word(session: AsyncSession, message: Message) -> LastWord:
    """What was written last before `message`: among many people, and in a mail, an answer points there."""
    found = await session.execute(
        select(Message.external_id, Message.text, Message.facts)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.kind == MessageKind.INCOMING,
            Message.seq < message.seq,
            Message.external_id.is_not(None),
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return LastWord(*(found.first() or ()))
