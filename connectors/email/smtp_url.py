"""Which mail server takes our mails, and who they come from: `STAFFEL_SMTP_URL` and `STAFFEL_MAIL_FROM`, read."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from connectors.contract.mail import is_mail_address


class SmtpSecurity(StrEnum):
    """How the connection to a mail server is kept from being read, by the scheme of its URL."""

    NONE = "smtp"
    TLS = "smtps"
    STARTTLS = "starttls"


_PORTS = {SmtpSecurity.NONE: 25, SmtpSecurity.TLS: 465, SmtpSecurity.STARTTLS: 587}
_EXAMPLE = "starttls://user:password@mail.example.com:587"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A mail server and how to sign in there. `sender` is a bare address, `sender_name` what stands beside it."""

    security: SmtpSecurity
    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    sender: str
    sender_name: str


def parse_smtp_url(url: str, mail_from: str = "") -> SmtpServer:
    """The server of a URL such as `starttls://user:password@mail.example.com:587`.

    `mail_from` may have a name ("Support <help@example.com>"); empty: the user's name, if it is an address. Raises
    `ValueError` with what was expected, never with the password.
    """
    try:
        parts = urlsplit(url)
        security, host, port = SmtpSecurity(parts.scheme), parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"STAFFEL_SMTP_URL: expected smtp://, smtps:// or starttls://, such as {_EXAMPLE}") from None
    if not host:
        raise ValueError(f"STAFFEL_SMTP_URL: expected the name of a server, such as {_EXAMPLE}")
    user = unquote(parts.username) if parts.username else None
    name, sender = _parse_sender(mail_from, user)
    return SmtpServer(
        security=security,
        host=host,
        port=port or _PORTS[security],
        user=user,
        password=unquote(parts.password) if parts.password else None,
        sender=sender,
        sender_name=name,
    )


def _parse_sender(mail_from: str, user: str | None) -> tuple[str, str]:
    name, sender = parseaddr(mail_from) if mail_from else ("", user or "")
    if not is_mail_address(sender) or not sender.isascii() or any(ord(sign) < 32 for sign in name):
        raise ValueError("STAFFEL_MAIL_FROM: expected the address that mails come from, such as support@example.com")
    return name, sender
