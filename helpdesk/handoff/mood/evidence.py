"""Which signs of a mood are evidence: a feeling is claimed, or acted on, only where the contact's own words show one.

A line may score high by its form or by what went before ("still doesn't work", the third question in a row). That makes
nobody angry.
"""

from collections.abc import Sequence
from typing import Protocol

from helpdesk.handoff.mood.moods import SignKind

FEELINGS = frozenset(
    {
        SignKind.ANGER,
        SignKind.SWEARING,
        SignKind.SARCASM,
        SignKind.COMPANY,
        SignKind.SHOUTING,
        SignKind.EMOJI,
    }
)
_NAMED = (
    *("enttäusch", "unzufrieden", "frust", "verzweifel", "traurig", "unbefriedig"),
    *("disappoint", "unhappy", "dissatisf", "displeas", "frustrat", "let down", "upset", "sad"),
)
"""Displeasure that names a feeling; "leider" and "slow" are of the same kind of sign and name none."""


class ShownSign(Protocol):
    """A sign with the line it is in."""

    @property
    def kind(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def text(self) -> str: ...


class ShownMood(Protocol):
    """A mood of the contact's line `seq`, with the signs that show it."""

    @property
    def seq(self) -> int: ...
    @property
    def shown_by(self) -> Sequence[ShownSign]: ...


def shows_feeling(mood: ShownMood) -> bool:
    """Whether words or faces of the line itself show that the contact is annoyed or sad."""
    return any(sign.seq == mood.seq and _is_evidence(sign) for sign in mood.shown_by)


def _is_evidence(sign: ShownSign) -> bool:
    is_named = sign.kind == SignKind.DISPLEASED and sign.text.lower().startswith(_NAMED)
    return sign.kind in FEELINGS or is_named
