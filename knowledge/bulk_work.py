"""Bulk work yields to customers: it computes in threads of lower rank, and rests between short transactions.

Only threads step back, never a whole process: one that gets no processor while it holds SQLite's lock stops everybody.
"""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from store.db import Database
from store.errors import Unavailable

log = structlog.get_logger()

#: Rows of a kind that one transaction of bulk work writes: some tenths of a second.
ROWS_AT_ONCE = 25
#: Who waits for SQLite's lock looks for it every 100 ms.
MIN_REST_SECONDS = 0.12
MAX_REST_SECONDS = 2.0
NICENESS = 10
AFTER_FAULT_SECONDS = 3.0


def step_back() -> None:
    """Let this thread, and those that it starts, come after everybody else's; Linux ranks threads one by one."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


@asynccontextmanager
async def bulk_write(db: Database) -> AsyncIterator[AsyncSession]:
    """A transaction, and afterwards a rest of the same length. Raises `Unavailable`."""
    async with db.write() as session:
        began = monotonic()
        yield session
    await asyncio.sleep(min(max(MIN_REST_SECONDS, monotonic() - began), MAX_REST_SECONDS))


async def or_log(what: str, work: Coroutine[Any, Any, None]) -> None:
    """Do the work; what goes wrong is logged, and it is for the caller to try again."""
    try:
        await work
    except Unavailable:
        log.warning("knowledge.database_away", during=what)
    except Exception:
        log.exception("knowledge.failed", during=what)
        await asyncio.sleep(AFTER_FAULT_SECONDS)
