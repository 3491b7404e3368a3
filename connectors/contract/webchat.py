"""The web chat's side of helpdesk: what its socket reads and sends."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot_protocol import Choice
from connectors.contract.inbox import InboundReceipt
from connectors.contract.messages import Address, Introduction, RelatedLink


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFile:
    """A file of a line. `is_here`: it can be fetched, by its `id`; otherwise its time is up. `size` is in bytes.

    `width` and `height` are a picture's, in pixels: one that has them can be looked at.
    """

    id: str
    name: str
    media_type: str
    size: int | None
    width: int | None
    height: int | None
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """Line `seq` has other words now (`edited`) or none any more (`taken_back`). `html` is `text`, sanitised."""

    seq: int
    state: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the log as a channel that shows the log itself gets it. `html` is `text`, sanitised.

    `fold` is how many of the outermost elements of `html` are shown before "more" (`None`: all), `link` the page of
    the article that the text is from. `state` is that of a line which has been changed since (as in `LineChange`);
    `change` is what this line says of an earlier one.
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
    files: tuple[LineFile, ...] = ()
    state: str | None = None
    change: LineChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """Where a waiting conversation stands. `wait_minutes` is a range, `None` while nobody can honestly say.

    `email_known`: there is an address already, and none is to be asked for.
    """

    position: int
    agents_online: int
    wait_minutes: tuple[int, int] | None
    email_known: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessHint:
    """Who may see the conversation has changed: ask `find_admission`."""


class HintStream(Protocol):
    """Hints about one conversation, for as long as it's open."""

    async def next(self) -> TypingHint | ChangeHint | AccessHint:
        """Wait for the next hint."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A browser's way back into its own conversation; `token` is to be kept by the browser alone.

    While the web site has signed its customer in, `customer` is who that is to us, and `expires_at` when it ends.
    `refused` is why a sign-in that came along was not taken.
    """

    token: str
    address: Address
    conversation_id: str
    customer: str | None = None
    expires_at: datetime | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInProof:
    """What the web site has signed of its customer, and the browser's own key, to which the sign-in is bound."""

    token: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyLink:
    """Where customers read how their data are used, and the company's own sentence about it; empty: Staffel's."""

    address: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Until when a visitor token is good, and for which conversation: a customer's may have become another one."""

    until: datetime
    conversation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An article that may answer what a customer is still writing, by its question."""

    article: str
    question: str


class Chat(Protocol):
    """The helpdesk as web chat sees it: who may see which log, and what is in it."""

    log_epoch: str

    async def visit(self, token: str | None, introduction: Introduction, proof: SignInProof | None = None) -> Visit:
        """The visit `token` opens, or a new one; with a good `proof` that of the customer whom the site signs in."""
        ...

    async def find_admission(self, visit: Visit) -> Admission | None:
        """What the visit's token is good for now; `None` when it is good no more."""
        ...

    async def move(self, visit: Visit, conversation_id: str) -> None:
        """Have the visit's token open another conversation of its address, after the one that it opened was erased."""
        ...

    async def sign_out(self, token: str) -> bool:
        """End what the web site has signed in on the browser with this visitor token; False when nobody is."""
        ...

    async def state(self, conversation_id: str) -> ChatState:
        """What is around the log now."""
        ...

    async def privacy_notice(self, language: str) -> PrivacyLink | None:
        """What is told about the use of data, in a language; `None` where the company has none."""
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
