"""A real SMTP server on loopback that keeps what it is handed, and misbehaves as it is told."""

import asyncio
import email
import email.policy
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Reply = Callable[["MailServer", Envelope], "str | None"]


@dataclass
class MailServer:
    """`mails` are the accepted ones, oldest first. `on_recipient` and `on_data` answer in place of an OK.

    While `takes_mails` isn't set, mails are on their way and not taken.
    `dies_after_data` keeps the mail and hangs up without a word; `hangs` never greets; `user` and `password` are asked
    for when set.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    on_recipient: Reply | None = None
    on_data: Reply | None = None
    dies_after_data: bool = False
    hangs_after_data: bool = False
    password: str | None = None
    tries: int = 0
    takes_mails: asyncio.Event | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        if self.on_recipient and (refusal := self.on_recipient(self, envelope)):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.on_data and (refusal := self.on_data(self, envelope)):
            return refusal
        if self.takes_mails:
            await self.takes_mails.wait()
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.recipients.extend(envelope.rcpt_tos)
        if self.dies_after_data:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        if self.hangs_after_data:
            await asyncio.Event().wait()
        return "250 2.0.0 queued"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, given: object) -> AuthResult:
        matches = isinstance(given, LoginPassword) and (given.password or b"").decode() == self.password
        return AuthResult(success=matches, handled=False)


@asynccontextmanager
async def running_mail_server(server: MailServer | None = None) -> AsyncIterator[MailServer]:
    """The server, listening on a free port."""
    server = server or MailServer()
    loop = asyncio.get_running_loop()
    connections: list[SMTP] = []

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # signing in without TLS never leaves this machine
            spoken = SMTP(
                server,
                enable_SMTPUTF8=True,
                loop=loop,
                auth_require_tls=False,
                auth_required=server.password is not None,
                authenticator=server.authenticate if server.password is not None else None,
            )
        connections.append(spoken)
        return spoken

    listening = await loop.create_server(protocol, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for spoken in connections:
            if isinstance(spoken.transport, asyncio.WriteTransport):
                spoken.transport.abort()
        await listening.wait_closed()


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """The port of a server that takes connections and never says a word."""
    ended = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ended.wait()
        writer.transport.abort()

    listening = await asyncio.start_server(silence, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        ended.set()
        listening.close()
        await listening.wait_closed()
