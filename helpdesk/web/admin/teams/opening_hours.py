"""When a team is open, in plain words and as a strip of days to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby, islice

import holidays

from helpdesk.schedule.hours import Hours, hours_of, next_opening, opens_until
from helpdesk.schedule.teams import DAYS, Interval, Week
from store.models import Team

SHOWN_DAYS = 14
HOLIDAYS_NAMED = 3
_LOOKS_AHEAD = 366  # days, for the next holidays
_DAY = timedelta(days=1)
_HOLIDAY_LANGUAGES = {"de": "de", "en": "en_US"}

type Words = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StripDay:
    """One day of the strip. `bars` are (start, width) in percent of the day; `closed_for` names the holiday."""

    label: str
    bars: tuple[tuple[float, float], ...]
    times: str
    closed_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHoursView:
    """A team's hours for people: sentences, the next days, and where on the first of them we are (percent)."""

    is_open: bool
    sentences: tuple[str, ...]
    days: tuple[StripDay, ...]
    now: float


def describe_opening_hours(team: Team, *, at: datetime, language: str, words: Words) -> OpeningHoursView:
    """What an admin should see of a team's hours before saving them. Raises `Invalid` where they are none."""
    hours = hours_of(team)
    here = at.astimezone(hours.zone)
    dates = [here.date() + ahead * _DAY for ahead in range(SHOWN_DAYS)]
    is_open, state = _state(hours, here, words)
    sentences = (describe_week(team.hours, words), state, _next_holidays(team, here.date(), language, words))
    return OpeningHoursView(
        is_open=is_open,
        sentences=tuple(sentence for sentence in sentences if sentence),
        days=tuple(_strip_day(hours, day, holiday_on(team.region, day, language), words) for day in dates),
        now=round(100 * (here.hour * 60 + here.minute) / (24 * 60), 1),
    )


def describe_week(hours: Week, words: Words) -> str:
    """The week in one sentence; neighbouring days with the same hours are said together."""
    if not hours:
        return words["teams_always"]
    runs = [
        (times, list(days)) for times, days in groupby(DAYS, key=lambda day: [tuple(t) for t in hours.get(day, ())])
    ]
    parts = [f"{_say_days(days, words)} {_say_times(times, words)}" for times, days in runs if times]
    return words["teams_open_on"].format(times="; ".join(parts))


def holiday_on(region: str, day: date, language: str) -> str:
    """The name of the public holiday, in the reader's language; empty on other days and without a region."""
    return _calendar(region, language).get(day, "") if region else ""


@cache
def _calendar(region: str, language: str) -> holidays.HolidayBase:
    return holidays.country_holidays("DE", subdiv=region, language=_HOLIDAY_LANGUAGES[language])


def _state(hours: Hours, here: datetime, words: Words) -> tuple[bool, str]:
    opens = next_opening(hours, here)
    if opens is None:
        return False, words["teams_now_never"]
    if opens > here:
        return False, words["teams_now_closed"].format(time=_say_moment(opens.astimezone(hours.zone), here, words))
    closes = opens_until(hours, here)
    if closes is None:
        return True, words["teams_now_always"]
    return True, words["teams_now_open"].format(time=_say_moment(closes.astimezone(hours.zone), here, words))


def _next_holidays(team: Team, today: date, language: str, words: Words) -> str:
    if not team.region:
        return ""
    coming = (today + ahead * _DAY for ahead in range(_LOOKS_AHEAD))
    named = ((day, name) for day in coming if (name := holiday_on(team.region, day, language)))
    said = [f"{_say_date(day, words)} {name}" for day, name in islice(named, HOLIDAYS_NAMED)]
    return words["teams_next_holidays"].format(region=words[f"region_{team.region}"], days=", ".join(said))


def _strip_day(hours: Hours, day: date, holiday: str, words: Words) -> StripDay:
    spans = hours.spans_on(day)
    closed_for = holiday if holiday and hours.is_closed_on(day) else ""
    if not closed_for and day in hours.closed_on:
        closed_for = words["teams_closed_date"]
    times = [(_clock(start), _clock(end)) for start, end in spans]
    return StripDay(
        label=_say_date(day, words),
        bars=tuple((_percent(start), _percent(end - start)) for start, end in spans),
        times=_say_briefly(times, words) if times else words["teams_closed"],
        closed_for=closed_for,
    )


def _say_briefly(times: Sequence[Interval], words: Words) -> str:
    """For the strip, where there is little room."""
    if list(times) == [("00:00", "24:00")]:
        return words["teams_round_the_clock"]
    return ", ".join(f"{start}–{end}" for start, end in times)


def _say_times(times: Sequence[Interval], words: Words) -> str:
    if list(times) == [("00:00", "24:00")]:
        return words["teams_round_the_clock"]
    return words["teams_times"].format(times=words["teams_and"].join(f"{start}–{end}" for start, end in sorted(times)))


def _say_days(days: Sequence[str], words: Words) -> str:
    first, last = words[f"day_{days[0]}_short"], words[f"day_{days[-1]}_short"]
    if len(days) == 1:
        return first
    return f"{first}, {last}" if len(days) == 2 else f"{first}–{last}"


def _say_date(day: date, words: Words) -> str:
    return words["teams_date"].format(
        weekday=words[f"day_{DAYS[day.weekday()]}_short"],
        day=day.day,
        month=words[f"month_{day.month}_short"] if words["teams_month"] == "name" else day.month,
    )


def _say_moment(moment: datetime, here: datetime, words: Words) -> str:
    ahead = (moment.date() - here.date()).days
    day = words["teams_today"] if ahead == 0 else words["teams_tomorrow"] if ahead == 1 else _say_date(moment, words)
    return words["teams_moment"].format(day=day, time=f"{moment:%H:%M}")


def _clock(moment: timedelta) -> str:
    minutes = int(moment / timedelta(minutes=1))
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _percent(moment: timedelta) -> float:
    return round(100 * (moment / _DAY), 2)
