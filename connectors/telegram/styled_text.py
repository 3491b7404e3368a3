"""Text with marks on stretches of it, and how it is cut into parts that Telegram takes.

Positions are those of Python's strings; only what leaves for Telegram is counted in UTF-16 units.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import regex  # type: ignore[import-untyped]

MAX_PART_LENGTH = 4096
"""UTF-16 units of one message (https://core.telegram.org/bots/api#sendmessage)."""
MAX_MARKS = 100
"""Entities of one message; Telegram passes over what is beyond."""

_GRAPHEME = regex.compile(r"\X")
_SEAMS = (
    regex.compile(r"\n\n+"),
    regex.compile(r"\n"),
    regex.compile(r"[.!?…。！？؟][\"'»“”)\]]*\s+"),
    regex.compile(r"\s+"),
)
_MIN_FILLED = 0.5  # a seam earlier than this would make needlessly many parts


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMark:
    """From `start` to before `end` the text is of `kind`, an entity type of Telegram's."""

    start: int
    end: int
    kind: str
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StyledText:
    """Text and its marks, in the order of their beginnings, the outer before the inner."""

    text: str = ""
    marks: tuple[TextMark, ...] = ()

    def __add__(self, other: "StyledText") -> "StyledText":
        by = len(self.text)
        moved = (replace(mark, start=mark.start + by, end=mark.end + by) for mark in other.marks)
        return StyledText(text=self.text + other.text, marks=(*self.marks, *moved))

    def cut(self, start: int, end: int) -> "StyledText":
        """The stretch from `start` to before `end`, without white space around it; marks are cut with it."""
        stretch = self.text[start:end]
        start += len(stretch) - len(stretch.lstrip())
        end = max(start, end - (len(stretch) - len(stretch.rstrip())))
        return StyledText(text=self.text[start:end], marks=tuple(_within(self.marks, start, end)))


def _within(marks: Iterable[TextMark], start: int, end: int) -> Iterable[TextMark]:
    for mark in marks:
        first, last = max(mark.start, start) - start, min(mark.end, end) - start
        if first < last:
            yield replace(mark, start=first, end=last)


def units(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def split(styled: StyledText, longest: int = MAX_PART_LENGTH) -> list[StyledText]:
    """`styled` in parts of at most `longest` UTF-16 units: the same parts every time for the same text.

    Cuts stand after a paragraph, a line, a sentence or a word, in this order of preference, and never inside of what
    a reader sees as one character, unless that alone is longer than a part.
    """
    parts = []
    start = 0
    while start < len(styled.text):
        end = _end_of_part(styled, start, longest)
        part = styled.cut(start, end)
        if part.text:
            parts.append(part)
        start = end
    return parts


def _end_of_part(styled: StyledText, start: int, longest: int) -> int:
    furthest = _furthest(styled.text, start, longest)
    within = sorted(mark.start for mark in styled.marks if mark.end > start and mark.start < furthest)
    if len(within) > MAX_MARKS and within[MAX_MARKS] > start:
        furthest = within[MAX_MARKS]
    elif furthest == len(styled.text):
        return furthest
    window = styled.text[start : furthest + 1]
    ends = _grapheme_ends(window, furthest - start)
    return start + _best_end(window, ends, furthest - start)


def _furthest(text: str, start: int, longest: int) -> int:
    room = longest
    for position in range(start, min(len(text), start + longest)):
        room -= 2 if ord(text[position]) > 0xFFFF else 1
        if room < 0:
            return position
    return min(len(text), start + longest)


def _grapheme_ends(window: str, most: int) -> set[int]:
    """Where a cut may stand: `window` holds one sign more than fits, to see whether the last belongs to it."""
    return {found.end() for found in _GRAPHEME.finditer(window) if found.end() <= most} or {most}


def _best_end(window: str, ends: set[int], most: int) -> int:
    for seam in _SEAMS:
        fitting = [found.end() for found in seam.finditer(window) if found.end() in ends]
        if fitting and fitting[-1] >= most * _MIN_FILLED:
            return int(fitting[-1])
    return max(ends)


def offsets(styled: StyledText) -> Sequence[tuple[TextMark, int, int]]:
    """Each mark with its offset and length in UTF-16 units."""
    return [
        (mark, units(styled.text[: mark.start]), units(styled.text[mark.start : mark.end])) for mark in styled.marks
    ]
