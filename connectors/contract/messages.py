"""Messages as channels and helpdesk hand them to one another, and where they come from and go to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot_protocol import Choice


class Channel(StrEnum):
    """The medium a conversation is held on."""

    WEBCHAT = "webchat"
    TELEGRAM = "telegram"
    SLACK = "slack"
    EMAIL = "email"

    @property
    def shows_the_log(self) -> bool:
        """Whether the customer's screen reads the log itself: what is stored is there, and read when it is seen."""
        return self is Channel.WEBCHAT

    @property
    def can_change_sent(self) -> bool:
        """Whether what was sent can be given new words or taken back."""
        return self is not Channel.EMAIL

    @property
    def is_live(self) -> bool:
        """Whether customers wait before it and are told at once what goes on. A mail is read when there is time."""
        return self is not Channel.EMAIL


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
class Tap:
    """A press on button `choice` (from 0) of the message `seq` of the same conversation.

    `mark` is that message's (`mark_of`), from channels whose buttons outlive a conversation; empty from the others.
    """

    seq: int
    choice: int
    mark: str = ""


def message_mark(message_id: str) -> str:
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
    """Something that came along with a message. `external_id` is what the channel gives the file out for; `upload` is
    the key of a file that was handed in before (`FileKeeper.keep`), so that there is nothing to fetch.

    `name` is the sender's and shown only; `size` is in bytes, `None` when the channel doesn't say. A location or a
    contact card has no file: `facts` holds what it says, such as latitude and longitude.
    """

    kind: AttachmentKind
    external_id: str = ""
    upload: str = ""
    name: str = ""
    media_type: str = ""
    size: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """What a connector hands in. `external_id` is the channel's own id of the message: a repeat carries it again.

    `payload` is what a command or a button of the connector's own means (`ASK_PERSON`, …); it never comes from a
    customer's text. `link` is the token of a link between channels that the customer followed. `held` is why a
    message is kept for a person and not answered by the bot, such as `too_old`. Messages with the same `album` were
    sent as one, such as several photos with one caption. `subject` is a mail's; `silent`: no machine is to answer it;
    `signed_in`: the web site vouches for who wrote it.
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
    album: str | None = None
    subject: str | None = None
    silent: bool = False
    signed_in: bool = False


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
class RelatedLink:
    """Another article on the same matter: its question in the reader's language, and the page it stands on."""

    question: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundFile:
    """A file that goes out with a message: `FileKeeper.read` gives its content for the `key`. `size` is in bytes.

    `name` is clean, `media_type` is what the content is; `width` and `height` are a picture's, in pixels.
    """

    key: str
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it is to be looked at rather than saved."""
        return self.width is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentChange:
    """What becomes of a message that has gone out: new words, or `is_removal`.

    `parts` are the channel's ids of its parts: those of its words, then those of its `files`, so many.
    """

    parts: tuple[str, ...]
    files: int = 0
    is_removal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """What a connector is handed. `text` is Markdown; `id` is ours and stays the same on every attempt.

    `lead` is how many characters of `text` stand before the fold (`None`: show all), the last `short` of them are the
    sentence that answers, if the article's beginning doesn't (`None`); `link` is the page of the article
    that the answer is from. `parts` are the channel's ids of the parts of this message that have gone out already,
    `doubtful` says that the part after them may have. `reply_to` is the channel's own id of what the contact wrote
    last before it, `quoted` its words and `subject` a mail's subject; both are empty elsewhere. `files` go with it, or
    alone where `text` is empty. Where a channel has no buttons, `choice_links` open the choices in a browser, in their
    order, and `stop_link` ends messages of this kind.

    With a `change` it has gone out before: nothing is sent anew, its parts are changed or removed one by one, and
    `parts` are those for which that is done. Doing so twice does no harm, whatever `doubtful` says.
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
    short: int | None = None
    link: str | None = None
    related: tuple[RelatedLink, ...] = ()
    parts: tuple[str, ...] = ()
    doubtful: bool = False
    reply_to: str | None = None
    quoted: str = ""
    subject: str = ""
    files: tuple[OutboundFile, ...] = ()
    choice_links: tuple[str, ...] = ()
    stop_link: str = ""
    change: SentChange | None = None
