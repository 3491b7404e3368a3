"""How a text covers a value: by name, by a group that it is part of, by "all other …", or not at all."""

from collections.abc import Iterable
from enum import IntEnum

from knowledge.values.mention import Mention, ValueKind, ValueTerm
from knowledge.values.mentions import MentionList


class Coverage(IntEnum):
    """From what says nothing of the kind to what names the very value. `OTHER_VALUE`: it names others of the kind."""

    SILENT = 0
    OTHER_VALUE = 1
    EVERYWHERE = 2
    ALL_OTHERS = 3
    INCLUDED = 4
    NAMED = 5


def coverage_of(wanted: Mention, said: MentionList) -> Coverage:
    """How `said` covers the value `wanted`."""
    best = max((_covers(wanted, mention) for mention in said.of(wanted.kind)), default=Coverage.SILENT)
    if wanted.kind in said.others:
        return max(best, Coverage.ALL_OTHERS)
    return max(best, Coverage.EVERYWHERE) if wanted.kind is ValueKind.COUNTRY and said.everywhere else best


def _covers(wanted: Mention, said: Mention) -> Coverage:
    if wanted.kind in (ValueKind.QUANTITY, ValueKind.SIZE):
        return _covers_size(wanted, said)
    if said.excluded:
        return Coverage.OTHER_VALUE if _is_within(wanted.term, said.term) else Coverage.INCLUDED
    if wanted.term.key == said.term.key or (wanted.term.first and _span(wanted.term) == _span(said.term)):
        return Coverage.NAMED
    if _is_within(wanted.term, said.term) or _is_within(said.term, wanted.term):
        return Coverage.INCLUDED
    return Coverage.OTHER_VALUE


def _is_within(part: ValueTerm, whole: ValueTerm) -> bool:
    if part.key == whole.key or whole.key in part.groups:
        return True
    return bool(part.first and whole.first) and set(_days(part)) <= set(_days(whole))


def _span(term: ValueTerm) -> tuple[int, int]:
    return term.first, term.last


def _days(term: ValueTerm) -> Iterable[int]:
    """Its days of the year, as 100 × month + day; every month has 31 here."""
    if term.first <= term.last:
        return range(term.first, term.last + 1)
    return (*range(term.first, 1232), *range(101, term.last + 1))


def _covers_size(wanted: Mention, said: Mention) -> Coverage:
    """A rule about the same dimension decides on a value beyond its bounds, too, and so includes it."""
    if wanted.term.key != said.term.key:
        return Coverage.SILENT
    if wanted.size == said.size:
        return Coverage.NAMED
    within = (said.least is None or wanted.size >= said.least) and (said.upmost is None or wanted.size <= said.upmost)
    has_bounds = said.least is not None or said.upmost is not None
    return Coverage.INCLUDED if has_bounds and within else Coverage.OTHER_VALUE
