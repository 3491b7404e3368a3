"""Finds numbers, money, dates, times and addresses in German and English, and what one twin says differently. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.hints.hint import WordingHint, WordingRule


class FigureKind(StrEnum):
    """What a figure is."""

    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    EMAIL = "email"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands where; `value` is the same in both languages. A word such as "zwei" is `spelt` and proves nothing."""

    kind: FigureKind
    value: str
    start: int
    end: int
    spelt: bool = False


_MONTHS = (
    "januar|january|jan", "februar|february|feb", "märz|march|mar", "april|apr", "mai|may", "juni|june|jun",
    "juli|july|jul", "august|aug", "september|sept|sep", "oktober|october|okt|oct", "november|nov",
    "dezember|december|dez|dec",
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split("|")}
_MONTH_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_SPELT = {
    "de": ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
}
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP",
    "chf": "CHF", "cent": "ct", "cents": "ct", "ct": "ct",
}  # fmt: skip
_NUMBER = r"\d++(?:[.,\u00a0\u202f]\d++)*+"  # never tried again from its middle
_CURRENCY = r"€|EUR\b|euros?\b|\$|USD\b|£|GBP\b|CHF\b|cents?\b|ct\b"
_CLOCK = r"(\d{1,2})(?::(\d\d))?"
_TO = r"\s*(?:–|—|-|bis|to|and|und|until)\s*"
_HALF = r"\s*([ap])(?:m\b|\.\s?m\.)"


def figures(text: str, language: str) -> list[Figure]:
    """Every figure of a text, from its beginning; numbers that only count the steps of a list are left out."""
    left = re.sub(r"(?m)^(\s*\d{1,3}[.)])(?=\s)", lambda step: " " * len(step.group()), text)
    found: list[Figure] = []
    for pattern, read in _PATTERNS:
        if read is _german_date and language != "de":
            continue
        for match in pattern.finditer(left):
            found += read(match, language)
        left = pattern.sub(lambda match: " " * len(match.group()), left)
    found += _spelt(left, language)
    return sorted(found, key=lambda figure: figure.start)


def compare_figures(texts: dict[str, str]) -> Iterator[WordingHint]:
    """What stands in one language and not in the other, of two; each hint names what the twin has too much in turn."""
    (first, first_text), (second, second_text) = texts.items()
    here, there = figures(first_text, first), figures(second_text, second)
    alone, other = _without_twin(here, there), _without_twin(there, here)
    yield from _hints(first, first_text, alone, second_text, other)
    yield from _hints(second, second_text, other, first_text, alone)


def _hints(language: str, text: str, alone: list[Figure], twin: str, other: list[Figure]) -> Iterator[WordingHint]:
    for figure in alone:
        instead = [twin[one.start : one.end] for one in other if one.kind == figure.kind]
        yield WordingHint(
            rule=WordingRule.FIGURES,
            language=language,
            start=figure.start,
            end=figure.end,
            found=text[figure.start : figure.end],
            instead=", ".join(dict.fromkeys(instead))[:120],
        )


def _without_twin(here: list[Figure], there: list[Figure]) -> list[Figure]:
    values = {figure.value for figure in there}
    bare = {figure.value.rpartition(" ")[2] for figure in there}
    alone: dict[str, Figure] = {}
    for figure in here:
        known = figure.value in values or (figure.kind != FigureKind.TIME and figure.value.rpartition(" ")[2] in bare)
        if not known and not figure.spelt:
            alone.setdefault(figure.value, figure)
    return list(alone.values())


def _site(match: re.Match[str], language: str) -> Iterator[Figure]:
    """Only whose page it is: the path differs between languages."""
    host = re.sub(r"^https?://(?:www\.|de\.|en\.)?", "", match.group().lower()).partition("/")[0]
    yield _figure(FigureKind.SITE, host.partition("?")[0], match)


def _email(match: re.Match[str], language: str) -> Iterator[Figure]:
    yield _figure(FigureKind.EMAIL, match.group().lower(), match)


def _phone(match: re.Match[str], language: str) -> Iterator[Figure]:
    """Without what only a caller from abroad dials."""
    digits = re.sub(r"\(0\)|\D", "", match.group())
    national = digits.removeprefix("00") if digits.startswith("00") else digits
    if match.group().startswith(("+", "00")):
        national = re.sub(r"^(?:49|43|41|44)", "0", national, count=1)
    yield _figure(FigureKind.PHONE, national, match)


def _day_month(match: re.Match[str], language: str) -> Iterator[Figure]:
    day, month, year = match.group(1), match.group(2), match.group(3)
    yield _figure(FigureKind.DATE, _date(int(day), _MONTH[month.lower()], year), match)


def _month_day(match: re.Match[str], language: str) -> Iterator[Figure]:
    month, day, year = match.group(1), match.group(2), match.group(3)
    yield _figure(FigureKind.DATE, _date(int(day), _MONTH[month.lower()], year), match)


def _german_date(match: re.Match[str], language: str) -> Iterator[Figure]:
    yield _figure(FigureKind.DATE, _date(int(match.group(1)), int(match.group(2)), match.group(3)), match)


def _british_date(match: re.Match[str], language: str) -> Iterator[Figure]:
    yield _figure(FigureKind.DATE, _date(int(match.group(1)), int(match.group(2)), match.group(3)), match)


def _iso_date(match: re.Match[str], language: str) -> Iterator[Figure]:
    yield _figure(FigureKind.DATE, _date(int(match.group(3)), int(match.group(2)), match.group(1)), match)


def _german_hours(match: re.Match[str], language: str) -> Iterator[Figure]:
    """ "9 bis 17 Uhr" or "17:30 Uhr" """
    hours = [(match.group(1), match.group(2)), (match.group(3), match.group(4))]
    for hour, minute in hours:
        if hour:
            yield _figure(FigureKind.TIME, _time(int(hour), minute), match)


def _english_hours(match: re.Match[str], language: str) -> Iterator[Figure]:
    """ "9 am to 5 pm", "9–5 pm" or "5.30 pm" """
    hour, minute, half = int(match.group(4)), match.group(5), match.group(6).lower()
    if match.group(1):
        first, first_half = int(match.group(1)), (match.group(3) or "").lower()
        before = first_half or (half if first % 12 < hour % 12 else "a")
        yield _figure(FigureKind.TIME, _time(_in_day(first, before), match.group(2)), match)
    yield _figure(FigureKind.TIME, _time(_in_day(hour, half), minute), match)


def _clock(match: re.Match[str], language: str) -> Iterator[Figure]:
    yield _figure(FigureKind.TIME, _time(int(match.group(1)), match.group(2)), match)


def _noon(match: re.Match[str], language: str) -> Iterator[Figure]:
    hour = 12 if match.group().lower() in {"noon", "midday", "mittag"} else 0
    start, end = match.span()
    yield Figure(FigureKind.TIME, _time(hour, None), start, end, spelt=True)


def _percent(match: re.Match[str], language: str) -> Iterator[Figure]:
    yield _figure(FigureKind.PERCENT, f"% {_value(match.group(1), language)}", match)


def _money(match: re.Match[str], language: str) -> Iterator[Figure]:
    sign, number = (match.group(1) or match.group(4)).lower(), match.group(2) or match.group(3)
    yield _figure(FigureKind.MONEY, f"{_CURRENCIES[sign]} {_value(number, language)}", match)


def _number(match: re.Match[str], language: str) -> Iterator[Figure]:
    yield _figure(FigureKind.NUMBER, _value(match.group(), language), match)


def _spelt(text: str, language: str) -> Iterator[Figure]:
    for number, word in enumerate(_SPELT.get(language, ()), start=2):
        for match in re.finditer(rf"\b{word}(?:er|en|mal)?\b", text, re.IGNORECASE):
            yield Figure(FigureKind.NUMBER, str(number), *match.span(), spelt=True)


def _figure(kind: FigureKind, value: str, match: re.Match[str]) -> Figure:
    text = match.group()
    start = match.start() + len(text) - len(text.lstrip())
    return Figure(kind, value, start, match.end() - len(text) + len(text.rstrip()))


def _value(number: str, language: str) -> str:
    """1.000,50 (de) and 1,000.50 (en) alike; a single separator with other than three digits behind it is a decimal."""
    text = re.sub(r"[\u00a0\u202f]", "", number)
    thousands, decimal = (".", ",") if language == "de" else (",", ".")
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(decimal)}\d+)?", text):
        text = text.replace(thousands, "")
    text = text.replace(",", ".")
    return text.rstrip("0").rstrip(".") if text.count(".") == 1 else text


def _date(day: int, month: int, year: str | None) -> str:
    short = f"{month:02}-{day:02}"
    return f"{int(year) % 100:02}-{short}" if year else short


def _time(hour: int, minute: str | None) -> str:
    return f"{hour % 24:02}:{minute or '00'}"


def _in_day(hour: int, half: str) -> int:
    return hour % 12 + (12 if half == "p" else 0)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Iterator[Figure]]], ...] = (
    (re.compile(r"https?://[^\s)\]>\"]+"), _site),
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), _email),
    (re.compile(r"(?<![\w.,])(?:\+\d{1,3}|00\d{1,3}|0\d{2,5})[\s/()\d-]{4,18}\d(?!\w)"), _phone),
    (re.compile(rf"(?<![\d.,])({_NUMBER})\s*(?:%|Prozent\b|percent\b|per cent\b)", re.I), _percent),
    (re.compile(rf"(?:({_CURRENCY})\s*({_NUMBER})|(?<![\d.,])({_NUMBER})[-\s]*({_CURRENCY}))", re.I), _money),
    (re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b"), _iso_date),
    (re.compile(rf"\b(\d{{1,2}})(?:\.|st|nd|rd|th)?(?: of)? ({_MONTH_NAME})\b\.?,?(?: (\d{{4}}))?", re.I), _day_month),
    (re.compile(rf"\b({_MONTH_NAME})\b\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}}))?", re.I), _month_day),
    (re.compile(r"(?<![\d.])(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.(\d{4}|\d\d)?(?!\d)"), _german_date),
    (re.compile(r"(?<![\d/])(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/(\d{4})(?!\d)"), _british_date),
    (re.compile(rf"\b{_CLOCK}(?:(?: Uhr)?{_TO}{_CLOCK})?\s*Uhr\b"), _german_hours),
    (re.compile(rf"(?:\b{_CLOCK}(?:{_HALF})?{_TO})?\b(\d{{1,2}})(?:[:.](\d\d))?{_HALF}", re.I), _english_hours),
    (re.compile(r"\b(\d{1,2}):(\d\d)\b"), _clock),
    (re.compile(r"\b(?:noon|midday|midnight|mittag|mitternacht)\b", re.I), _noon),
    (re.compile(rf"(?<![\w.,-]){_NUMBER}(?![\w])"), _number),
)  # fmt: skip
