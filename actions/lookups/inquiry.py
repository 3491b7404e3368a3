"""What one question to a service has come to so far, and what the conversation keeps of those that are over.

Both are slots of Rasa's: they outlive the tracker's window, and they are forgotten with the conversation.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from actions.lookups.lookup import Wording

INQUIRY_SLOT = "lookup_inquiry"
KEPT_SLOT = "lookup_kept"
ENDING_SLOT = "lookup_value"
"""The one slot that the form requires: how it ended. Which fields are asked for is known only at run time."""

MAX_TRIES = 3
TRIES_LAST = 24 * 3600.0
"""Seconds after which tries are forgotten: on some channels a conversation never ends."""
STALE_AFTER = 2 * 3600.0
"""Seconds of silence after which a question of ours is no longer what the customer answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupInquiry:
    """One question to a service. `question` is what the customer wrote first, `at` when they wrote last (Unix time).

    `note` is what the next question has to say beside itself: a value of a wrong form, a correction, what does not fit.
    `is_offer`: an article has answered in general, and nothing was given yet: whoever goes on to something else is not
    asked again. `wrong` counts the answers in a row in which no value was found. `result` are the fields of the answer.
    """

    lookup: str
    question: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    is_offer: bool = False
    wrong: int = 0
    at: float = 0.0
    result: Mapping[str, Wording] = field(default_factory=dict)

    @classmethod
    def from_slot(cls, value: Any) -> "LookupInquiry | None":
        """The inquiry in a slot, if there is one."""
        return cls(**value) if isinstance(value, dict) and value.get("lookup") else None

    def to_slot(self) -> dict[str, Any]:
        """As Rasa keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLookups:
    """What a conversation keeps of its look-ups: tries that failed, proofs that were right, fields that were told.

    `tried_at` is the time of the last failed try. `proofs` and `told` are by the look-up's name.
    """

    tries: int = 0
    tried_at: float = 0.0
    proofs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    told: Mapping[str, Mapping[str, Wording]] = field(default_factory=dict)

    @classmethod
    def from_slot(cls, value: Any) -> "KeptLookups":
        """What is in a slot."""
        return cls(**value) if isinstance(value, dict) else cls()

    def to_slot(self) -> dict[str, Any]:
        """As Rasa keeps it."""
        return asdict(self)

    def tries_at(self, at: float) -> int:
        """The failed tries that still count."""
        return self.tries if at - self.tried_at < TRIES_LAST else 0
