"""When a team is there, as instants: correct where the clock is changed, and never looking forever."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from helpdesk.schedule.hours.week import DAY, Hours, Span

LOOK_AHEAD = 366  # days; a team that is not there for a year has no next opening
NOTICE = timedelta(minutes=30)  # nobody is ready to be called, or to call, sooner
GRID = timedelta(minutes=30)
WAKING: Span = (timedelta(hours=8), timedelta(hours=20))  # people are not called at night unless a team works then only


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPeriod:
    """From `start` until before `end`, aware and in UTC."""

    start: datetime
    end: datetime


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether somebody is there at `at`."""
    return any(period.start <= at < period.end for period in openings_on(hours, _date(hours, at)))


def next_opening(hours: Hours, after: datetime) -> datetime | None:
    """The first moment from `after` on at which somebody is there; `None`: not within a year."""
    period = next(_from(hours, after), None)
    return max(period.start, after.astimezone(UTC)) if period else None


def opens_until(hours: Hours, at: datetime) -> datetime | None:
    """Until when somebody is there without a break; `None`: nobody is there at `at`, or there is no end for a year."""
    until = at.astimezone(UTC)
    for period in _from(hours, at):
        if period.start > until:
            return until if until > at else None
        until = period.end
    return until if at < until < at + (LOOK_AHEAD - 1) * DAY else None


def windows(
    hours: Hours, after: datetime, count: int, *, length: timedelta = timedelta(hours=2), a_day: int = 3
) -> tuple[OpeningPeriod, ...]:
    """Up to `count` windows for which a call can be promised, soonest first, at most `a_day` on each open day.

    Each begins `NOTICE` after `after` or later, lies within the opening hours and the waking hours of the team's zone
    (of a team that is there at night only: within its hours), and lasts `length`, or half of it where a day ends.
    """
    earliest = after + NOTICE
    found = tuple(islice(_windows(hours, earliest, length, a_day, within=WAKING), count))
    return found or tuple(islice(_windows(hours, earliest, length, a_day, within=(timedelta(), DAY)), count))


def call_periods(hours: Hours, after: datetime, days: int = 21) -> tuple[OpeningPeriod, ...]:
    """When calls can be promised within `days`: the opening hours within the waking ones, from `NOTICE` after `after`.

    Of a team that is there at night only: its hours.
    """
    earliest = after + NOTICE
    found = tuple(_call_periods(hours, earliest, days, within=WAKING))
    return found or tuple(_call_periods(hours, earliest, days, within=(timedelta(), DAY)))


def _call_periods(hours: Hours, earliest: datetime, days: int, *, within: Span) -> Iterator[OpeningPeriod]:
    local = earliest.astimezone(hours.zone)
    for day in islice(_days(local.date()), days):
        for start, end in hours.spans_on(day):
            begins = max(start, within[0], _next_on_grid(local) if day == local.date() else start)
            if min(end, within[1]) - begins >= GRID:
                yield _period(hours.zone, day, (begins, min(end, within[1])))


def _windows(
    hours: Hours, earliest: datetime, length: timedelta, a_day: int, *, within: Span
) -> Iterator[OpeningPeriod]:
    local = earliest.astimezone(hours.zone)
    for day in _days(local.date()):
        pieces: list[Span] = []
        for start, end in hours.spans_on(day):
            begins = max(start, within[0], _next_on_grid(local) if day == local.date() else start)
            pieces += _pieces(begins, min(end, within[1]), length)
        periods = [_period(hours.zone, day, piece) for piece in pieces]
        yield from _spread([each for each in periods if each.end - each.start >= length / 2], a_day)


def _pieces(start: timedelta, end: timedelta, length: timedelta) -> Iterator[Span]:
    while end - start >= length / 2:
        yield start, min(start + length, end)
        start += length


def _next_on_grid(local: datetime) -> timedelta:
    since_midnight = local.replace(tzinfo=None) - datetime.combine(local.date(), time())
    return -(-since_midnight // GRID) * GRID


def _spread(periods: Sequence[OpeningPeriod], a_day: int) -> Sequence[OpeningPeriod]:
    """The soonest, and others over the rest of the day."""
    step = -(-len(periods) // a_day) or 1
    return periods[::step]


def _from(hours: Hours, after: datetime) -> Iterator[OpeningPeriod]:
    """Every opening that ends after `after`, day by day."""
    for day in _days(_date(hours, after)):
        yield from (period for period in openings_on(hours, day) if period.end > after)


def openings_on(hours: Hours, day: date) -> list[OpeningPeriod]:
    """The openings within a date. Where the clock is put forward, one may be shorter or not be at all."""
    periods = [_period(hours.zone, day, span) for span in hours.spans_on(day)]
    return [period for period in periods if period.start < period.end]


def _days(first: date) -> Iterator[date]:
    return (first + number * DAY for number in range(LOOK_AHEAD + 1))


def _date(hours: Hours, at: datetime) -> date:
    return at.astimezone(hours.zone).date()


def _period(zone: ZoneInfo, day: date, span: Span) -> OpeningPeriod:
    start, end = (_instant(zone, datetime.combine(day, time()) + wall) for wall in span)
    return OpeningPeriod(start=start, end=end)


def _instant(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first moment at which the clock on the wall shows `wall`, or, where it skips that, a later time."""
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    early, late = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        early, late = (early, middle) if middle.astimezone(zone).replace(tzinfo=None) >= wall else (middle, late)
    return late.replace(microsecond=0)
