"""Personal data has an end date, an export and an erasure: here are all three."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.db import Database
from helpdesk.errors import NotFound, Unavailable
from helpdesk.models import (
    AgentSession,
    AskedQuestion,
    Contact,
    Conversation,
    Delivery,
    Feedback,
    Handoff,
    Invitation,
    Message,
    Throttle,
    Turn,
    VisitorToken,
    now,
)
from helpdesk.status import Status

log = structlog.get_logger()

EVERY = 3600.0  # seconds between sweeps
BATCH = 200  # conversations a transaction erases
SILENT_FOR = timedelta(days=1)  # opened, but nothing was ever written
_GREETING_ONLY = 1


class Retention:
    """Erases what has reached its end date."""

    def __init__(self, db: Database, *, days: int) -> None:
        self.db = db
        self.keep = timedelta(days=days)

    async def run(self) -> None:
        """Sweep now and then until cancelled."""
        while True:
            try:
                if erased := await self.sweep():
                    log.info("retention.erased", conversations=erased)
            except Unavailable:
                log.warning("retention.database_away")
            await asyncio.sleep(EVERY)

    async def sweep(self) -> int:
        """Erase every conversation past its end date, and what is expired anyway; how many conversations went."""
        erased = 0
        while ids := await self._erase_batch():
            erased += len(ids)
        async with self.db.write() as session:
            await session.execute(delete(AgentSession).where(AgentSession.expires_at < now()))
            await session.execute(delete(VisitorToken).where(VisitorToken.expires_at < now()))
            await session.execute(delete(Throttle).where(Throttle.window_start < now() - timedelta(days=1)))
            await session.execute(delete(Invitation).where(Invitation.expires_at < now() - timedelta(days=30)))
        return erased

    async def _erase_batch(self) -> Sequence[str]:
        time = now()
        ended = (Conversation.changed_at < time - self.keep) & Conversation.status.in_([Status.RESOLVED, Status.BOT])
        silent = (Conversation.last_seq <= _GREETING_ONLY) & (Conversation.changed_at < time - SILENT_FOR)
        async with self.db.write() as session:
            ids = list(await session.scalars(select(Conversation.id).where(ended | silent).limit(BATCH)))
            await erase(session, ids)
            return ids


async def erase(session: AsyncSession, conversation_ids: Sequence[str]) -> None:
    """Erase conversations whole, and their contacts where nothing else is known of them."""
    if not conversation_ids:
        return
    contacts = list(await session.scalars(select(Conversation.contact_id).where(Conversation.id.in_(conversation_ids))))
    for table in (AskedQuestion, Delivery, Feedback, Handoff, Turn, VisitorToken, Message):
        await session.execute(delete(table).where(table.conversation_id.in_(conversation_ids)))
    await session.execute(delete(Conversation).where(Conversation.id.in_(conversation_ids)))
    remaining = select(Conversation.contact_id)
    await session.execute(delete(Contact).where(Contact.id.in_(contacts), Contact.id.not_in(remaining)))


async def erase_contact(db: Database, contact_id: str) -> int:
    """Erase a contact with all conversations; how many these were. Raises `NotFound`."""
    async with db.write() as session:
        if await session.get(Contact, contact_id) is None:
            raise NotFound(f"There is no contact {contact_id}.")
        ids = list(await session.scalars(select(Conversation.id).where(Conversation.contact_id == contact_id)))
        await erase(session, ids)
        await session.execute(delete(Contact).where(Contact.id == contact_id))
        return len(ids)


async def find_contacts(db: Database, wanted: str) -> list[str]:
    """The ids of the contacts with an e-mail address, or of a conversation."""
    async with db.read() as session:
        of_conversation = select(Conversation.contact_id).where(Conversation.id == wanted)
        found = select(Contact.id).where((Contact.email == wanted) | Contact.id.in_(of_conversation))
        return list(await session.scalars(found))


async def export_contact(db: Database, contact_id: str) -> dict[str, Any]:
    """Everything that is kept of a contact, ready for JSON. Raises `NotFound`."""
    async with db.read() as session:
        contact = await session.get(Contact, contact_id)
        if contact is None:
            raise NotFound(f"There is no contact {contact_id}.")
        conversations = await session.scalars(select(Conversation).where(Conversation.contact_id == contact_id))
        return {
            "contact": {"id": contact.id, "channel": contact.channel, "name": contact.name, "email": contact.email},
            "since": contact.created_at.isoformat(),
            "conversations": [await _exported(session, conversation) for conversation in conversations],
        }


async def _exported(session: AsyncSession, conversation: Conversation) -> dict[str, Any]:
    messages = await session.scalars(
        select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq)
    )
    handoffs = await session.scalars(select(Handoff).where(Handoff.conversation_id == conversation.id))
    return {
        "id": conversation.id,
        "status": conversation.status,
        "language": conversation.language,
        "page": conversation.page,
        "created_at": conversation.created_at.isoformat(),
        "messages": [
            {
                "seq": message.seq,
                "kind": message.kind,
                "author": message.author,
                "name": message.author_name,
                "text": message.text,
                "at": message.created_at.isoformat(),
            }
            for message in messages
        ],
        "handoffs": [
            {"asked_at": handoff.asked_at.isoformat(), "triggers": handoff.triggers, "summary": handoff.summary}
            for handoff in handoffs
        ],
    }
