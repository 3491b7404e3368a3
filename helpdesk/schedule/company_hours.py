"""When the company's teams are there, as the bot tells it: held in memory until a team is changed."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from time import monotonic
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.asked_time import AskedTime
from actions.opening_hours import HoursReport
from helpdesk.schedule.hours import Hours, SharedHours, hours_of
from helpdesk.schedule.hours.report import report_on
from store.db import Database
from store.errors import Invalid
from store.freshness import Freshness
from store.models import Team, now

log = structlog.get_logger()

#: Seconds until a change is looked for of which nothing was heard.
FRESH_FOR = 60.0


class CompanyHours:
    """The `HoursSource` of the bot's actions. Raises `Unavailable` when nothing is known and the database is away."""

    def __init__(
        self,
        db: Database,
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime] = now,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._db = db
        self._zone = zone
        self._clock = clock
        self._known: SharedHours | None = None
        self._is_fresh = Freshness(db.feed, ("teams",), seconds=FRESH_FOR, clock=seconds)

    def today(self) -> date:
        """The date by the company's clock."""
        return self._clock().astimezone(self._zone).date()

    async def report(self, asked: AskedTime, language: str) -> HoursReport | None:
        """The hours of the teams that have any; None when none has."""
        shared = await self._look()
        return report_on(shared, asked, self._clock(), language) if shared.teams else None

    async def _look(self) -> SharedHours:
        if self._known is None or not self._is_fresh:
            mark = self._is_fresh.begin()
            async with self._db.read() as session:
                self._known = await load_shared_hours(session, self._zone)
            self._is_fresh.renew(mark)
        return self._known


async def load_shared_hours(session: AsyncSession, zone: ZoneInfo) -> SharedHours:
    """The hours of all active teams that have any, by the clock of `zone`."""
    teams = list(await session.scalars(select(Team).where(Team.active).order_by(Team.name)))
    return SharedHours(zone=zone, teams=tuple(_with_hours(teams)))


def _with_hours(teams: Iterable[Team]) -> Iterable[Hours]:
    """A team without hours may be there at any time: nothing can be said of it."""
    for team in teams:
        try:
            hours = hours_of(team)
        except Invalid:
            log.warning("team.hours_unreadable", team=team.id)
            continue
        if hours.week is not None:
            yield hours
