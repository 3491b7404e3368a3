"""Bulk work yields to customers: its transactions are short, and between two of them everybody else may write."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncSession

from store.db import Database

#: Rows of a kind that one transaction of bulk work writes: some tenths of a second.
ROWS_AT_ONCE = 25
#: Who waits for SQLite's lock looks for it every 100 ms.
SHORTEST_REST_SECONDS = 0.12
LONGEST_REST_SECONDS = 2.0


@asynccontextmanager
async def bulk_write(db: Database) -> AsyncIterator[AsyncSession]:
    """A transaction, and afterwards a rest of the same length. Raises `Unavailable`."""
    async with db.write() as session:
        began = monotonic()
        yield session
    await asyncio.sleep(min(max(SHORTEST_REST_SECONDS, monotonic() - began), LONGEST_REST_SECONDS))
