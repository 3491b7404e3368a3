"""Reads for the index what was stored before there was one, beside the work, and cleans it of what is erased."""

import asyncio
from typing import Any

import structlog
from sqlalchemy import bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.search.indexing import SEARCHED
from store.db import Database
from store.models import Meta, table_of

log = structlog.get_logger()

#: Rows of one transaction, a hundredth of a second of folding, and the pause after it, in which others write.
BATCH = 100
PAUSE_SECONDS = 0.02
#: Pages of the index that one transaction of the cleaning rewrites.
MERGED_PAGES = 500
#: The key in `meta` that triggers set when words have left the index of an SQLite that only notes so.
LEFT_BEHIND = "search_left_behind"


class IndexFill:
    """Fills the index with all that isn't in it yet, and is done."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> None:
        """Fill the index. Stopped and begun again it goes on where it was."""
        filled = 0
        while count := await self.fill_batch():
            filled += count
            await asyncio.sleep(PAUSE_SECONDS)
        if filled:
            log.info("search.filled", rows=filled)
        await clean_index(self._db)

    async def fill_batch(self) -> int:
        """Read some more; how many rows, none when the index is complete."""
        async with self._db.write() as session:
            for model in SEARCHED:
                if count := await _fill(session, model):
                    return count
            return 0


async def _fill(session: AsyncSession, model: type[Any]) -> int:
    """Some rows of one table, as they stand; those that another instance has just taken are left to it."""
    words_of, columns = SEARCHED[model]
    table = table_of(model)
    [key] = table.primary_key.columns
    unread = select(key.label("row"), *(table.c[column] for column in columns)).where(table.c.search_text.is_(None))
    rows = (await session.execute(unread.limit(BATCH).with_for_update(skip_locked=True))).all()
    if rows:
        keep = update(table).where(key == bindparam("key")).values(search_text=bindparam("found"))
        await session.execute(keep, [{"key": row.row, "found": words_of(row)} for row in rows])
    return len(rows)


async def clean_index(db: Database) -> None:
    """Have no word left in the index that no line and no contact holds.

    An SQLite before 3.42 only notes that a word is gone and keeps it until it rewrites that part of its index: that is
    done here, in many short transactions, if any words have left since the last time. Others take it out at once.
    """
    if not db.is_sqlite:
        return
    async with db.read() as session:
        if await session.get(Meta, LEFT_BEHIND) is None:
            return
    await _merge_all(db)
    async with db.write() as session:  # whoever is killed before begins anew
        await session.execute(delete(Meta).where(Meta.key == LEFT_BEHIND))
    await _merge_all(db)  # what left meanwhile noted nothing


async def _merge_all(db: Database) -> None:
    pages = -MERGED_PAGES  # less than nothing: everything is merged, not only what is due
    while await _merge(db, pages):
        pages = MERGED_PAGES


async def _merge(db: Database, pages: int) -> bool:
    """Whether there is more to do; SQLite says it by how much it has changed."""
    async with db.write() as session:
        before = await session.scalar(select(func.total_changes())) or 0
        merge = text("INSERT INTO search_index (search_index, rank) VALUES ('merge', :pages)")
        await session.execute(merge, {"pages": pages})
        after = await session.scalar(select(func.total_changes())) or 0
        return after - before >= 2
