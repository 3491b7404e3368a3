"""Helpdesk with a bot on the fake Telegram: the same app as in production, its webhook reached as through DNS."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select
from starlette.applications import Starlette

from connectors.contract import Account, Channel
from connectors.telegram import TelegramConnector
from connectors.telegram.parse import ALLOWED_UPDATES
from helpdesk.app import AppComponents, create_app
from helpdesk.app.connector_on_demand import ConnectorOnDemand
from knowledge.search.embedder import Embedder
from store.models import Conversation, Delivery, Message
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.fakes.telegram import FakeTelegram, SentMessage, TelegramPerson, telegram
from tests.harness import eventually, settings_for

ORIGIN = "https://desk.example"
SECRET = "s" * 32


def telegram_connector(parts: AppComponents) -> TelegramConnector:
    """The connector of an instance."""
    found = parts.connectors[Channel.TELEGRAM]
    assert isinstance(found, ConnectorOnDemand)
    assert isinstance(found.connector, TelegramConnector)
    return found.connector


@dataclass(slots=True, kw_only=True)
class TelegramDesk:
    """One or two instances of helpdesk, and Telegram beside them."""

    fake: FakeTelegram
    bot: FakeBot
    instances: list[AppComponents] = field(default_factory=list)
    apps: list[Starlette] = field(default_factory=list)

    @property
    def parts(self) -> AppComponents:
        """The first instance."""
        return self.instances[0]

    @property
    def connector(self) -> TelegramConnector:
        """The connector of the first instance."""
        return telegram_connector(self.parts)

    async def sent(self, chat_id: int, count: int) -> list[SentMessage]:
        """The bot's messages in a chat, once there are `count`."""

        async def enough() -> bool:
            return len(self.fake.state.sent_to(chat_id)) >= count

        await eventually(enough, f"{count} messages to {chat_id}")
        return self.fake.state.sent_to(chat_id)

    async def answered(self, person: TelegramPerson, text: str) -> SentMessage:
        """The message of the bot's to this person that holds `text`."""

        async def found() -> SentMessage | None:
            return next((sent for sent in self.fake.state.sent_to(person.id) if text in sent.text), None)

        message = await eventually(found, f"'{text}'")
        assert message is not None
        return message

    async def conversations(self) -> list[Conversation]:
        """All of them, the oldest first."""
        async with self.parts.db.read() as session:
            return list(await session.scalars(select(Conversation).order_by(Conversation.created_at)))

    async def written(self) -> list[Message]:
        """Everything that customers wrote, in order."""
        async with self.parts.db.read() as session:
            found = await session.scalars(
                select(Message).where(Message.author == "contact").order_by(Message.conversation_id, Message.seq)
            )
            return list(found)

    async def deliveries(self, status: str) -> list[Delivery]:
        """Those that have come to `status`."""
        async with self.parts.db.read() as session:
            return list(await session.scalars(select(Delivery).where(Delivery.status == status).order_by(Delivery.id)))

    async def settled(self) -> None:
        """Wait until every update is taken and nothing is on its way any more."""
        await self.fake.updates.quiet()
        await self.connector.afterwards.finish()

        async def nothing_left() -> bool:
            async with self.parts.db.read() as session:
                waiting = select(func.count()).select_from(Delivery).where(Delivery.status.in_(["pending", "sending"]))
                return await session.scalar(waiting) == 0

        await eventually(nothing_left, "the outbox to be empty")


@asynccontextmanager
async def telegram_desk(
    home: Path,
    database_url: str,
    bot: FakeBot | None = None,
    *,
    mode: str = "webhook",
    instances: int = 1,
    scale: float = 0.01,
    tolerance: float = 0.5,
    embedder: Embedder | None = None,
    **settings: Any,
) -> AsyncIterator[TelegramDesk]:
    """Everything at work and connected."""
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(telegram(scale=scale, tolerance=tolerance))
        desk = TelegramDesk(fake=fake, bot=bot or FakeBot())
        chosen = settings_for(
            home, database_url, **({"public_url": ORIGIN, "telegram_api_url": fake.api_url} | settings)
        )
        for _ in range(instances):
            app = create_app(chosen, embedder=embedder or LetterCounts(), rasa_transport=desk.bot.transport())
            await stack.enter_async_context(app.router.lifespan_context(app))
            desk.apps.append(app)
            desk.instances.append(app.state.parts)
        await connect(desk, mode)
        yield desk


async def connect(desk: TelegramDesk, mode: str) -> None:
    """Have the bot's updates come here."""
    fake = desk.fake
    fake.updates.doors[ORIGIN] = [httpx.ASGITransport(app, raise_app_exceptions=False) for app in desk.apps]
    if mode == "webhook":
        url = f"{ORIGIN}/telegram/{fake.state.bot_id}/webhook"
        fake.updates.set_webhook({"url": url, "secret_token": SECRET, "allowed_updates": ALLOWED_UPDATES})
    account = Account(
        channel=Channel.TELEGRAM,
        id=str(fake.state.bot_id),
        name="Staffel",
        secrets={"token": fake.state.token, "webhook_secret": SECRET},
        settings={"mode": mode, "username": fake.state.username},
    )
    for parts in desk.instances:
        await parts.accounts.save(account)
