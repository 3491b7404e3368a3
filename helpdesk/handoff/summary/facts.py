"""What is known: numbers, amounts, dates, addresses and names in the customer's words, exactly as they were written."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.handoff.dialogue import DialogueLine
from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.names import names_in
from helpdesk.handoff.summary.numbers import Span, find_cards, find_ibans
from helpdesk.handoff.summary.sentences import plain, words


class FactKind(StrEnum):
    """What a fact is, the most telling first: that is the order in which words are given to them."""

    ORDER = "order"
    SHIPMENT = "shipment"
    INVOICE = "invoice"
    ACCOUNT = "account"
    IBAN = "iban"
    CARD = "card"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`text` is a slice of each of the lines `turns`; `value` is what makes two of them the same."""

    kind: FactKind
    text: str
    value: str
    turns: tuple[int, ...]


_CODE = r"(?!\d+(?:st|nd|rd|th)\b)(?=[\w/-]*\d)\w[\w/-]+\w(?!\w)"
_CALLED = (
    r"(?:\s?-?\s?(?:nummer|nr\.?|no\.?|number|num|id|code|kennung))?"
    r"(?:\s(?:ist|is|lautet|die|der|mit der nummer))?\s?[:#]?\s?"
)
_UNITS = (
    r"(?i:%|percent|prozent|uhr|am|pm|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|times|people|"
    r"sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|mal|stück|stk|pieces|"
    r"kg|g|km|cm|mm|m|l|ml|gb|mb|tb|kb|mbps|mbit|gbit|ghz|mhz|kwh|watt|volt|zoll|inch|°c)\b"
)
_MIN_PHONE_LENGTH = 7  # digits
_ALONE = r"(?<![\w.,:/])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_COUNTED = (
    r"(?:[A-ZÄÖÜ][^\W\d_]*|[a-z]+[A-Z]\w*|(?i:code|version|size|model|seat|gate|flight|room|row|platform|train|error|windows|"
    r"android|ios|level|line|fehler|größe|modell|gleis|zug|zimmer|sitz|flug|linie|nr\.?|no\.?|number|nummer))"
)
_NUMERAL = (
    r"(?i:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|"
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)

_PATTERNS: tuple[tuple[FactKind, re.Pattern[str]], ...] = (
    (FactKind.EMAIL, re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        FactKind.ORDER,
        re.compile(rf"\b(?:bestell\w*|auftrags?\w*|orders?|bookings?|buchungs?\w*){_CALLED}(?:{_CODE})", re.IGNORECASE),
    ),
    (
        FactKind.SHIPMENT,
        re.compile(
            rf"\b(?:sendungs?\w*|pakete?s?|paketnummer|tracking|parcels?|packages?|shipments?){_CALLED}(?:{_CODE})",
            re.IGNORECASE,
        ),
    ),
    (FactKind.INVOICE, re.compile(rf"\b(?:rechnungs?\w*|invoices?|bills?){_CALLED}(?:{_CODE})", re.IGNORECASE)),
    (
        FactKind.ACCOUNT,
        re.compile(
            rf"\b(?:kunden\w*|vertrags?\w*|konto\w*|customers?|accounts?|contracts?|tickets?|cases?|references?|ref){_CALLED}"
            rf"(?:{_CODE})",
            re.IGNORECASE,
        ),
    ),
    (
        FactKind.ADDRESS,
        re.compile(
            r"\b[A-ZÄÖÜ][\w-]+(?:str\.|stra(?:ß|ss)e|weg|platz|allee|gasse)\s\d+\s?[a-z]?\b(?:,?\s\d{5}\s[A-ZÄÖÜ][\w-]+)?"
            r"|\b[A-ZÄÖÜ][\w-]+\s(?:Str\.|Stra(?:ß|ss)e|Weg|Platz|Allee|Gasse)\s\d+\s?[a-z]?\b(?:,?\s\d{5}\s[A-ZÄÖÜ][\w-]+)?"
            r"|\b\d+[a-z]?\s[A-Z][\w-]+\s(?:Street|Road|Avenue|Lane|Drive)\b"
        ),
    ),
    (
        FactKind.AMOUNT,
        re.compile(
            r"(?:[€£$]|\b(?:EUR|USD|GBP|CHF))\s?\d+(?:[.,']\d+)*(?:,-)?"
            rf"|{_ALONE}\d+(?:[.,']\d+)*(?:,-)?\s?(?:[€£$]|(?:EUR|USD|GBP|CHF|Euros?|Cent|Franken|dollars?|pounds?|quid|bucks|"
            r"pence)\b)",
            re.IGNORECASE,
        ),
    ),
    (
        FactKind.DATE,
        re.compile(
            rf"{_ALONE}(?:\d{{4}}-\d\d-\d\d\b|{_DAY}\.\s?(?:0?[1-9]|1[0-2])\.(?:\s?\d{{4}}|\s?\d\d)?(?![\w])"
            rf"|{_DAY}/(?:0?[1-9]|[12]\d|3[01])(?:/\d{{2,4}})?\b(?!/)"
            rf"|{_DAY}(?:\.|st|nd|rd|th)?\s(?:of\s)?(?:{vocabulary.MONTHS})\b(?:\.?\s\d{{4}}\b)?)"
            rf"|\b(?:{vocabulary.MONTHS})\.?\s{_DAY}(?:st|nd|rd|th)?\b(?!\.\d)(?:,?\s\d{{4}}\b)?"
            rf"|\b(?:{vocabulary.DAYS})s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        FactKind.TIME,
        re.compile(
            rf"{_ALONE}\d{{1,2}}[:.]\d{{2}}\s?(?:am|pm|uhr)\b|{_ALONE}\d{{1,2}}:\d{{2}}\b(?!:)"
            rf"|{_ALONE}\d{{1,2}}\s?(?:am|pm|uhr)\b",
            re.IGNORECASE,
        ),
    ),
    (FactKind.PHONE, re.compile(r"(?<![\w.,-])(?:\+|00?)[1-9]\d{0,3}[\s/()-]{0,2}\d[\d\s/()-]{4,14}\d\b")),
    (
        FactKind.NUMBER,
        re.compile(
            rf"(?:\b(?:[A-ZÄÖÜ][^\W\d_]*\s)?{_COUNTED}[\s-])?[#v]?(?<![\w.,:/])[^\W_]*\d(?:[\w./,:'-]*\w)?"
            rf"(?:\s?{_UNITS}|\sof\s[^\W\d_]{{3,}}|\s[^\W\d_]{{3,}}(?![\w'’]))?"
            rf"|\b{_NUMERAL}\s{_UNITS}"
        ),
    ),
)


def facts_of(lines: Iterable[DialogueLine]) -> tuple[Fact, ...]:
    """The facts of the lines, each once with every line that holds it, in the order they came up.

    Numbers are kept with the word that says what is counted. Names are told by their capital letter inside a sentence;
    German capitalises every noun, so there a name needs a cue ("Frau", "aus", inner capitals, several in a row).
    """
    found: dict[tuple[str, str], Fact] = {}
    for line in lines:
        for kind, text in _facts_in(plain(line), line.language):
            value = _value(kind, text)
            known = found.get(("", value))
            turns = (line.seq,) if known is None else tuple(dict.fromkeys((*known.turns, line.seq)))
            first = known or Fact(kind=kind, text=text, value=value, turns=turns)
            found["", value] = Fact(kind=first.kind, text=first.text, value=value, turns=turns)
    return tuple(found.values())


def _facts_in(text: str, language: str | None) -> Iterator[tuple[FactKind, str]]:
    taken: list[Span] = []
    for kind, start, end in _found_in(text):
        if any(start < right and left < end for left, right in taken):
            continue
        taken.append((start, end))
        written = text[start:end].strip()
        yield kind, _trimmed(written) if kind == FactKind.NUMBER else written
    for start, end in names_in(text, language):
        if not any(start < right and left < end for left, right in taken):
            yield FactKind.NAME, text[start:end]


def _found_in(text: str) -> Iterator[tuple[FactKind, int, int]]:
    """The surest first: what overlaps something found before is left."""
    yield from ((FactKind.IBAN, *span) for span in find_ibans(text))
    yield from ((FactKind.CARD, *span) for span in find_cards(text))
    for kind, pattern in _PATTERNS:
        yield from ((kind, *match.span()) for match in pattern.finditer(text) if _holds(kind, match.group()))


def _holds(kind: FactKind, text: str) -> bool:
    return kind != FactKind.PHONE or sum(character.isdigit() for character in text) >= _MIN_PHONE_LENGTH


def _trimmed(text: str) -> str:
    """A number without the words around it that say nothing about it."""
    parts = text.split(" ")
    while len(parts) > 1 and _says_nothing(parts[0]):
        parts = parts[1:]
    while len(parts) > 1 and _says_nothing(parts[-1]):
        parts = parts[:-1]
    return " ".join(parts)


def _says_nothing(word: str) -> bool:
    return word.casefold() in vocabulary.FUNCTION_WORDS | vocabulary.COURTESY


def _value(kind: FactKind, text: str) -> str:
    if any(character.isdigit() for character in text) and kind != FactKind.EMAIL:
        return re.sub(r"[^\w]", "", "".join(word for word in words(text) if any(c.isdigit() for c in word)))
    return text.casefold()
