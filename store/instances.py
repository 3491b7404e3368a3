"""Which instances of helpdesk live, so that what a dead one held is taken up within seconds, and a slow one's is not.

An instance lives as long as the operating system holds something for it: on PostgreSQL its connections, which bear its
name, on SQLite a lock on a file beside the database. Both end with the process, however it ends, and neither ends
because a process is slow. One that stands still is told on PostgreSQL by what it asked last: what it stores after its
leases were taken is refused. On SQLite, where there is one instance, its leases run out.
"""

import asyncio
import fcntl
import os
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol

import structlog
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Interval,
    String,
    delete,
    func,
    literal,
    literal_column,
    select,
    text,
    union,
    union_all,
    update,
)

from store.clock import CLOCK
from store.db import INSTANCE_PREFIX, Database
from store.errors import Unavailable
from store.models import (
    Delivery,
    DeliveryStatus,
    Lease,
    Notification,
    Site,
    SiteStatus,
    Turn,
    TurnStatus,
    UtcDateTime,
    WebhookDelivery,
    now,
)

log = structlog.get_logger()

#: Between looks at who lives. With `GRACE_SECONDS` on top the dead are found within four seconds.
LOOK_SECONDS = 1.3
#: A database that was restarted has lost everybody's connections; whoever lives is back by then.
GRACE_SECONDS = 2.5
#: An instance that has asked PostgreSQL nothing for so long stands still: each looks every 1.3 seconds.
STALLED = timedelta(seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceReport:
    """Who lives, and who has left something behind and doesn't: also one that came and died between two looks."""

    living: frozenset[str]
    departed: frozenset[str]


class Presence(Protocol):
    """How one sees who lives."""

    async def look(self) -> PresenceReport:
        """All instances of this database. Raises `Unavailable` when nobody can say."""
        ...

    def close(self) -> None:
        """This instance lives no more."""
        ...


_HELD: CompoundSelect[str | None] = union(
    select(Turn.lease_owner.label("name")).where(Turn.status == TurnStatus.RUNNING),
    select(Delivery.lease_owner).where(Delivery.status == DeliveryStatus.SENDING),
    select(Site.lease_owner).where(Site.status == SiteStatus.READING),
    select(Notification.lease_owner).where(Notification.status == DeliveryStatus.SENDING),
    select(WebhookDelivery.lease_owner).where(WebhookDelivery.status == DeliveryStatus.SENDING),
    select(Lease.owner),
)
"""The owners of all leases."""
_TIME = func.statement_timestamp(type_=UtcDateTime)
_LAST_HEARD: ColumnElement[datetime] = func.max(
    func.coalesce(literal_column("query_start", UtcDateTime), literal_column("backend_start", UtcDateTime))
)
_CONNECTED = (
    select(literal_column("application_name", String), _TIME - literal(STALLED, Interval) < _LAST_HEARD, _TIME)
    .select_from(text("pg_stat_activity"))
    .where(text(f"datname = current_database() AND application_name LIKE '{INSTANCE_PREFIX}%'"))
    .group_by(literal_column("application_name"))
)
_CONNECTED_OR_HELD = union_all(_CONNECTED, select(_HELD.subquery().c.name, literal(False), _TIME))


class ConnectionPresence:
    """PostgreSQL: whoever has a connection and uses it lives; of the others, leases tell."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def look(self) -> PresenceReport:
        """Both, and what time it is, with one statement."""
        async with self._db.read() as session:
            await session.connection()  # so that waiting for one is not taken for a clock that lags
            asked = datetime.now(UTC)
            rows = (await session.execute(_CONNECTED_OR_HELD)).all()
        if rows:
            CLOCK.set_by(rows[0][2], asked, datetime.now(UTC))
        living = frozenset(name for name, lives, _ in rows if lives)
        owners = frozenset(name for name, lives, _ in rows if not lives and name and name.startswith(INSTANCE_PREFIX))
        return PresenceReport(living=living, departed=owners - living)

    def close(self) -> None:
        """The connections are closed with the database."""


class FilePresence:
    """SQLite: whoever holds the lock of its file lives."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._file = folder / name
        fresh = folder / f".{name}"  # under its name it is never seen unlocked
        self._lock = os.open(fresh, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        fresh.rename(self._file)

    async def look(self) -> PresenceReport:
        """By the locks; files of the dead are removed."""
        locked = {path.name: self._is_locked(path) for path in self._folder.glob(f"{INSTANCE_PREFIX}*")}
        living = frozenset(name for name, lives in locked.items() if lives)
        return PresenceReport(living=living, departed=frozenset(locked) - living)

    def _is_locked(self, path: Path) -> bool:
        if path == self._file:
            return True
        with suppress(OSError):
            handle = os.open(path, os.O_RDWR)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
            except BlockingIOError:
                return True
            finally:
                os.close(handle)
        return False

    def close(self) -> None:
        """Remove the file and its lock."""
        with suppress(OSError):
            self._file.unlink()
        os.close(self._lock)


class Instances:
    """Looks who lives, and ends the leases of those who don't."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._seen: dict[str, float] = {}
        self._is_blind = True

    @property
    def is_alone(self) -> bool:
        """Whether no other program was there at the last look."""
        return not self._is_blind and self._seen.keys() <= {self._db.name}

    async def set_clock(self) -> None:
        """Before anything is claimed. Raises `Unavailable`."""
        if self._db.file is None:
            await ConnectionPresence(self._db).look()

    async def run(self) -> None:
        """Until cancelled; to be cancelled after the workers, whose leases stand until they have finished."""
        file = self._db.file
        presence = FilePresence(file.with_name(f"{file.name}-instances"), self._db.name) if file else None
        try:
            while True:
                with suppress(Unavailable):
                    await self._look(presence or ConnectionPresence(self._db))
                await asyncio.sleep(LOOK_SECONDS * random.uniform(0.9, 1.0))
        finally:
            if presence:
                presence.close()

    async def _look(self, presence: Presence) -> None:
        was_blind, self._is_blind = self._is_blind, True
        owners = await _load_owners(self._db) if was_blind else frozenset()
        found = await presence.look()
        if was_blind:  # nobody knows for how long anybody has been gone
            self._seen = dict.fromkeys({*self._seen, *owners}, monotonic())
        self._is_blind = False
        self._seen = dict.fromkeys(found.departed, monotonic()) | self._seen | dict.fromkeys(found.living, monotonic())
        grace = GRACE_SECONDS if self._db.file is None else 0.0
        gone = {name for name, at in self._seen.items() if name not in found.living and monotonic() - at >= grace}
        if gone:
            await end_leases(self._db, gone)
            log.info("instances.gone", instances=sorted(gone))
            self._seen = {name: at for name, at in self._seen.items() if name not in gone}


async def _load_owners(db: Database) -> frozenset[str]:
    """Who holds a lease."""
    async with db.read() as session:
        held = await session.scalars(_HELD)
        return frozenset(owner for owner in held if owner and owner.startswith(INSTANCE_PREFIX))


async def end_leases(db: Database, owners: Iterable[str]) -> None:
    """What these instances held is free at once, and everybody looks what there is to do. Raises `Unavailable`."""
    time, owners = now(), sorted(owners)
    async with db.write() as session:
        await session.execute(
            update(Turn).where(Turn.lease_owner.in_(owners), Turn.status == TurnStatus.RUNNING).values(lease_until=time)
        )
        await session.execute(
            update(Delivery)
            .where(Delivery.lease_owner.in_(owners), Delivery.status == DeliveryStatus.SENDING)
            .values(lease_until=time)
        )
        await session.execute(
            update(Site).where(Site.lease_owner.in_(owners), Site.status == SiteStatus.READING).values(due_at=time)
        )
        await session.execute(
            update(Notification)
            .where(Notification.lease_owner.in_(owners), Notification.status == DeliveryStatus.SENDING)
            .values(due_at=time)
        )
        await session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.lease_owner.in_(owners), WebhookDelivery.status == DeliveryStatus.SENDING)
            .values(due_at=time)
        )
        await session.execute(delete(Lease).where(Lease.owner.in_(owners)))
    db.feed.suspect()
