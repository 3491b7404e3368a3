"""What is being written, as it is committed: by table, and with the time at which a row has something to be done.

Whoever works on a table, or keeps it in memory, hears of it here and needs not look again and again. It is taken from
the statements themselves, so that no writer can forget to say it. Other programs' writes come in through `announce`.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from store.sqlite_driver import OneTripConnection

#: Columns that say when a row has something to be done.
DUE_COLUMNS = ("due_at", "next_edge_at", "forget_at")
#: What waits to be done has this status, if its table knows any.
PENDING = "pending"
#: What every program keeps in memory: written seldom, and told to the other programs as well.
SHARED_TABLES = frozenset(
    {
        "api_keys",
        "articles",
        "channel_accounts",
        "deleted agent_sessions",
        "deleted conversations",
        "endpoints",
        "knowledge_revision",
        "push_devices",
        "notices",
        "rule_sets",
        "staff_alert_rules",
        "team_members",
        "teams",
        "webhooks",
    }
)
#: What to listen to for a database that was away: another state of it may have been put back meanwhile.
OUTAGE = "an outage"
_WRITE = re.compile(r'\b(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
_READS = ("SELECT", "PRAGMA", "BEGIN")
_KEY = "writes"
_BRIEF = "brief"

type Heard = Callable[[], None]
type HeardDue = Callable[[datetime | None], None]


@dataclass(slots=True)
class TableWrites:
    """What one transaction has written: tables, and by table when rows are due (`None`: nobody knows)."""

    tables: set[str] = field(default_factory=set)
    due: defaultdict[str, set[datetime | None]] = field(default_factory=lambda: defaultdict(set))

    @property
    def shared(self) -> frozenset[str]:
        """The tables that other programs are to hear of."""
        return SHARED_TABLES & self.tables


class WritingSession(Session):
    """A session that notes in `info` what it writes."""


@event.listens_for(WritingSession, "after_begin")
def _note_in(session: Session, _transaction: object, connection: Connection) -> None:
    connection.info[_KEY] = session.info[_KEY]
    driver: Any = connection.connection.dbapi_connection
    if session.info[_BRIEF] and isinstance(driver, OneTripConnection):
        driver.be_brief()


def writes_of(session: Session) -> TableWrites:
    """What a `WritingSession` has written so far."""
    writes: TableWrites = session.info[_KEY]
    return writes


def new_info(*, brief: bool = False) -> dict[str, Any]:
    """The `info` of a new `WritingSession`."""
    return {_KEY: TableWrites(), _BRIEF: brief}


def observe(engine: Engine) -> None:
    """Note what goes through `engine` within a `WritingSession`."""
    event.listen(engine, "before_cursor_execute", _note)


def _note(
    connection: Connection, _cursor: object, statement: str, _parameters: object, context: Any, _many: bool
) -> None:
    writes: TableWrites | None = connection.info.get(_KEY)
    if writes is None or statement.startswith(_READS):
        return
    for verb, table in _WRITE.findall(statement):
        writes.tables.add(table)
        if verb == "DELETE FROM":
            writes.tables.add(deleted(table))
        elif due := set(_due(context)):
            writes.due[table] |= due


def deleted(table: str) -> str:
    """What to listen to for rows that go."""
    return f"deleted {table}"


def _due(context: Any) -> Iterator[datetime | None]:
    for values in getattr(context, "compiled_parameters", None) or ():
        if values.get("status", PENDING) != PENDING:
            continue  # done already, or by somebody just now
        for name in DUE_COLUMNS:
            if isinstance(value := values.get(name), datetime):
                yield value
            elif f"{name}_m0" in values:
                yield None


class WriteFeed:
    """Who hears of which tables, in this process. Listeners return at once and raise nothing."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, list[Heard]] = defaultdict(list)
        self._due_listeners: defaultdict[str, list[HeardDue]] = defaultdict(list)

    def listen(self, tables: Iterable[str], heard: Heard) -> None:
        """Call `heard` after every commit that wrote one of `tables`, for good."""
        for table in tables:
            self._listeners[table].append(heard)

    @contextmanager
    def listening(self, tables: Iterable[str], heard: Heard) -> Iterator[None]:
        """Call `heard` after every commit that wrote one of `tables`, until the block ends."""
        tables = tuple(tables)
        self.listen(tables, heard)
        try:
            yield
        finally:
            for table in tables:
                self._listeners[table].remove(heard)

    @contextmanager
    def listening_for_due(self, table: str, heard: HeardDue) -> Iterator[None]:
        """Call `heard` with the time when a row of `table` was given one, until the block ends."""
        self._due_listeners[table].append(heard)
        try:
            yield
        finally:
            self._due_listeners[table].remove(heard)

    def announce(self, writes: TableWrites) -> None:
        """Tell what was committed."""
        for heard in {heard for table in writes.tables for heard in self._listeners.get(table, ())}:
            heard()
        for table, times in writes.due.items():
            for heard_due in tuple(self._due_listeners.get(table, ())):
                for at in times:
                    heard_due(at)

    def tell_outage(self) -> None:
        """Somebody found the database away."""
        self.announce(TableWrites(tables={OUTAGE}))

    def suspect(self, tables: Iterable[str] | None = None) -> None:
        """Somebody else may have written `tables`, or anything: everybody concerned looks."""
        wanted = set(tables) if tables is not None else {*self._listeners, *self._due_listeners}
        writes = TableWrites(tables=wanted)
        for table in wanted:
            writes.due[table].add(None)
        self.announce(writes)


class Agenda:
    """Times at which something is to be done, the earliest first."""

    def __init__(self) -> None:
        self._times: list[datetime] = []

    def add(self, at: datetime) -> None:
        """Note a time; one that is known already costs nothing."""
        if not self._times or at != self._times[0]:
            heapq.heappush(self._times, at)

    @property
    def next(self) -> datetime | None:
        """The earliest time."""
        return self._times[0] if self._times else None

    def drop_until(self, time: datetime) -> None:
        """Forget what was due by `time`."""
        while self._times and self._times[0] <= time:
            heapq.heappop(self._times)
