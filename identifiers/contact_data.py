"""Addresses and accounts: e-mail, phone, IBAN, card, web page. Precision first: an IBAN must pass its check digits."""

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from identifiers.identifier import CARD_NUMBER, EMAIL, IBAN, PHONE, URL, Identifier

MIN_IBAN_LENGTH = 15  # signs; Norway's
_IBAN = re.compile(r"\b([A-Z]{2}\d{2})((?:[ ]?[A-Z0-9]){11,30})\b", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])(?:mailto:)?([\w.+-]{1,64}@(?:[\w-]+\.)+[a-z]{2,24})\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,/-])(?<!\d )(?:\+|00|0(?=[1-9]))\d(?:[ /()-]{0,2}\d){5,13}(?![\w-])")
_CARD = re.compile(r"(?<![\w-])\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,4}(?![\w-])")
_TOP_LEVELS = "com|de|at|ch|org|net|eu|shop|io|co\\.uk|uk|fr|info|app|me"
_URL = re.compile(
    rf"\b(?:https?://|www\.)[^\s<>\"']+|(?<![\w@.-])(?:[\w-]+\.)+(?:{_TOP_LEVELS})\b(?:/[^\s<>\"']*)?(?!@)",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?:\b(?:meine|mein|my|unter|erreichbar|per|at|on|via)\s+)*"
    r"(?:\b(?:e-?mail(?:-?\s?adresse| address)?|mail(?:adresse)?|telefon(?:nummer)?|tel|handy(?:nummer)?|"
    r"phone(?: number)?|"
    r"mobile|iban|kontonummer|link|url|seite)\b\.?)\s*(?:ist|lautet|is|:|=)?\s*$",
    re.IGNORECASE,
)


def find_urls(text: str) -> Iterator[Identifier]:
    """Addresses of web pages, with or without their scheme."""
    for match in _URL.finditer(text):
        value = match[0].rstrip(".,;:!?)")
        yield _told(text, Identifier(URL, match.start(), match.start() + len(value), value))


def find_emails(text: str) -> Iterator[Identifier]:
    """E-mail addresses, in lower case."""
    for match in _EMAIL.finditer(text):
        yield _told(text, Identifier(EMAIL, match.start(1), match.end(1), match[1].lower()))


def find_ibans(text: str) -> Iterator[Identifier]:
    """Account numbers whose check digits are right, whatever words follow."""
    for match in _IBAN.finditer(text):
        ends = range(match.end(), match.start() + MIN_IBAN_LENGTH - 1, -1)
        for end in ends:
            value = re.sub(r"\s", "", text[match.start() : end]).upper()
            if iban.is_valid(value):
                yield _told(text, Identifier(IBAN, match.start(), end, value))
                break


def find_cards(text: str) -> Iterator[Identifier]:
    """Numbers of payment cards, by their length and check digit."""
    for match in _CARD.finditer(text):
        value = re.sub(r"\D", "", match[0])
        if value[0] in "3456" and luhn.is_valid(value):
            yield Identifier(CARD_NUMBER, match.start(), match.end(), value)


def find_phones(text: str) -> Iterator[Identifier]:
    """Phone numbers that begin with 0 or a country's code."""
    for match in _PHONE.finditer(text):
        value = re.sub(r"[^\d+]", "", match[0].replace("(0)", ""))
        if 7 <= len(value) <= 16:
            yield _told(text, Identifier(PHONE, match.start(), match.end(), value))


def _told(text: str, found: Identifier) -> Identifier:
    """With "meine E-Mail-Adresse ist" before it."""
    cue = _CUE.search(text[: found.start])
    outset = cue.start() if cue else found.start
    return Identifier(found.kind, found.start, found.end, found.value, outset, found.end)
