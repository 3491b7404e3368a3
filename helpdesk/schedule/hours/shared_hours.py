"""When at least one of several teams is there, by the company's clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk.schedule.hours.openings import OpeningPeriod, next_opening, openings_on
from helpdesk.schedule.hours.week import DAY, Hours, holiday_name


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedHours:
    """The hours of `teams`, one at least, told in `zone`."""

    zone: ZoneInfo
    teams: tuple[Hours, ...]

    def periods_on(self, day: date) -> tuple[OpeningPeriod, ...]:
        """What is open within this date, in order and joined where periods touch."""
        start, end = (datetime.combine(each, time(), self.zone) for each in (day, day + DAY))
        clipped = (
            OpeningPeriod(start=max(period.start, start), end=min(period.end, end))
            for team in self.teams
            for near in (day - DAY, day, day + DAY)
            for period in openings_on(team, near)
        )
        return tuple(_joined(sorted((each for each in clipped if each.start < each.end), key=lambda each: each.start)))

    def next_opening(self, after: datetime) -> datetime | None:
        """The first moment from `after` on at which somebody is there; None: not within a year."""
        found = [opening for team in self.teams if (opening := next_opening(team, after))]
        return min(found, default=None)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at `at`."""
        return any(period.start <= at < period.end for period in self.periods_on(at.astimezone(self.zone).date()))

    def holiday_on(self, day: date, language: str) -> str:
        """The public holiday for which nobody is there on `day`, by its name in `language`."""
        return next((name for team in self.teams if (name := holiday_name(team.region, day, language))), "")

    def usual(self) -> "SharedHours":
        """The same without holidays and closed dates."""
        return replace(self, teams=tuple(replace(team, region="", closed_on=frozenset()) for team in self.teams))


def _joined(periods: list[OpeningPeriod]) -> Iterator[OpeningPeriod]:
    open_: OpeningPeriod | None = None
    for period in periods:
        if open_ is None or period.start > open_.end:
            if open_:
                yield open_
            open_ = period
        else:
            open_ = replace(open_, end=max(open_.end, period.end))
    if open_:
        yield open_


def lasts_all_day(periods: tuple[OpeningPeriod, ...]) -> bool:
    """Whether the periods of a date leave nothing of it out."""
    return len(periods) == 1 and periods[0].end - periods[0].start >= timedelta(hours=23)
