"""What every channel's code keeps to: how a message comes in, how one goes out, and what may go wrong on the way."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from starlette.routing import BaseRoute

ASK_PERSON = "/ask_person"
"""The payload of every button that asks for a person; helpdesk acts on it without the bot."""


class Channel(StrEnum):
    """The medium a conversation is held on."""

    WEBCHAT = "webchat"
    TELEGRAM = "telegram"
    SLACK = "slack"


class Author(StrEnum):
    """Who wrote a line of the log."""

    CONTACT = "contact"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to write back. `account` is the installation's own end (widget, bot, workspace), `chat_id` the other."""

    channel: Channel
    account: str
    chat_id: str
    thread: str | None = None

    @property
    def lane(self) -> str:
        """Messages of one lane leave one after the other."""
        return f"{self.channel}:{self.account}:{self.chat_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button: `title` is shown, `payload` is what it means to the bot and never leaves the server unsigned."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A press on button `choice` (from 0) of the message `seq` of the same conversation."""

    seq: int
    choice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What a channel can tell of a contact at the beginning; each may be unknown."""

    language: str | None = None
    formality: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """What a connector hands in. `external_id` is the channel's own id of the message: a repeat carries it again."""

    address: Address
    contact_id: str
    external_id: str
    text: str = ""
    tap: Tap | None = None
    contact_name: str | None = None
    introduction: Introduction = field(default_factory=Introduction)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """What a connector is handed. `text` is Markdown; `id` is ours and stays the same on every attempt."""

    id: str
    address: Address
    conversation_id: str
    seq: int
    author: Author
    author_name: str
    text: str
    choices: tuple[Choice, ...] = field(default=())
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The receipt: stored for good as line `seq`. `repeated` means that it had been stored before."""

    conversation_id: str
    seq: int
    stored_at: datetime
    repeated: bool


Receive = Callable[[InboundMessage], Awaitable[Received]]


class RetryLater(Exception):
    """The channel asks for patience: nothing of this lane may go out for `after` seconds."""

    def __init__(self, after: float, reason: str = "") -> None:
        super().__init__(reason or f"retry after {after:g} s")
        self.after = after


class Undeliverable(Exception):
    """The channel will never take this message; `reason` is for the agent to read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Connector(Protocol):
    """The code of one channel."""

    channel: Channel

    def routes(self, receive: Receive) -> list[BaseRoute]:
        """The HTTP and WebSocket doors of the channel. A door acknowledges only what `receive` has returned from."""
        ...

    async def send(self, message: OutboundMessage) -> str:
        """Send once, return the channel's own id of the message.

        Raises `RetryLater` or `Undeliverable`; any other exception means that nobody knows whether it arrived.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the log as a channel that shows the log itself gets it. `html` is `text`, sanitised."""

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
class ChangeHint:
    """Something has changed: look at the log."""


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

    async def leave_email(self, conversation_id: str, client_id: str, email: str) -> Received:
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
