"""What every channel's code keeps to: how a message comes in, how one goes out, and what may go wrong on the way."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from starlette.routing import BaseRoute

ASK_PERSON = "/ask_person"
"""The payload of every button that asks for a person; helpdesk acts on it without the bot."""

ASK_HELP = "/help"
"""The payload of a command that asks what is possible here; the bot answers it."""

START = "/start"
"""The payload of a channel's way to begin: the greeting answers it, once."""

CHOOSE_LANGUAGE = "/choose_language"
"""The payload of a command that asks for another language; helpdesk offers them."""

FORGET = "/forget_me"
"""The payload of a command that asks to be forgotten; helpdesk asks once more, then erases."""

CONNECT = "/connect_channels"
"""The payload of a command that asks for a link to the other channels; helpdesk makes it."""


COMMANDS: Mapping[str, str] = {
    "start": START,
    "help": ASK_HELP,
    "hilfe": ASK_HELP,
    "human": ASK_PERSON,
    "mensch": ASK_PERSON,
    "language": CHOOSE_LANGUAGE,
    "sprache": CHOOSE_LANGUAGE,
    "forget": FORGET,
    "vergessen": FORGET,
    "connect": CONNECT,
    "verbinden": CONNECT,
}
"""What customers type for a command, after a slash; the same words on every channel."""


def command_in(text: str) -> str | None:
    """What a message means that is nothing but a command; every other text is text, whatever it begins with."""
    typed = text.strip().lower()
    return COMMANDS.get(typed[1:]) if typed.startswith("/") else None


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
    """A press on button `choice` (from 0) of the message `seq` of the same conversation.

    `mark` is that message's (`mark_of`), from channels whose buttons outlive a conversation; empty from the others.
    """

    seq: int
    choice: int
    mark: str = ""


def mark_of(message_id: str) -> str:
    """Enough of our id of a message to tell it from one with the same `seq` in a later conversation."""
    return message_id[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What a channel can tell of a contact; each may be unknown. `time_zone` is a name such as Europe/Berlin."""

    language: str | None = None
    formality: str | None = None
    page: str | None = None
    time_zone: str | None = None


class AttachmentKind(StrEnum):
    """What came along with a message."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    CONTACT_CARD = "contact_card"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Something that came along with a message. `external_id` is what the channel gives the file out for.

    `name` is the sender's and shown only; `size` is in bytes, `None` when the channel doesn't say. A location or a
    contact card has no file: `facts` holds what it says, such as latitude and longitude.
    """

    kind: AttachmentKind
    external_id: str = ""
    name: str = ""
    media_type: str = ""
    size: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """What a connector hands in. `external_id` is the channel's own id of the message: a repeat carries it again.

    `payload` is what a command or a button of the connector's own means (`ASK_PERSON`, …); it never comes from a
    customer's text. `link` is the token of a link between channels that the customer followed. `held` is why a
    message is kept for a person and not answered by the bot, such as `too_old`.
    """

    address: Address
    contact_id: str
    external_id: str
    text: str = ""
    payload: str | None = None
    tap: Tap | None = None
    attachments: tuple[Attachment, ...] = ()
    contact_name: str | None = None
    introduction: Introduction = field(default_factory=Introduction)
    link: str | None = None
    held: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundEdit:
    """The customer has changed a message: `external_id` is the message's, `edit_id` the change's own.

    The rest is as in the message, for the case that the change comes before the message itself.
    """

    message: InboundMessage
    edit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The customer has deleted the message `external_id`."""

    address: Address
    external_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """The customer has shut us out, or let us in again; `event_id` is the channel's own id of this news."""

    address: Address
    contact_id: str
    event_id: str
    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another article on the same matter: its question in the reader's language, and the page it stands on."""

    question: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """What a connector is handed. `text` is Markdown; `id` is ours and stays the same on every attempt.

    `lead` is how many characters of `text` stand before the fold (`None`: show all), `link` the page of the article
    that the answer is from. `parts` are the channel's ids of the parts of this message that have gone out already,
    `doubtful` says that the part after them may have. `reply_to` is the channel's own id of what the contact wrote
    last before it.
    """

    id: str
    address: Address
    conversation_id: str
    seq: int
    author: Author
    author_name: str
    text: str
    language: str = "de"
    choices: tuple[Choice, ...] = field(default=())
    article: str | None = None
    lead: int | None = None
    link: str | None = None
    related: tuple[Related, ...] = ()
    parts: tuple[str, ...] = ()
    doubtful: bool = False
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One part has gone out, known to the channel as `external_id`. `more`: call again for the next part."""

    external_id: str
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `count` parts in any `seconds` may go out under `key`, over all instances."""

    key: str
    count: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The receipt: stored for good as line `seq`. `repeated` means that it had been stored before."""

    conversation_id: str
    seq: int
    stored_at: datetime
    repeated: bool


Receive = Callable[[InboundMessage], Awaitable[Received]]


class Inbox(Protocol):
    """Where a connector hands in. What a method has returned from is stored for good; a repeat changes nothing."""

    async def receive(self, inbound: InboundMessage) -> Received:
        """Store a message and see that somebody answers it."""
        ...

    async def edit(self, edit: InboundEdit) -> Received:
        """Store new words of a message; one that nobody has answered yet is answered in its new words."""
        ...

    async def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Erase the words of a deleted message; False when it isn't known."""
        ...

    async def reach(self, news: Reachability) -> bool:
        """Store that a contact can or can't be reached any more; False when there is no such conversation."""
        ...

    async def move(self, old: Address, chat_id: str) -> int:
        """A chat goes on under another id; how many conversations moved."""
        ...


class RetryLater(Exception):
    """The channel took nothing and asks for patience of `after` seconds: for this lane, or for the whole account."""

    def __init__(self, after: float, reason: str = "", *, account: bool = False) -> None:
        super().__init__(reason or f"retry after {after:g} s")
        self.after = after
        self.account = account


class Unclear(Exception):
    """Nobody knows whether the part arrived: the line broke after it had gone out."""


class Moved(Exception):
    """The chat goes on under `chat_id`; send there."""

    def __init__(self, chat_id: str) -> None:
        super().__init__("the chat has moved")
        self.chat_id = chat_id


class Undeliverable(Exception):
    """The channel will never take this message; `reason` is for the agent to read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One end of ours on a channel: a Telegram bot, a Slack workspace. `secrets` are kept encrypted.

    `settings` may be shown. `problem` is what the channel last complained of, in words for an admin.
    """

    channel: Channel
    id: str
    name: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)
    active: bool = True
    problem: str | None = None


class Accounts(Protocol):
    """Our own ends on the channels, kept in the database and read through a cache of a few seconds."""

    async def find(self, channel: Channel, account_id: str) -> Account | None:
        """The account, active or not."""
        ...

    async def every(self, channel: Channel) -> list[Account]:
        """All active accounts of a channel."""
        ...

    async def save(self, account: Account) -> None:
        """Keep an account, new or changed."""
        ...

    async def close(self, channel: Channel, account_id: str, problem: str) -> None:
        """The channel has taken our access away; `problem` says so to an admin."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FaqEntry:
    """An article as a channel lists it: `question` in the reader's language, `answer` in Markdown.

    `link` is its page, empty where there is none.
    """

    article: str
    question: str
    answer: str
    link: str


class Faq(Protocol):
    """The knowledge base as a channel shows it beside a conversation."""

    async def search(self, text: str, language: str, *, limit: int = 5) -> list[FaqEntry]:
        """The articles that may answer `text`, best first; none when nothing does."""
        ...


class Leader(Protocol):
    """Among several instances one at a time does what must not be done twice."""

    async def lead(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` while this instance leads `name`, again and again; cancels it when the lead is lost."""
        ...


class Connector(Protocol):
    """The code of one channel."""

    channel: Channel

    def routes(self, inbox: Inbox) -> list[BaseRoute]:
        """The HTTP and WebSocket doors of the channel. A door acknowledges only what the inbox has returned from."""
        ...

    async def run(self, inbox: Inbox) -> None:
        """What the channel needs beside its doors, such as polling, until cancelled; returns when there is nothing."""
        ...

    def limits(self, address: Address) -> tuple[Limit, ...]:
        """What the channel allows to be sent there."""
        ...

    async def send(self, message: OutboundMessage) -> Sent:
        """Send the next part of a message, once.

        Raises `RetryLater`, `Undeliverable` or `Moved` when it surely didn't arrive; `Unclear`, or any other
        exception, when nobody knows. After an unclear try comes one more, with `doubtful` set, and no third.
        """
        ...

    async def show_typing(self, address: Address) -> None:
        """Show the customer that somebody is writing, for some seconds; failures don't matter."""
        ...

    def fetch(self, account: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """The content of an attachment, piece by piece. Raises `RetryLater` or `Undeliverable`."""
        ...


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
    related: tuple[Related, ...] = ()


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
