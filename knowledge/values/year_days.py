"""Weekdays, months, dates and holidays, in German, English and French."""

import re
from functools import cache
from itertools import product

from babel import Locale

from knowledge.values.mention import NameTable, ValueKind, ValueTerm, name_key
from knowledge.values.places import LOCALES

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKEND = frozenset({"weekend", "daily"})
_WORKING = frozenset({"workday", "daily"})
_DAY_GROUPS = {
    "workday": "werktags|werktag|werktagen|wochentags|weekdays|weekday|working days|unter der Woche|en semaine",
    "weekend": "Wochenende|Wochenenden|am Wochenende|weekend|weekends|week-end",
    "daily": "täglich|daily|every day|jeden Tag|7 Tage|rund um die Uhr|around the clock|tous les jours",
}
_OTHER_WEEKDAYS = {"sat": "Sonnabend|Sonnabends"}
_HOLIDAYS: tuple[tuple[str, int, int, str], ...] = (
    ("new year's eve", 1231, 1231, "Silvester|New Year's Eve|Saint-Sylvestre"),
    ("new year", 101, 101, "Neujahr|Neujahrstag|New Year|New Year's Day|nouvel an|jour de l'an"),
    ("epiphany", 106, 106, "Heilige Drei Könige|Dreikönigstag|Epiphany"),
    ("valentine", 214, 214, "Valentinstag|Valentine's Day|Saint-Valentin"),
    ("labour day", 501, 501, "Tag der Arbeit|Maifeiertag|May Day|Labour Day|fête du travail"),
    ("unity", 1003, 1003, "Tag der Deutschen Einheit|Einheitstag"),
    ("reformation", 1031, 1031, "Reformationstag|Halloween"),
    ("all saints", 1101, 1101, "Allerheiligen|All Saints|Toussaint"),
    ("st nicholas", 1206, 1206, "Nikolaus|Nikolaustag"),
    ("christmas eve", 1224, 1224, "Heiligabend|Heiliger Abend|Heiligen Abend|Christmas Eve|réveillon"),
    ("christmas day", 1225, 1225, "erster Weihnachtstag|ersten Weihnachtstag|ersten Weihnachtsfeiertag|Christmas Day"),
    ("boxing day", 1226, 1226, "zweiter Weihnachtstag|zweiten Weihnachtstag|zweiten Weihnachtsfeiertag|Boxing Day"),
    ("christmas", 1224, 1226, "Weihnachten|Weihnachtstage|Weihnachtsfeiertage|Christmas|Xmas|Noël"),
    ("carnival", 0, 0, "Rosenmontag|Fasching|Karneval|Carnival|Mardi Gras"),
    ("good friday", 0, 0, "Karfreitag|Good Friday|Vendredi saint"),
    ("easter", 0, 0, "Ostern|Ostersonntag|Ostermontag|Easter|Easter Sunday|Easter Monday|Pâques"),
    ("ascension", 0, 0, "Himmelfahrt|Christi Himmelfahrt|Vatertag|Ascension|Ascension Day"),
    ("whitsun", 0, 0, "Pfingsten|Pfingstsonntag|Pfingstmontag|Whitsun|Whit Monday|Pentecost|Pentecôte"),
    ("corpus christi", 0, 0, "Fronleichnam|Corpus Christi"),
    ("thanksgiving", 0, 0, "Thanksgiving"),
)
_WORKING_HOLIDAYS = frozenset({"new year's eve", "christmas eve", "valentine", "st nicholas", "carnival"})
_ALL_HOLIDAYS = "Feiertag|Feiertage|Feiertagen|feiertags|public holiday|public holidays|bank holiday|bank holidays"
_SEASONS = {"spring": (301, 531), "summer": (601, 831), "autumn": (901, 1130), "winter": (1201, 229)}
_SEASON_NAMES = {
    "spring": "Frühling|Frühjahr|springtime",
    "summer": "Sommer|Sommermonate|summer",
    "autumn": "Herbst|autumn",
    "winter": "Winter|Wintermonate|wintertime",
}
#: Months whose names are everyday words: they count behind or before a number, or behind one of these.
AMBIGUOUS_MONTHS = frozenset({"may", "march", "mars"})
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_NUMERIC = re.compile(rf"(?<![\d.]){_DAY}\.\s?(?P<month>0?[1-9]|1[0-2])\.(?:(?:19|20)?\d\d\b)?(?!\d)")
_ISO = re.compile(r"\b20\d\d-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])\b")


@cache
def weekday_names() -> NameTable:
    """Weekdays and what several of them are called together; "montags" and "Mondays" as well."""
    names: dict[str, tuple[ValueTerm, ...]] = {}
    for locale, number in product(LOCALES, range(7)):
        name = Locale(locale).days["format"]["wide"][number]
        for written in (name, f"{name}s", f"{name}e", f"{name}en"):
            names[name_key(written)] = (weekday(WEEKDAYS[number]),)
    for key, written in (*_OTHER_WEEKDAYS.items(), *_DAY_GROUPS.items()):
        for name in written.split("|"):
            names[name_key(name)] = (weekday(key),)
    return names


@cache
def short_weekdays() -> dict[str, str]:
    """What stands for a weekday where another one is near: "Mo–Fr", "Sat"."""
    return {
        name.rstrip(".").casefold(): WEEKDAYS[number]
        for locale, width in product(LOCALES, ("abbreviated",))
        for number, name in Locale(locale).days["format"][width].items()
    }


@cache
def weekday(key: str) -> ValueTerm:
    """The term of a weekday or of a group of them."""
    groups = frozenset() if key in _DAY_GROUPS else _WEEKEND if key in ("sat", "sun") else _WORKING
    return ValueTerm(kind=ValueKind.WEEKDAY, key=key, groups=groups)


@cache
def date_names() -> NameTable:
    """Months, seasons and holidays."""
    names: dict[str, tuple[ValueTerm, ...]] = {}
    for locale, number in product(LOCALES, range(1, 13)):
        for width in ("wide", "abbreviated"):
            name = Locale(locale).months["format"][width][number].rstrip(".")
            if len(name) > 3 or width == "wide":
                names[name_key(name)] = (days(number * 100 + 1, number * 100 + 31),)
    for key, written in _SEASON_NAMES.items():
        for name in written.split("|"):
            names[name_key(name)] = (days(*_SEASONS[key]),)
    for key, first, last, written in _HOLIDAYS:
        groups = frozenset() if key in _WORKING_HOLIDAYS else frozenset({"holidays"})
        term = ValueTerm(kind=ValueKind.DATE, key=key, groups=groups, first=first, last=last)
        for name in written.split("|"):
            names[name_key(name)] = (term,)
    for name in _ALL_HOLIDAYS.split("|"):
        names[name_key(name)] = (ValueTerm(kind=ValueKind.DATE, key="holidays"),)
    return names


def days(first: int, last: int) -> ValueTerm:
    """A stretch of the year; where `last` is before `first` it goes over New Year."""
    return ValueTerm(
        kind=ValueKind.DATE, key=f"{first}-{last}", groups=_holidays_on(first, last), first=first, last=last
    )


def numeric_dates(text: str) -> list[tuple[int, int, ValueTerm]]:
    """Dates in digits ("24.12.", "2026-12-24") with where they begin and end."""
    found = [*_NUMERIC.finditer(text), *_ISO.finditer(text)]
    on = ((one, int(one["month"]) * 100 + int(one["day"])) for one in found)
    return [(one.start(), one.end(), days(day, day)) for one, day in on]


@cache
def _holidays_on(first: int, last: int) -> frozenset[str]:
    public = {101, 106, 501, 1003, 1101, 1225, 1226}
    return frozenset({"holidays"}) if first == last and first in public else frozenset()
