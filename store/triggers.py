"""Why a conversation goes to a person, always with the words and lines that show it. Pure: rules and tables use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class TriggerKind(StrEnum):
    """The reasons for a handoff."""

    ASKED = "asked"
    FRUSTRATION = "frustration"
    REPETITION = "repetition"
    NOT_FOUND = "not_found"
    NOT_HELPFUL = "not_helpful"
    LOW_CONFIDENCE = "low_confidence"
    COMPLEXITY = "complexity"
    SENSITIVE = "sensitive"
    ABUSE = "abuse"
    IMPORTANT = "important"
    RULE = "rule"
    COMPLAINT = "complaint"
    BOT_UNAVAILABLE = "bot_unavailable"
    AGENT_TOOK = "agent_took"
    LATE = "late"
    MAIL = "mail"
    RATED_BAD = "rated_bad"
    FOLLOW_UP = "follow_up"
    LIMBO = "limbo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One reason: `turns` are the `seq`s of the lines it rests on, `text` the words that show it."""

    kind: TriggerKind
    turns: tuple[int, ...]
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out (docs: formats)."""
        return {"kind": str(self.kind), "turns": list(self.turns), "text": self.text}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made. Raises `KeyError` and `ValueError` for anything else."""
        turns = tuple(map(int, stored["turns"]))
        return cls(kind=TriggerKind(stored["kind"]), turns=turns, text=str(stored.get("text", "")))


def write_triggers(triggers: Iterable[Trigger]) -> list[dict[str, Any]]:
    """Triggers as they are stored."""
    return [trigger.as_json() for trigger in triggers]


def read_triggers(stored: Iterable[Mapping[str, Any]]) -> tuple[Trigger, ...]:
    """What `write_triggers` made; a reason that only a newer version knows is left out."""
    return tuple(Trigger.from_json(each) for each in stored if each["kind"] in TriggerKind)
