"""What a summary is made from beside the log: mood, promises, the contact's correction, articles that fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.handoff.mood.evidence import ShownSign


class MoodOfLine(Protocol):
    """How annoyed and how abusive a line of the contact is, each 0–1, and what shows it."""

    @property
    def seq(self) -> int: ...
    @property
    def frustration(self) -> float: ...
    @property
    def abuse(self) -> float: ...
    @property
    def shown_by(self) -> Sequence[ShownSign]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredPromise:
    """A promise from the register: `by` is an agent's name, or "bot" for Staffel itself; `seq` is its line, 0: none."""

    by: str
    text: str
    due: datetime | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What the contact put in place of the request as we had understood it, with its line."""

    text: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedArticle:
    """An article that fits the request: its question in the reader's language, and how surely it fits (0–1)."""

    article: str
    title: str
    confidence: float = 0.0
