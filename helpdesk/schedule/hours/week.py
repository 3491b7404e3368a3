"""A team's week as it was entered, checked and ready to be asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.errors import Invalid
from store.models import Team

if TYPE_CHECKING:
    from holidays import HolidayBase

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REGIONS = frozenset(
    ["BW", "BY", "Augsburg", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"]
)
"""The German states, and the one town with a holiday of its own, as the library of holidays names them."""
DAY = timedelta(days=1)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)

Span = tuple[timedelta, timedelta]
"""From when until when, as the clock on the wall shows it, counted from midnight; past 24 hours: the next day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a team is there. `week` has the spans of each weekday, Monday first; without one the team is always there.

    On public holidays of `region` and on the dates of `closed_on` nobody is there from midnight to midnight: a night
    shift ends at a closed day's midnight, and one that would begin on a closed day does not take place.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...] | None = None
    region: str = ""
    closed_on: frozenset[date] = frozenset()

    def is_closed_on(self, day: date) -> bool:
        """Whether `day` is a closed date or a public holiday."""
        return day in self.closed_on or bool(self.region and day in _holidays_of(self.region))

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """What is open within this date, in order and joined where spans touch."""
        if self.is_closed_on(day):
            return ()
        if self.week is None:
            return ((timedelta(), DAY),)
        before = day - DAY
        late = () if self.is_closed_on(before) else self.week[before.weekday()]
        spilled = [(timedelta(), end - DAY) for _, end in late if end > DAY]
        return tuple(_joined([*spilled, *((start, min(end, DAY)) for start, end in self.week[day.weekday()])]))


def hours_of(team: Team) -> Hours:
    """The hours of a team. Raises `Invalid`, saying which day or field is wrong and what was expected."""
    return Hours(
        zone=_zone(team.time_zone or "Europe/Berlin"),
        week=_week(team.hours) if team.hours else None,
        region=_region(team.region or ""),
        closed_on=frozenset(_date(text) for text in team.closed_on or ()),
    )


def zone_or(name: str | None, otherwise: str) -> ZoneInfo:
    """The time zone a browser or a person named, if there is such a one; else the one that is known to be right."""
    try:
        return ZoneInfo(name or otherwise)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(otherwise)


@cache
def _holidays_of(region: str) -> "HolidayBase":
    """The public holidays of a German state; the library works a year out when it is first asked about it."""
    import holidays  # three hundred modules, for teams that have a region

    return holidays.country_holidays("DE", subdiv=region)


def holiday_name(region: str, day: date, language: str) -> str:
    """The public holiday of a German state on `day`; empty where there is none, or none with a name in `language`."""
    spoken = {"de": "de", "en": "en_US"}.get(language)
    return _named_holidays_of(region, spoken).get(day) or "" if region and spoken else ""


@cache
def _named_holidays_of(region: str, spoken: str) -> "HolidayBase":
    import holidays

    return holidays.country_holidays("DE", subdiv=region, language=spoken)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            f"time zone: expected a name such as Europe/Berlin, came {name!r}.", code="bad_time_zone", field="time_zone"
        ) from None


def _region(region: str) -> str:
    if region and region not in REGIONS:
        known = ", ".join(sorted(REGIONS))
        raise Invalid(
            f"region: expected nothing or one of {known}, came {region!r}.", code="bad_region", field="region"
        )
    return region


def _date(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise Invalid(
            f"closed on: expected a date such as 2026-12-24, came {text!r}.", code="bad_closed_on", field="closed_on"
        ) from None


def _week(entered: Mapping[str, object]) -> tuple[tuple[Span, ...], ...]:
    if unknown := sorted(set(entered) - set(WEEKDAYS)):
        raise Invalid(
            f"hours: expected the days {', '.join(WEEKDAYS)}, came {unknown[0]!r}.", code="bad_hours", field="hours"
        )
    week = tuple(_spans(day, entered.get(day) or ()) for day in WEEKDAYS)
    for number, day in enumerate(WEEKDAYS):
        following = [(start + DAY, end + DAY) for start, end in week[(number + 1) % 7]]
        _refuse_overlap(day, [*week[number][-1:], *following[:1]])
    return week


def _spans(day: str, entered: object) -> tuple[Span, ...]:
    if not isinstance(entered, Sequence) or isinstance(entered, str):
        raise _bad_day(day, 'a list such as [["09:00", "17:00"]]', entered)
    spans = sorted(_span(day, each) for each in entered)
    _refuse_overlap(day, spans)
    return tuple(spans)


def _span(day: str, entered: object) -> Span:
    if not isinstance(entered, Sequence) or isinstance(entered, str) or len(entered) != 2:
        raise _bad_day(day, "two times, from and to", entered)
    start, end = (_time(day, each) for each in entered)
    if start in (end, DAY):
        raise _bad_day(day, 'an end after the start; around the clock is "00:00" to "24:00"', entered)
    return start, end if end > start else end + DAY


def _time(day: str, entered: object) -> timedelta:
    if not isinstance(entered, str) or not _TIME.fullmatch(entered):
        raise _bad_day(day, 'a time such as "09:00"', entered)
    hours, minutes = entered.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _refuse_overlap(day: str, spans: Sequence[Span]) -> None:
    for one, other in pairwise(spans):
        if other[0] < one[1]:
            raise _bad_day(day, "times that do not overlap", f"{_shown(one)} and {_shown(other)}")


def _shown(span: Span) -> str:
    minutes = [int(time / timedelta(minutes=1)) % (24 * 60) for time in span]
    return "–".join(f"{each // 60:02}:{each % 60:02}" for each in minutes)


def _bad_day(day: str, expected: str, came: object) -> Invalid:
    return Invalid(f"{day}: expected {expected}, came {came!r}.", code="bad_hours", field="hours", day=day)


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return joined
