"""The channel `email`: a mailbox or a signed webhook in, a mail server out. Durability is helpdesk's."""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from starlette.routing import BaseRoute

from connectors.contract import (
    Account,
    Accounts,
    Address,
    AsideMails,
    Attachment,
    Channel,
    FileKeeper,
    Inbox,
    Leader,
    MailThreads,
    OutboundFile,
    OutboundMessage,
    SendLimit,
    SentPart,
    Undeliverable,
)
from connectors.contract.mail import MailFile, MailTransport, RenderMail
from connectors.contract.reply_address import ReplyAddresses
from connectors.email.composing import compose
from connectors.email.imap_url import Mailbox
from connectors.email.inbound.automatic_mail import MailPolicy
from connectors.email.mailbox import MailboxPace, MailboxReader
from connectors.email.receiver import ACCOUNT, MailReceiver, ReportBounce
from connectors.email.webhook import MailWebhook

log = logging.getLogger(__name__)

NO_SERVER = "There is no mail server to send it with (STAFFEL_SMTP_URL)."
#: Of all files of a mail; base64 makes a third more of them, and many servers end at 20 or 25 MB.
MAX_FILES_BYTES = 15 * 1024 * 1024
TOO_LARGE = "The file was too large to be kept; it is in the mailbox."


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTools:
    """What the connector works with. `transport` is `None` without a mail server, `mailbox` without one to read."""

    accounts: Accounts
    leader: Leader
    threads: MailThreads
    aside: AsideMails
    files: FileKeeper
    render: RenderMail
    policy: MailPolicy
    report_bounce: ReportBounce
    transport: MailTransport | None = None
    addresses: ReplyAddresses | None = None
    mailbox: Mailbox | None = None
    webhook_secret: str = ""
    sender_name: str = ""


class EmailConnector:
    """The channel `email`. It has one account, which the settings make."""

    channel = Channel.EMAIL

    def __init__(self, tools: MailTools, *, pace: MailboxPace | None = None) -> None:
        self._tools = tools
        self.pace = pace or MailboxPace()

    def routes(self, inbox: Inbox) -> list[BaseRoute]:
        """The webhook for mails that a provider hands in."""
        return [MailWebhook(self._tools.webhook_secret, self._receiver(inbox).receive).route()]

    async def run(self, inbox: Inbox) -> None:
        """Read the mailbox, where this instance leads; returns where there is none."""
        await self._show_account()
        if self._tools.mailbox is None:
            return
        reader = MailboxReader(self._tools.mailbox, self._receiver(inbox).receive, self._tell, self.pace)
        await self._tools.leader.lead(f"email:{ACCOUNT}", reader.run)

    async def close(self) -> None:
        """Nothing is kept open between two mails."""

    def limits(self, address: Address) -> tuple[SendLimit, ...]:
        """Ours, as a brake: a machine that answers every mail must not be answered without end."""
        return (SendLimit(key=f"email:{address.account}:{address.chat_id}"[:320], count=10, seconds=60.0),)

    async def send(self, message: OutboundMessage) -> SentPart:
        """Send the message as one mail. A doubtful one carries the same id again, so that mailboxes show it once."""
        transport, addresses = self._tools.transport, self._tools.addresses
        if transport is None or addresses is None:
            raise Undeliverable(NO_SERVER)
        files = await self._load_files(message.files)
        mail = compose(message, addresses, self._tools.render, sender_name=self._tools.sender_name, files=files)
        try:
            await transport.send(mail)
        except Undeliverable as refused:
            raise Undeliverable(f"{refused.reason.rstrip('.')}.") from None
        return SentPart(external_id=mail.message_id)

    async def _load_files(self, files: Sequence[OutboundFile]) -> tuple[MailFile, ...]:
        """The files that go along. Raises `Undeliverable` when they are more than mail servers take."""
        if sum(file.size for file in files) > MAX_FILES_BYTES:
            raise Undeliverable("The files are more than 15 MB together: mail servers refuse that. Send them in parts.")
        return tuple(
            [
                MailFile(
                    name=file.name,
                    media_type=file.media_type,
                    content=b"".join([piece async for piece in self._tools.files.read(file.key)]),
                )
                for file in files
            ]
        )

    async def show_typing(self, address: Address) -> None:
        """A mail shows nothing of it."""

    def fetch(self, account: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """Files come with their mail: what has to be fetched was too large."""
        return _NoFile()

    def _receiver(self, inbox: Inbox) -> MailReceiver:
        tools = self._tools
        return MailReceiver(
            inbox,
            tools.threads,
            tools.aside,
            tools.files,
            tools.addresses,
            tools.policy,
            report_bounce=tools.report_bounce,
        )

    async def _show_account(self) -> None:
        """The account as admins see it; what was wrong with it stays until it is well again."""
        mailbox = self._tools.mailbox
        if mailbox is None and not self._tools.webhook_secret:
            return
        known = await self._tools.accounts.find(Channel.EMAIL, ACCOUNT)
        name = next(iter(sorted(self._tools.policy.own)), mailbox.user if mailbox else ACCOUNT)
        settings = {"mode": "imap", "server": f"{mailbox.host}:{mailbox.port}"} if mailbox else {"mode": "webhook"}
        account = Account(
            channel=Channel.EMAIL,
            id=ACCOUNT,
            name=name,
            settings=settings,
            problem=known.problem if known and mailbox else None,
        )
        if account != known:
            await self._tools.accounts.save(account)

    async def _tell(self, problem: str | None) -> None:
        """Let the admin see what is wrong, or that it's well again."""
        try:
            current = await self._tools.accounts.find(Channel.EMAIL, ACCOUNT)
            if current is not None and current.problem != problem:
                await self._tools.accounts.save(replace(current, problem=problem))
        except Exception as error:
            log.warning("email: the mailbox's problem can't be stored (%s)", type(error).__name__)


class _NoFile:
    """The content of a file that isn't to be had."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        raise Undeliverable(TOO_LARGE)
