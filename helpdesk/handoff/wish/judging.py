"""How likely a line is a wish, by its meaning and its words: a logistic regression learnt from our own examples.

It finds what nobody wrote a pattern for. `benchmarks/train_wish.py` makes the weights.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp
from operator import mul

from helpdesk.handoff.wish.clauses import Clause, denies

BRIEF, LONG = 3, 12
"""Words up to, and from, which a line is brief or long."""
NEAR = 0.6
"""Cosine to the middle of all lines from which a vector counts as the model's own; ours have 0.8 and more."""
_PAIRS = (("SOMEONE", "?"), ("PERSON", "?"), ("PERSON", "<brief>"), ("BOT", "NOT"), ("BOT", "WITHOUT"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """`adds` and `vetoes` are the probabilities from which a wish is added, and below which a pattern's is dropped.

    `centre` is the unit vector in the middle of the lines that were learnt from.
    """

    constant: float
    signs: Mapping[str, float]
    meaning: Sequence[float]
    centre: Sequence[float]
    adds: float
    vetoes: float

    def can_read(self, meaning: Sequence[float]) -> bool:
        """Whether a unit vector is of the model that was learnt from: all of its lines lie around one direction."""
        return len(meaning) == len(self.centre) and sum(map(mul, self.centre, meaning)) >= NEAR

    def probability(self, signs: Iterable[str], meaning: Sequence[float]) -> float:
        """0 to 1, of a line with these signs and this meaning (a unit vector of 384 numbers)."""
        score = self.constant + self.sum_of(signs) + sum(map(mul, self.meaning, meaning))
        return 1 / (1 + exp(-max(-30.0, min(30.0, score))))

    def sum_of(self, signs: Iterable[str]) -> float:
        """What signs weigh together; one that was not learnt weighs nothing."""
        return sum(self.signs.get(sign, 0.0) for sign in signs)


def signs_of(text: str, clauses: Sequence[Clause]) -> frozenset[str]:
    """What the judge sees of a line besides its meaning: words, neighbours, and some that count together."""
    signs = {sign for clause in clauses for sign in words_of(clause)}
    count = sum(len(clause.tokens) for clause in clauses)
    signs |= {"?"} if "?" in text else set()
    signs |= {"<denied>"} if any(map(denies, clauses)) else set()
    signs |= {"<brief>"} if count <= BRIEF else {"<long>"} if count >= LONG else set()
    return frozenset(signs | {f"{one} * {other}" for one, other in _PAIRS if {one, other} <= signs})


def words_of(clause: Clause) -> frozenset[str]:
    """The classes of a clause's words, and each two in a row; "^" is its beginning, "$" its end."""
    names = clause.names.split()
    return frozenset([*names, *(f"{one} {next_one}" for one, next_one in pairwise(["^", *names, "$"]))])


@cache
def weights() -> Weights:
    """As learnt."""
    return Weights(**json.loads((files(__package__) / "weights.json").read_text("utf-8")))
