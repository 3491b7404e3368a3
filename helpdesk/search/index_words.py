"""The words that lines and contacts are found by, folded as the knowledge search folds them.

IBANs and cards are masked first: nobody finds a conversation by the digits of one.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from helpdesk.handoff.summary import mask_payment
from i18n import available_languages, catalog, translate
from knowledge.normalization import words

#: Characters of a line that are looked at, and of a word that is kept.
MAX_TEXT_LENGTH = 20_000
MAX_WORD_LENGTH = 64
#: Begins what is no word: digits of a number from its end, and a name's spellings with a letter left out.
NUMBER_MARK = "9r"
SPELLING_MARK = "9x"
#: Digits of a number, as an order or a telephone has them, that is found however it is grouped.
MIN_NUMBER_LENGTH, MAX_NUMBER_LENGTH = 5, 20
#: Letters of a name in which one may be mistyped.
MIN_NAME_LENGTH = 4

#: What the desk calls somebody without a name; its words mark it for the catalogs.
_GUEST = "Guest {number}"
_AREA_ZERO = re.compile(r"\(0\)")
_NUMBER = re.compile(r"(?<!\w)(?:\+|\()?\d(?:[\s/().-]{0,2}\d)+")
_NO_DIGIT = re.compile(r"\D")


def message_words(text: str) -> str:
    """What a line is found by."""
    shown = mask_payment(text[:MAX_TEXT_LENGTH])
    return " ".join([*_kept(words(shown)), *_number_words(shown)])


def contact_words(name: str | None, *others: str | None) -> str:
    """What somebody is found by: also by a name with one letter wrong, missing or too many."""
    known = [part for part in (name, *others) if part]
    numbers = (word for part in known for word in _number_words(part))  # each by itself: two are not one number
    spelt = (f"{SPELLING_MARK}{spelling}" for word in words(name or "") for spelling in spellings(word))
    return " ".join([*_kept(words(" ".join(known))), *dict.fromkeys(numbers), *dict.fromkeys(spelt)])


@cache
def guest_words() -> str:
    """What agents call somebody without a name, in the languages of their pages."""
    guests = (translate(catalog("staff", language), _GUEST) for language in available_languages("staff"))
    return " ".join(dict.fromkeys(word for guest in guests for word in words(guest.replace("{number}", ""))))


def spellings(name: str) -> list[str]:
    """A name and what is left of it without one letter: two names share one when a single letter tells them apart.

    None for a name that is too short to be mistyped and still meant.
    """
    if len(name) < MIN_NAME_LENGTH or name.isdigit():
        return []
    short = name[: MAX_WORD_LENGTH - len(SPELLING_MARK)]
    return [short, *dict.fromkeys(short[:place] + short[place + 1 :] for place in range(len(short)))]


def find_numbers(text: str) -> Iterator[str]:
    """The numbers in a text as they are written, in however many groups."""
    for found in _NUMBER.finditer(_AREA_ZERO.sub("", text)):
        if MIN_NUMBER_LENGTH <= len(_digits(found[0])) <= MAX_NUMBER_LENGTH:
            yield found[0]


def number_endings(number: str) -> tuple[str, ...]:
    """The digits of a number from its end, without zeros at its front: as it is, and without a country's code.

    "+49 170 1234567" and "0170/1234567" end alike.
    """
    digits = _digits(number)
    whole = digits.lstrip("0")[::-1]
    if number.startswith("+") or digits.startswith("00"):
        return (whole, *(whole[:-code] for code in (1, 2, 3) if len(whole) > code + MIN_NUMBER_LENGTH))
    return (whole,)


def _number_words(text: str) -> Iterator[str]:
    for number in dict.fromkeys(find_numbers(text)):
        yield f"{NUMBER_MARK}{number_endings(number)[0]}"


def _kept(found: Iterable[str]) -> list[str]:
    return [word[:MAX_WORD_LENGTH] for word in found]


def _digits(number: str) -> str:
    return _NO_DIGIT.sub("", _AREA_ZERO.sub("", number))
