"""All that is recognised in a text by its form."""

from collections.abc import Callable, Iterator

from identifiers.contact_data import find_cards, find_emails, find_ibans, find_phones, find_urls
from identifiers.dates import find_amounts, find_dates
from identifiers.identifier import Identifier
from identifiers.names import find_names
from identifiers.numbers import find_bare_numbers, find_formed_numbers, find_named_numbers, find_tracking_numbers

MAX_CHARACTERS = 4_000
"""Of a text that is looked at."""

_FINDERS: "tuple[Callable[[str], Iterator[Identifier]], ...]" = (
    find_emails,
    find_urls,
    find_ibans,
    find_dates,
    find_cards,
    find_named_numbers,
    find_tracking_numbers,
    find_formed_numbers,
    find_phones,
    find_amounts,
    find_bare_numbers,
    find_names,
)
"""Those first whose finds are hard to mistake."""


def find_identifiers(text: str) -> "list[Identifier]":
    """Everything recognised in `text`, in order; where two overlap, the one that is harder to mistake stays."""
    found: list[Identifier] = []
    for finder in _FINDERS:
        for each in finder(text[:MAX_CHARACTERS]):
            if not any(each.overlaps(other) for other in found):
                found.append(each)
    return sorted(found, key=lambda each: each.start)
