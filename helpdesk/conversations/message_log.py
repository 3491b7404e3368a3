"""Writing lines of the log. Every function here runs inside a transaction that holds the conversation's row."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author, Choice, InboundMessage
from store.errors import NotFound
from store.models import Agent, Conversation, Delivery, Message, MessageKind, now


async def lock(session: AsyncSession, conversation_id: str) -> Conversation:
    """The conversation, held by this transaction until it ends. Raises `NotFound`."""
    conversation = await session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


def append(
    session: AsyncSession, conversation: Conversation, kind: MessageKind, author: Author, text: str, **fields: Any
) -> Message:
    """Add the next line. The row lock makes `seq` free of gaps and `changed_at` true."""
    conversation.last_seq += 1
    conversation.changed_at = now()
    message = Message(
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        epoch=conversation.epoch,
        kind=kind,
        author=author,
        text=text,
        created_at=conversation.changed_at,
        **fields,
    )
    session.add(message)
    return message


def append_incoming(
    session: AsyncSession, conversation: Conversation, inbound: InboundMessage, *, text: str, payload: str | None
) -> Message:
    """Add what the customer wrote; its `external_id` keeps a repeat out."""
    return append(
        session,
        conversation,
        MessageKind.INCOMING,
        Author.CONTACT,
        text,
        payload=payload,
        author_name=inbound.contact_name or "",
        channel=inbound.address.channel,
        account=inbound.address.account,
        external_id=inbound.external_id,
        data={"tap": [inbound.tap.seq, inbound.tap.choice]} if inbound.tap else {},
    )


async def append_outgoing(
    session: AsyncSession,
    conversation: Conversation,
    author: Author,
    text: str,
    *,
    choices: tuple[Choice, ...] = (),
    **fields: Any,
) -> Message:
    """Add what the customer is to read, and its delivery with it: stored together or not at all."""
    message = append(
        session,
        conversation,
        MessageKind.OUTGOING,
        author,
        text,
        choices=choices,
        **fields,
    )
    await _deliver(session, conversation, message)
    return message


async def append_activity(
    session: AsyncSession,
    conversation: Conversation,
    event: str,
    text: str,
    *,
    agent: Agent | None = None,
    shown: bool = True,
    **data: Any,
) -> Message:
    """Add what happened. `shown` lines are delivered to the customer too."""
    message = append(
        session,
        conversation,
        MessageKind.ACTIVITY,
        Author.SYSTEM,
        text,
        agent_id=agent.id if agent else None,
        author_name=agent.name if agent else "",
        data={"event": event, "shown": shown, **data},
    )
    if shown:
        await _deliver(session, conversation, message)
    return message


async def _deliver(session: AsyncSession, conversation: Conversation, message: Message) -> None:
    await session.flush()
    session.add(
        Delivery(message_id=message.id, conversation_id=conversation.id, lane=conversation.address.lane, due_at=now())
    )
