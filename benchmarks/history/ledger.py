"""What customers and agents were told: the promises that the log is held against afterwards."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgedLine:
    """Somebody wrote `text`, and was told that it is line `seq` of the conversation."""

    conversation: str
    seq: int
    text: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """An agent was told that the conversation is theirs from `epoch` on."""

    conversation: str
    epoch: int
    agent: str


@dataclass(slots=True)
class Ledger:
    """Filled while the history goes on. `order` holds, for each customer, their texts in the order of writing."""

    lines: list[AcknowledgedLine] = field(default_factory=list)
    takeovers: list[Takeover] = field(default_factory=list)
    order: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    screens: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    complaints: list[str] = field(default_factory=list)

    def show(self, conversation: str, lines: Sequence[Mapping[str, Any]]) -> None:
        """Keep what a customer's screen shows at the end."""
        self.screens[conversation] = [(int(line["seq"]), str(line["author"]), str(line["text"])) for line in lines]
