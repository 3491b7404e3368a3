"""Days as charts and tiles name them."""

from datetime import date, datetime, timedelta, tzinfo

from babel import Locale
from babel.dates import format_skeleton


def short_day(day: date, locale: Locale) -> str:
    """Day and month in figures: "01.12." in German, "01/12" in English."""
    return format_skeleton("MMdd", day, locale=locale)


def short_moment(at: datetime, locale: Locale, zone: tzinfo) -> str:
    """Day, month and time in a zone: "01.12. 14:05"."""
    there = at.astimezone(zone)
    return f"{short_day(there.date(), locale)} {there:%H:%M}"


def last_days(at: datetime, count: int, zone: tzinfo) -> dict[date, tuple[datetime, datetime]]:
    """The last `count` days of a zone, the day of `at` included: from when to before when each lasts."""
    today = at.astimezone(zone).date()
    days = [today - timedelta(days=before) for before in range(count - 1, -1, -1)]
    return {day: (_begin(day, zone), _begin(day + timedelta(days=1), zone)) for day in days}


def _begin(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
