"""Days as charts and tiles name them."""

from datetime import UTC, date, datetime

from babel import Locale
from babel.dates import format_skeleton


def short_day(day: date, locale: Locale) -> str:
    """Day and month in figures: "01.12." in German, "01/12" in English."""
    return format_skeleton("MMdd", day, locale=locale)


def short_moment(at: datetime, locale: Locale) -> str:
    """Day, month and time in UTC, which it says: "01.12. 14:05 UTC"."""
    there = at.astimezone(UTC)
    return f"{short_day(there.date(), locale)} {there:%H:%M} UTC"
