"""The messages of tests/data/dialogues, with what may come of each. That folder's README has the vocabulary."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "tests" / "data" / "dialogues"
LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedOutcome:
    """One outcome that is right. Only an `answer` has `topics`, and then all of them are wanted."""

    outcome: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverRule:
    """What would be absurd or rude; `topic` narrows an `answer` down."""

    rule: str
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMessage:
    """One message: what is said and what may come of it. `before` is "open", "queued" or "after-hours"."""

    conversation: str
    language: str
    kind: str
    say: str
    words: str
    expects: tuple[WantedOutcome, ...]
    never: tuple[NeverRule, ...]
    before: str
    quick: bool
    edit: bool
    held: bool

    @property
    def outcomes(self) -> frozenset[str]:
        """The outcomes that are right, without their topics."""
        return frozenset(wanted.outcome for wanted in self.expects)

    @property
    def answers(self) -> tuple[WantedOutcome, ...]:
        """The outcomes that are answers."""
        return tuple(wanted for wanted in self.expects if wanted.outcome == "answer")


def load_conversations(folder: Path = FOLDER) -> list[tuple[CustomerMessage, ...]]:
    """Every conversation of a folder, its messages in the order in which they are sent."""
    rows = [json.loads(line) for language in LANGUAGES for line in _lines(folder / f"dialogues_{language}.jsonl")]
    messages = [_message(row) for row in rows]
    return [tuple(group) for _, group in groupby(messages, key=lambda message: message.conversation)]


def _lines(file: Path) -> Sequence[str]:
    return file.read_text("utf-8").splitlines()


def _message(row: Mapping[str, Any]) -> CustomerMessage:
    state = row["state"]
    return CustomerMessage(
        conversation=row["conversation"],
        language=row["language"],
        kind=row["kind"],
        say=row["say"],
        words=row["words"],
        expects=tuple(
            WantedOutcome(outcome=each["outcome"], topics=tuple(each.get("topics", ()))) for each in row["expects"]
        ),
        never=tuple(NeverRule(rule=each["rule"], topic=each.get("topic")) for each in row["never"]),
        before=state["before"],
        quick=state.get("quick", False),
        edit=state.get("edit", False),
        held=row["held"],
    )


@cache
def articles_by_topic() -> Mapping[str, frozenset[str]]:
    """Which articles of the sample shop speak of a topic; none: the shop has no answer to it."""
    topics = json.loads((FOLDER / "topics.json").read_text("utf-8"))
    return {topic: frozenset(keys) for topic, keys in topics.items()}
