"""Personal data made unreadable but recognisable: "DE•• •••• …3000", "a•••@example.org".

Here and not with a library, because `helpdesk.handoff` is pure: both check digits are a line of arithmetic, and what is
masked must not depend on tables of telephone plans (a number that is none is masked too, which does no harm).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from helpdesk.handoff.summary.lines import Summary, SummaryLine
from helpdesk.handoff.summary.numbers import Span, find_cards, find_ibans
from helpdesk.handoff.summary.vocabulary import MONTHS

HIDDEN = "•"

_EMAIL = re.compile(r"(?<![\w.+%-])([\w+%])[\w.+%-]*(@[\w-]+(?:\.[\w-]+)+)")
_PHONE = re.compile(r"(?<![\w.,-])(?:\+|\(?00?)[1-9]\d{0,3}\)?[\s/()-]{0,2}\d(?:[\s/()-]{0,2}\d){4,12}\b")
_STREET = re.compile(
    r"\b([A-ZÄÖÜ])[\w-]*(?:str\.|stra(?:ß|ss)e|weg|platz|allee|gasse)\s\d+\s?[a-z]?\b"
    r"|\b([A-ZÄÖÜ])[\w-]*\s(?:Str\.|Stra(?:ß|ss)e|Weg|Platz|Allee|Gasse)\s\d+\s?[a-z]?\b"
    r"|\b\d+[a-z]?\s([A-Z])[\w-]+\s(?:Street|Road|Avenue|Lane|Drive)\b"
)
_BORN = re.compile(
    r"(\b(?:geb(?:oren)?\.?|geburtsdatum|geburtstag|born|birth\s?da(?:te|y)|date of birth|dob)\b"
    r"\W*(?:am|on|is|ist|the)?\s*)"
    rf"(?:\d{{1,2}}[./-]\s?\d{{1,2}}[./-]\s?\d{{2,4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}\.?\s(?:{MONTHS})\w*\s\d{{4}}"
    rf"|(?:{MONTHS})\w*\s\d{{1,2}},?\s\d{{4}})",
    re.IGNORECASE,
)


def mask_personal(text: str) -> str:
    """The text with e-mail addresses, IBANs, cards, phone numbers, streets and dates of birth masked.

    IBANs and cards are told by their check digits, so an order number of the same length stays readable; phone numbers
    by their leading + or 0, dates of birth by the words before them.
    """
    text = mask_payment(text)
    for pattern, hide in _HIDING:
        text = pattern.sub(hide, text)
    return text


def mask_payment(text: str) -> str:
    """The text with IBANs and cards masked, told by their check digits."""
    text = _hide_spans(text, find_ibans(text), _hidden_iban)
    return _hide_spans(text, find_cards(text), _hidden_card)


def masked(summary: Summary) -> Summary:
    """The summary for a reader whose role doesn't need the personal data in it."""
    return replace(summary, lines=tuple(_masked_line(line) for line in summary.lines))


def _masked_line(line: SummaryLine) -> SummaryLine:
    return replace(line, text=mask_personal(line.text), said=tuple(map(mask_personal, line.said)))


def _hide_spans(text: str, spans: Iterable[Span], hidden: Callable[[str], str]) -> str:
    """From the end, so that the spans before stay true."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + hidden(text[start:end]) + text[end:]
    return text


def _hidden_iban(iban: str) -> str:
    return f"{iban[:2].upper()}{HIDDEN * 2} {HIDDEN * 4} …{re.sub('[ -]', '', iban)[-4:]}"


def _hidden_card(card: str) -> str:
    return f"{HIDDEN * 4} …{re.sub('[ -]', '', card)[-4:]}"


def _hide_email(found: re.Match[str]) -> str:
    return f"{found[1]}{HIDDEN * 3}{found[2]}"


def _hide_phone(found: re.Match[str]) -> str:
    return f"{HIDDEN * 4} …{found[0][-2:]}"


def _hide_street(found: re.Match[str]) -> str:
    return f"{found[1] or found[2] or found[3]}{HIDDEN * 3}"


def _hide_birth(found: re.Match[str]) -> str:
    return f"{found[1]}{HIDDEN * 4}"


_HIDING: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_EMAIL, _hide_email),
    (_BORN, _hide_birth),
    (_PHONE, _hide_phone),
    (_STREET, _hide_street),
)
