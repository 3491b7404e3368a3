"""How a moment is said to a customer: "morgen, 9 Uhr", "on Monday, 30 November at 9 am".

How a date and a time look is a pattern in the catalogs, in the letters of Unicode's CLDR (cldr.unicode.org, "Date/Time
Patterns"); Babel knows the names of days and months.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from gettext import NullTranslations

from babel.dates import format_date, format_time

from helpdesk.schedule.hours.openings import OpeningPeriod
from i18n import catalog, locale_of


def say_when(at: datetime, now: datetime, zone: tzinfo | None, language: str) -> str:
    """`at` in words, by the customer's clock (`zone`; unknown: UTC is said along), as seen from `now`."""
    words = catalog("customer", language)
    local = at.astimezone(zone or UTC)
    day, time = _day(local, now.astimezone(zone or UTC), language), _show(local, _time_pattern(words, local), language)
    said = words.gettext("{day} at {time}").format(day=day, time=time)
    return said if zone else f"{said} (UTC)"


def say_window(window: OpeningPeriod, now: datetime, zone: tzinfo | None, language: str) -> str:
    """A window in words: "morgen, 9 bis 11 Uhr", "tomorrow, 9 to 11 am"."""
    words = catalog("customer", language)
    span = say_span(window, zone, language)
    day = _day(window.start.astimezone(zone or UTC), now.astimezone(zone or UTC), language)
    said = words.gettext("{day}, {span}").format(day=day, span=span)
    return said if zone else f"{said} (UTC)"


def say_span(period: OpeningPeriod, zone: tzinfo | None, language: str) -> str:
    """From when until when, without the day: "9 bis 11 Uhr", "9 to 11 am"."""
    words = catalog("customer", language)
    start, end = period.start.astimezone(zone or UTC), period.end.astimezone(zone or UTC)
    return words.gettext("{start} to {end}").format(
        start=_show(start, _start_pattern(words, start, end), language),
        end=_show(end, _end_pattern(words, end), language),
    )


def say_time(at: datetime, zone: tzinfo, language: str) -> str:
    """A time of the day: "18 Uhr", "6:30 pm"."""
    local = at.astimezone(zone)
    return _show(local, _time_pattern(catalog("customer", language), local), language)


def say_date(day: date, today: date, language: str) -> str:
    """A day with its date, and how near it is: "Heute, Samstag, 28. November", "Monday, 30 November"."""
    words = catalog("customer", language)
    date_ = format_date(day, _date_pattern(words, day, today), locale=locale_of(language))
    near = {0: words.gettext("today"), 1: words.gettext("tomorrow")}.get((day - today).days)
    said = f"{near}, {date_}" if near else date_
    return said[0].upper() + said[1:]


def _day(local: datetime, now: datetime, language: str) -> str:
    words = catalog("customer", language)
    days = (local.date() - now.date()) // timedelta(days=1)
    if days in (0, 1):
        return words.gettext("today") if days == 0 else words.gettext("tomorrow")
    pattern = _date_pattern(words, local.date(), now.date())
    return words.gettext("on {date}").format(date=format_date(local, pattern, locale=locale_of(language)))


def _date_pattern(words: NullTranslations, day: date, today: date) -> str:
    if day.year == today.year:
        return words.pgettext("CLDR pattern: a day of this year", "EEEE, d MMMM")
    return words.pgettext("CLDR pattern: a day of another year", "EEEE, d MMMM y")


def _show(local: datetime, pattern: str, language: str) -> str:
    return format_time(local, pattern, tzinfo=local.tzinfo, locale=locale_of(language))


def _time_pattern(words: NullTranslations, local: datetime) -> str:
    if local.minute:
        return words.pgettext("CLDR pattern: a time", "h:mm a")
    return words.pgettext("CLDR pattern: a full hour", "h a")


def _start_pattern(words: NullTranslations, start: datetime, end: datetime) -> str:
    """Within one half of the day, English says "am" or "pm" once, at the end."""
    is_within_half = start.date() == end.date() and (start.hour < 12) == (end.hour < 12)
    if is_within_half and start.minute:
        return words.pgettext("CLDR pattern: the start of a span within a morning or an afternoon", "h:mm")
    if is_within_half:
        return words.pgettext("CLDR pattern: the full hour that a span within a morning or an afternoon starts at", "h")
    if start.minute:
        return words.pgettext("CLDR pattern: the start of a span", "h:mm a")
    return words.pgettext("CLDR pattern: the full hour that a span starts at", "h a")


def _end_pattern(words: NullTranslations, end: datetime) -> str:
    if end.minute:
        return words.pgettext("CLDR pattern: the end of a span", "h:mm a")
    return words.pgettext("CLDR pattern: the full hour that a span ends at", "h a")
