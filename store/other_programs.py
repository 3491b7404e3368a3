"""What other programs on the same database write into the tables that every program keeps in memory.

On PostgreSQL a transaction tells it as it commits (NOTIFY). On SQLite, where all programs are on one machine, it is a
line in a file beside the database, which costs a look at the file's size instead of a statement. A line that gets lost
costs time only: everybody who keeps something in memory looks at the database now and then.
"""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from store.write_feed import SHARED_TABLES, WriteFeed

#: PostgreSQL's channel for them.
NEWS_CHANNEL = "staffel_writes"
#: Between looks at the file.
LOOK_SECONDS = 0.25
MAX_FILE_BYTES = 64 * 1024


def write_news(author: str, tables: Iterable[str]) -> str:
    """What is told: who wrote which tables."""
    return json.dumps({"from": author, "tables": sorted(tables)})


def read_news(told: str, author: str) -> frozenset[str]:
    """The tables that somebody else than `author` wrote; none if it isn't understood."""
    try:
        news = json.loads(told)
        return frozenset() if news["from"] == author else SHARED_TABLES.intersection(news["tables"])
    except (ValueError, KeyError, TypeError):
        return frozenset()


async def notify(session: AsyncSession, author: str, tables: Iterable[str]) -> None:
    """Have PostgreSQL tell it when the transaction commits."""
    await session.execute(
        text("SELECT pg_notify(:channel, :news)"), {"channel": NEWS_CHANNEL, "news": write_news(author, tables)}
    )


class NewsFile:
    """The file beside an SQLite database. It begins anew when it has grown."""

    def __init__(self, path: Path, author: str) -> None:
        self._path = path
        self._author = author
        self._read_bytes = self._size()

    def tell(self, tables: Iterable[str]) -> None:
        """Add a line."""
        with suppress(OSError):
            mode = "a" if self._size() < MAX_FILE_BYTES else "w"
            with self._path.open(mode, encoding="utf-8") as file:
                file.write(write_news(self._author, tables) + "\n")

    async def follow(self, feed: WriteFeed) -> None:
        """Pass on what others add, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if (size := self._size()) != self._read_bytes and (tables := self._read(size)):
                feed.suspect(tables)

    def _read(self, size: int) -> frozenset[str]:
        start, self._read_bytes = (self._read_bytes if size > self._read_bytes else 0), size
        try:
            with self._path.open("rb") as file:
                file.seek(start)
                lines = file.read(size - start).decode(errors="replace").splitlines()
        except OSError:
            return frozenset()
        return frozenset().union(*(read_news(line, self._author) for line in lines))

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0
