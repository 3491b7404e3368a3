"""Check digits: what tells an IBAN or a card from any other long number, whatever stands around it."""

import re
from collections.abc import Iterator

MAX_IBAN_LENGTH = 34
MIN_IBAN_LENGTH = 15
MIN_CARD_LENGTH, MAX_CARD_LENGTH = 13, 19


_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]*(?:[ -][A-Za-z0-9]+){0,10}")
_DIGIT_GROUPS = re.compile(r"(?<![A-Za-z0-9])[0-9]+(?:[ -][0-9]+)*(?![A-Za-z0-9])")
_GROUP = re.compile(r"[A-Za-z0-9]+")

Span = tuple[int, int]


def find_ibans(text: str) -> Iterator[Span]:
    """Where IBANs stand, in groups of any size."""
    for found in _IBAN_START.finditer(text):
        ends = (group.end() for group in _GROUP.finditer(text, found.start(), found.end()))
        end = next((end for end in ends if is_iban(text[found.start() : end])), None)
        if end is not None:
            yield found.start(), end


def find_cards(text: str) -> Iterator[Span]:
    """Where numbers of cards stand, also between other numbers."""
    for found in _DIGIT_GROUPS.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *found.span())]
        place = 0
        while place < len(groups):
            start = groups[place][0]
            end = next((end for _, end in groups[place : place + MAX_CARD_LENGTH] if is_card(text[start:end])), None)
            if end is not None:
                yield start, end
            place += 1 if end is None else sum(start <= left < end for left, _ in groups)


def is_iban(text: str) -> bool:
    """Whether the check digits are right (ISO 13616: the number, its first four characters put last, is 1 mod 97)."""
    plain = re.sub(r"[\s-]", "", text).upper()
    if not (plain.isascii() and plain.isalnum() and MIN_IBAN_LENGTH <= len(plain) <= MAX_IBAN_LENGTH):
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """Whether 13–19 digits pass Luhn's check (ISO/IEC 7812-1, annex B)."""
    digits = [int(character) for character in text if character.isascii() and character.isdigit()]
    if not MIN_CARD_LENGTH <= len(digits) <= MAX_CARD_LENGTH:
        return False
    doubled = (2 * digit for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(each - 9 * (each > 9) for each in doubled)) % 10 == 0
