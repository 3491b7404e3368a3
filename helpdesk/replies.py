"""What the bot said in one turn, and what it wants to happen."""

from dataclasses import dataclass

from connectors.base import Choice
from helpdesk.handoff.triggers import TriggerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BotText:
    """One message of a reply. `article` is the key of the article the text is from."""

    text: str
    choices: tuple[Choice, ...] = ()
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffWish:
    """The bot asks for a person; `text` holds the words that show why."""

    kind: TriggerKind
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The customer's word on an answer."""

    article: str | None
    helpful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BotReply:
    """What the bot said in one turn. `language` and `formality` are set when the customer has switched."""

    texts: tuple[BotText, ...]
    handoff: HandoffWish | None = None
    judgement: Judgement | None = None
    language: str | None = None
    formality: str | None = None
    intent: str | None = None
    degraded: bool = False
