"""Helpdesk with a mailbox on a real Dovecot and a real SMTP server: the same app as in production."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from starlette.applications import Starlette

from connectors.contract import Channel
from connectors.email.connector import EmailConnector
from connectors.email.mailbox import MailboxPace
from helpdesk.app import AppComponents, create_app
from helpdesk.app.connector_on_demand import ConnectorOnDemand
from store.models import AsideMail, Conversation, Delivery, Message, Turn
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.harness import eventually, settings_for
from tests.imap_server import ImapServer, imap_server

US = "support@muster.example"
FAST = MailboxPace(idle=2.0, poll=0.2, after_fault=0.1, longest_pause=0.3, after_refusal=0.3)
_NUMBERS = count(1)


def mail_of(
    text: str, *, sender: str = "Anna Beispiel <anna@example.org>", subject: str = "Rechnung", **headers: str
) -> bytes:
    """A mail as a program sends it; `headers` with underscores for hyphens, an id of its own unless one is given."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, headers.pop("To", US), subject
    mail["Message-ID"] = headers.pop("Message_ID", f"<{next(_NUMBERS)}@example.org>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def reply_to(answer: EmailMessage, text: str, *, sender: str = "Anna Beispiel <anna@example.org>") -> bytes:
    """An answer to a mail of ours, as programs make it: to its Reply-To, with its id and its words below."""
    to = re.sub(r".*<|>.*", "", str(answer["Reply-To"]))
    quoted = "\n".join(f"> {line}" for line in plain_text(answer).splitlines())
    return mail_of(
        f"{text}\n\nAm 30.11.26 um 09:15 schrieb Muster AG:\n{quoted}\n",
        sender=sender,
        subject=str(answer["Subject"]),
        To=to,
        In_Reply_To=str(answer["Message-ID"]),
        References=f"{answer['References'] or ''} {answer['Message-ID']}".strip(),
    )


def plain_text(mail: EmailMessage) -> str:
    """What somebody reads who reads no HTML."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def email_connector(parts: AppComponents) -> EmailConnector:
    """The connector of an instance."""
    found = parts.connectors[Channel.EMAIL]
    assert isinstance(found, ConnectorOnDemand)
    assert isinstance(found.connector, EmailConnector)
    return found.connector


@dataclass(slots=True, kw_only=True)
class MailDesk:
    """One or two instances of helpdesk, with a mailbox and a mail server beside them."""

    mailbox: ImapServer
    server: MailServer
    bot: FakeBot
    instances: list[AppComponents] = field(default_factory=list)
    apps: list[Starlette] = field(default_factory=list)

    @property
    def parts(self) -> AppComponents:
        """The first instance."""
        return self.instances[0]

    def write(self, text: str, **headers: str) -> bytes:
        """A mail arrives in the mailbox."""
        raw = mail_of(text, **headers)
        self.mailbox.deliver(raw)
        return raw

    async def sent(self, number: int) -> list[EmailMessage]:
        """The mails that went out, once there are `number`."""

        async def enough() -> bool:
            return len(self.server.mails) >= number

        await eventually(enough, f"{number} mails, not {len(self.server.mails)}")
        return self.server.mails

    async def written(self, number: int) -> list[Message]:
        """What contacts wrote, in order, once there are `number` lines."""

        async def lines() -> list[Message]:
            async with self.parts.db.read() as session:
                found = await session.scalars(
                    select(Message).where(Message.author == "contact").order_by(Message.created_at, Message.seq)
                )
                rows = list(found)
            return rows if len(rows) >= number else []

        return await eventually(lines, f"{number} lines")

    async def aside(self, number: int) -> list[AsideMail]:
        """What was put aside, once there is so much of it."""

        async def rows() -> list[AsideMail]:
            async with self.parts.db.read() as session:
                found = list(await session.scalars(select(AsideMail).order_by(AsideMail.created_at)))
            return found if len(found) >= number else []

        return await eventually(rows, f"{number} mails aside")

    async def conversations(self) -> list[Conversation]:
        """All of them, the oldest first."""
        async with self.parts.db.read() as session:
            return list(await session.scalars(select(Conversation).order_by(Conversation.created_at)))

    async def quiet(self, mails: int) -> None:
        """Wait until so many mails are marked as read, and until nothing is worked on or on its way out."""

        async def done() -> bool:
            async with self.parts.db.read() as session:
                waiting = select(func.count()).select_from(Delivery).where(Delivery.status.in_(["pending", "sending"]))
                thought = select(func.count()).select_from(Turn).where(Turn.status.in_(["pending", "running"]))
                is_out = await session.scalar(waiting) == 0 and await session.scalar(thought) == 0
            return is_out and await asyncio.to_thread(self.mailbox.read_mails) >= mails

        await eventually(done, f"{mails} read mails and an empty outbox")


@asynccontextmanager
async def mail_desk(
    home: Path,
    database_url: str,
    bot: FakeBot | None = None,
    *,
    instances: int = 1,
    pace: MailboxPace = FAST,
    **settings: Any,
) -> AsyncIterator[MailDesk]:
    """Everything at work."""
    async with AsyncExitStack() as stack:
        mailbox = stack.enter_context(imap_server())
        server = await stack.enter_async_context(running_mail_server())
        desk = MailDesk(mailbox=mailbox, server=server, bot=bot or FakeBot())
        chosen = settings_for(
            home,
            database_url,
            **({"smtp_url": server.url, "mail_from": f"Muster AG <{US}>", "imap_url": mailbox.url} | settings),
        )
        for _ in range(instances):
            app = create_app(chosen, embedder=LetterCounts(), rasa_transport=desk.bot.transport())
            email_connector(app.state.parts).pace = pace
            await stack.enter_async_context(app.router.lifespan_context(app))
            desk.apps.append(app)
            desk.instances.append(app.state.parts)
        yield desk
