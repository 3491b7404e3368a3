"""Finds the values of a look-up's fields in what a customer wrote. Pure; takes time in proportion to the text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from actions.lookups.lookup import AskedField, FieldKind

MAX_READ = 400
"""Characters of a message that are looked at."""
MAX_VALUE = 100
NEAR = 24
"""Characters before a value in which a word says what it is."""
SEPARATORS = " -–—_/."
_SEPARATED = r"[\s\-–—_/.]{0,3}"
_ORDER_NUMBER = re.compile(r"(?<![\w-])(?:[a-z]{1,5}[-/ ]?)?\d(?:[-/]?\d){3,17}(?![\w-])", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}\b", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<![\w-])(?:[a-z]{1,2}-)?(\d{5}|[1-9]\d{3})(?![\w-])", re.IGNORECASE)
_PHONE_BEFORE = re.compile(r"(?:\+|(?<!\d)0)\d[\d /()-]*$")
"""The beginning of a telephone number, whose end is no order number."""
_WRONG_ONE_BEFORE = re.compile(r"\b(?:nicht|statt|anstatt|not|instead of|pas)\W+(?:\w+\W+)?$", re.IGNORECASE)
_NUMBER_WORDS = r"bestell\w*|auftrag\w*|order\w*|commande|nummer|number|nr\b"
_CUES: Mapping[FieldKind, re.Pattern[str]] = {
    FieldKind.POSTCODE: re.compile(r"\b(?:plz|postleitzahl|post ?code|zip|wohn\w*|aus|code postal)\b", re.IGNORECASE),
    FieldKind.ORDER_NUMBER: re.compile(rf"\b(?:{_NUMBER_WORDS})", re.IGNORECASE),
}
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NAMED_DATE = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th)?\s?(?:of\s)?([a-zäéû]{3,9})\.?,?\s(\d{4})(?!\d)", re.IGNORECASE
)
_MONTHS = (
    "jan januar january janvier jänner",
    "feb februar february février",
    "mär märz mar march mars",
    "apr april avril",
    "mai may",
    "jun juni june juin",
    "jul juli july juillet",
    "aug august août",
    "sep sept september septembre",
    "okt oct oktober october octobre",
    "nov november novembre",
    "dez dec dezember december décembre",
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundValue:
    """A value in its normal form, and where in the text it stands."""

    start: int
    end: int
    value: str


def find_values(fields: Sequence[AskedField], text: str, *, is_correction: bool = False) -> dict[str, FoundValue]:
    """The values that a text names for some of `fields`, by the fields' names; no stretch of it is used twice.

    A word before a value ("PLZ 79098") says whose it is; without one, fields get theirs in their order. Of a correction
    that names two ("nicht 88317, sondern 88318") the one that is meant counts.
    """
    found: dict[str, FoundValue] = {}
    for cued in (True, False):
        for one in fields:
            if one.name in found or (one.kind is FieldKind.TEXT and not one.forms):
                continue
            free = (value for value in _candidates(one, text[:MAX_READ]) if not _overlaps(value, found.values()))
            fitting = [value for value in free if not cued or _is_cued(one.kind, text, value)]
            chosen = _meant(fitting, text) if is_correction else next(iter(fitting), None)
            if chosen:
                found[one.name] = chosen
    return found


def value_of(field: AskedField, text: str) -> str | None:
    """The value of the one field that was asked for; what it may be then has less to prove."""
    found = next(_candidates(field, text[:MAX_READ]), None)
    if found or field.forms or field.kind is not FieldKind.TEXT:
        return found.value if found else None
    written = " ".join(text.split())
    return written if 0 < len(written) <= MAX_VALUE else None


def example_of(field: AskedField) -> str:
    """What a value looks like, for whoever wrote it otherwise; empty where anything goes."""
    if field.forms:
        digits, letters = iter("12345678901234567890"), iter("ABCDEFGHJKLMNPQRSTUV")
        signs = {"#": digits, "?": letters}
        return "".join(next(signs[sign], "1") if sign in signs else sign for sign in field.forms[0])
    return EXAMPLES.get(field.kind, "")


EXAMPLES: Mapping[FieldKind, str] = {
    FieldKind.ORDER_NUMBER: "12345",
    FieldKind.EMAIL: "name@example.org",
    FieldKind.POSTCODE: "12345",
    FieldKind.DATE: "31.12.2025",
}


def without_values(text: str, values: Mapping[str, FoundValue]) -> str:
    """The text without the values in it."""
    for one in sorted(values.values(), key=lambda value: -value.start):
        text = f"{text[: one.start]} {text[one.end :]}"
    return " ".join(text.split())


def _candidates(field: AskedField, text: str) -> Iterator[FoundValue]:
    if field.forms:
        for form in sorted(field.forms, key=len, reverse=True):
            yield from _by_form(form, text)
    elif field.kind is FieldKind.DATE:
        yield from _dates(text)
    elif field.kind in _PLAIN:
        for match in _PLAIN[field.kind].finditer(text):
            if _PHONE_BEFORE.search(text[: match.start()]):
                continue
            value = match[match.lastindex or 0]
            yield FoundValue(start=match.start(), end=match.end(), value=_normal(field.kind, value))


_PLAIN: Mapping[FieldKind, re.Pattern[str]] = {
    FieldKind.ORDER_NUMBER: _ORDER_NUMBER,
    FieldKind.EMAIL: _EMAIL,
    FieldKind.POSTCODE: _POSTCODE,
}


def _normal(kind: FieldKind, value: str) -> str:
    return value.lower() if kind is FieldKind.EMAIL else "".join(value.split()).upper()


def _by_form(form: str, text: str) -> Iterator[FoundValue]:
    """Separators may be left out or be others, as long as digits and letters are right."""
    for match in _form_pattern(form).finditer(text):
        if _PHONE_BEFORE.search(text[: match.start()]):
            continue
        written = iter(sign for sign in match[0] if sign not in SEPARATORS and not sign.isspace())
        value = "".join(sign if sign in SEPARATORS else next(written).upper() for sign in form)
        yield FoundValue(start=match.start(), end=match.end(), value=value)


@lru_cache(maxsize=256)
def _form_pattern(form: str) -> re.Pattern[str]:
    signs = {"#": r"\d", "?": "[a-zäöü]"}
    parts = [_SEPARATED if sign in SEPARATORS else signs.get(sign, re.escape(sign)) for sign in form]
    return re.compile(rf"(?<![\w@.-]){''.join(parts)}(?![\w@]|[.,/-]\d)", re.IGNORECASE)


def _dates(text: str) -> Iterator[FoundValue]:
    for pattern, order in ((_ISO_DATE, (2, 1, 0)), (_NUMERIC_DATE, (0, 1, 2)), (_NAMED_DATE, (0, 1, 2))):
        for match in pattern.finditer(text):
            day, month, year = (match.groups()[place] for place in order)
            value = _date(day, month, year)
            if value:
                yield FoundValue(start=match.start(), end=match.end(), value=value)


def _date(day: str, month: str, year: str) -> str | None:
    number = int(month) if month.isdigit() else _MONTH_NUMBERS.get(month.lower(), 0)
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), number, int(day)).isoformat()
    except ValueError:
        return None


def _is_cued(kind: FieldKind, text: str, value: FoundValue) -> bool:
    cue = _CUES.get(kind)
    before = text[max(0, value.start - NEAR) : value.start]
    others = [words for other, words in _CUES.items() if other is not kind]
    last = max((match.end() for match in cue.finditer(before)), default=-1) if cue else -1
    return (
        cue is not None
        and last >= 0
        and all(match.end() <= last for words in others for match in words.finditer(before))
    )


def _meant(values: Sequence[FoundValue], text: str) -> FoundValue | None:
    """The last one that is not said to be the wrong one."""
    kept = [value for value in values if not _WRONG_ONE_BEFORE.search(text[: value.start])]
    return next(reversed(kept or list(values)), None)


def _overlaps(value: FoundValue, taken: Iterable[FoundValue]) -> bool:
    return any(value.start < other.end and other.start < value.end for other in taken)
