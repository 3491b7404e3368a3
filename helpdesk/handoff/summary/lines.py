"""The form of a summary: labelled lines, each with the messages it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from helpdesk.handoff.summary.phrases import SummaryPhrases

MAX_WORDS = 120
"""Of a whole summary, its labels counted."""


class Label(StrEnum):
    """What a line of the summary is about, in the order the reader needs them."""

    REQUEST = "request"
    KNOWN = "known"
    TRIED = "tried"
    OPEN = "open"
    MOOD = "mood"
    PROMISED = "promised"
    NEXT = "next"
    LANGUAGE = "language"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """`turns` are the `seq`s of the messages that `text` rests on.

    `said` are the pieces of `text` that are quoted, letter for letter; everything else in it is fixed wording in the
    reader's language or the title of an article. `outcome` is what came of what the line is about.
    """

    label: Label
    text: str
    turns: tuple[int, ...]
    outcome: str | None = None
    said: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out."""
        return {"label": str(self.label), "text": self.text, "turns": list(self.turns), "outcome": self.outcome}

    def written(self, phrases: SummaryPhrases) -> str:
        """The line with its label and what came of it, as it is read without a page around it."""
        outcome = f" ({phrases.phrase(self.outcome)})" if self.outcome else ""
        return f"{phrases.phrase(self.label)}: {self.text}{outcome}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the agent reads first. `phrases` are in the reader's language."""

    phrases: SummaryPhrases
    lines: tuple[SummaryLine, ...]

    @property
    def language(self) -> str:
        """The reader's."""
        return self.phrases.language

    @property
    def text(self) -> str:
        """The whole, a line for each line; at most `MAX_WORDS` words."""
        return "\n".join(line.written(self.phrases) for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """The form that is stored and handed out."""
        return {"language": self.language, "lines": [line.as_json() for line in self.lines]}


def count_words(lines: Sequence[SummaryLine], phrases: SummaryPhrases) -> int:
    """Words as people count them: what stands between spaces."""
    return sum(len(line.written(phrases).split()) for line in lines)
