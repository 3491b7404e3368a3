"""Helpdesk behind a real port with all its channels connected, and who writes on each."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from connectors.contract import Channel
from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents
from store.models import Conversation, Delivery, DeliveryStatus, Message, MessageKind, Role, Turn, now
from tests.fakes.bot import FakeBot
from tests.fakes.mail_server import MailServer, running_mail_server
from tests.fakes.slack import FakeSlack, SlackFault, SlackFaultKind, SlackPerson, slack
from tests.fakes.telegram import FakeTelegram, TelegramFault, TelegramPerson, telegram
from tests.harness import eventually
from tests.imap_server import ImapServer, imap_server
from tests.integration import slack_rooms, telegram_desk
from tests.integration.mail_desk import US
from tests.integration.staff import PASSWORD
from tests.integration.webchat_server import served

AGENT = "mia@example.org"


@dataclass(slots=True, kw_only=True)
class EveryChannel:
    """Helpdesk with its agent Mia; the other ends take what comes unless they are told otherwise."""

    parts: AppComponents
    origin: str
    mia: str
    telegram: FakeTelegram
    slack: FakeSlack
    mails: MailServer
    mailbox: ImapServer
    on_telegram: TelegramPerson
    on_slack: SlackPerson

    def refuse_for_now(self) -> None:
        """From now on every channel says "later" to what is sent there."""
        for method in ("sendMessage", "sendPhoto", "sendDocument"):
            later = TelegramFault(
                method=method, status=429, description="Too Many Requests", retry_after=1, times=10_000
            )
            self.telegram.state.faults.append(later)
        busy = SlackFault(kind=SlackFaultKind.STATUS, status=429, retry_after=1)
        self.slack.state.faults["chat.postMessage"] = [busy] * 10_000
        self.mails.on_recipient = lambda *_: "451 4.7.1 greylisted, try again"

    async def take(self) -> None:
        """Take what comes again, and have what waits for its next try be tried now."""
        self.telegram.state.faults.clear()
        self.slack.state.faults.clear()
        self.mails.on_recipient = None
        async with self.parts.db.write() as session:
            await session.execute(
                update(Delivery).where(Delivery.status == DeliveryStatus.PENDING).values(due_at=now())
            )
        self.parts.outbox.wake()

    async def conversations(self, count: int) -> dict[Channel, str]:
        """The ids by channel of those in which a customer has written, once there are `count`."""

        async def look() -> dict[Channel, str]:
            async with self.parts.db.read() as session:
                written = select(Message.conversation_id).where(Message.kind == MessageKind.INCOMING)
                rows = await session.scalars(select(Conversation).where(Conversation.id.in_(written)))
                found = {one.channel: one.id for one in rows}
            return found if len(found) >= count else {}

        return await eventually(look, f"{count} conversations")

    async def quiet(self) -> None:
        """Wait until nothing is worked on or on its way out."""

        async def done() -> bool:
            async with self.parts.db.read() as session:
                waiting = select(func.count()).select_from(Delivery).where(Delivery.status.in_(["pending", "sending"]))
                thought = select(func.count()).select_from(Turn).where(Turn.status.in_(["pending", "running"]))
                return await session.scalar(waiting) == 0 and await session.scalar(thought) == 0

        await eventually(done, "an empty outbox")


@asynccontextmanager
async def every_channel(home: Path, database_url: str, **settings: Any) -> AsyncIterator[EveryChannel]:
    """Everything at work and connected, without a public address: Telegram is polled, Slack comes through a socket."""
    async with AsyncExitStack() as stack:
        messenger = await stack.enter_async_context(telegram())
        workspace = await stack.enter_async_context(slack())
        mails = await stack.enter_async_context(running_mail_server())
        mailbox = stack.enter_context(imap_server())
        chosen = {
            "telegram_api_url": messenger.api_url,
            "slack_api_url": workspace.api_url,
            "smtp_url": mails.url,
            "imap_url": mailbox.url,
            "mail_from": f"Muster AG <{US}>",
        }
        bot = FakeBot()
        parts, address = await stack.enter_async_context(served(home, database_url, bot=bot, **(chosen | settings)))
        await telegram_desk.connect(
            telegram_desk.TelegramDesk(fake=messenger, bot=bot, instances=[parts]), mode="polling"
        )
        await slack_rooms.socket_is_open(parts, workspace)
        agent = await add_agent(parts.db, AGENT, "Mia", Role.AGENT, password=PASSWORD)
        yield EveryChannel(
            parts=parts,
            origin=f"http://{address}",
            mia=agent.id,
            telegram=messenger,
            slack=workspace,
            mails=mails,
            mailbox=mailbox,
            on_telegram=messenger.person(),
            on_slack=workspace.state.person(),
        )
