"""What an action needs to know of the conversation, read from Rasa's tracker once. The rest of the actions is pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from bot_protocol import ArticleCandidate, BotMessage, MessageQuestion, TurnContext
from i18n import available_languages

#: Spoken where nothing is known of the customer's language yet.
DEFAULT_LANGUAGE = "de"
#: What Rasa keeps of a message beside its text and `custom`: what `BotMessage` says is for the bot's next turn.
REMEMBERED = ("asked", "because", "missed", "told")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationMemory:
    """The conversation as far as the bot remembers it (a bounded window), seen from the message to be answered.

    `written` is what the customer wrote in words, latest first, `text` included; a pressed button is no words.
    `outcome` is the search's: "answer", "clarify", "none", or None when there was no search.
    `goes_on`: without an answer of its own, the message goes on about the article that was said last.
    `parts` are the questions of a message that holds several, in order; empty when it holds one.
    `earlier` are the candidates of each earlier message, latest first. `turns` is what the bot said, oldest first, the
    messages of one turn together. `looks_up`: some service of the company's is connected.
    """

    text: str
    language: str
    formality: str
    written: tuple[str, ...] = ()
    intent: str = ""
    entities: Mapping[str, str] = field(default_factory=dict)
    outcome: str | None = None
    candidates: tuple[ArticleCandidate, ...] = ()
    goes_on: bool = False
    parts: tuple[MessageQuestion, ...] = ()
    earlier: tuple[tuple[ArticleCandidate, ...], ...] = ()
    turns: tuple[tuple[BotMessage, ...], ...] = ()
    last_article: str | None = None
    looks_up: bool = False

    @property
    def last(self) -> BotMessage | None:
        """What the bot said last."""
        return self.turns[-1][-1] if self.turns else None

    @property
    def last_said(self) -> tuple[BotMessage, ...]:
        """All that the bot said in its last turn."""
        return self.turns[-1] if self.turns else ()

    @property
    def last_answers(self) -> tuple[str, ...]:
        """The articles that the bot's last turn answered with, in order."""
        return tuple(message.article for message in self.last_said if message.article)

    @property
    def spoken(self) -> tuple[str, ...]:
        """The texts of the bot, oldest first."""
        return tuple(message.text for turn in self.turns for message in turn)

    @property
    def shown(self) -> frozenset[str]:
        """The articles the bot has answered with."""
        return frozenset(message.article for turn in self.turns for message in turn if message.article)

    @property
    def misses(self) -> int:
        """How many turns in a row the bot had no answer to, before this one; asking back is none, either."""
        return sum(1 for _ in takewhile(lambda turn: turn[-1].missed, reversed(self.turns)))


def read_memory(
    slots: Mapping[str, Any], latest: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
) -> ConversationMemory:
    """From Rasa's tracker state: slots, the latest message's parse data, and the events.

    Raises `BotProtocolError` when what helpdesk sent along with a message is not as agreed.
    """
    context = TurnContext.from_json(latest.get("metadata"))
    users = [event for event in events if event.get("event") == "user"]
    turns = tuple(_read_turns(events))
    return ConversationMemory(
        text=str(latest.get("text") or ""),
        written=tuple(_written(users)),
        language=_language(slots.get("language") or context.language),
        formality=str(slots.get("formality") or context.formality or "sie"),
        intent=str((latest.get("intent") or {}).get("name") or ""),
        entities={entity["entity"]: str(entity["value"]) for entity in latest.get("entities") or ()},
        outcome=context.outcome,
        candidates=context.candidates,
        goes_on=context.goes_on,
        parts=context.questions,
        earlier=tuple(_all_candidates(TurnContext.from_json(user.get("metadata"))) for user in reversed(users[:-1])),
        turns=turns,
        last_article=_last_article(turns) or context.last_article,
    )


def _language(known: Any) -> str:
    return str(known) if known in available_languages("customer") else DEFAULT_LANGUAGE


def _last_article(turns: Sequence[Sequence[BotMessage]]) -> str | None:
    said = (message for turn in reversed(turns) for message in reversed(turn))
    return next((message.article for message in said if message.article), None)


def _read_turns(events: Sequence[Mapping[str, Any]]) -> Iterator[tuple[BotMessage, ...]]:
    """What the bot said between two messages of the customer, where it said anything."""
    said: list[BotMessage] = []
    for event in events:
        if event.get("event") == "user" and said:
            yield tuple(said)
            said = []
        if event.get("event") == "bot" and event.get("text"):
            said.append(_read_message(event))
    if said:
        yield tuple(said)


def _read_message(event: Mapping[str, Any]) -> BotMessage:
    message = BotMessage.from_rasa({"text": event["text"], **(event.get("data") or {})})
    kept = event.get("metadata") or {}
    return replace(message, **{name: kept[name] for name in REMEMBERED if kept.get(name)})


def _all_candidates(context: TurnContext) -> tuple[ArticleCandidate, ...]:
    return (*(one for question in context.questions for one in question.candidates), *context.candidates)


BUTTON = re.compile(r"/[a-z_]+(?:\{.*\})?", re.DOTALL)


def _written(users: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Written text never looks like a button's payload: the bot's channel sees to that with an invisible sign."""
    texts = (str(user.get("text") or "") for user in reversed(users))
    return (text.lstrip("\u2060") for text in texts if not BUTTON.fullmatch(text))
