"""What is known beside the words, and what the rules came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from store.triggers import Trigger


class Act(StrEnum):
    """What happens with a line of the contact, the stronger the later."""

    NONE = "none"
    OFFER = "offer"
    LIMIT = "limit"
    HAND_OVER = "hand_over"


class LineMood(Protocol):
    """What the mood of a line has for the rules: how annoyed and how abusive it is, 0 to 1."""

    @property
    def seq(self) -> int: ...

    @property
    def frustration(self) -> float: ...

    @property
    def abuse(self) -> float: ...

    @property
    def shown_by(self) -> Sequence["MoodEvidence"]: ...


class MoodEvidence(Protocol):
    """Words of a line that show a mood."""

    @property
    def kind(self) -> str: ...

    @property
    def seq(self) -> int: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PastHandoff:
    """A handoff of this conversation that has ended: what it was about, who had it, when and how it ended.

    `text` are the contact's words of the request, `meaning` their unit vector, `topic` the category. `agent` is an id.
    `accepted`: a person had it.
    """

    ended_seq: int
    ended_at: datetime | None = None
    accepted: bool = True
    article: str | None = None
    topic: str | None = None
    text: str = ""
    meaning: Sequence[float] | None = None
    agent: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the rules know beside the lines.

    Only lines after `since_seq` count, which is where the bot got the conversation back. `earlier` are the ended
    handoffs, oldest first. `topic` is the category of the article that answers the last line. `important`: the contact
    is marked so. `bot_failed`: the bot gave no answer to the last line. Limits were set after the contact's line
    `limited_seq`, a person was offered after `offered_seq`.
    """

    since_seq: int = -1
    earlier: tuple[PastHandoff, ...] = ()
    topic: str | None = None
    important: bool = False
    bot_failed: bool = False
    limited_seq: int | None = None
    offered_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with the contact's last line, why, and what the agent is told about it.

    `first` is the key of a sentence that comes before all else. `prefer` is the agent who had the same matter before,
    `round` how many handoffs there are on it with this one, 0 where that was not looked at. `signals` are the figures
    behind it, for storing.
    """

    act: Act = Act.NONE
    triggers: tuple[Trigger, ...] = ()
    round: int = 1
    prefer: str | None = None
    first: str | None = None
    signals: Mapping[str, Any] = field(default_factory=dict)
