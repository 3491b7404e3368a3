"""Learning from work by itself: each night one instance tries what the last month taught, if an admin wants that."""

import asyncio
import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from helpdesk.insights.learnt_phrasings import PhrasingLearner, PhrasingTrial
from store.db import Database
from store.errors import TooManyRequests
from store.models import Meta, now

log = structlog.get_logger()

#: The hour (installation's time) at which it begins: after the web sites have been read.
NIGHT_HOUR = 4
#: Days whose work is learnt from.
DAYS = 30
#: Whose drafts they are.
AUTHOR = "Staffel"
_SWITCH = "learning_nightly"
_DONE = "learning_done"
#: Clocks may be set and machines sleep: longer than this nobody waits without looking.
_MAX_SLEEP_SECONDS = 600.0
_SPREAD_SECONDS = 900.0


class LearningNights:
    """Waits for the night. Instances agree by the database who does it."""

    def __init__(self, db: Database, learner: PhrasingLearner, zone: ZoneInfo) -> None:
        self._db = db
        self._learner = learner
        self._zone = zone

    async def run(self) -> None:
        """Until cancelled."""
        due = self._next_night(now())
        while True:
            left = (due - now()).total_seconds()
            await asyncio.sleep(min(_MAX_SLEEP_SECONDS, max(0.0, left)))
            if now() >= due:
                await asyncio.sleep(random.uniform(0.0, _SPREAD_SECONDS))
                await self.learn(now().astimezone(self._zone).date())
                due = self._next_night(now())

    async def learn(self, night: date) -> PhrasingTrial | None:
        """Learn, if that is wanted and nobody has in this night. Raises `Unavailable`."""
        if not await self._claim(night):
            return None
        found: PhrasingTrial | None = None
        try:
            async for step in self._learner.try_and_keep(DAYS, by=AUTHOR, joining=False):
                found = step if isinstance(step, PhrasingTrial) else found
        except TooManyRequests:
            log.info("learning.too_busy")
        if found is not None:
            log.info("learning.done", kept=len(found.kept), harmful=len(found.harmful), asked=found.asked)
        return found

    async def _claim(self, night: date) -> bool:
        async with self._db.write() as session:
            switch = await session.get(Meta, _SWITCH, with_for_update=True)
            if switch is None or switch.value != "on":
                return False
            done = await session.get(Meta, _DONE, with_for_update=True)
            if done is None:
                session.add(Meta(key=_DONE, value=night.isoformat()))
                return True
            is_new = done.value != night.isoformat()
            done.value = night.isoformat()
            return is_new

    def _next_night(self, after: datetime) -> datetime:
        day, at = after.astimezone(self._zone).date(), time(NIGHT_HOUR, tzinfo=self._zone)
        tonight = datetime.combine(day, at)
        return tonight if tonight > after else datetime.combine(day + timedelta(days=1), at)


async def is_nightly(db: Database) -> bool:
    """Whether an admin has switched learning at night on."""
    async with db.read() as session:
        switch = await session.get(Meta, _SWITCH)
        return switch is not None and switch.value == "on"


async def switch_nightly(db: Database, *, on: bool) -> None:
    """Switch learning at night on or off."""
    async with db.write() as session:
        await session.merge(Meta(key=_SWITCH, value="on" if on else "off"))
