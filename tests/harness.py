"""Helpdesk inside a test: the same `create_app` as in production, with a bot and an embedder that cost nothing."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.applications import Starlette

from connectors.contract import Address, Channel, InboundMessage, Tap
from helpdesk.app import AppComponents, create_app
from knowledge.search.embedder import Embedder
from store.models import Agent, Availability, Conversation, Message, Role, now
from store.settings import Settings
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts

#: Seconds a test waits for what ought to happen: long, because nothing is waited for once it is there.
PATIENCE = 60.0


def settings_for(home: Path, database_url: str, **changes: Any) -> Settings:
    """Settings of a test's own, independent of the environment."""
    values: dict[str, Any] = {
        "home": home,
        "database_url": database_url,
        "bot_secret": secrets.token_hex(32),
        "secret_key": secrets.token_hex(32),
    }
    return Settings(_env_file=None, **(values | changes))


@asynccontextmanager
async def run_helpdesk(
    settings: Settings, bot: FakeBot, embedder: Embedder | None = None
) -> AsyncIterator[AppComponents]:
    """Helpdesk at work, without a socket of its own. The embedder counts letters unless a test needs more."""
    app: Starlette = create_app(settings, embedder=embedder or LetterCounts(), rasa_transport=bot.transport())
    async with app.router.lifespan_context(app):
        parts: AppComponents = app.state.parts
        yield parts


async def eventually[T](look: Callable[[], Awaitable[T]], what: str, *, patience: float = PATIENCE) -> T:
    """The first true value of `look`; fails with `what` was waited for."""
    try:
        async with asyncio.timeout(patience):
            while not (found := await look()):
                await asyncio.sleep(0.01)
            return found
    except TimeoutError:
        raise AssertionError(f"waited {patience:g} s for {what}") from None


def visitor(name: str = "visitor") -> Address:
    """The address of a customer on web chat."""
    return Address(channel=Channel.WEBCHAT, account="default", chat_id=name)


def inbound_message(
    text: str = "", *, name: str = "visitor", id_: str | None = None, tap: Tap | None = None
) -> InboundMessage:
    """What a connector would hand in."""
    external_id = f"{name}:{id_ or secrets.token_hex(8)}"
    return InboundMessage(address=visitor(name), contact_id=name, external_id=external_id, text=text, tap=tap)


async def log_of(parts: AppComponents, conversation_id: str) -> list[Message]:
    """The whole log, in order."""
    async with parts.db.read() as session:
        found = await session.scalars(
            select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)
        )
        return list(found)


async def conversation_of(parts: AppComponents, conversation_id: str) -> Conversation:
    """The conversation as it is now."""
    async with parts.db.read() as session:
        return await session.get_one(Conversation, conversation_id)


async def said_by(parts: AppComponents, conversation_id: str, author: str) -> list[str]:
    """The texts of one author, in order."""
    return [message.text for message in await log_of(parts, conversation_id) if message.author == author]


async def wait_for_answers(parts: AppComponents, conversation_id: str, count: int) -> list[str]:
    """The bot's texts after its greeting, once there are `count`."""

    async def look() -> list[str]:
        texts = (await said_by(parts, conversation_id, "bot"))[1:]
        return texts if len(texts) >= count else []

    return await eventually(look, f"{count} answers")


async def hire(parts: AppComponents, name: str, role: Role = Role.AGENT) -> str:
    """An agent who is online; returns the id."""
    async with parts.db.write() as session:
        agent = Agent(
            email=f"{name.lower()}@example.com",
            name=name,
            role=role,
            password_hash="",
            availability=Availability.ONLINE,
            last_seen_at=now(),
        )
        session.add(agent)
        await session.flush()
        return agent.id
