"""Days that have a name: holidays of every German state and what else people call a day, German, English and French.

What moves with Easter is counted from Easter Monday, which the library of holidays knows.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache, partial

DAY = timedelta(days=1)
EASTER_MONDAY = "Ostermontag"


def days_named(text: str, today: date) -> Iterator[date]:
    """The days that `text` names, each the next from `today` on."""
    for pattern, days in _FIXED:
        if pattern.search(text):
            text = pattern.sub(" ", text)
            yield from (_next(today, partial(_fixed, on)) for on in days)
    for pattern, offsets in _WITH_EASTER:
        if pattern.search(text):
            text = pattern.sub(" ", text)
            yield from (_next(today, partial(_with_easter, offset)) for offset in offsets)
    if _REPENTANCE.search(text):
        yield _next(today, _repentance_day)
    if _BANK_HOLIDAY.search(text):
        yield from _bank_holiday(today)


def _next(today: date, on: "_DayOf") -> date:
    """Of a day that comes once a year."""
    return next(day for year in (today.year - 1, today.year, today.year + 1) if (day := on(year)) >= today)


def _fixed(on: tuple[int, int, int], year: int) -> date:
    month, day, later = on
    return date(year + later, month, day)


def _with_easter(offset: int, year: int) -> date:
    return _easter_monday(year) + offset * DAY


def _repentance_day(year: int) -> date:
    """The Wednesday before 23 November."""
    last = date(year, 11, 22)
    return last - (last.weekday() - 2) % 7 * DAY


@cache
def _easter_monday(year: int) -> date:
    import holidays  # three hundred modules, for who asks about such a day

    return next(iter(holidays.country_holidays("DE", years=year, language="de").get_named(EASTER_MONDAY)))


def _bank_holiday(today: date) -> Iterator[date]:
    """The next one of England: on a Monday, if that is said."""
    import holidays

    known = sorted(holidays.country_holidays("GB", subdiv="ENG", years=(today.year, today.year + 1)))
    yield from [day for day in known if day >= today and day.weekday() == 0][:1]


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


type _DayOf = Callable[[int], date]
_FIXED = (
    (
        _words(
            r"zwischen (?:den jahren|weihnachten und (?:neujahr|silvester))|between christmas and new year\w*(?:.s)?"
        ),
        ((12, 27, 0), (12, 28, 0), (12, 29, 0), (12, 30, 0)),
    ),
    (_words(r"heilig(?:en?|er)?\s?abend|christmas eve|x-?mas eve|veille de noël|réveillon de noël"), ((12, 24, 0),)),
    (_words(r"(?:erste[rn]?|1\.)\s*weihnachts(?:feier)?tag|christmas day|x-?mas day|jour de noël"), ((12, 25, 0),)),
    (
        _words(r"(?:zweite[rn]?|2\.)\s*weihnachts(?:feier)?tag|boxing day|ste(?:ph|f)an[is]*tag|st\.? stephen.?s day"),
        ((12, 26, 0),),
    ),
    (_words(r"s[iy]lvester|new year.?s? eve|nye|saint-sylvestre"), ((12, 31, 0),)),
    (_words(r"neujahr\w*|new year.?s?(?: day)?|jour de l.an"), ((1, 1, 0),)),
    (_words(r"weihnacht\w*|christmas|x-?mas|noël"), ((12, 24, 0), (12, 25, 0), (12, 26, 0))),
    (_words(r"(?:die )?feiertage|the holidays|fêtes"), ((12, 24, 0), (12, 25, 0), (12, 26, 0), (12, 31, 0), (1, 1, 1))),
    (_words(r"heilige[n]? drei könige?|drei ?könig\w*|epiphany|three kings.?(?: day)?"), ((1, 6, 0),)),
    (_words(r"valentin\w*(?:.s)?(?: day)?"), ((2, 14, 0),)),
    (_words(r"frauentag|women.?s day"), ((3, 8, 0),)),
    (_words(r"tag der arbeit|maifeiertag|labou?r day|may ?day|fête du travail"), ((5, 1, 0),)),
    (_words(r"friedensfest"), ((8, 8, 0),)),
    (_words(r"mari(?:ä|ae|a) himmelfahrt|assumption(?: day)?|assomption"), ((8, 15, 0),)),
    (_words(r"(?:welt)?kindertag|children.?s day"), ((9, 20, 0),)),
    (_words(r"tag der (?:deutschen )?einheit|(?:german )?unity day"), ((10, 3, 0),)),
    (_words(r"reformationstag|reformation day"), ((10, 31, 0),)),
    (_words(r"halloween"), ((10, 31, 0),)),
    (_words(r"allerheiligen|all saints.?(?: day)?|toussaint"), ((11, 1, 0),)),
    (_words(r"(?:sankt |st\.? )?nikolaus(?:tag)?|st\.? nicholas.?(?: day)?"), ((12, 6, 0),)),
)
"""Month, day, and how many years after the others it lies; longer names stand before what they hold."""
_WITH_EASTER = (
    (_words(r"weiberfastnacht|altweiber\w*|fat thursday"), (-53,)),
    (_words(r"rosenmontag|shrove monday"), (-49,)),
    (_words(r"faschingsdienstag|fastnachts?dienstag|veilchendienstag|shrove tuesday|pancake day|mardi gras"), (-48,)),
    (_words(r"aschermittwoch|ash wednesday"), (-47,)),
    (_words(r"gründonnerstag|maundy thursday"), (-4,)),
    (_words(r"karfreitag|good friday|vendredi saint"), (-3,)),
    (_words(r"karsamstag|ostersamstag|easter saturday|holy saturday"), (-2,)),
    (_words(r"ostersonntag|easter sunday|easter day|dimanche de pâques"), (-1,)),
    (_words(r"oster ?montag|easter monday|lundi de pâques"), (0,)),
    (_words(r"oster\w*|easter|pâques"), (-3, -2, -1, 0)),
    (_words(r"(?:christi )?himmelfahrt\w*|vatertag|ascension(?: day)?"), (38,)),
    (_words(r"pfingstsonntag|whit sunday|pentecost sunday"), (48,)),
    (_words(r"pfingst ?montag|whit monday|pentecost monday|lundi de pentecôte"), (49,)),
    (_words(r"pfingst\w*|pentecost|whitsun|pentecôte"), (48, 49)),
    (_words(r"fronleichnam|corpus christi"), (59,)),
)
"""Days after Easter Monday."""
_REPENTANCE = _words(r"bu(?:ß|ss)[- ]*(?:und|&)[- ]*bettag|day of repentance")
_BANK_HOLIDAY = _words(r"bank holidays?(?: mondays?)?")
