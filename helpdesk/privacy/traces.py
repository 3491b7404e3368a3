"""What an erasure leaves behind in files: pages in the write-ahead log, dead rows. It is noted, and cleaned soon."""

from collections.abc import Iterable
from datetime import datetime

import structlog
from sqlalchemy import delete, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.privacy.personal_data import PERSONAL_DATA
from store.db import Database
from store.errors import Unavailable
from store.models import INDEX_TABLE, Meta, now

log = structlog.get_logger()

#: Begins the keys in `meta` that say in which table erased words may still stand, alone: in any of them.
TO_CLEAN = "traces_left"
#: Written with the others: by triggers, and where rows lose what they say before they go.
_FOLLOWING = ("conversation_numbers", "stored_files", "file_pieces", "attachments", "identities", INDEX_TABLE)
_TABLES = (*(name for name, entry in PERSONAL_DATA.items() if entry.title or entry.whose), "saved_views", INDEX_TABLE)
_NOTE = text("INSERT INTO meta (key, value) VALUES (:key, :at) ON CONFLICT (key) DO UPDATE SET value = :at")


async def note_traces(session: AsyncSession, tables: Iterable[str]) -> None:
    """Note, in the transaction that erases, that these tables are to be cleaned."""
    found = set(tables)
    if "conversations" in found or "contacts" in found:
        found.update(_FOLLOWING)
    if noted := sorted(found & set(_TABLES)):
        at = now().isoformat()
        await session.execute(_NOTE, [{"key": f"{TO_CLEAN}:{table}", "at": at} for table in noted])


async def clean_traces(db: Database, *, whole: bool = False) -> bool:
    """Have no file of the database hold what was erased; whether that is so.

    SQLite overwrites what is deleted, and its write-ahead log is emptied here. PostgreSQL writes the tables concerned
    anew, and what it has learnt of their values; large ones it only vacuums, so that bytes on half-empty pages stay
    until those are written again, or until `whole`. While somebody still sees what was erased, that is tried again.
    """
    try:
        noted = await _load_noted(db)
        seen = bool(noted) and await db.is_old_state_seen(max(datetime.fromisoformat(at) for _, at in noted))
        if seen and not whole:
            return False
        named = {key.partition(":")[2] for key, _ in noted}
        tables = _TABLES if whole or "" in named else [table for table in _TABLES if table in named]
        missed = await db.clean_tables(tables, whole=whole)
        if missed.large:
            log.info("retention.large_tables", tables=list(missed.large), remedy="staffel contact clean --whole")
        if seen or missed.locked or not await db.truncate_journal():
            return False
        async with db.write() as session:  # what was noted anew meanwhile stays
            done = tuple_(Meta.key, Meta.value).in_(noted) if noted else Meta.key == TO_CLEAN
            await session.execute(delete(Meta).where(done))
    except Unavailable:
        log.warning("retention.traces_left")
        return False
    return True


async def _load_noted(db: Database) -> list[tuple[str, str]]:
    async with db.read() as session:
        rows = await session.execute(select(Meta.key, Meta.value).where(Meta.key.startswith(TO_CLEAN)))
        return [(row.key, row.value) for row in rows]
