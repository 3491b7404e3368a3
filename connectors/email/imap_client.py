"""The IMAP calls that are needed, through IMAPClient. They block: whoever calls does so in a thread of its own.

https://www.rfc-editor.org/rfc/rfc9051; IDLE is RFC 2177, MOVE RFC 6851.
"""

import imaplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from connectors.email.imap_url import ImapSecurity, Mailbox

#: Whatever may go wrong with a mailbox that another connection may mend.
FAULTS = (IMAPClientError, imaplib.IMAP4.error, OSError, ValueError, AssertionError)
MAX_MAIL_BYTES = 20 * 1024 * 1024
#: Of a larger mail so much is read: its headers and, as most programs order it, its words.
MAX_HEAD_BYTES = 512 * 1024
_CONNECT_SECONDS, _READ_SECONDS = 10.0, 60.0


class SignInRefused(Exception):
    """User and password aren't accepted."""


class ReadOnlyMailbox(ValueError):
    """Nothing can be marked as read there, so each mail would be read again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMail:
    """A mail in the mailbox. `is_whole` is False where only its beginning was read, because it is too large."""

    uid: int
    content: bytes
    arrived_at: datetime | None
    is_whole: bool


class ImapConnection:
    """One connection, signed in and with its folder chosen. Raises what `FAULTS` names, and `SignInRefused`."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._client = _connect(mailbox)
        try:
            self._sign_in()
        except BaseException:
            self.cut()
            raise

    def _sign_in(self) -> None:
        mailbox = self._mailbox
        try:
            self._client.login(mailbox.user, mailbox.password)
        except LoginError as refused:
            raise SignInRefused(str(refused)[:200]) from None
        try:
            chosen = self._client.select_folder(mailbox.folder)
        except imaplib.IMAP4.readonly:
            raise ReadOnlyMailbox from None
        if SEEN not in chosen.get(b"PERMANENTFLAGS", (SEEN,)):
            raise ReadOnlyMailbox
        self.can_idle = bool(self._client.has_capability("IDLE"))
        if mailbox.done and not self._client.folder_exists(mailbox.done):
            self._client.create_folder(mailbox.done)

    def unseen(self) -> Sequence[int]:
        """The mails that nobody has read, the oldest first."""
        self._client.noop()
        return sorted(self._client.search(["UNSEEN", "UNDELETED"]))

    def fetch(self, uid: int) -> FetchedMail | None:
        """A mail, without marking it; `None` when it is gone."""
        facts = self._client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
        if not facts:
            return None
        is_whole = int(facts[b"RFC822.SIZE"]) <= MAX_MAIL_BYTES
        part = "BODY.PEEK[]" if is_whole else f"BODY.PEEK[]<0.{MAX_HEAD_BYTES}>"
        found = self._client.fetch([uid], [part]).get(uid) or {}
        content = next((value for key, value in found.items() if key.startswith(b"BODY[]")), None)
        if content is None:
            raise IMAPClientError("the server told of a mail and gave no content")  # not gone: it comes again
        arrived = facts.get(b"INTERNALDATE")
        return FetchedMail(
            uid=uid,
            content=content,
            arrived_at=arrived.astimezone() if isinstance(arrived, datetime) else None,
            is_whole=is_whole,
        )

    def finish(self, uid: int) -> None:
        """It is stored: mark it as read, and put it where read ones go."""
        self._client.add_flags([uid], [SEEN], silent=True)
        if self._mailbox.done:
            self._move(uid)

    def _move(self, uid: int) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move([uid], self._mailbox.done)
            return
        self._client.copy([uid], self._mailbox.done)
        self._client.delete_messages([uid])
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge([uid])

    def wait(self, seconds: float) -> None:
        """Wait until something is new, or so long."""
        self._client.idle()
        try:
            self._client.idle_check(timeout=seconds)
        finally:
            self._client.idle_done()

    def cut(self) -> None:
        """End the connection at once; who waits on it in another thread is woken with an error."""
        with suppress(Exception):
            self._client.shutdown()


def _connect(mailbox: Mailbox) -> IMAPClient:
    context = ssl.create_default_context()
    client = IMAPClient(
        mailbox.host,
        port=mailbox.port,
        ssl=mailbox.security is ImapSecurity.TLS,
        ssl_context=context if mailbox.security is ImapSecurity.TLS else None,
        timeout=SocketTimeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
    )
    if mailbox.security is ImapSecurity.STARTTLS:
        try:
            client.starttls(context)
        except BaseException:
            client.shutdown()
            raise
    return client
