"""Which log a browser holds lines of: another one after a backup was restored."""

from store.db import Database
from store.models import Meta, new_id

_LOG_EPOCH = "log_epoch"


async def load_log_epoch(db: Database) -> str:
    """The id of this log."""
    async with db.write() as session:
        row = await session.get(Meta, _LOG_EPOCH)
        if row is None:
            row = Meta(key=_LOG_EPOCH, value=new_id())
            session.add(row)
        return row.value


async def renew_log_epoch(db: Database) -> None:
    """A backup was restored: whoever holds lines of the other log must start over."""
    async with db.write() as session:
        await session.merge(Meta(key=_LOG_EPOCH, value=new_id()))
