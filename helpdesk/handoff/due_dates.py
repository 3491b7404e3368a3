"""Until when: a time as people write it, in German and English, turned into a moment.

Where only a day is named, the end of its working hours is meant; of a range its end. "Soon" is no time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

END_OF_DAY = time(17)
_LATER_TODAY = (END_OF_DAY, time(20), time(23, 30))
_FRIDAY = 4

_DE_DAYS = "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()  # noqa: SIM905
_EN_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
_DE_MONTHS = "januar februar märz april mai juni juli august september oktober november dezember".split()  # noqa: SIM905
_EN_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_FROM_THREE = (
    ("drei", "three"),
    ("vier", "four"),
    ("fünf", "five"),
    ("sechs", "six"),
    ("sieben", "seven"),
    ("acht", "eight"),
    ("neun", "nine"),
    ("zehn", "ten"),
    ("elf", "eleven"),
    ("zwölf", "twelve"),
)
_NUMBERS = {
    **dict.fromkeys(("ein", "eine", "einen", "einem", "einer", "eines", "a", "an", "one"), 1.0),
    **dict.fromkeys(("halben", "half an", "half a"), 0.5),
    **dict.fromkeys(("zwei", "two", "a couple of"), 2.0),
    **{word: 3.0 + place for place, both in enumerate(_FROM_THREE) for word in both},
}
_PARTS = {  # until when a part of the day lasts, for promises
    **dict.fromkeys(("früh",), time(10)),
    **dict.fromkeys(("vormittag", "mittag", "morning", "noon", "midday", "lunchtime"), time(12)),
    **dict.fromkeys(("nachmittag", "afternoon"), END_OF_DAY),
    **dict.fromkeys(("abend", "evening"), time(20)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """`at` is the moment; `start` and `end` are where in the text it says so."""

    at: datetime
    start: int
    end: int


def find_due(text: str, language: str, now: datetime, zone: tzinfo) -> Due | None:
    """The moment that `text` names, seen from `now` by a clock in `zone`; `None` when it names none."""
    here = now.astimezone(zone)
    words = text.lower()
    lasting = _find_span(words, language, here)
    if lasting:
        return lasting
    day, clock = next(_days(words, language, here), None), _find_clock(words, language)
    if day is None and clock is None:
        return None
    spans = [found[:2] for found in (day, clock) if found]
    at = _combine(day[2] if day else None, clock[2] if clock else (day[3] if day else None), here)
    return Due(at=at, start=min(start for start, _ in spans), end=max(end for _, end in spans))


def _combine(day: date | None, clock: time | None, here: datetime) -> datetime:
    """A time that has passed today is tomorrow's, unless today was named; then the next sensible one."""
    if day is None:
        there = datetime.combine(here.date(), clock or END_OF_DAY, here.tzinfo)
        return there if there > here else datetime.combine(here.date() + timedelta(1), clock or END_OF_DAY, here.tzinfo)
    there = datetime.combine(day, clock or END_OF_DAY, here.tzinfo)
    if there > here or day != here.date():
        return there
    later = (datetime.combine(day, each, here.tzinfo) for each in _LATER_TODAY)
    return next((each for each in later if each > here), here + timedelta(hours=1))


# How long from now.

_AMOUNT = r"(?:\d{1,3}(?:,5)?|" + "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True)) + ")"
_SPANS = {
    "de": re.compile(
        r"\b(?:in|innerhalb|binnen)(?: von| der| den| des)?(?: nächsten| kommenden)?"
        rf"(?: einer)?(?: (?P<low>{_AMOUNT})(?:\s?(?:-|–|bis)\s?(?P<high>{_AMOUNT}))?)?\s?"
        r"(?P<unit>viertelstunde|dreiviertelstunde|minuten?|stunden?|std|h|werktag\w*|arbeitstag\w*|tag(?:en|es|s)?|"
        r"wochen?)\b"
    ),
    "en": re.compile(
        r"\b(?:in|within)(?: the)?(?: next)?"
        rf"(?: (?P<low>{_AMOUNT})(?:\s?(?:-|–|to)\s?(?P<high>{_AMOUNT}))?)?\s?"
        r"(?P<unit>minutes?|mins?|hours?|hrs?|h|(?:business|working) days?|days?|weeks?)\b"
    ),
}
_UNITS = (  # beginning of the unit, what it is
    ("viertel", timedelta(minutes=15)),
    ("dreiviertel", timedelta(minutes=45)),
    ("min", timedelta(minutes=1)),
    ("st", timedelta(hours=1)),
    ("h", timedelta(hours=1)),
    ("tag", timedelta(days=1)),
    ("day", timedelta(days=1)),
    ("wo", timedelta(days=7)),
    ("week", timedelta(days=7)),
)


def _find_span(words: str, language: str, here: datetime) -> Due | None:
    found = _SPANS[language].search(words)
    if found is None:
        return None
    amount = _amount(found["high"] or found["low"] or "1")
    return Due(at=_after(here, amount, found["unit"]), start=found.start(), end=found.end())


def _amount(words: str) -> float:
    return _NUMBERS[words] if words in _NUMBERS else float(words.replace(",", "."))


def _after(here: datetime, amount: float, unit: str) -> datetime:
    if unit.startswith(("werktag", "arbeitstag", "business", "working")):
        return datetime.combine(_workdays_after(here.date(), round(amount)), END_OF_DAY, here.tzinfo)
    step = next(length for beginning, length in _UNITS if unit.startswith(beginning))
    if step < timedelta(days=1):
        return here + amount * step
    return datetime.combine((here + amount * step).date(), END_OF_DAY, here.tzinfo)


def _workdays_after(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(1)
        count -= day.weekday() <= _FRIDAY
    return day


# At what time of day.

_CLOCKS = {
    "de": re.compile(r"\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?:uhr|h)\b(?: (?P<after>[0-5]\d)\b)?"),
    "en": re.compile(r"\b(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"),
}
_PLAIN_CLOCK = re.compile(r"\b(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)\b")
_BY_NOON = {
    "de": re.compile(r"\b(?:bis|am|gegen|zum) mittag\b"),
    "en": re.compile(r"\b(?:by|at|before) (?:noon|midday)\b"),
}


def _find_clock(words: str, language: str) -> tuple[int, int, time] | None:
    found = _CLOCKS[language].search(words) or _PLAIN_CLOCK.search(words)
    if found:
        given = found.groupdict()
        hour = int(given["hour"])
        if given.get("half"):
            hour = hour % 12 + (12 if given["half"] == "p" else 0)
        return found.start(), found.end(), time(hour, int(given.get("minute") or given.get("after") or 0))
    noon = _BY_NOON[language].search(words)
    return (noon.start(), noon.end(), time(12)) if noon else None


# On what day; each finding is (start, end, day, until when on that day).

_Day = tuple[int, int, date, time | None]
_PART = {
    "de": r"(?:\s?(?P<part>früh|vormittag|mittag|nachmittag|abend))?",
    "en": r"(?: (?P<part>morning|noon|midday|lunchtime|afternoon|evening))?",
}
_NEAR = {
    "de": (
        (re.compile(rf"\bübermorgen{_PART['de']}\b"), 2),
        (re.compile(rf"(?<!guten )(?<!schönen )(?<!am )(?<!heute )(?<!jeden )\bmorgen{_PART['de']}\b"), 1),
        (re.compile(rf"\bheute(?! morgen| früh){_PART['de']}\b"), 0),
        (re.compile(r"\b(?:bis |vor )?(?:zum )?(?:feierabend|ende des tages|tagesende)\b"), 0),
    ),
    "en": (
        (re.compile(rf"\b(?:the )?day after tomorrow{_PART['en']}\b"), 2),
        (re.compile(rf"\btomorrow{_PART['en']}\b"), 1),
        (re.compile(r"\bthis (?P<part>afternoon|evening)\b"), 0),
        (re.compile(r"\b(?P<part>)tonight\b"), 0),
        (re.compile(r"\btoday\b|\b(?:end|close) of (?:the )?(?:day|business)\b|\beod\b|\bcob\b"), 0),
    ),
}
_WEEKDAYS = {
    "de": re.compile(
        rf"\b(?P<next>nächsten |nächster |kommenden |übernächsten )?(?P<day>{'|'.join(_DE_DAYS)}){_PART['de']}\b"
    ),
    "en": re.compile(rf"\b(?P<next>next )?(?P<day>{'|'.join(_EN_DAYS)}){_PART['en']}\b"),
}
_WEEKS = {
    "de": re.compile(
        r"\b(?:(?P<place>anfang|mitte|ende) )?(?P<next>nächster|nächste|kommender|kommende|der|dieser|diese) woche\b"
    ),
    "en": re.compile(r"\b(?:(?P<place>beginning|start|middle|end) of )?(?:the )?(?P<next>next|this|the)? ?week\b"),
}
_PLACES = {"anfang": 1, "beginning": 1, "start": 1, "mitte": 2, "middle": 2}
_DATES = {
    "de": re.compile(
        rf"\b(?P<day>[0-3]?\d)\.\s?(?:(?P<number>[01]?\d)\.(?:\s?(?P<year>20\d\d))?|(?P<name>{'|'.join(_DE_MONTHS)})"
        r"\b(?: (?P<other>20\d\d))?)"
    ),
    "en": re.compile(
        rf"\b(?:(?P<day>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?(?P<name>{'|'.join(_EN_MONTHS)})"
        rf"|(?P<first>{'|'.join(_EN_MONTHS)}) (?P<second>[0-3]?\d)(?:st|nd|rd|th)?)\b(?:,? (?P<year>20\d\d))?"
    ),
}
_ISO = re.compile(r"\b(?P<year>20\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d)\b")


def _days(words: str, language: str, here: datetime) -> Iterator[_Day]:
    today = here.date()
    yield from _dates(words, language, today)
    for pattern, ahead in _NEAR[language]:
        for found in pattern.finditer(words):
            until = time(21) if "tonight" in found[0] else _part(found)
            yield found.start(), found.end(), today + timedelta(ahead), until
    for found in _WEEKDAYS[language].finditer(words):
        yield found.start(), found.end(), _weekday(found, language, here), _part(found)
    for found in _WEEKS[language].finditer(words):
        if found["place"] or found["next"]:
            yield found.start(), found.end(), _in_week(found, today), None


def _part(found: re.Match[str]) -> time | None:
    return _PARTS.get(found.groupdict().get("part") or "")


def _weekday(found: re.Match[str], language: str, here: datetime) -> date:
    """The next day of that name; today's only if it isn't over and "next" wasn't said."""
    wanted = (_DE_DAYS if language == "de" else _EN_DAYS).index(found["day"])
    ahead = (wanted - here.weekday()) % 7
    over = here.time() >= (_part(found) or END_OF_DAY)
    if ahead == 0 and (over or found["next"]):
        ahead = 7
    return here.date() + timedelta(ahead + (7 if (found["next"] or "").startswith("übernächst") else 0))


def _in_week(found: re.Match[str], today: date) -> date:
    """Friday of that week, or Tuesday for its beginning and Wednesday for its middle; never a day that is over."""
    monday = today - timedelta(today.weekday())
    if (found["next"] or "").startswith(("nächst", "kommend", "next")):
        monday += timedelta(7)
    day = monday + timedelta(_PLACES.get(found["place"] or "", _FRIDAY))
    return day if day >= today else day + timedelta(7)


def _dates(words: str, language: str, today: date) -> Iterator[_Day]:
    for found in [*_DATES[language].finditer(words), *_ISO.finditer(words)]:
        day = _date(found.groupdict(), language, today)
        if day is not None:
            yield found.start(), found.end(), day, None


def _date(given: dict[str, str | None], language: str, today: date) -> date | None:
    months = _DE_MONTHS if language == "de" else _EN_MONTHS
    name = given.get("name") or given.get("first")
    month = months.index(name) + 1 if name else int(given.get("number") or 0)
    day, year = int(given.get("day") or given.get("second") or 0), given.get("year") or given.get("other")
    try:
        if year:
            return date(int(year), month, day)
        this_year = date(today.year, month, day)
    except ValueError:
        return None
    return this_year if this_year >= today else _next_year(this_year)


def _next_year(day: date) -> date | None:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return None  # the 29th of February
