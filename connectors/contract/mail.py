"""A mail on its way out, and what takes it to the mail server."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

#: RFC 5321 4.5.3.1.3: a path is no longer than this.
MAX_ADDRESS = 254
#: Begins the external id of a line of another channel's conversation that came by mail.
MAIL_LINE = "mail:"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ADDRESS = re.compile(r"""[^\s<>@,;:"()\[\]\\\x00-\x1f\x7f]+@[^\s<>@,;:"()\[\]\\\x00-\x1f\x7f]+""")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFile:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """One mail to one recipient. `html` is sanitised already, `None` for plain text alone.

    `recipient` and `reply_to` are bare addresses, the ids have their angle brackets. `headers` are further ones, such
    as List-Unsubscribe. Nothing in a header can begin another: raises `ValueError` on control characters, on what is
    no single address and on what is no message id.
    """

    recipient: str
    subject: str
    text: str
    message_id: str
    sender_name: str = ""
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reply_to: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    files: tuple[MailFile, ...] = ()

    def __post_init__(self) -> None:
        for words in (self.subject, self.sender_name, *self.headers.values()):
            if _CONTROL.search(words):
                raise ValueError("a header of a mail has no line breaks or control characters")
        if not all(_HEADER_NAME.fullmatch(name) for name in self.headers):
            raise ValueError("the name of a mail's header has letters, digits and hyphens only")
        if not all(is_mail_address(address) for address in (self.recipient, self.reply_to) if address is not None):
            raise ValueError("a mail goes to one bare address, such as anna@example.com")
        ids = (self.message_id, self.in_reply_to, *self.references)
        if not all(_MESSAGE_ID.fullmatch(each) for each in ids if each is not None):
            raise ValueError("a message id looks like <something@example.com>")


def is_mail_address(address: str) -> bool:
    """Whether this is one bare address that can stand in a header and in a command to a mail server."""
    return len(address) <= MAX_ADDRESS and _ADDRESS.fullmatch(address) is not None


def header_words(words: str, limit: int = 120) -> str:
    """Anybody's words as they may stand in a header: on one line, without control characters, `limit` signs long."""
    line = " ".join(_CONTROL.sub(" ", words).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


class MailTransport(Protocol):
    """The way to the mail server."""

    @property
    def sender(self) -> str:
        """The bare address that mails come from."""
        ...

    @property
    def sender_name(self) -> str:
        """What stands beside it; may be empty."""
        ...

    async def send(self, mail: OutgoingMail) -> str:
        """Hand one mail to the server; what it answered, such as "250 2.0.0 queued".

        Raises `RetryLater` or `Undeliverable` when it surely didn't take the mail, `DeliveryUnclear` when nobody knows.
        """
        ...

    async def check(self) -> str:
        """Connect and sign in, without a mail; what the server said. Raises `RetryLater` with the server's words."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBody:
    """What is read in a mail: plain text, and the same as a whole HTML page."""

    text: str
    html: str


class RenderMail(Protocol):
    """Makes a mail's body of Markdown, through the one sanitiser."""

    def __call__(self, markdown: str, language: str) -> MailBody:
        """`language` is the reader's, such as "de"."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBounce:
    """A mail server's word that a mail of ours came back.

    `message_ids` are those that the notice names; anybody can write a notice, so only an id of ours proves it.
    `recipient` is empty where it doesn't say. `is_final`: it won't be tried again.
    """

    message_ids: tuple[str, ...]
    recipient: str
    reason: str
    is_final: bool


class BounceReports(Protocol):
    """Where a mailbox hands in bounce notices."""

    async def report(self, bounce: MailBounce) -> bool:
        """Mark the mail and its address, and show it to the agent; False when the mail isn't ours."""
        ...
