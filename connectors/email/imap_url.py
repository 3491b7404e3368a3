"""Which mailbox is read: `STAFFEL_IMAP_URL`, read."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

_EXAMPLE = "imaps://user:password@mail.example.com/INBOX"


class ImapSecurity(StrEnum):
    """How the connection to a mailbox is kept from being read, by the scheme of its URL."""

    NONE = "imap"
    TLS = "imaps"
    STARTTLS = "imap+starttls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox and how to sign in there. `folder` is read; what was read goes to `done`, if one is named."""

    security: ImapSecurity
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    done: str = ""


def parse_imap_url(url: str) -> Mailbox:
    """The mailbox of a URL such as `imaps://user:password@mail.example.com/INBOX?done=Staffel`.

    Raises `ValueError` with what was expected, never with the password.
    """
    try:
        parts = urlsplit(url)
        security, host, port = ImapSecurity(parts.scheme), parts.hostname, parts.port
    except ValueError:
        raise ValueError(
            f"STAFFEL_IMAP_URL: expected imaps://, imap+starttls:// or imap://, such as {_EXAMPLE}"
        ) from None
    if not host or not parts.username or not parts.password:
        raise ValueError(f"STAFFEL_IMAP_URL: expected server, user and password, such as {_EXAMPLE}")
    name, _, done = parts.query.partition("=")
    return Mailbox(
        security=security,
        host=host,
        port=port or (993 if security is ImapSecurity.TLS else 143),
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        done=unquote(done) if name == "done" else "",
    )
