"""Adds entries to the audit log, in the database and, where a setting says so, to a file or standard output."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import delete, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.audit.chain import RETENTION, as_document, entry_hash
from store.db import Database, is_unique_violation
from store.errors import Unavailable
from store.models import AuditCheckpoint, AuditEntry, AuditHead, now

log = structlog.get_logger()

STDOUT = "stdout"
_EVERY_SECONDS = 12 * 3600.0
#: Readings that this process has entered; the oldest are forgotten first, and the database refuses a second one.
_REMEMBERED = 20_000
_MAX_ONCE_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it: an agent, a program with a key, somebody at the command line, or nobody who signed in."""

    kind: str = "nobody"
    id: str = ""
    name: str = ""
    #: The network it came from, shortened.
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditAct:
    """What was done to what. `before` and `after` are ids and single words, never what a customer wrote."""

    action: str
    subject: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    #: Entered only if nothing was entered under this before.
    once: str | None = None


class AuditLog:
    """One for a process. `stream` is a file's path or `stdout`; empty: the database only."""

    def __init__(self, db: Database, stream: str = "", *, days: int = 365) -> None:
        self._db = db
        self._stream = stream
        self._kept = timedelta(days=days)
        self._entered: dict[str, None] = {}

    async def record(self, actor: Actor, act: AuditAct) -> None:
        """Add an entry in a transaction of its own. Raises `Unavailable`."""
        async with self._db.write() as session:
            await self.add(session, actor, act)

    async def add(self, session: AsyncSession, actor: Actor, act: AuditAct, *, at: datetime | None = None) -> None:
        """Add an entry in the transaction of what it is about; it is streamed once that has been committed."""
        await session.flush()
        head = await session.get(AuditHead, 1, with_for_update=True, populate_existing=True)
        if head is None:
            raise Unavailable("The audit log has no head; the database isn't one of Staffel's.")
        entry = AuditEntry(
            number=head.number + 1,
            at=at or now(),
            action=act.action[:64],
            actor_kind=actor.kind,
            actor_id=actor.id[:80],
            actor_name=actor.name[:200],
            address=actor.address,
            subject=act.subject[:160],
            before=dict(act.before),
            after=dict(act.after),
            once=act.once,
            previous_hash=head.hash,
        )
        entry.hash = entry_hash(entry)
        session.add(entry)
        head.number, head.hash = entry.number, entry.hash
        await session.flush()
        if self._stream:
            line = json.dumps(as_document(entry) | {"hash": entry.hash}, ensure_ascii=False)
            event.listen(session.sync_session, "after_commit", lambda _: self._write(line), once=True)

    async def record_reading(self, actor: Actor, act: AuditAct, *, at: datetime | None = None) -> None:
        """Enter that somebody read what isn't theirs, the same thing once an hour at most.

        A database that can be read but not written to holds nobody up.
        """
        at = at or now()
        once = _reading_key(actor, act, at)
        if once in self._entered:
            return
        try:
            async with self._db.write() as session:
                if await session.scalar(select(AuditEntry.number).where(AuditEntry.once == once)) is None:
                    await self.add(session, actor, replace(act, once=once), at=at)
        except Unavailable:
            log.warning("audit.reading_not_entered", actor=actor.id, action=act.action, subject=act.subject)
            return
        except IntegrityError as error:
            if not is_unique_violation(error):
                raise
        self._entered[once] = None
        while len(self._entered) > _REMEMBERED:
            del self._entered[next(iter(self._entered))]

    async def run(self) -> None:
        """Remove what is too old, now and twice a day, until cancelled."""
        while True:
            try:
                if removed := await self.forget_old():
                    log.info("audit.old_removed", entries=removed)
            except Unavailable:
                log.warning("audit.database_away")
            await asyncio.sleep(_EVERY_SECONDS)

    async def forget_old(self, *, at: datetime | None = None) -> int:
        """Remove the entries that are too old, after a checkpoint from which the rest is verified; how many."""
        at = at or now()
        async with self._db.write() as session:
            last = await session.scalar(
                select(AuditEntry).where(AuditEntry.at < at - self._kept).order_by(AuditEntry.number.desc()).limit(1)
            )
            head = await session.get(AuditHead, 1)
            if last is None or (head is not None and head.number == last.number):
                return 0
            session.add(AuditCheckpoint(number=last.number, hash=last.hash))
            await session.flush()
            act = AuditAct(action=RETENTION, subject=str(last.number), after={"hash": last.hash})
            await self.add(session, Actor(kind="command", id="retention", name="Staffel"), act, at=at)
            removed = await session.execute(
                delete(AuditEntry).where(AuditEntry.number <= last.number).returning(AuditEntry.number)
            )
            return len(removed.all())

    def _write(self, line: str) -> None:
        if self._stream == STDOUT:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
            return
        try:
            with Path(self._stream).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            log.warning("audit.stream_failed", reason=error.strerror)


def _reading_key(actor: Actor, act: AuditAct, at: datetime) -> str:
    """What an entry of a reading stands under: who read what in which hour."""
    key = ":".join(("read", actor.id, *act.after.values(), act.subject, f"{at:%Y%m%d%H}"))
    return key if len(key) <= _MAX_ONCE_LENGTH else f"read:{hashlib.sha256(key.encode()).hexdigest()}"
