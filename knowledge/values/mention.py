"""A value as a text names it, and the words of a text that names may be found in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.normalization import fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class ValueKind(StrEnum):
    """What a value is one of."""

    COUNTRY = "country"
    LANGUAGE = "language"
    PAYMENT = "payment"
    CARRIER = "carrier"
    PLATFORM = "platform"
    FILE_FORMAT = "file_format"
    WEEKDAY = "weekday"
    DATE = "date"
    SIZE = "size"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTerm:
    """What a name stands for: a value, or a group of values, by its `key`. `groups` are the keys of what it is part of.

    `first` and `last` are the days of the year (100 × month + day) that a date or a holiday takes; 0 for other kinds.
    """

    kind: ValueKind
    key: str
    groups: frozenset[str] = frozenset()
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A value that a text names. `text` is how it names it; `excluded`: it speaks of what is outside of it;
    `excepted`: it is left out of what is said ("every day except Sunday").

    A quantity has a `size` in the base unit of its dimension, which is its term's key, and bounds as far as the text
    gives them: "up to 20 kg" has an `upmost`, "from 16 years" a `least`.
    """

    term: ValueTerm
    text: str
    start: int
    end: int
    excluded: bool = False
    excepted: bool = False
    size: float = 0.0
    least: float | None = None
    upmost: float | None = None

    @property
    def kind(self) -> ValueKind:
        """What it is one of."""
        return self.term.kind


@dataclass(frozen=True, slots=True)
class WrittenWord:
    """A word of a text, its spelling for comparison, and where it stands."""

    text: str
    spelt: str
    start: int
    end: int


type NameTable = Mapping[str, tuple[ValueTerm, ...]]
"""Names in the spelling for comparison, their words joined by spaces, and what they stand for."""


def written_words(text: str) -> list[WrittenWord]:
    """The words of a text, in order."""
    return [WrittenWord(found.group(), fold(found.group()), *found.span()) for found in _WORD.finditer(text)]


def name_key(name: str) -> str:
    """A name as a table holds it."""
    return " ".join(word.spelt for word in written_words(name))
