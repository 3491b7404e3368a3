"""The sample knowledge base of an online shop, brought in from the browser."""

import asyncio
from pathlib import Path

from sqlalchemy import exists, select

from helpdesk.lookups.lookup_store import LookupStore
from helpdesk.lookups.sample_lookup import connect_demo
from knowledge.formats.import_plan import ImportSource, apply_plan, make_plan, read_source
from knowledge.search.library import Library
from store.db import Database
from store.errors import Conflict
from store.models import Article

#: Where a new installation's sample articles stand.
SAMPLE = Path(__file__).parents[4] / "data" / "faq"


async def load_sample(db: Database, library: Library, lookups: LookupStore, *, by: str) -> None:
    """Publish the sample and connect its demo order service. Raises `Conflict` when there are articles already."""
    async with db.read() as session:
        if await session.scalar(select(exists().select_from(Article))):
            raise Conflict("There are articles already.", code="articles_there")
    for file in sorted(SAMPLE.glob("*.jsonl")):
        raw = await asyncio.to_thread(file.read_bytes)
        contents = await asyncio.to_thread(read_source, ImportSource(raw=raw, name=file.name))
        await apply_plan(db, await make_plan(db, contents), by=by)
    await connect_demo(lookups)
    await library.refresh()
