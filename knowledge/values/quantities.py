"""Numbers with a unit ("up to 20 kg", "ab 16 Jahren", "19-year-old") and sizes ("Größe 46", "S to XL")."""

import re
from collections.abc import Iterator
from functools import cache

from babel.units import format_unit

from knowledge.values.mention import Mention, ValueKind, ValueTerm
from knowledge.values.places import LOCALES
from knowledge.values.things import size_place

#: Units of the CLDR by dimension, and how many of the base unit one is.
_UNITS: dict[str, dict[str, float]] = {
    "mass": {"mass-kilogram": 1, "mass-gram": 0.001, "mass-tonne": 1000, "mass-pound": 0.4536, "mass-stone": 6.35},
    "length": {
        "length-meter": 1,
        "length-centimeter": 0.01,
        "length-millimeter": 0.001,
        "length-kilometer": 1000,
        "length-mile": 1609.3,
        "length-inch": 0.0254,
        "length-foot": 0.3048,
    },
    "time": {
        "duration-minute": 1,
        "duration-hour": 60,
        "duration-day": 1440,
        "duration-week": 10080,
        "duration-month": 43800,
        "duration-year": 525600,
    },
    "data": {"digital-kilobyte": 0.001, "digital-megabyte": 1, "digital-gigabyte": 1000, "digital-terabyte": 1e6},
    "volume": {"volume-liter": 1, "volume-milliliter": 0.001},
    "power": {"power-watt": 1, "power-kilowatt": 1000},
    "temperature": {"temperature-celsius": 1},
}
_MORE_UNITS = {
    "tagen": "duration-day",
    "jahren": "duration-year",
    "jähriger": "duration-year",
    "jährige": "duration-year",
    "jährigen": "duration-year",
    "jährig": "duration-year",
    "monaten": "duration-month",
    "werktage": "duration-day",
    "werktagen": "duration-day",
    "working days": "duration-day",
    "mins": "duration-minute",
    "hrs": "duration-hour",
    "kilo": "mass-kilogram",
    "kilos": "mass-kilogram",
    "metres": "length-meter",
    "metern": "length-meter",
    "kilometern": "length-kilometer",
    "centimetres": "length-centimeter",
    "grad": "temperature-celsius",
    "degrees": "temperature-celsius",
}
_MONEY = r"(?:€|\$|£|EUR|CHF|USD|GBP|Euros?|dollars?|pounds?|Franken|pence|Cent|quid)"
_NUMBER = r"\d{1,3}(?:[.,  ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_MONEY_FOUND = re.compile(
    rf"(?P<before>{_MONEY})\s?(?P<a>{_NUMBER})|(?P<b>{_NUMBER})\s?(?P<behind>{_MONEY})(?!\w)", re.IGNORECASE
)
_UPMOST = re.compile(
    r"(?:\bbis(?: zu| einschließlich)?|\bup to|\bhöchstens|\bmaximal|\bmax\.?|\bat most|\bno more than|\bunder|\bunter|"
    r"\bbelow|\bless than|\bweniger als|\binnerhalb(?: von)?|\bwithin|\buntil|\bjusqu'à|[-–]|\bto)\W*$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"(?:\bab|\bfrom|\bmindestens|\bat least|\bover|\büber|\bmehr als|\bmore than|\babove|\bstarting at|\bminimum|"
    r"\bmin\.?|\bà partir de)\W*$",
    re.IGNORECASE,
)
_LEAST_BEHIND = re.compile(r"\s*(?:oder mehr|oder älter|or more|or older|and over|or over|of age|\+)", re.IGNORECASE)
_LOOKED_BACK = 22
_RANGE = re.compile(rf"(?P<low>{_NUMBER})\s*(?:-|–|bis|to|and|und)\s*$", re.IGNORECASE)
_LETTERS = r"(?:[2-5]?X{0,4}[SL]|M)"
_TO = r"\s*(?:-|–|bis|to)\s*"
_SIZE = re.compile(
    rf"\b(?:Größen?|Gr\.|sizes?|tailles?)\s+(?P<a>\d{{1,3}}|{_LETTERS})(?:{_TO}(?P<b>\d{{1,3}}|{_LETTERS}))?\b"
    rf"|\b(?P<c>(?i:[2-5]XL|X{{1,4}}[SL]))\b|(?<=\bin )(?P<f>[SML])\b|\b(?P<d>{_LETTERS}){_TO}(?P<e>{_LETTERS})\b",
)
_NUMBERED = 1000  # sizes in digits stand apart from those in letters


def find_quantities(text: str) -> Iterator[Mention]:
    """Amounts of money, numbers with a unit and sizes, with the bounds that the words around them set."""
    for found in _MONEY_FOUND.finditer(text):
        yield _quantity(text, found, "money", _read(found["a"] or found["b"]))
    for found in _measured().finditer(text):
        dimension, factor = _units()[" ".join(found["unit"].casefold().split())]
        yield _quantity(text, found, dimension, _read(found["number"]) * factor, factor)
    for found in _SIZE.finditer(text):
        places = [place for name in "abcdef" if found[name] and (place := _size(found[name])) is not None]
        if places:
            scale = "size in digits" if places[-1] >= _NUMBERED else "size in letters"
            yield _with_bounds(text, found, ValueKind.SIZE, scale, places[-1], *_bounds_of(places))


def _bounds_of(places: list[int]) -> tuple[float | None, float | None]:
    return (float(places[0]), float(places[-1])) if len(places) > 1 else (None, None)


def _size(written: str) -> int | None:
    return _NUMBERED + int(written) if written.isdigit() else size_place(written)


def _quantity(text: str, found: re.Match[str], dimension: str, size: float, factor: float = 1) -> Mention:
    before, behind = text[max(0, found.start() - _LOOKED_BACK) : found.start()], text[found.end() :]
    least = upmost = None
    if between := _RANGE.search(before):
        least, upmost = _read(between["low"]) * factor, size
    elif _LEAST.search(before) or _LEAST_BEHIND.match(behind):
        least = size
    elif _UPMOST.search(before):
        upmost = size
    return _with_bounds(text, found, ValueKind.QUANTITY, dimension, size, least, upmost)


def _with_bounds(
    text: str,
    found: re.Match[str],
    kind: ValueKind,
    dimension: str,
    size: float,
    least: float | None,
    upmost: float | None,
) -> Mention:
    return Mention(
        term=ValueTerm(kind=kind, key=dimension),
        text=text[found.start() : found.end()],
        start=found.start(),
        end=found.end(),
        size=size,
        least=least,
        upmost=upmost,
    )


def _read(number: str) -> float:
    """A number as German and English write it: the last sign before one or two digits is the decimal one."""
    digits = re.sub(r"[.,  ](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    return float(digits) if digits.count(".") <= 1 else 0.0


@cache
def _units() -> dict[str, tuple[str, float]]:
    named = {name: unit for units in _UNITS.values() for unit in units for name in _names(unit)} | _MORE_UNITS
    sizes = {unit: (dimension, factor) for dimension, units in _UNITS.items() for unit, factor in units.items()}
    return {name: sizes[unit] for name, unit in named.items()}


def _names(unit: str) -> set[str]:
    written = (
        format_unit(count, unit, length=length, locale=locale)
        for locale in LOCALES
        for length in ("long", "short")
        for count in (1, 2)
    )
    return {
        name
        for each in written
        if len(name := each.lstrip("12").strip("\u00a0\u202f .").casefold()) > 1 or name in "gmlt"
    }


@cache
def _measured() -> re.Pattern[str]:
    units = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(_units(), key=len, reverse=True))
    return re.compile(rf"(?P<number>{_NUMBER})[\s\u00a0\u202f-]*(?P<unit>{units})\b(?!²)", re.IGNORECASE)
