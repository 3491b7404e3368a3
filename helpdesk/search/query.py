"""What somebody looks for: words that all have to be there, phrases in quotation marks, numbers in any form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.search.index_words import (
    MAX_WORD_LENGTH,
    NUMBER_MARK,
    SPELLING_MARK,
    find_numbers,
    number_endings,
    spellings,
)
from knowledge.normalization import words

MAX_QUERY_LENGTH = 200
MAX_TERMS = 8
#: Letters from which on a word stands for all that begin with it.
MIN_PREFIX_LENGTH = 3
#: Digits by which a number is found from its end.
MIN_ENDING_LENGTH = 4

_PIECE = re.compile(r'["„“”»«]([^"„“”»«]+)["„“”»«]?|(\S+)')
_GROUPED = re.compile(r"(?<!\w)\+?\(?\d[\d\s/().-]*\d(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words that stand one after another; of the last one, `is_prefix`, only the beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that is looked for: it is there in any of its wordings. `shown` are those that a line can show."""

    wordings: tuple[Wording, ...]
    shown: tuple[Wording, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for, all of it; nothing is looked for where there are no terms."""

    terms: tuple[Term, ...] = ()


def read_query(text: str) -> Query:
    """Read what was typed. Only its first `MAX_TERMS` words and phrases count."""
    terms = list(_terms(text[:MAX_QUERY_LENGTH]))
    return Query(terms=tuple(terms[:MAX_TERMS]))


def _terms(text: str) -> Iterator[Term]:
    rest = text
    for found in _GROUPED.finditer(text):
        number = next(find_numbers(found[0]), None)
        if number is not None and not found[0].isdigit():
            rest = rest.replace(found[0], " ", 1)
            yield _number_term(found[0])
    for phrase, word in _PIECE.findall(rest):
        if phrase:
            yield from _phrase_term(phrase)
        else:
            yield from _word_term(word)


def _number_term(written: str) -> Term:
    together = Wording(words=_words(written), is_prefix=True)
    return Term(wordings=(together, *_endings(written)), shown=(together,))


def _phrase_term(phrase: str) -> Iterator[Term]:
    if found := _words(phrase):
        wording = Wording(words=found)
        yield Term(wordings=(wording,), shown=(wording,))


def _word_term(word: str) -> Iterator[Term]:
    found = _words(word)
    if not found:
        return
    wording = Wording(words=found, is_prefix=len(found[-1]) >= MIN_PREFIX_LENGTH)
    named = spellings(found[0]) if len(found) == 1 else []
    misspelt = tuple(Wording(words=(f"{SPELLING_MARK}{spelling}",)) for spelling in named)
    endings = _endings(word) if word.isascii() and word.isdigit() and len(word) >= MIN_ENDING_LENGTH else ()
    yield Term(wordings=(wording, *misspelt, *endings), shown=(wording,))


def _endings(number: str) -> tuple[Wording, ...]:
    whole, *without_code = number_endings(number)
    return (
        Wording(words=(f"{NUMBER_MARK}{whole}",), is_prefix=True),
        *(Wording(words=(f"{NUMBER_MARK}{ending}",)) for ending in without_code),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word[:MAX_WORD_LENGTH] for word in words(text))
