"""How likely a line tells of harm: a logistic regression on its concepts and its meaning, for each kind of harm.

`benchmarks/train_harm.py` learns the weights from our own examples. In other languages the meaning alone decides.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from operator import mul
from typing import Any

from helpdesk.handoff.harm.concepts import sentences_in, signs_of

INJURY, BEREAVEMENT = "injury", "bereavement"
"""Names of the kinds, which are names of sensitive topics."""
MAX_LETTERS = 4000  # of a line that are read
MAX_QUOTE_LETTERS = 200
NEAR = 0.6
"""Cosine to the middle of all lines from which a vector counts as the model's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmFinding:
    """A kind of harm and the sentences that tell of it, an exact part of the line if it isn't cut."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmWeights:
    """What each sign and each dimension of the meaning adds to the logit; from `limit` on a line tells of this harm."""

    signs: Mapping[str, float]
    meaning: Sequence[float]
    constant: float
    limit: float

    def of_signs(self, signs: Iterable[str]) -> float:
        """The share of the signs."""
        return sum(self.signs.get(sign, 0.0) for sign in signs)

    def surplus(self, signs: Iterable[str], meaning: Sequence[float]) -> float:
        """How far the logit is beyond the limit."""
        of_meaning: float = sum(map(mul, self.meaning, meaning)) if meaning else 0.0
        return self.constant + self.of_signs(signs) + of_meaning - self.limit


def find_harm(text: str, meaning: Sequence[float] | None = None) -> HarmFinding | None:
    """The kind of harm that a line of the contact tells of, or none.

    `meaning` is the unit vector of the line; without it only words decide. Of a long story, two sentences in a row are
    enough.
    """
    windows = _windows(sentences_in(text[:MAX_LETTERS]))
    if not windows:
        return None
    known = meaning if meaning and _can_read(meaning) else ()
    best = max(
        (weights.surplus(signs_of_window(window), known), kind, window)
        for kind, (words, both) in harm_weights().items()
        for weights in [both if known else words]
        for window in windows
    )
    surplus, kind, window = best
    return HarmFinding(kind=kind, text=" ".join(window)[:MAX_QUOTE_LETTERS]) if surplus >= 0 else None


def _can_read(meaning: Sequence[float]) -> bool:
    """Whether a vector is of the model that the weights were learnt with."""
    centre = _stored()["centre"]
    return len(meaning) == len(centre) and sum(map(mul, centre, meaning)) >= NEAR


def signs_of_window(window: Iterable[str]) -> frozenset[str]:
    """The signs of some sentences together."""
    return frozenset[str]().union(*map(signs_of, window))


def _windows(sentences: Sequence[str]) -> list[tuple[str, ...]]:
    return list(pairwise(sentences)) if len(sentences) > 1 else [tuple(sentences)] if sentences else []


@cache
def harm_weights() -> dict[str, tuple[HarmWeights, HarmWeights]]:
    """By kind, the weights for words alone and for words and meaning."""
    kinds = _stored()["kinds"]
    return {kind: (HarmWeights(**forms["words"]), HarmWeights(**forms["both"])) for kind, forms in kinds.items()}


@cache
def _stored() -> dict[str, Any]:
    """As learnt: `kinds`, and the `centre`, the unit vector in the middle of the lines that were learnt from."""
    found: dict[str, Any] = json.loads((files(__package__) / "weights.json").read_text("utf-8"))
    return found
