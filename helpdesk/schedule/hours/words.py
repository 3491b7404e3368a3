"""How a moment is said to a customer: "morgen, 9 Uhr", "on Monday, 30 November at 9 am"."""

from datetime import UTC, datetime, timedelta, tzinfo

from helpdesk.schedule.hours.openings import OpeningPeriod

_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_NEAR = {"de": ("heute", "morgen"), "en": ("today", "tomorrow")}


def say_when(at: datetime, now: datetime, zone: tzinfo | None, language: str) -> str:
    """`at` in words, by the customer's clock (`zone`; unknown: UTC is said along), as seen from `now`."""
    language = _known(language)
    local = at.astimezone(zone or UTC)
    day, clock = _day(local, now.astimezone(zone or UTC), language), _clock(local, language)
    said = f"{day}, {clock}" if language == "de" else f"{day} at {clock}"
    return said if zone else f"{said} (UTC)"


def say_window(window: OpeningPeriod, now: datetime, zone: tzinfo | None, language: str) -> str:
    """A window in words: "morgen, 9 bis 11 Uhr", "tomorrow, 9 to 11 am"."""
    language = _known(language)
    start, end = window.start.astimezone(zone or UTC), window.end.astimezone(zone or UTC)
    said = f"{_day(start, now.astimezone(zone or UTC), language)}, {_from_to(start, end, language)}"
    return said if zone else f"{said} (UTC)"


def _known(language: str) -> str:
    return "en" if language == "en" else "de"


def _day(local: datetime, now: datetime, language: str) -> str:
    days = (local.date() - now.date()) // timedelta(days=1)
    if days in (0, 1):
        return _NEAR[language][days]
    weekday, month = _WEEKDAYS[language][local.weekday()], _MONTHS[language][local.month - 1]
    year = f" {local.year}" if local.year != now.year else ""
    if language == "de":
        return f"am {weekday}, {local.day}. {month}{year}"
    return f"on {weekday}, {local.day} {month}{year}"


def _clock(local: datetime, language: str) -> str:
    if language == "de":
        return f"{_digits(local.hour, local.minute)} Uhr"
    return f"{_twelve(local)} {_half(local)}"


def _from_to(start: datetime, end: datetime, language: str) -> str:
    if language == "de":
        until = "24" if (end.hour, end.minute) == (0, 0) else _digits(end.hour, end.minute)
        return f"{_digits(start.hour, start.minute)} bis {until} Uhr"
    if _half(start) == _half(end) and start.date() == end.date():
        return f"{_twelve(start)} to {_twelve(end)} {_half(end)}"
    return f"{_clock(start, language)} to {_clock(end, language)}"


def _digits(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02}" if minute else str(hour)


def _twelve(local: datetime) -> str:
    return _digits(local.hour % 12 or 12, local.minute)


def _half(local: datetime) -> str:
    return "am" if local.hour < 12 else "pm"
