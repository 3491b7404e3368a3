"""Counting the figures of days in the background: one instance at a time, again and again, and after the customers."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import batched
from time import monotonic
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import func, select

from helpdesk.insights.numbers.conversation_facts import (
    load_facts,
    load_ids,
    load_promises_between,
    load_ratings_between,
    load_topics,
)
from helpdesk.insights.numbers.day_counts import DayCounts
from helpdesk.insights.numbers.day_rows import (
    CountState,
    claim_count,
    is_per_agent,
    keep_state,
    monday_of,
    replace_days,
    roll_weeks,
    thin_days,
)
from helpdesk.insights.numbers.inquiries import RETURN_WITHIN
from store.db import Database
from store.errors import Unavailable
from store.models import Conversation, now

log = structlog.get_logger()

#: Days that are counted again each night: what became of an inquiry is known after three days.
RECOUNTED_DAYS = 10
#: Days that are counted together; they lie in memory.
CHUNK_DAYS = 14
#: How far back lines are read for where an inquiry began that has gone on ever since.
LOOK_BACK = timedelta(days=30)
#: Seconds between looks whether anything is due.
TICK = 60.0
#: Today is counted so often, and takes no more than this share of one core.
PAUSE = timedelta(minutes=5)
MAX_SHARE = 0.05
#: Whoever counts and dies lets the others on after that.
LEASE = timedelta(minutes=30)
BATCH = 50
_BREATH_SECONDS = 0.02
#: How often a batch waits for a calm moment; a burst that doesn't end must not stop the counting for ever.
_MAX_WAITS = 20


async def _always_calm() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class DayKeeper:
    """Keeps the figures of every day of a zone. `kept_days` are the days after which conversations are erased."""

    db: Database
    zone: ZoneInfo
    kept_days: int
    is_calm: Callable[[], Awaitable[bool]] = _always_calm

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.count_due()
            except Unavailable:
                log.warning("numbers.database_away")
            await asyncio.sleep(TICK * random.uniform(0.8, 1.2))

    async def count_due(self) -> bool:
        """Count what is due, if nobody else does; whether anything was."""
        time, began = now(), monotonic()
        state = await claim_count(self.db, time, lease=LEASE)
        if state is None:
            return False
        counted = await self._count(state, time)
        took = monotonic() - began
        pause = max(PAUSE, timedelta(seconds=took / MAX_SHARE))
        await keep_state(self.db, replace(counted, next_at=now() + pause, as_of=time))
        if took > 1:
            log.info("numbers.counted", seconds=round(took, 1))
        return True

    async def _count(self, state: CountState, time: datetime) -> CountState:
        today, oldest = self._day(time), self.oldest_day(time)
        if state.first is None:
            first = max(oldest, await self._first_day() or today)
            await self.count_days(first, today)
            await roll_weeks(self.db, first, today)
            return replace(state, first=first, night=today, rolled_to=monday_of(today))
        if state.night != today:
            since = min(today - timedelta(days=RECOUNTED_DAYS), state.night or today)
            await self.count_days(max(oldest, since), today)
            thinned = state.thinned_to or state.first
            if thinned < oldest:
                await thin_days(self.db, thinned, oldest - timedelta(days=1))
                await roll_weeks(self.db, thinned, oldest - timedelta(days=1))
            await roll_weeks(self.db, max(oldest, since), today)
            return replace(state, night=today, thinned_to=max(thinned, oldest), rolled_to=monday_of(today))
        if state.as_of is None or await self._has_news(state.as_of):
            await self.count_days(today, today)
        return state

    def oldest_day(self, time: datetime) -> date:
        """The oldest day of which no conversation has reached its end date: the only ones that can be counted again."""
        return min(self._day(time), self._day(time - timedelta(days=self.kept_days)) + timedelta(days=1))

    async def count_days(self, first: date, last: date) -> None:
        """Count these days anew and put the figures in the place of what there was."""
        while first <= last:
            until = min(last, first + timedelta(days=CHUNK_DAYS - 1))
            await self._count_chunk(first, until)
            first = until + timedelta(days=1)

    async def _count_chunk(self, first: date, last: date) -> None:
        begin, end = _begin(first, self.zone), _begin(last + timedelta(days=1), self.zone)
        per_agent = await is_per_agent(self.db)
        counts = DayCounts(
            first=first, last=last, zone=self.zone, topics=await load_topics(self.db), per_agent=per_agent
        )
        seen_until = end + RETURN_WITHIN
        for ids in batched(await load_ids(self.db, begin, seen_until), BATCH):
            await self._wait_for_customers()
            for facts in await load_facts(self.db, ids, begin - LOOK_BACK, seen_until):
                counts.add_conversation(facts)
        for rating in await load_ratings_between(self.db, begin, end):
            counts.add_rating(rating)
        for promise in await load_promises_between(self.db, begin, end):
            counts.add_promise(promise)
        await replace_days(self.db, first, last, counts.finish())

    async def _wait_for_customers(self) -> None:
        await asyncio.sleep(_BREATH_SECONDS)
        for _ in range(_MAX_WAITS):
            if await self.is_calm():
                return

    async def _has_news(self, since: datetime) -> bool:
        async with self.db.read() as session:
            changed = select(Conversation.id).where(Conversation.changed_at >= since).limit(1)
            return await session.scalar(changed) is not None

    async def _first_day(self) -> date | None:
        async with self.db.read() as session:
            first = await session.scalar(select(func.min(Conversation.created_at)))
        return self._day(first) if first else None

    def _day(self, time: datetime) -> date:
        return time.astimezone(self.zone).date()


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
