"""Why a conversation goes to a person, always with the words and lines that show it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
