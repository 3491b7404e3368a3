"""Personal data has an end date, an export and an erasure: here are all three."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import Select, delete, or_, select

from helpdesk.conversations.log.copied_words import TO_FORGET
from helpdesk.events.event_stream import forget_old_events
from helpdesk.files.file_store import FileStore
from helpdesk.privacy.erasure import erase
from helpdesk.privacy.erasure_requests import erase_by_own_wish, expire_wishes
from helpdesk.privacy.terms import ended_conversations, erase_ended_rows
from helpdesk.privacy.traces import TO_CLEAN, clean_traces, note_traces
from helpdesk.search.fill import clean_index
from helpdesk.turns.rasa_client import BotError, RasaClient
from store.db import Database
from store.errors import NotFound, Unavailable
from store.models import Contact, Conversation, Meta, StoredFile, Turn, TurnStatus, now
from store.write_feed import Agenda

log = structlog.get_logger()

EVERY = 3600.0  # seconds between sweeps
WISHES_EVERY = 30.0  # seconds between looks for who wants to be forgotten and of whom nothing was heard
AGAIN_AFTER = 10.0  # seconds until the bot, or the database, is asked again
BATCH = 200  # conversations a transaction erases


class Retention:
    """Erases what has reached its end date."""

    def __init__(self, db: Database, rasa: RasaClient, files: FileStore, *, days: int) -> None:
        self.db = db
        self.files = files
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
            ended = select(StoredFile.key).where(StoredFile.erase_at <= time)
            row = await session.execute(
                select(
                    or_(_is_forget_due(time).exists(), _noted_for_bot().exists()),
                    ended.exists(),
                    select(Meta.key).where(Meta.key.startswith(TO_CLEAN)).exists(),
                )
            )
            has_work, has_files, has_traces = row.one()
        self._agenda.drop_until(time)
        if has_work:
            if forgotten := await self.forget_due():
                log.info("retention.forgotten", contacts=forgotten)
            await self.forget_in_bot()
        if has_files:
            await self._erase_files()
        if has_traces:
            await clean_traces(self.db)
        if has_work or has_files or has_traces:
            return AGAIN_AFTER  # the bot may be away, and what is left waits for it
        pause = WISHES_EVERY * random.uniform(0.8, 1.2)
        return pause if self._agenda.next is None else min(pause, (self._agenda.next - now()).total_seconds())

    async def _erase_files(self) -> None:
        """A bucket that is away holds up no other erasure."""
        try:
            erased = await self.files.erase_due()
        except Unavailable as error:
            log.warning("retention.files_not_erased", reason=str(error))
        else:
            async with self.db.write() as session:
                await note_traces(session, ("stored_files", "file_pieces", "attachments"))
            log.info("retention.files_erased", files=erased)

    async def forget_due(self) -> int:
        """Erase the contacts whose wish to be forgotten is due; how many they were."""
        async with self.db.read() as session:
            due = list(await session.scalars(_is_forget_due(now()).limit(BATCH)))
        for contact_id in due:
            with suppress(NotFound):  # another instance was quicker
                await erase_by_own_wish(self.db, contact_id)
        return len(due)

    async def forget_in_bot(self) -> int:
        """Have the bot drop what it remembers of erased conversations; how many it has. While it is away they wait."""
        async with self.db.read() as session:
            noted = list(await session.scalars(_noted_for_bot().limit(BATCH)))
        done = []
        with suppress(BotError):
            for key in noted:
                await self.rasa.forget(key.removeprefix(TO_FORGET))
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
            await forget_old_events(session)
            await expire_wishes(session, now())
            await note_traces(session, await erase_ended_rows(session, now()))
        await clean_index(self.db)
        return erased

    async def _erase_batch(self) -> Sequence[str]:
        async with self.db.write() as session:
            ended = select(Conversation.id).where(ended_conversations(now(), self.keep)).limit(BATCH)
            ids = list(await session.scalars(ended))
            if ids:
                erased = await erase(session, ids)
                await note_traces(session, +erased.rows)
            return ids


def _is_forget_due(time: datetime) -> Select[str]:
    """The contacts whose wish to be forgotten is due."""
    return select(Contact.id).where(Contact.forget_at <= time)


def _noted_for_bot() -> Select[str]:
    """What the bot is still to forget; while it works on a turn there, it would remember what it has read already."""
    at_work = select(Turn.id).where(Turn.status == TurnStatus.RUNNING, Meta.key == TO_FORGET + Turn.conversation_id)
    return select(Meta.key).where(Meta.key.startswith(TO_FORGET), ~at_work.exists())
