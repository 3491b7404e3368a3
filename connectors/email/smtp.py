"""Mails handed to a mail server by SMTP; what it answered is read into what is to be done next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiosmtplib

from connectors.contract import DeliveryUnclear, RetryLater, Undeliverable
from connectors.contract.mail import MAX_ADDRESS, OutgoingMail, is_mail_address
from connectors.email.mime import encode_mail
from connectors.email.smtp_url import SmtpSecurity, SmtpServer

#: A server that greylists takes the mail some minutes later (RFC 6647 5: from one minute on).
GREYLISTED_SECONDS = 120.0
#: Until a server is tried again that can't be reached or doesn't let us in.
UNREACHABLE_SECONDS = 60.0
_CONNECT_SECONDS, _DATA_SECONDS = 10.0, 60.0


class SmtpTransport:
    """The mail server of this installation. A `MailTransport`; each mail has a connection of its own."""

    def __init__(
        self, server: SmtpServer, *, connect_seconds: float = _CONNECT_SECONDS, data_seconds: float = _DATA_SECONDS
    ) -> None:
        self._server = server
        self._connect_seconds, self._data_seconds = connect_seconds, data_seconds

    @property
    def sender(self) -> str:
        """The bare address that mails come from."""
        return self._server.sender

    @property
    def sender_name(self) -> str:
        """What stands beside the address; may be empty."""
        return self._server.sender_name

    async def send(self, mail: OutgoingMail) -> str:
        """Hand one mail to the server; what it answered. Raises `RetryLater`, `Undeliverable`, `DeliveryUnclear`."""
        recipient = ascii_domain(mail.recipient)
        content = await asyncio.to_thread(encode_mail, mail, self.sender, datetime.now(UTC))  # two seconds for 15 MB
        async with self._connection() as client:
            async with self._refusals():
                await self._envelope(client, recipient)
            return await self._hand_over(client, content)

    async def check(self) -> str:
        """Connect and sign in, without a mail; what the server said. Raises `RetryLater` with the server's words."""
        async with self._connection() as client, self._refusals():
            answer = await client.noop()
        return f"{answer.code} {answer.message}"

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        client = self._client()
        try:
            async with self._refusals():
                await client.connect()
            yield client
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=self.sender.partition("@")[2],
            timeout=self._connect_seconds,
            use_tls=server.security is SmtpSecurity.TLS,
            start_tls=server.security is SmtpSecurity.STARTTLS,
        )

    @asynccontextmanager
    async def _refusals(self) -> AsyncIterator[None]:
        """Nothing has been handed over yet, so whatever breaks here has surely left the mail with us."""
        try:
            async with asyncio.timeout(self._connect_seconds):
                yield
        except aiosmtplib.SMTPRecipientRefused as no:
            raise _refusal(no) from no
        except aiosmtplib.SMTPResponseException as no:  # the greeting, signing in, the sender: no fault of this mail
            greylisted = 400 <= no.code < 500
            after = GREYLISTED_SECONDS if greylisted else UNREACHABLE_SECONDS
            raise RetryLater(after, _words(no), account=not greylisted) from no
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise RetryLater(UNREACHABLE_SECONDS, _words(error), account=True) from error

    async def _envelope(self, client: aiosmtplib.SMTP, recipient: str) -> None:
        encoding, options = "ascii", list[str]()
        if not recipient.isascii():
            await client.ehlo()
            if not client.supports_extension("smtputf8"):
                raise Undeliverable("The mail server takes no address with such letters before the @.")
            encoding, options = "utf-8", ["SMTPUTF8", "BODY=8BITMIME"]
        await client.mail(self.sender, options=options, encoding=encoding)
        await client.rcpt(recipient, encoding=encoding)

    async def _hand_over(self, client: aiosmtplib.SMTP, content: bytes) -> str:
        try:
            async with asyncio.timeout(self._data_seconds):
                answer = await client.data(content, timeout=self._data_seconds)
        except aiosmtplib.SMTPResponseException as no:
            raise _refusal(no) from no
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise DeliveryUnclear(_words(error)) from error
        return f"{answer.code} {answer.message}"


def _refusal(no: aiosmtplib.SMTPResponseException) -> RetryLater | Undeliverable:
    """RFC 5321 4.2.1: 4yz asks for another try, 5yz never takes this mail; any other code says nothing certain."""
    if 500 <= no.code < 600:
        return Undeliverable(f"The mail server said: {_words(no)}")
    return RetryLater(GREYLISTED_SECONDS, _words(no))


def _words(error: Exception) -> str:
    """What went wrong, in one line: the server's own words where it had some."""
    said = f"{error.code} {error.message}" if isinstance(error, aiosmtplib.SMTPResponseException) else str(error)
    return " ".join(said.split())[:300] or type(error).__name__


def ascii_domain(address: str) -> str:
    """The address with its domain as mail servers know it. Raises `Undeliverable` when there is no such domain."""
    local, _, domain = address.rpartition("@")
    try:
        known = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise Undeliverable("There is no such address.") from None
    if len(known) > MAX_ADDRESS or not is_mail_address(known):
        raise Undeliverable("There is no such address.")
    return known
