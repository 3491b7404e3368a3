"""How likely a line is a wish: a logistic regression on its words and, where there is one, its meaning.

`benchmarks/train_wish.py` learns the weights from our own examples.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from operator import mul

from helpdesk.handoff.wish.clauses import LineClause

BRIEF, LONG = 3, 12
"""Words up to, and from, which a line is brief or long."""
REACH = 5
"""Words from one to another that may still belong to it."""
MIN_SHARE = 0.3
"""Logit that a word must add on average to be quoted as evidence."""
NEAR = 0.6
"""Cosine to the middle of all lines from which a vector counts as the model's own; ours have 0.8 and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWeights:
    """What each sign adds to the logit; one that was not learnt adds nothing. From `limit` on a line is a wish."""

    signs: Mapping[str, float]
    constant: float
    limit: float

    def logit(self, signs: Iterable[str]) -> float:
        """How likely a line with these signs is a wish, as log odds."""
        return self.constant + sum(self.signs.get(sign, 0.0) for sign in signs)

    def evidence(self, clause: LineClause) -> tuple[float, int, int]:
        """The run of words that weighs most: its weight beyond the least, its first word, the one after its last."""
        shares = [-MIN_SHARE] * len(clause.tokens)
        for sign, places in placed_signs(clause):
            for place in places:
                shares[place] += self.signs.get(sign, 0.0) / len(places)
        sums = [0.0, *accumulate(shares)]
        return max((sums[end] - sums[first], first, end) for end in range(1, len(sums)) for first in range(end))


@dataclass(frozen=True, slots=True, kw_only=True)
class WishClassifier:
    """Two regressions on the same signs: `words` where a line has no meaning, `both` where it has one.

    `centre` is the unit vector in the middle of the lines that were learnt from.
    """

    words: SignWeights
    both: SignWeights
    meaning: Sequence[float]
    centre: Sequence[float]

    def is_wish(self, clauses: Sequence[LineClause], meaning: Sequence[float] | None = None) -> bool:
        """Whether a line with these clauses is likely enough; a meaning of another model is passed over."""
        signs = signs_of(clauses)
        if not meaning or not self._can_read(meaning):
            return self.words.logit(signs) >= self.words.limit
        logit: float = self.both.logit(signs) + sum(map(mul, self.meaning, meaning))
        return logit >= self.both.limit

    def _can_read(self, meaning: Sequence[float]) -> bool:
        return len(meaning) == len(self.centre) and sum(map(mul, self.centre, meaning)) >= NEAR


def signs_of(clauses: Sequence[LineClause]) -> frozenset[str]:
    """What is seen of a line besides its meaning: the signs of its clauses, its length, and whether one says no."""
    count = sum(len(clause.tokens) for clause in clauses)
    length = {"<one>", "<brief>"} if count <= 1 else {"<brief>"} if count <= BRIEF else {"<long>"}
    denied = {"<denied>"} if any(clause.is_denial for clause in clauses) else set()
    signs = {sign for clause in clauses for sign, _ in placed_signs(clause)}
    return frozenset(signs | denied | (length if count <= BRIEF or count >= LONG else set()))


def placed_signs(clause: LineClause) -> Iterator[tuple[str, Sequence[int]]]:
    """Classes of words, known words themselves, two and three in a row, two near each other, and the patterns' signs.

    Each is told with its places. "^" is the beginning of the clause, its ending its end.
    """
    last = len(clause.tokens)
    row = ["^", *clause.names, clause.ending]
    for name, first, end in clause.pattern_signs:
        yield f"<{name}>", range(first, end)
        yield f"<{name}>{clause.ending}", range(first, end)
    for place, name in enumerate(row):
        if 0 < place <= last:
            yield name, (place - 1,)
            if name != (word := clause.tokens[place - 1].word):
                yield f"={word}", (place - 1,)
        for size in (2, 3):
            if place + size <= len(row):
                yield " ".join(row[place : place + size]), _within(range(place, place + size), last)
        for other in range(place + 2, min(len(row), place + REACH + 1)):
            if _is_class(name) and _is_class(row[other]):
                yield f"{name}~{row[other]}", _within((place, other), last)


_MARKS = "^$,?!"


def _is_class(name: str) -> bool:
    return name.isupper() or name in _MARKS


def _within(places: Iterable[int], last: int) -> tuple[int, ...]:
    """Places of words, counted from 0, without the ends of the clause."""
    return tuple(place - 1 for place in places if 0 < place <= last)


@cache
def classifier() -> WishClassifier:
    """As learnt; `signs` holds for each sign the tenths of a logit that it adds to `words` and to `both`."""
    stored = json.loads((files(__package__) / "weights.json").read_text("utf-8"))
    words, both = (
        SignWeights(
            signs={sign: tenths[n] / 10 for sign, tenths in stored["signs"].items()},
            constant=stored["constants"][n],
            limit=stored["limits"][n],
        )
        for n in range(2)
    )
    return WishClassifier(words=words, both=both, meaning=stored["meaning"], centre=stored["centre"])
