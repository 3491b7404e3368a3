"""Who does alone what must not be done twice, such as asking Telegram for updates: a lease in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from store.db import Database
from store.errors import Unavailable
from store.models import Lease, new_id, now
from store.upsert import Upsert, insert_into

log = structlog.get_logger()

LASTS = timedelta(seconds=20)
RENEW_EVERY = 5.0  # seconds
STOP_WITHIN = 10.0  # seconds without a renewal after which the work is stopped, well before the lease runs out


class LeaseLeader:
    """Leads by lease: whoever wrote it keeps it as long as it is renewed. Connectors know it as the port `Leader`."""

    def __init__(self, db: Database, *, name: str | None = None) -> None:
        self._db = db
        self.name = name or new_id()

    async def lead(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` while this instance leads `name`, again and again, until cancelled."""
        while True:
            if await self._renew(name):
                log.info("lead.taken", name=name)
                try:
                    await self._work(name, work)
                finally:
                    await self._give_up(name)
            await asyncio.sleep(RENEW_EVERY)

    async def _work(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.ensure_future(work())
        try:
            renewed = asyncio.get_running_loop().time()
            while not task.done():
                await asyncio.wait({task}, timeout=RENEW_EVERY)
                kept = await self._renew(name)
                time = asyncio.get_running_loop().time()
                renewed = time if kept else renewed
                if kept is False or time - renewed > STOP_WITHIN:
                    log.warning("lead.lost", name=name)
                    return
            task.result()
        except Exception:
            log.exception("lead.work_broke", name=name)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task

    async def _renew(self, name: str) -> bool | None:
        """True while the lead is ours, False when it is another's, None when nobody can say."""
        try:
            async with self._db.write() as session:
                time = now()
                found = await session.execute(
                    _claim(session, name, self.name, time + LASTS, time).returning(Lease.owner)
                )
                return found.first() is not None
        except Unavailable:
            return None

    async def _give_up(self, name: str) -> None:
        with suppress(Unavailable):
            async with self._db.write() as session:
                await session.execute(delete(Lease).where(Lease.name == name, Lease.owner == self.name))


def _claim(session: AsyncSession, name: str, owner: str, until: object, time: object) -> Upsert:
    """One statement: take what is free or ours, leave what is another's."""
    row = {"name": name, "owner": owner, "until": until}
    return (
        insert_into(session, Lease)
        .values(row)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": owner, "until": until},
            where=(Lease.owner == owner) | (Lease.until < time),
        )
    )
