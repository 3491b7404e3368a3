"""What a piece of work costs the database: every statement and every transaction, with the place that sent it."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import greenlet
from sqlalchemy import Engine, event

from store.db import Database

_HERE = str(Path(__file__).resolve().parent.parent)
_OURS = tuple(f"{_HERE}/{room}/" for room in ("helpdesk", "connectors", "knowledge", "store", "actions"))
_DOORS = ("store/db.py", "store/lease_worker.py")
_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK")
_NOT_COUNTED = ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")


@dataclass(kw_only=True)
class StatementCount:
    """What went to the database in `seconds`; `origins`: how often from which functions, and how the SQL begins."""

    statements: int = 0
    transactions: int = 0
    seconds: float = 0.0
    origins: Counter[str] = field(default_factory=Counter)

    def beyond(self, idle: "StatementCount", pieces: int) -> tuple[float, float]:
        """Statements and transactions of one of `pieces` equal pieces of work, without what goes on when idle."""
        share = self.seconds / idle.seconds
        return (
            (self.statements - idle.statements * share) / pieces,
            (self.transactions - idle.transactions * share) / pieces,
        )

    def table(self, pieces: int = 1) -> str:
        """The origins, the most frequent first, each with its count for one of `pieces`."""
        return "\n".join(f"{count / pieces:7.2f}  {origin}" for origin, count in self.origins.most_common())


_counts: list[StatementCount] = []


@contextmanager
def counting() -> Iterator[StatementCount]:
    """Count in the block, whoever sends it. `listen` has to be called before anything has connected."""
    count = StatementCount()
    _counts.append(count)
    started = time.monotonic()
    try:
        yield count
    finally:
        count.seconds = time.monotonic() - started
        _counts.remove(count)


@cache
def listen() -> None:
    """Hear what every engine sends, for good: SQLAlchemy can't be told to stop while statements are on their way."""
    event.listen(Engine, "before_cursor_execute", _note_statement)
    event.listen(Engine, "begin", _note_transaction)


def _note_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not _counts or statement.startswith(_NOT_COUNTED):
        return
    origin = f"{_origin()}  {' '.join(statement.split())[:70]}"
    for count in _counts:
        count.statements += 1
        count.origins[origin] += 1


def _note_transaction(_connection: Any) -> None:
    for count in _counts:
        count.transactions += 1


def _origin() -> str:
    """The three innermost functions of ours that a statement comes from."""
    found = [_place(frame) for frame in _frames() if frame.f_code.co_filename.startswith(_OURS)]
    return " < ".join([place for place in found if not place.startswith(_DOORS)][:3])


def _frames() -> Iterator[FrameType]:
    """The stack from here outwards, across the greenlet in which SQLAlchemy works."""
    frame: FrameType | None = sys._getframe(1)
    around = greenlet.getcurrent().parent
    while frame is not None:
        yield frame
        frame = frame.f_back
        if frame is None and around is not None:
            frame, around = around.gr_frame, around.parent


def _place(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename.removeprefix(_HERE + '/')}:{frame.f_code.co_qualname}"


async def idle(seconds: float) -> StatementCount:
    """What goes to the database while nobody does anything."""
    with counting() as count:
        await asyncio.sleep(seconds)
    return count


@contextmanager
def sent_to(db: Database) -> Iterator[Counter[str]]:
    """How often each statement goes to the database in the block, by how it begins."""
    sent: Counter[str] = Counter()
    engines = [each.sync_engine for each in {db._reader, db._writer}]

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_FRAMES):
            sent[" ".join(statement.split())[:100]] += 1

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
