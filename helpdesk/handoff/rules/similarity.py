"""Whether two requests are the same: by their meaning where it is known, else by their words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from math import sumprod

from helpdesk.handoff.dialogue import DialogueLine

SAME_BY_WORDS = 0.75
"""Share of the shorter request's words that the other one has, from which on they are the same."""
SAME_BY_MEANING = 0.95
MIN_SHARED = 0.6
NEAR_BY_WORDS = 0.5
NEAR_MEANING = 0.86
_MIN_WORDS = 2
_WORD = re.compile(r"[^\W_]{2,}")
_SAY_NOTHING = """
aber als am an auch auf aus bei bin bis bitte da das dass dem den denn der des die dies doch du ein eine einem einen
einer er es für habe haben hat hallo hi ich ihr ihre im in ist ja jetzt kann kein können mal man mein meine meinem
meinen meiner mich mir mit möchte nach nicht noch nochmal nun nur oder schon sehr sein sich sie sind so über um und
uns von vom vor war warum was weil wenn wer wie wieder will wir wird wo zu zum zur immer endlich a about again all
already am an and any are as at be been but by can could did do does don for from get got had has have hello hey how
i if in is it its just me my no not now of on or our please so still such than that the their them then there they
this time to too up us was we were what when where which who why will with would you your yet
"""
_EMPTY = frozenset(_SAY_NOTHING.split())


def are_alike(one: DialogueLine, other: DialogueLine, similarity: float) -> bool:
    """Whether two lines ask the same. `similarity` is the cosine from which on meanings may be the same (0–1).

    Sentence embeddings put all questions of one shop close together (of our sample's, one pair of different ones in
    twenty is above 0.87), so words must agree as well, unless the meanings are as good as equal.
    """
    shared = overlap(one.text, other.text)
    if one.meaning is None or other.meaning is None:
        return shared >= SAME_BY_WORDS
    alike = cosine(one.meaning, other.meaning)
    return alike >= SAME_BY_MEANING or (alike >= similarity and shared >= MIN_SHARED)


def is_near(one: DialogueLine, other: DialogueLine) -> bool:
    """Whether a line may well be about what another is about: a rephrased request, not only the same one again."""
    if overlap(one.text, other.text) >= NEAR_BY_WORDS:
        return True
    return one.meaning is not None and other.meaning is not None and cosine(one.meaning, other.meaning) >= NEAR_MEANING


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Of two unit vectors."""
    return sumprod(one, other)


def overlap(one: str, other: str) -> float:
    """The share of the words of the shorter text that the other one has; 0 where there are too few to tell."""
    mine, theirs = words_of(one), words_of(other)
    fewer = min(len(mine), len(theirs))
    if fewer < _MIN_WORDS:
        return 1.0 if mine and mine == theirs else 0.0
    return len(mine & theirs) / fewer


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The words that carry what is asked, cut to their stems."""
    return frozenset(_stem(word) for word in _WORD.findall(text.lower()) if word not in _EMPTY)


def _stem(word: str) -> str:
    return word if len(word) < 5 else word[: max(4, len(word) - 2)]
