"""What the coach says, and of what kinds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HintKind(StrEnum):
    """What may be wrong with a draft, in the order in which it is said: what hurts most, first."""

    ARTICLE = "article"
    LANGUAGE = "language"
    BLAME = "blame"
    REFUSAL = "refusal"
    ADDRESS = "address"
    PROMISE = "promise"
    QUESTION = "question"
    LENGTH = "length"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachHint:
    """`found` are the words it rests on: the draft's, or for `QUESTION` the customer's.

    `instead`: what the article says, the form of address or the language (its code) that is expected, or the number of
    words that are enough.
    `due` is the moment that a promise names: that one is no fault, it may only be recorded.
    """

    kind: HintKind
    found: str
    instead: str = ""
    due: datetime | None = None
