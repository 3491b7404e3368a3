"""When somebody would like to be called, read out of their words: German, English, French. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EARLIEST_HOUR = 7
"""An hour before it that is not said to be in the morning is one of the afternoon: "um 3"."""

_WEEKDAYS = (
    "montags? monday mon lundi",
    "dienstags? tuesday tues tue mardi",
    "mittwochs? wednesday wed mercredi",
    "donnerstags? thursday thurs thur thu jeudi",
    "freitags? friday fri vendredi",
    "samstags? sonnabend saturday sat samedi",
    "sonntags? sunday sun dimanche",
)
_SHORT_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa")
_MONTHS = (
    "januar jänner january jan janvier",
    "februar february feb février fevrier",
    "märz maerz march mar mars",
    "april apr avril",
    "mai may",
    "juni june jun juin",
    "juli july jul juillet",
    "august aug août aout",
    "september sept sep septembre",
    "oktober october okt oct octobre",
    "november nov novembre",
    "dezember december dez dec décembre decembre",
)
_PARTS: Mapping[str, tuple[int, int]] = {
    r"vormittags?|mornings?|matin(?:ée)?|morgens|in der früh|früh|(?<!guten )morgen": (8, 12),
    r"nachmittags?|afternoons?|après[- ]midi|apres[- ]midi": (13, 18),
    r"mittags?|noon|lunch ?time|midi": (12, 14),
    r"abends?|evenings?|soir(?:ée)?|feierabend|tonight|after work": (17, 21),
    r"nachts?|night|nuit": (21, 24),
}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "eins ein one une",
            "zwei two deux",
            "drei three trois",
            "vier four quatre",
            "fünf fuenf five cinq",
            "sechs six",
            "sieben seven sept",
            "acht eight huit",
            "neun nine neuf",
            "zehn ten dix",
            "elf eleven onze",
            "zwölf zwoelf twelve douze",
        ),
        start=1,
    )
    for word in words.split()
}
_HOUR = r"(?P<{0}>\d{{1,2}}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_CLOCK = r"{hour}(?:[:.](?P<{minute}>[0-5]\d)|(?:\s?(?:uhr|h)\s?(?P<{minute}_>[0-5]\d)))?"
_UNIT = r"\s?(?P<{0}>uhr|h\b|o'?clock|am\b|pm\b|a\.m\.?|p\.m\.?|heures?)"


def _clock(name: str) -> str:
    return _CLOCK.format(hour=_HOUR.format(name), minute=f"{name}m")


_SPAN = re.compile(
    rf"(?:zwischen|von|between|from|entre|de)?\s*\b{_clock('a')}(?:{_UNIT.format('ua')})?"
    rf"\s?(?:-|–|bis|und|to|and|until|till|et|à)\s?{_clock('b')}(?:{_UNIT.format('ub')})?\b",
    re.IGNORECASE,
)
_BEFORE = r"(?P<how>ab|nach|after|from|frühestens|à partir de|après|vor|bis|before|until|by|spätestens|avant)"
_AT = r"(?:um|gegen|at|around|about|ca\.?|circa|so um|vers|à|à partir de)"
_TIME = re.compile(
    rf"(?:{_BEFORE}\s|{_AT}\s)?"
    r"\b(?P<quarter>halb|half past|viertel nach|viertel vor|dreiviertel|quarter past|quarter to)?\s?"
    rf"{_clock('a')}(?:{_UNIT.format('ua')})?",
    re.IGNORECASE,
)
_HEDGED = re.compile(rf"\b(?:{_BEFORE}|{_AT})\s(?:halb|viertel|half|quarter|\d|{'|'.join(_NUMBERS)})", re.IGNORECASE)
_SOONEST = re.compile(
    r"\b(?:(?:so |möglichst )?(?:bald|schnell)(?:stmöglich)?(?:\s(?:wie|als|es)\s\w+)*|sofort|gleich|jetzt|asap"
    r"|as soon as (?:possible|you can)|right (?:now|away)|now|immediately|egal wann|jederzeit|immer"
    r"|wann (?:du|sie|ihr) (?:willst|wollen|wollt|könn\w*|kannst)"
    r"|any ?time|whenever|soonest|dès que possible|tout de suite|n'importe quand|quand vous voulez)\b",
    re.IGNORECASE,
)
_QUARTERS = {
    "halb": timedelta(minutes=-30),
    "half past": timedelta(minutes=30),
    "viertel nach": timedelta(minutes=15),
    "quarter past": timedelta(minutes=15),
    "viertel vor": timedelta(minutes=-15),
    "quarter to": timedelta(minutes=-15),
    "dreiviertel": timedelta(minutes=-15),
}
_EVENING = re.compile(r"\b(?:nachmittags?|abends?|afternoon|evening|tonight|soir|après[- ]midi)\b")
_MORNING = re.compile(r"\b(?:morgens?|vormittags?|früh|morning|matin)\b")
_NUMBER = re.compile(r"\W*\d{1,2}\W*")
_NOT = re.compile(r"\b(?:nicht|not|pas|statt|instead of)(?:\s(?:am|an|on|den|le))?\s?$")
_UNTIL = frozenset({"vor", "bis", "before", "until", "by", "spätestens", "avant"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTime:
    """A day, a span of the clock on the wall (counted from midnight), or both; `soonest`: whenever somebody can."""

    day: date | None = None
    start: timedelta | None = None
    end: timedelta | None = None
    soonest: bool = False


def read_time(text: str, now: datetime, *, is_correction: bool = False) -> SpokenTime | None:
    """What `text` says of a time, as seen from `now` (the team's clock); None when it says nothing of one.

    In a correction of a time a bare number is an hour: "sorry, 11".
    """
    words = " ".join(text.lower().replace("’", "'").split())
    day, rest = _read_day(words, now.date())
    span = _read_span(rest, is_alone=is_correction or day is not None or bool(_NUMBER.fullmatch(rest)))
    if day is None and span is None:
        return SpokenTime(soonest=True) if _SOONEST.search(words) else None
    start, end = span or (None, None)
    return SpokenTime(day=day, start=start, end=end)


def _read_day(words: str, today: date) -> tuple[date | None, str]:
    """The day, and the text without the words that named it."""
    for found, day in _days_in(words, today):
        if _NOT.search(words[: found.start()]):
            continue
        return day, f"{words[: found.start()]} {words[found.end() :]}"
    return None, words


def _days_in(words: str, today: date) -> Iterator[tuple[re.Match[str], date]]:
    yield from _written_dates(words, today)
    if found := re.search(r"\b(?:übermorgen|uebermorgen|day after tomorrow|après[- ]demain)\b", words):
        yield found, today + 2 * DAY
    yield from _weekdays_in(words, today)
    if found := re.search(r"\b(?:heute|heut|today|aujourd'hui|tonight)\b(?! morgen)", words):
        yield found, today
    if found := re.search(r"\bheute(?= morgen)", words):
        yield found, today
    if found := re.search(r"(?<!guten )(?<!am )(?<!jeden )\bmorgen\b|\b(?:tomorrow|tmrw|tomorow|demain)\b", words):
        yield found, today + DAY
    if found := re.search(r"\bin (\d{1,2}|\w+) (tagen?|days?|wochen?|weeks?)\b", words):
        count = int(found[1]) if found[1].isdigit() else _NUMBERS.get(found[1].removesuffix("er").removesuffix("em"), 0)
        count = 1 if found[1] in ("a", "einer", "einem") else count
        if 0 < count < 60:
            yield found, today + count * (7 if found[2][0] == "w" else 1) * DAY
    if found := re.search(_NEXT_WEEK, words):
        yield found, today + (7 - today.weekday()) * DAY


_NEXT_WEEK = r"\b(?:nächste|naechste|kommende)[nr]? woche\b|\bnext week\b|\bla semaine prochaine\b"


def _weekdays_in(words: str, today: date) -> Iterator[tuple[re.Match[str], date]]:
    for number, names in enumerate(_WEEKDAYS):
        short = rf"|{_SHORT_WEEKDAYS[number]}\.?(?=,|\s(?:um|ab|gegen|nach|\d)|$)" if number < 6 else ""
        found = re.search(rf"\b(?:{'|'.join(names.split())}{short})(?![a-zäöü])", words)
        if found is None:
            continue
        ahead = (number - today.weekday()) % 7 or 7
        if re.search(_NEXT_WEEK, words):
            ahead = 7 - today.weekday() + number
        yield found, today + ahead * DAY


def _written_dates(words: str, today: date) -> Iterator[tuple[re.Match[str], date]]:
    if found := re.search(r"\b(\d{4})-(\d{2})-(\d{2})\b", words):
        yield from _dated(found, int(found[3]), int(found[2]), int(found[1]), today)
    if found := re.search(r"\b(\d{1,2})\.\s?(\d{1,2})(?:\.\s?(\d{4}|\d{2})?|(?=\s|$))(?!\d|\s?uhr)", words):
        yield from _dated(found, int(found[1]), int(found[2]), int(found[3] or 0), today)
    for number, names in enumerate(_MONTHS, start=1):
        month = "|".join(names.split())
        found = re.search(rf"\b(\d{{1,2}})(?:\.|st|nd|rd|th|er)?\s(?:of\s)?(?:{month})\b", words) or re.search(
            rf"\b(?:{month})\s(\d{{1,2}})(?:st|nd|rd|th)?\b", words
        )
        if found:
            yield from _dated(found, int(found[1]), number, 0, today)
    if found := re.search(r"\b(?:am|den|dem|on the|the|le)\s(\d{1,2})(?:\.|st|nd|rd|th)(?!\d)", words):
        months_ahead = 0 if int(found[1]) >= today.day else 1
        yield from _dated(found, int(found[1]), (today.month - 1 + months_ahead) % 12 + 1, 0, today)


def _dated(found: re.Match[str], day: int, month: int, year: int, today: date) -> Iterator[tuple[re.Match[str], date]]:
    """A date that exists; without a year, the next one."""
    years = [year + 2000 if year < 100 else year] if year else [today.year, today.year + 1]
    for each in years:
        try:
            known = date(each, month, day)
        except ValueError:
            return
        if known >= today or year:
            yield found, known
            return


def _read_span(words: str, *, is_alone: bool) -> tuple[timedelta, timedelta] | None:
    """A span of the day. A number alone is an hour only where nothing else can be meant."""
    half = "pm" if _EVENING.search(words) else "am" if _MORNING.search(words) else None
    if (found := _SPAN.search(words)) and (found["ua"] or found["ub"] or _is_hedged(words) or is_alone):
        late = half or found["ub"] or found["ua"]
        start, end = _wall(found, "a", half or found["ua"] or late), _wall(found, "b", late)
        if start is not None and end is not None and start < end:
            return start, end
    for found in _TIME.finditer(words):
        named = found["ua"] or found["quarter"] or found["am"] or found["am_"]
        if named or is_alone or _HEDGED.match(found[0].strip()):
            wall = _wall(found, "a", half or found["ua"])
            if wall is not None:
                how = "ab" if _NOT.search(words[: found.start()]) else found["how"]
                return _hedged(how, wall + _QUARTERS.get(found["quarter"] or "", timedelta()))
    for names, (start_hour, end_hour) in _PARTS.items():
        if re.search(rf"\b(?:{names})\b", words):
            return start_hour * HOUR, end_hour * HOUR
    return None


def _is_hedged(words: str) -> bool:
    return bool(re.search(r"\b(?:zwischen|von|between|from|entre)\b", words))


def _hedged(how: str | None, wall: timedelta) -> tuple[timedelta, timedelta]:
    if how in _UNTIL:
        return timedelta(), wall
    return (wall, DAY) if how else (wall, wall + HOUR)


def _wall(found: re.Match[str], name: str, unit: str | None) -> timedelta | None:
    hour = int(found[name]) if found[name].isdigit() else _NUMBERS[found[name]]
    minute = int(found[f"{name}m"] or found[f"{name}m_"] or 0)
    is_morning, is_afternoon = (unit or "").startswith("a"), (unit or "").startswith("p")
    if (is_afternoon and hour < 12) or (hour < EARLIEST_HOUR and hour > 0 and not is_morning):
        hour += 12
    return timedelta(hours=hour, minutes=minute) if hour <= 24 else None
