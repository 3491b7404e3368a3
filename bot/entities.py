"""Finds what can be recognised by its form: IBAN, e-mail address, date, order number, phone number. Pure, no Rasa.

Precision comes first: an IBAN must pass its check digits, a date must exist, a bare number is nothing in particular.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from stdnum import iban

MIN_IBAN_LENGTH = 15  # signs; Norway's
IBAN = re.compile(r"\b([A-Z]{2}\d{2})((?:[ ]?[A-Z0-9]){11,30})\b", re.IGNORECASE)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]+\.)+[a-z]{2,24}\b", re.IGNORECASE)
NUMBER_WORD = (
    r"(?:bestell(?:ung(?:s)?|[- ]?)?(?:[- ]?(?:nummer|nr\.?))?"
    r"|auftrag(?:s(?:nummer|nr\.?))?|order(?: (?:number|no\.?))?)"
)
ORDER_AFTER_WORD = re.compile(
    NUMBER_WORD + r"\s*(?:ist|lautet|is|:|=|\#|nr\.?|no\.?)?\s*\#?\s*([A-Z]{0,3}-?\d{5,12})\b", re.IGNORECASE
)
ORDER_BY_FORM = re.compile(r"(?:#\s?(\d{5,12})|\b([A-Z]{1,3}-\d{5,12}))\b")
PHONE = re.compile(r"(?<![\w.,/-])(?<!\d )(?:\+|00|0(?=[1-9]))\d(?:[ /()-]{0,2}\d){5,13}(?![\w-])")
NUMERIC_DATE = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}))?(?!\d)")
SLASHED_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
ISO_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
MONTH_NAMES = (
    "januar jänner january jan",
    "februar february feb",
    "märz maerz march mar mär",
    "april apr",
    "mai may",
    "juni june jun",
    "juli july jul",
    "august aug",
    "september sep sept",
    "oktober october okt oct",
    "november nov",
    "dezember december dez dec",
)
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, start=1) for name in names.split()}
MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
DAY_MONTH = re.compile(r"\b(\d{1,2})(?:\.|st|nd|rd|th)?\s(?:of\s)?" + MONTH + r"(?:,?\s(\d{4}))?", re.IGNORECASE)
MONTH_DAY = re.compile(r"\b" + MONTH + r"\s(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s(\d{4}))?", re.IGNORECASE)


@dataclass(frozen=True)
class Entity:
    """`kind` as in domain.yml, the stretch of the text, and the value in one normal form (IBAN and phone unspaced)."""

    kind: str
    start: int
    end: int
    value: str


def find_entities(text: str) -> list[Entity]:
    """Everything recognised in `text`, in order; where two overlap, the one that is harder to mistake stays."""
    found: list[Entity] = []
    for finder in FINDERS:
        found.extend(e for e in finder(text) if not any(e.start < o.end and o.start < e.end for o in found))
    return sorted(found, key=lambda entity: entity.start)


def find_ibans(text: str) -> Iterator[Entity]:
    for match in IBAN.finditer(text):
        ends = range(match.end(), match.start() + MIN_IBAN_LENGTH - 1, -1)  # words may follow the number
        for end in ends:
            value = re.sub(r"\s", "", text[match.start() : end]).upper()
            if iban.is_valid(value):
                yield Entity("iban", match.start(), end, value)
                break


def find_emails(text: str) -> Iterator[Entity]:
    return (Entity("email", m.start(), m.end(), m[0].lower()) for m in EMAIL.finditer(text))


def find_order_numbers(text: str) -> Iterator[Entity]:
    for pattern in (ORDER_AFTER_WORD, ORDER_BY_FORM):
        for match in pattern.finditer(text):
            group = next(i for i, value in enumerate(match.groups(), start=1) if value)
            yield Entity("order_number", match.start(group), match.end(group), match[group].upper())


def find_phones(text: str) -> Iterator[Entity]:
    for match in PHONE.finditer(text):
        value = re.sub(r"[^\d+]", "", match[0].replace("(0)", ""))
        if 7 <= len(value) <= 16:
            yield Entity("phone", match.start(), match.end(), value)


def find_dates(text: str) -> Iterator[Entity]:
    for pattern, order in DATE_FORMS:
        for match in pattern.finditer(text):
            parts = dict(zip(order, match.groups(), strict=True))
            value = normal_date(parts["day"], parts["month"], parts.get("year"))
            if value:
                yield Entity("date", match.start(), match.end(), value)


def normal_date(day: str, month: str, year: str | None) -> str | None:
    """`2026-03-12`, or `--03-12` (ISO 8601 without year); None for a day that does not exist."""
    number = MONTHS.get(month.lower()) or int(month)
    full_year = int(year) + (2000 if len(year) == 2 else 0) if year else 2024
    try:
        known = date(full_year, number, int(day))
    except ValueError:
        return None
    return known.isoformat() if year else f"--{known:%m-%d}"


DATE_FORMS = (
    (ISO_DATE, ("year", "month", "day")),
    (NUMERIC_DATE, ("day", "month", "year")),
    (SLASHED_DATE, ("day", "month", "year")),
    (DAY_MONTH, ("day", "month", "year")),
    (MONTH_DAY, ("month", "day", "year")),
)
FINDERS: tuple[Callable[[str], Iterator[Entity]], ...] = (
    find_ibans,
    find_emails,
    find_dates,
    find_order_numbers,
    find_phones,
)
