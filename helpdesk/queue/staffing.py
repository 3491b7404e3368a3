"""Counts, every quarter of an hour, how many agents are online: what the load is held against."""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete

from helpdesk.conversations import count_agents_online
from store.db import Database
from store.errors import Unavailable
from store.models import StaffingSample, now
from store.upsert import insert_into

log = structlog.get_logger()

QUARTER = timedelta(minutes=15)
KEPT = timedelta(days=60)


class StaffingCounter:
    """One row a quarter, whichever instance comes first. Counts only: whose hours they were is kept nowhere."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def run(self) -> None:
        """Count at the beginning of every quarter until cancelled."""
        while True:
            time = now()
            try:
                await self.count(quarter_of(time))
            except Unavailable:
                log.warning("staffing.database_away")
            await asyncio.sleep((quarter_of(time) + QUARTER - now()).total_seconds())

    async def count(self, at: datetime) -> None:
        """Keep how many are online as the count of the quarter that begins `at`; the first count stands."""
        async with self.db.write() as session:
            online = await count_agents_online(session)
            sample = insert_into(session, StaffingSample).values(at=at, online=online)
            await session.execute(sample.on_conflict_do_nothing())
            await session.execute(delete(StaffingSample).where(StaffingSample.at < at - KEPT))


def quarter_of(time: datetime) -> datetime:
    """The beginning of the quarter of an hour that a time is in."""
    return time.replace(minute=time.minute - time.minute % 15, second=0, microsecond=0)
