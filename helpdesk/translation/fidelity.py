"""What a translation has lost or changed that isn't words: numbers, links, names. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum

_NUMBER = re.compile(r"\d+(?:[.,:' \u202f]\d+)*")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"“”]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_NOON = 12


class Loss(StrEnum):
    """What differs."""

    NUMBER = "number"
    LINK = "link"
    NAME = "name"


def find_losses(text: str, translation: str, names: Iterable[str] = ()) -> tuple[tuple[Loss, str], ...]:
    """(what, how the text has it) of what the translation doesn't have as the text has it, and of numbers it adds."""
    found = [(Loss.LINK, link) for link in _links(text) if link not in _links(translation)]
    bare, bare_translation = _LINK.sub(" ", text), _LINK.sub(" ", translation)
    ours, theirs = _numbers(bare), _numbers(bare_translation)
    found += [(Loss.NUMBER, written) for number, written in ours.items() if not _is_in(number, theirs)]
    found += [(Loss.NUMBER, written) for number, written in theirs.items() if not _is_in(number, ours)]
    for name in names:
        found += [
            (Loss.NAME, part)
            for part in name.split()
            if len(part) > 2 and _has_word(part, text) and not _has_word(part, translation)
        ]
    return tuple(dict.fromkeys(found))


def _links(text: str) -> list[str]:
    return [found.rstrip(".,;:!?") for found in _LINK.findall(text)]


def _numbers(text: str) -> dict[str, str]:
    """Their digits alone, since 1,5 and 1.5 are one number in two languages, and how they are written."""
    return {re.sub(r"\D", "", found): found for found in _NUMBER.findall(text)}


def _is_in(number: str, others: Iterable[str]) -> bool:
    """Three in the afternoon is 3 pm and 15 Uhr; 15:00 is 15 Uhr."""
    alike = {number, number.removesuffix("00"), number + "00"}
    if number.isdigit() and len(number) <= 2:
        alike |= {str(int(number) + _NOON), str(int(number) - _NOON)}
    return any(other in alike or other.removesuffix("00") in alike for other in others)


def _has_word(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
