"""What an erasure leaves behind in files: pages in the write-ahead log, dead rows. It is noted, and cleaned soon."""

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.privacy.personal_data import PERSONAL_DATA
from store.db import Database
from store.errors import Unavailable
from store.models import INDEX_TABLE, Meta, now

log = structlog.get_logger()

#: The key in `meta` that says that erased words may still stand in files; whoever cleans takes it away.
TO_CLEAN = "traces_left"


async def note_traces(session: AsyncSession) -> None:
    """Note, in the transaction that erases, that there is something to clean."""
    await session.merge(Meta(key=TO_CLEAN, value=now().isoformat()))


async def clean_traces(db: Database, *, whole: bool = False) -> bool:
    """Have no file of the database hold what was erased; whether that is so.

    SQLite overwrites what is deleted, and its write-ahead log is emptied here; while somebody reads, that is tried
    again. PostgreSQL vacuums the tables concerned; bytes on half-empty pages stay until those are written again, or
    until `whole`, which writes the tables anew and locks each meanwhile.
    """
    try:
        await db.vacuum([*(name for name, entry in PERSONAL_DATA.items() if entry.whose), INDEX_TABLE], whole=whole)
        is_clean = await db.truncate_journal()
    except Unavailable:
        log.warning("retention.traces_left")
        return False
    if is_clean:
        async with db.write() as session:
            await session.execute(delete(Meta).where(Meta.key == TO_CLEAN))
    return is_clean
