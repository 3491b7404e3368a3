"""The web chat's side of helpdesk: what its socket reads and sends."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot_protocol import Choice
from connectors.contract.inbox import InboundReceipt
from connectors.contract.messages import Address, Introduction, RelatedLink


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the log as a channel that shows the log itself gets it. `html` is `text`, sanitised.

    `fold` is how many of the outermost elements of `html` are shown before "more" (`None`: all), `link` the page of
    the article that the text is from.
    """

    seq: int
    kind: str
    author: str
    name: str
    text: str
    html: str | None
    choices: tuple[Choice, ...]
    chosen: int | None
    article: str | None
    article_title: str | None
    client_id: str | None
    at: datetime
    fold: int | None = None
    link: str | None = None
    related: tuple[RelatedLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """Where a waiting conversation stands. `wait_minutes` is a range, `None` while nobody can honestly say."""

    position: int
    agents_online: int
    wait_minutes: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatState:
    """What a customer's screen shows around the log."""

    conversation_id: str
    status: str
    language: str
    last_seq: int
    agent_name: str | None
    queue: QueuePlace | None
    agent_seen_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingHint:
    """Somebody is writing, or has stopped."""

    author: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNews:
    """What has just been stored: the lines that came, in order, up to line `last_seq`, and what is around them now.

    `state` is `None` where that has to be asked for.
    """

    lines: tuple[LogLine, ...]
    last_seq: int
    state: ChatState | None

    def after(self, seq: int) -> tuple[LogLine, ...] | None:
        """The lines after `seq`; `None` if some of them are missing here."""
        lines = tuple(line for line in self.lines if line.seq > seq)
        return lines if seq + len(lines) == self.last_seq else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHint:
    """Something has changed: look at the log, unless `news` says what."""

    news: LogNews | None = None


class HintStream(Protocol):
    """Hints about one conversation, for as long as it's open."""

    async def next(self) -> TypingHint | ChangeHint:
        """Wait for the next hint."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A browser's way back into its own conversation; `token` is to be kept by the browser alone."""

    token: str
    address: Address
    conversation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An article that may answer what a customer is still writing, by its question."""

    article: str
    question: str


class Chat(Protocol):
    """The helpdesk as web chat sees it: who may see which log, and what is in it."""

    log_epoch: str

    async def visit(self, token: str | None, introduction: Introduction) -> Visit:
        """The visit `token` opens, or a new one."""
        ...

    async def state(self, conversation_id: str) -> ChatState:
        """What is around the log now."""
        ...

    async def lines(self, conversation_id: str, *, after: int, limit: int) -> list[LogLine]:
        """The first `limit` lines after `after` that the customer may see, in order."""
        ...

    async def suggest(self, text: str, language: str) -> tuple[Suggestion, ...]:
        """At most three articles that may answer what the customer is still writing; nothing is stored."""
        ...

    def suggested(self, article: str, language: str) -> Choice | None:
        """What taking up a suggested article says and means; `None` when there is no such article."""
        ...

    async def leave_email(self, conversation_id: str, client_id: str, email: str) -> InboundReceipt:
        """Keep an address where the customer can be reached."""
        ...

    async def seen(self, conversation_id: str, seq: int) -> None:
        """The customer has seen everything up to `seq`."""
        ...

    def typing(self, conversation_id: str, *, on: bool) -> None:
        """The customer is writing, or has stopped."""
        ...

    def hints(self, conversation_id: str) -> AbstractAsyncContextManager[HintStream]:
        """Listen for changes of one conversation."""
        ...
