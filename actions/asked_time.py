"""Which days and what time a question about opening hours names: "heute bis 18 Uhr", "on Easter Monday". Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from actions.named_days import days_named
from actions.neighbouring_days import day_offset

DAY = timedelta(days=1)
FAR = 7
"""Days of a list that are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTime:
    """`days` in order, none where none is named; `at` is a time of day, `is_until` whether it is meant as an end."""

    days: tuple[date, ...] = ()
    at: time | None = None
    is_until: bool = False


def asked_time(text: str, today: date, written_date: str = "", *, told: Collection[date] = ()) -> AskedTime:
    """What `text` names, seen from `today`. `written_date` is a date in it as ISO 8601, `--12-24` without a year.

    "The day after" counts from the day that is named with it, else from those that were `told` last.
    """
    at, is_until = _time_in(text)
    offset = day_offset(text)
    days = _days_in(offset.rest if offset else text, today, written_date)
    days = offset.from_days(days or told) if offset else days
    return AskedTime(days=tuple(sorted(days))[:FAR], at=at, is_until=is_until)


def _days_in(text: str, today: date, written_date: str) -> Collection[date]:
    named = {*days_named(text, today), *_dates(text, written_date, today)}
    return named or set(_relative(text, today)) or set(_weekdays(text, today))


def _dates(text: str, written_date: str, today: date) -> Iterator[date]:
    """The date that is written out, else "am 24.", the next such day."""
    try:
        if written_date.startswith("--"):
            yield _next_date(int(written_date[2:4]), int(written_date[5:7]), today)
        elif written_date:
            yield date.fromisoformat(written_date)
        elif day := _DAY_OF_MONTH.search(text):
            yield _next_day_of_month(int(day[1]), today)
    except ValueError:
        return


def _next_date(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _next_day_of_month(number: int, today: date) -> date:
    return next(day for day in (today + n * DAY for n in range(366)) if day.day == number)


def _relative(text: str, today: date) -> Iterator[date]:
    for pattern, days in _NEAR:
        if pattern.search(text):
            yield from (today + number * DAY for number in days)
            text = pattern.sub(" ", text)


def _weekdays(text: str, today: date) -> Iterator[date]:
    """The next such day, today included; in the week after this where that is said."""
    monday = today - today.weekday() * DAY
    later = bool(_NEXT_WEEK.search(text))
    for number, pattern in enumerate(_WEEKDAYS):
        if pattern.search(text):
            yield monday + (7 + number) * DAY if later else today + (number - today.weekday()) % 7 * DAY
    if _WEEKEND.search(text):
        saturday = monday + (12 if later else 5) * DAY
        yield from (day for day in (saturday, saturday + DAY) if day >= today)
    if later and not any(pattern.search(text) for pattern in (*_WEEKDAYS, _WEEKEND)):
        yield from (monday + (7 + number) * DAY for number in range(7))


def _time_in(text: str) -> tuple[time | None, bool]:
    half = _HALF.search(text)
    if half:
        return _clock(_NUMBERS[half[1].lower()] - 1, 30, text), bool(_UNTIL.search(text[: half.start()]))
    found = next((match for pattern in _TIMES if (match := pattern.search(text))), None)
    if not found:
        return None, False
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    return _clock(hour, minute, text), bool(_UNTIL.search(text[: found.start("hour")]))


def _clock(hour: int, minute: int, text: str) -> time | None:
    """Nobody asks whether a shop is open at six in the morning without saying so."""
    is_afternoon = bool(_AFTERNOON.search(text)) or (1 <= hour <= 6 and not _MORNING.search(text))
    hour += 12 if hour < 12 and is_afternoon else 0
    return time(hour % 24, minute) if hour <= 24 and minute < 60 else None


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_NEAR = (
    (_words(r"übermorgen|uebermorgen|day after tomorrow|après-demain"), (2,)),
    (_words(r"guten morgen|good morning"), ()),
    (
        _words(r"(?:am|heute) morgen|this morning|heut\w*|hüt\w*|heit|today|tonight|this (?:afternoon|evening)|tonite"),
        (0,),
    ),
    (
        _words(
            r"right now|rn|now|jetzt|gerade|grade|grad|momentan|aktuell|im moment|currently|at the moment|still open|"
            r"noch (?:offen|auf|da|jemand|wer)|aujourd.hui|maintenant|ce soir"
        ),
        (0,),
    ),
    (_words(r"morgen|morgn|moin morgen|tomorrow|tomorow|tommorow|tmrw?|tmw|demain"), (1,)),
)
_WEEKDAYS = tuple(
    _words(pattern)
    for pattern in (
        r"montags?|mondays?|mon|lundis?|mo",
        r"dienstags?|tuesdays?|tues?|mardis?",
        r"mittwochs?|wednesdays?|wed|mercredis?",
        r"donnerstags?|thursdays?|thurs?|jeudis?",
        r"freitags?|fridays?|fri|vendredis?",
        r"samstags?|sonnabends?|samschtigs?|samstog|sa|saturdays?|sat|samedis?",
        r"sonntags?|sunntigs?|sonntog|sundays?|sun|dimanches?",
    )
)
_WEEKEND = _words(r"wochenenden?|weekends?|week-ends?")
_NEXT_WEEK = _words(r"nächste[rn]? woche|naechste[rn]? woche|next week|semaine prochaine|kommende[rn]? woche")
_DAY_OF_MONTH = re.compile(
    r"\b(?:am|dem|on(?: the)?|the|le)\s+(\d{1,2})(?:\.(?!\d)|th\b|st\b|nd\b|rd\b)", re.IGNORECASE
)
_COUNTED = ("eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_NUMBERS = {name: number for number, name in enumerate(_COUNTED, start=1)}
_HALF = re.compile(rf"\bhalb ({'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_TIMES = (
    re.compile(r"\b(?P<hour>\d{1,2})[:.](?P<minute>\d{2})\b(?!\.)", re.IGNORECASE),
    re.compile(r"\b(?P<hour>\d{1,2})(?P<minute>(?!))?\s*(?:uhr|h|o.?clock|a\.?m\.?|p\.?m\.?)\b", re.IGNORECASE),
    re.compile(
        r"\b(?:bis|um|ab|vor|nach|at|till?|until|by|before|after|past)\s+(?P<hour>\d{1,2})(?P<minute>(?!))?\b(?!\.|th|st|nd|rd)",
        re.IGNORECASE,
    ),
)
_UNTIL = re.compile(r"\b(?:bis|till?|until|by|jusqu.à)\W+(?:um\W+)?$", re.IGNORECASE)
_AFTERNOON = re.compile(r"\d\s*p\.?m\b|\b(?:abends?|nachmittags?|tonight|evening|afternoon|soir)\b", re.IGNORECASE)
_MORNING = re.compile(r"\d\s*a\.?m\b|\b(?:früh|morgens|vormittags?|morning|matin)\b", re.IGNORECASE)
