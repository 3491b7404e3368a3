"""What rows carry beside their words, as typed values; each is stored as JSON in the shape that its docstring names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


class ContactMove(NamedTuple):
    """A contact that came to another person, and which person it was of before. Stored as `[contact, before]`."""

    contact: str
    before: str | None


def read_moves(stored: list[Any]) -> tuple[ContactMove, ...]:
    """The contacts that a merge moved."""
    return tuple(ContactMove(str(contact), before and str(before)) for contact, before in stored)


#: What the web site says of a customer beside name and addresses, by its own words: `{"plan": "pro", "seats": 12}`.
type CustomerAttributes = dict[str, str | int | float | bool]


def read_attributes(stored: Mapping[str, Any]) -> CustomerAttributes:
    """Attributes, stored as a JSON object; they were checked when they came."""
    return dict(stored)


#: The open times of each weekday as they were entered: `{"mon": (("09:00", "17:00"),), …}`.
type WeekTimes = dict[str, tuple[tuple[str, str], ...]]


def read_week(stored: Mapping[str, Any]) -> WeekTimes:
    """The week of a team, stored as `{"mon": [["09:00", "17:00"]], …}`."""
    return {day: tuple((str(start), str(end)) for start, end in spans) for day, spans in stored.items()}


def write_week(week: WeekTimes) -> dict[str, list[list[str]]]:
    """What `read_week` reads."""
    return {day: [list(span) for span in spans] for day, spans in week.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class RewordingSwitches:
    """What a language model may reword, and whether it may be in our own network."""

    summaries: bool = False
    answers: bool = False
    own_network: bool = False

    def as_json(self) -> dict[str, bool]:
        """The form that is stored."""
        return {"summaries": self.summaries, "answers": self.answers, "own_network": self.own_network}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` made; what is missing is off."""
        return cls(
            summaries=bool(stored.get("summaries")),
            answers=bool(stored.get("answers")),
            own_network=bool(stored.get("own_network")),
        )
