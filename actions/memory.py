"""What an action needs to know of the conversation, read from Rasa's tracker once. The rest of the actions is pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from i18n import available_languages

#: Spoken where nothing is known of the customer's language yet.
DEFAULT_LANGUAGE = "de"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCandidate:
    """An article the search found: its key, its question in the customer's language, how sure the search is (0–1)."""

    key: str
    question: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQuestion:
    """One question of a message that holds several, in the customer's words, and what the search found for it."""

    text: str
    outcome: str
    candidates: tuple[ArticleCandidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BotMessage:
    """One message of the bot: its text, the article it answered with, what it asked, and why it offered a person.

    `turn` counts the customer's messages before it, so that what was said in one breath can be told.
    """

    text: str
    turn: int = 0
    article: str | None = None
    asked: str | None = None
    because: str | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationMemory:
    """The conversation as far as the bot remembers it (a bounded window), seen from the message to be answered.

    `written` is what the customer wrote in words, latest first, `text` included; a pressed button is no words.
    `outcome` is the search's: "answer", "clarify", "none", or "" when there was no search.
    `parts` are the questions of a message that holds several, in order; empty when it holds one.
    `earlier` are the candidates of each earlier message, latest first.
    """

    text: str
    written: tuple[str, ...]
    language: str
    formality: str
    intent: str
    entities: Mapping[str, str]
    outcome: str
    candidates: tuple[ArticleCandidate, ...]
    parts: tuple[MessageQuestion, ...]
    earlier: tuple[tuple[ArticleCandidate, ...], ...]
    said: tuple[BotMessage, ...]
    last_article: str | None

    @property
    def last(self) -> BotMessage | None:
        """What the bot said last."""
        return self.said[-1] if self.said else None

    @property
    def last_said(self) -> tuple[BotMessage, ...]:
        """All that the bot said in its last turn."""
        return tuple(message for message in self.said if message.turn == self.said[-1].turn)

    @property
    def last_answers(self) -> tuple[str, ...]:
        """The articles that the bot's last turn answered with, in order."""
        return tuple(message.article for message in self.last_said if message.article)

    @property
    def spoken(self) -> tuple[str, ...]:
        return tuple(message.text for message in self.said)

    @property
    def shown(self) -> frozenset[str]:
        """The articles the bot has answered with."""
        return frozenset(message.article for message in self.said if message.article)

    @property
    def misses(self) -> int:
        """How many turns in a row the bot had no answer to, before this one; asking back is none, either."""
        missed = {message.turn: message.missed for message in self.said}
        turns = (missed[turn] for turn in sorted(missed, reverse=True))
        return sum(1 for _ in takewhile(bool, turns))


def read_memory(
    slots: Mapping[str, Any], latest: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
) -> ConversationMemory:
    """From Rasa's tracker state: slots, the latest message's parse data, and the events."""
    metadata = latest.get("metadata") or {}
    text = str(latest.get("text") or "")
    users = [event for event in events if event.get("event") == "user"]
    said = tuple(_all_said(events))
    return ConversationMemory(
        text=text,
        written=tuple(_written(users)),
        language=_language(slots, metadata),
        formality=str(slots.get("formality") or metadata.get("formality") or "sie"),
        intent=str((latest.get("intent") or {}).get("name") or ""),
        entities={entity["entity"]: str(entity["value"]) for entity in latest.get("entities") or ()},
        outcome=str(metadata.get("outcome") or ""),
        candidates=tuple(_read_candidates(metadata)),
        parts=tuple(_read_parts(metadata)),
        earlier=tuple(tuple(_all_candidates(user.get("metadata") or {})) for user in reversed(users[:-1])),
        said=said,
        last_article=_last_article(said, metadata),
    )


def _language(slots: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    language = str(slots.get("language") or metadata.get("language") or "")
    return language if language in available_languages("customer") else DEFAULT_LANGUAGE


def _last_article(said: Sequence[BotMessage], metadata: Mapping[str, Any]) -> str | None:
    known = next((message.article for message in reversed(said) if message.article), None)
    return known or metadata.get("last_article")


def _all_said(events: Sequence[Mapping[str, Any]]) -> Iterator[BotMessage]:
    turn = 0
    for event in events:
        turn += event.get("event") == "user"
        if event.get("event") == "bot" and event.get("text"):
            yield _read_said(event, turn)


def _read_said(event: Mapping[str, Any], turn: int) -> BotMessage:
    custom = (event.get("data") or {}).get("custom") or {}
    metadata = event.get("metadata") or {}
    return BotMessage(
        text=str(event["text"]),
        turn=turn,
        article=custom.get("article"),
        asked=metadata.get("asked"),
        because=metadata.get("because"),
        missed=bool(metadata.get("missed")),
    )


def _read_candidates(metadata: Mapping[str, Any]) -> Iterator[ArticleCandidate]:
    for found in metadata.get("candidates") or ():
        key = str(found["article"])
        yield ArticleCandidate(
            key=key, question=str(found.get("question") or key), confidence=float(found["confidence"])
        )


def _read_parts(metadata: Mapping[str, Any]) -> Iterator[MessageQuestion]:
    for part in metadata.get("parts") or ():
        yield MessageQuestion(
            text=str(part["text"]), outcome=str(part["outcome"]), candidates=tuple(_read_candidates(part))
        )


def _all_candidates(metadata: Mapping[str, Any]) -> Iterator[ArticleCandidate]:
    for part in metadata.get("parts") or ():
        yield from _read_candidates(part)
    yield from _read_candidates(metadata)


BUTTON = re.compile(r"/[a-z_]+(?:\{.*\})?", re.DOTALL)


def _written(users: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Written text never looks like a button's payload: the bot's channel sees to that with an invisible sign."""
    texts = (str(user.get("text") or "") for user in reversed(users))
    return (text.lstrip("\u2060") for text in texts if not BUTTON.fullmatch(text))
