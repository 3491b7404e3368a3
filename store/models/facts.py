"""What rows carry beside their words, as typed values; each is stored as JSON in the shape that its docstring names."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from connectors.contract import Choice


class QuestionCandidate(NamedTuple):
    """An article that the search found for a question, its confidence from 0 to 1. Stored as `[key, confidence]`."""

    article: str
    confidence: float

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        """What was stored."""
        article, confidence = stored
        return cls(str(article), float(confidence))


def read_candidates(stored: list[Any]) -> tuple[QuestionCandidate, ...]:
    """The candidates of a question, best first."""
    return tuple(map(QuestionCandidate.from_json, stored))


def read_choices(stored: list[Any]) -> tuple[Choice, ...]:
    """The buttons of a message, stored as `{"title", "payload"}` each."""
    return tuple(Choice(title=str(each["title"]), payload=str(each["payload"])) for each in stored)


def write_choices(choices: Sequence[Choice]) -> list[dict[str, str]]:
    """What `read_choices` reads."""
    return [{"title": choice.title, "payload": choice.payload} for choice in choices]
