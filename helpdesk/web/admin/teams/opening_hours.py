"""When a team is open, in plain words and as a strip of days to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby, islice
from typing import TYPE_CHECKING

from babel.dates import format_date, get_day_names

from helpdesk.schedule.hours import Hours, hours_of, next_opening, opens_until
from helpdesk.schedule.teams import DAYS, Interval, Week
from helpdesk.web.admin.teams.words import REGION_NAMES
from i18n import catalog, listed, locale_of, translate
from store.models import Team

if TYPE_CHECKING:
    from holidays import HolidayBase

SHOWN_DAYS = 14
HOLIDAYS_NAMED = 3
_LOOKS_AHEAD = 366  # days, for the next holidays
_DAY = timedelta(days=1)
_HOLIDAY_LANGUAGES = {"de": "de", "en": "en_US"}


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


def describe_opening_hours(team: Team, *, at: datetime, language: str) -> OpeningHoursView:
    """What an admin should see of a team's hours before saving them. Raises `Invalid` where they are none."""
    hours = hours_of(team)
    here = at.astimezone(hours.zone)
    dates = [here.date() + ahead * _DAY for ahead in range(SHOWN_DAYS)]
    is_open, state = _state(hours, here, language)
    sentences = (describe_week(team.hours, language), state, _next_holidays(team, here.date(), language))
    return OpeningHoursView(
        is_open=is_open,
        sentences=tuple(sentence for sentence in sentences if sentence),
        days=tuple(_strip_day(hours, day, holiday_on(team.region, day, language), language) for day in dates),
        now=round(100 * (here.hour * 60 + here.minute) / (24 * 60), 1),
    )


def describe_week(hours: Week, language: str) -> str:
    """The week in one sentence; neighbouring days with the same hours are said together."""
    messages = catalog("staff", language)
    if not hours:
        return messages.gettext("Always there, around the clock.")
    runs = [
        (times, list(days)) for times, days in groupby(DAYS, key=lambda day: [tuple(t) for t in hours.get(day, ())])
    ]
    parts = [f"{_say_days(days, language)} {_say_times(times, language)}" for times, days in runs if times]
    return messages.gettext("There: {times}.").format(times="; ".join(parts))


def day_name(day: str, language: str) -> str:
    """The name of one of `DAYS`."""
    return str(get_day_names("wide", "stand-alone", locale_of(language))[DAYS.index(day)])


def holiday_on(region: str, day: date, language: str) -> str:
    """The name of the public holiday, in the reader's language; empty on other days and without a region."""
    return _calendar(region, language).get(day, "") if region else ""


@cache
def _calendar(region: str, language: str) -> "HolidayBase":
    import holidays  # three hundred modules, for teams that have a region

    return holidays.country_holidays("DE", subdiv=region, language=_HOLIDAY_LANGUAGES.get(language, "en_US"))


def _state(hours: Hours, here: datetime, language: str) -> tuple[bool, str]:
    messages = catalog("staff", language)
    opens = next_opening(hours, here)
    if opens is None:
        return False, messages.gettext("Careful: this way nobody would be there within a year.")
    if opens > here:
        return False, messages.gettext("Closed now, back {time}.").format(
            time=_say_moment(opens.astimezone(hours.zone), here, language)
        )
    closes = opens_until(hours, here)
    if closes is None:
        return True, messages.gettext("There now.")
    return True, messages.gettext("There now, until {time}.").format(
        time=_say_moment(closes.astimezone(hours.zone), here, language)
    )


def _next_holidays(team: Team, today: date, language: str) -> str:
    messages = catalog("staff", language)
    if not team.region:
        return ""
    coming = (today + ahead * _DAY for ahead in range(_LOOKS_AHEAD))
    named = ((day, name) for day in coming if (name := holiday_on(team.region, day, language)))
    said = [f"{_say_date(day, language)} {name}" for day, name in islice(named, HOLIDAYS_NAMED)]
    return messages.gettext("Public holidays ({region}): {days}.").format(
        region=translate(messages, REGION_NAMES[team.region]), days=", ".join(said)
    )


def _strip_day(hours: Hours, day: date, holiday: str, language: str) -> StripDay:
    messages = catalog("staff", language)
    spans = hours.spans_on(day)
    closed_for = holiday if holiday and hours.is_closed_on(day) else ""
    if not closed_for and day in hours.closed_on:
        closed_for = messages.gettext("closed")
    times = [(_clock(start), _clock(end)) for start, end in spans]
    return StripDay(
        label=_say_date(day, language),
        bars=tuple((_percent(start), _percent(end - start)) for start, end in spans),
        times=_say_briefly(times, language) if times else messages.gettext("closed"),
        closed_for=closed_for,
    )


def _say_briefly(times: Sequence[Interval], language: str) -> str:
    """For the strip, where there is little room."""
    messages = catalog("staff", language)
    if list(times) == [("00:00", "24:00")]:
        return messages.gettext("around the clock")
    return ", ".join(f"{start}–{end}" for start, end in times)


def _say_times(times: Sequence[Interval], language: str) -> str:
    messages = catalog("staff", language)
    if list(times) == [("00:00", "24:00")]:
        return messages.gettext("around the clock")
    return messages.pgettext("hours", "{times}").format(
        times=listed((f"{start}–{end}" for start, end in sorted(times)), language)
    )


def _say_days(days: Sequence[str], language: str) -> str:
    short = get_day_names("abbreviated", "stand-alone", locale_of(language))
    first, last = (str(short[DAYS.index(day)]) for day in (days[0], days[-1]))
    if len(days) == 1:
        return first
    return f"{first}, {last}" if len(days) == 2 else f"{first}–{last}"


def _say_date(day: date, language: str) -> str:
    # TRANSLATORS: a short day such as "Mon 30 Nov", as a pattern of CLDR: ccc weekday, d day, MMM or M month.
    return format_date(day, catalog("staff", language).gettext("ccc d MMM"), locale_of(language))


def _say_moment(moment: datetime, here: datetime, language: str) -> str:
    ahead = (moment.date() - here.date()).days
    messages = catalog("staff", language)
    near = {0: messages.gettext("today"), 1: messages.gettext("tomorrow")}
    day = near.get(ahead) or _say_date(moment, language)
    return messages.gettext("{day} at {time}").format(day=day, time=f"{moment:%H:%M}")


def _clock(moment: timedelta) -> str:
    minutes = int(moment / timedelta(minutes=1))
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _percent(moment: timedelta) -> float:
    return round(100 * (moment / _DAY), 2)
