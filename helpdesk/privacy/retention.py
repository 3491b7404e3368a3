"""Personal data has an end date, an export and an erasure: here are all three."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.delivery.rate_limits import forget_paces
from helpdesk.turns.rasa_client import BotError, RasaClient
from store.db import Database
from store.errors import NotFound, Unavailable
from store.models import (
    AgentSession,
    AskedQuestion,
    AttachmentContent,
    AttachmentRecord,
    AttachmentStatus,
    Contact,
    ContactLink,
    Conversation,
    Delivery,
    Feedback,
    Handoff,
    Invitation,
    Message,
    Meta,
    Promise,
    Throttle,
    Turn,
    VisitorToken,
    now,
)
from store.status import Status
from store.triggers import write_triggers
from store.write_feed import Agenda

log = structlog.get_logger()

EVERY = 3600.0  # seconds between sweeps
WISHES_EVERY = 30.0  # seconds between looks for who wants to be forgotten and of whom nothing was heard
AGAIN_AFTER = 10.0  # seconds until the bot, or the database, is asked again
ATTACHMENTS_KEPT = timedelta(days=30)  # files are heavier and more personal than words
BATCH = 200  # conversations a transaction erases
SILENT_FOR = timedelta(days=1)  # opened, but nothing was ever written
_GREETING_ONLY = 1
_TO_FORGET = "forget:"  # before the id of an erased conversation that the bot still remembers


class Retention:
    """Erases what has reached its end date."""

    def __init__(self, db: Database, rasa: RasaClient, *, days: int) -> None:
        self.db = db
        self.rasa = rasa
        self.keep = timedelta(days=days)
        self._agenda = Agenda()
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Sweep now and then until cancelled, and forget whoever wants to be forgotten as soon as that is due."""
        next_sweep = 0.0
        feed = self.db.feed
        with feed.listening_for_due("contacts", self._note_wish), feed.listening(("meta",), self._news.set):
            while True:
                self._news.clear()
                pause = AGAIN_AFTER
                try:
                    pause = await self._forget()
                    if monotonic() >= next_sweep:
                        next_sweep = monotonic() + EVERY
                        if erased := await self.sweep():
                            log.info("retention.erased", conversations=erased)
                except Unavailable:
                    log.warning("retention.database_away")
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._news.wait()

    def _note_wish(self, at: datetime | None) -> None:
        self._agenda.add(at or now())
        self._news.set()

    async def _forget(self) -> float:
        """Forget who is to be forgotten; seconds until the next look."""
        time = now()
        async with self.db.read() as session:
            has_work = await session.scalar(select(or_(_is_forget_due(time).exists(), _noted_for_bot().exists())))
        self._agenda.drop_until(time)
        if has_work:
            if forgotten := await self.forget_due():
                log.info("retention.forgotten", contacts=forgotten)
            await self.forget_in_bot()
            return AGAIN_AFTER  # the bot may be away, and what is left waits for it
        pause = WISHES_EVERY * random.uniform(0.8, 1.2)
        return pause if self._agenda.next is None else min(pause, (self._agenda.next - now()).total_seconds())

    async def forget_due(self) -> int:
        """Erase the contacts whose wish to be forgotten is due; how many they were."""
        async with self.db.read() as session:
            due = list(await session.scalars(_is_forget_due(now()).limit(BATCH)))
        for contact_id in due:
            with suppress(NotFound):  # another instance was quicker
                await erase_contact(self.db, contact_id)
        return len(due)

    async def forget_in_bot(self) -> int:
        """Have the bot drop what it remembers of erased conversations; how many it has. While it is away they wait."""
        async with self.db.read() as session:
            noted = list(await session.scalars(_noted_for_bot().limit(BATCH)))
        done = []
        with suppress(BotError):
            for key in noted:
                await self.rasa.forget(key.removeprefix(_TO_FORGET))
                done.append(key)
        if done:
            async with self.db.write() as session:
                await session.execute(delete(Meta).where(Meta.key.in_(done)))
        return len(done)

    async def sweep(self) -> int:
        """Erase every conversation past its end date, and what is expired anyway; how many conversations went."""
        erased = 0
        while ids := await self._erase_batch():
            erased += len(ids)
        async with self.db.write() as session:
            await _erase_old_attachments(session)
            await forget_paces(session, now())
            await session.execute(delete(ContactLink).where(ContactLink.expires_at < now()))
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


def _is_forget_due(time: datetime) -> Select[str]:
    """The contacts whose wish to be forgotten is due."""
    return select(Contact.id).where(Contact.forget_at <= time)


def _noted_for_bot() -> Select[str]:
    """What the bot is still to forget."""
    return select(Meta.key).where(Meta.key.startswith(_TO_FORGET))


async def _erase_old_attachments(session: AsyncSession) -> None:
    """Erase the content of old attachments; that there was one stays in the log."""
    old = select(AttachmentRecord.id).where(AttachmentRecord.created_at < now() - ATTACHMENTS_KEPT)
    await session.execute(delete(AttachmentContent).where(AttachmentContent.attachment_id.in_(old)))
    await session.execute(
        update(AttachmentRecord)
        .where(AttachmentRecord.id.in_(old), AttachmentRecord.status == AttachmentStatus.KEPT)
        .values(status=AttachmentStatus.FAILED, reason=f"Erased after {ATTACHMENTS_KEPT.days} days.", name="")
    )


async def erase(session: AsyncSession, conversation_ids: Sequence[str]) -> None:
    """Erase conversations whole, and their contacts where nothing else is known of them."""
    if not conversation_ids:
        return
    contacts = list(await session.scalars(select(Conversation.contact_id).where(Conversation.id.in_(conversation_ids))))
    attached = select(AttachmentRecord.id).where(AttachmentRecord.conversation_id.in_(conversation_ids))
    await session.execute(delete(AttachmentContent).where(AttachmentContent.attachment_id.in_(attached)))
    for table in (AttachmentRecord, AskedQuestion, Delivery, Feedback, Handoff, Promise, Turn, VisitorToken, Message):
        await session.execute(delete(table).where(table.conversation_id.in_(conversation_ids)))
    await session.execute(delete(Conversation).where(Conversation.id.in_(conversation_ids)))
    session.add_all(Meta(key=f"{_TO_FORGET}{conversation_id}", value="bot") for conversation_id in conversation_ids)
    await session.flush()
    remaining = select(Conversation.contact_id)
    gone = list(await session.scalars(select(Contact.id).where(Contact.id.in_(contacts), Contact.id.not_in(remaining))))
    await _erase_contacts(session, gone)


async def _erase_contacts(session: AsyncSession, ids: Sequence[str]) -> None:
    await session.execute(delete(ContactLink).where(ContactLink.contact_id.in_(ids)))
    await session.execute(delete(Contact).where(Contact.id.in_(ids)))


async def erase_contact(db: Database, contact_id: str) -> int:
    """Erase a contact with all conversations; how many these were. Raises `NotFound`."""
    async with db.write() as session:
        if await session.get(Contact, contact_id) is None:
            raise NotFound(f"There is no contact {contact_id}.")
        ids = list(await session.scalars(select(Conversation.id).where(Conversation.contact_id == contact_id)))
        await erase(session, ids)
        await _erase_contacts(session, [contact_id])
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
            "contact": {
                "id": contact.id,
                "channel": contact.channel,
                "name": contact.name,
                "email": contact.email,
                "phone": contact.phone,
                "campaign": contact.campaign,
            },
            "since": contact.created_at.isoformat(),
            "conversations": [await _exported(session, conversation) for conversation in conversations],
        }


async def _exported(session: AsyncSession, conversation: Conversation) -> dict[str, Any]:
    messages = await session.scalars(
        select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq)
    )
    handoffs = await session.scalars(select(Handoff).where(Handoff.conversation_id == conversation.id))
    promises = await session.scalars(select(Promise).where(Promise.conversation_id == conversation.id))
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
            {
                "asked_at": handoff.asked_at.isoformat(),
                "triggers": write_triggers(handoff.triggers),
                "summary": handoff.summary.as_json(),
                "correction": handoff.correction,
            }
            for handoff in handoffs
        ],
        "promises": [{"text": promise.text, "due_at": promise.due_at.isoformat()} for promise in promises],
    }
