"""Dates that exist, in the forms that customers write, and amounts of money."""

import re
from collections.abc import Iterator
from datetime import date

from identifiers.identifier import AMOUNT, DATE, Identifier

MONTH_NAMES = (
    "januar jänner january jan janvier",
    "februar february feb février",
    "märz maerz march mar mär mars",
    "april apr avril",
    "mai may",
    "juni june jun juin",
    "juli july jul juillet",
    "august aug août",
    "september sep sept septembre",
    "oktober october okt oct octobre",
    "november nov novembre",
    "dezember december dez dec décembre",
)
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, start=1) for name in names.split()}
_ORDINALS = (
    "erste first premier",
    "zweite second deux",
    "dritte third trois",
    "vierte fourth quatre",
    "fünfte fifth cinq",
    "sechste sixth six",
    "siebte seventh sept",
    "achte eighth huit",
    "neunte ninth neuf",
    "zehnte tenth dix",
)
ORDINALS = {name: number for number, names in enumerate(_ORDINALS, start=1) for name in names.split()}
ORDINAL = "(" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + r")[rnms]?"
MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
NUMERIC_DATE = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}))?(?!\d)")
SLASHED_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
ISO_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
DAY_MONTH = re.compile(r"\b(\d{1,2})(?:\.|st|nd|rd|th|er)?\s(?:of\s)?" + MONTH + r"(?:,?\s(\d{4}))?", re.IGNORECASE)
WORDED_DAY_MONTH = re.compile(rf"\b{ORDINAL}\s(?:of\s)?" + MONTH + r"(?:,?\s(\d{4}))?", re.IGNORECASE)
MONTH_DAY = re.compile(r"\b" + MONTH + r"\s(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s(\d{4}))?", re.IGNORECASE)
DATE_FORMS = (
    (ISO_DATE, ("year", "month", "day")),
    (NUMERIC_DATE, ("day", "month", "year")),
    (SLASHED_DATE, ("day", "month", "year")),
    (DAY_MONTH, ("day", "month", "year")),
    (WORDED_DAY_MONTH, ("day", "month", "year")),
    (MONTH_DAY, ("month", "day", "year")),
)
_CURRENCY = r"(?:€|eur\b|euros?\b|cents?\b|\$|usd\b|dollars?\b|£|gbp\b|pounds?\b|chf\b|franken\b|sfr\.?|fr\.)"
_FIGURE = r"\d{1,3}(?:[.’']\d{3})+(?:,\d{1,2}|,-)?|\d+(?:[.,]\d{1,2}|,-)?"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<behind>{_FIGURE})\s?{_CURRENCY}|(?:€|\$|£|eur\s|chf\s)\s?(?P<before>{_FIGURE})(?!\w))",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:(?:bestellt|gekauft|bezahlt|geliefert|datiert)\s+)?(?:schon\s+)?(?:am|vom|seit(?: dem)?|zum|dated|since|"
    r"from|on(?: the)?|"
    r"du|le|depuis le)\s*(?:(?:mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b[.,]*\s*(?:den\s+|the\s+)?)?$",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:für|über|von|in höhe von|i\.h\.v\.|zu|à|worth|for|of|total(?:ling)?|pour|de)\s*$", re.IGNORECASE
)


def find_dates(text: str) -> Iterator[Identifier]:
    """Days that are named by number and month, as `2026-03-12`, or `--03-12` without a year."""
    for pattern, order in DATE_FORMS:
        for match in pattern.finditer(text):
            parts = dict(zip(order, match.groups(), strict=True))
            value = normal_date(parts["day"], parts["month"], parts.get("year"))
            if value:
                cue = _SINCE.search(text[: match.start()])
                outset = cue.start() if cue else match.start()
                yield Identifier(DATE, match.start(), match.end(), value, outset, match.end())


def normal_date(day: str, month: str, year: str | None) -> str | None:
    """`2026-03-12`, or `--03-12` (ISO 8601 without year); None for a day that does not exist."""
    number = MONTHS.get(month.lower()) or int(month)
    on = ORDINALS.get(day.lower()) or int(day)
    full_year = int(year) + (2000 if len(year) == 2 else 0) if year else 2024
    try:
        known = date(full_year, number, on)
    except ValueError:
        return None
    return known.isoformat() if year else f"--{known:%m-%d}"


def find_amounts(text: str) -> Iterator[Identifier]:
    """Amounts of money, as they are written."""
    for match in _AMOUNT.finditer(text):
        cue = _OVER.search(text[: match.start()])
        outset = cue.start() if cue else match.start()
        yield Identifier(AMOUNT, match.start(), match.end(), match[0], outset, match.end())
