"""Helpdesk and a fake Slack, connected: what every test of Slack begins with."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from connectors.contract import Account, Channel
from connectors.slack import APP, SOCKET, SlackConnector
from helpdesk.app import AppComponents, create_app
from helpdesk.app.connector_on_demand import ConnectorOnDemand
from store.models import Conversation, Delivery, Message
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.fakes.slack import FakeSlack, SlackPost, slack
from tests.harness import eventually, settings_for


@asynccontextmanager
async def helpdesk_on(
    fake: FakeSlack, home: Path, url: str, bot: FakeBot | None = None, **settings: Any
) -> AsyncIterator[tuple[AppComponents, httpx.AsyncClient]]:
    """Helpdesk at work with the fake's workspace connected, and a client to its doors."""
    values = {"slack_api_url": fake.api_url, "public_url": "https://help.example"} | settings
    app = create_app(
        settings_for(home, url, **values), embedder=LetterCounts(), rasa_transport=(bot or FakeBot()).transport()
    )
    async with app.router.lifespan_context(app):
        parts: AppComponents = app.state.parts
        await connect(parts, fake)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://help.example") as client:
            yield parts, client


async def connect(parts: AppComponents, fake: FakeSlack, *, mode: str = "http") -> None:
    """The accounts as `staffel connect slack` keeps them."""
    state = fake.state
    secrets = {
        "signing_secret": state.signing_secret,
        "client_secret": state.client_secret,
        "app_token": state.app_token,
    }
    settings = {
        "client_id": state.client_id,
        "app_id": state.app_id,
        "mode": mode,
        "authorize_url": f"{fake.origin}/authorize",
    }
    await parts.accounts.save(
        Account(channel=Channel.SLACK, id=APP, name="Slack app", secrets=secrets, settings=settings)
    )
    await parts.accounts.save(workspace(fake))


def workspace(fake: FakeSlack) -> Account:
    """The workspace, installed."""
    state = fake.state
    return Account(
        channel=Channel.SLACK,
        id=state.team,
        name="Testfirma",
        secrets={"bot_token": state.bot_token},
        settings={"bot_user_id": state.bot_user, "bot_id": state.bot_id, "team": "Testfirma"},
    )


@asynccontextmanager
async def office(
    home: Path, url: str, bot: FakeBot | None = None, *, scale: float = 0.01, **settings: Any
) -> AsyncIterator[tuple[AppComponents, FakeSlack]]:
    """Both, connected over HTTP."""
    async with slack(scale=scale) as fake, helpdesk_on(fake, home, url, bot, **settings) as (parts, client):
        fake.target = client
        yield parts, fake


async def socket_is_open(parts: AppComponents, fake: FakeSlack) -> None:
    """Switch to Socket Mode and wait for the connection."""
    await connect(parts, fake, mode=SOCKET)
    fake.target = None

    async def is_open() -> bool:
        return bool(fake.sockets)

    await eventually(is_open, "the socket")


def connector_of(parts: AppComponents) -> SlackConnector:
    """The connector itself."""
    found = parts.connectors[Channel.SLACK]
    assert isinstance(found, ConnectorOnDemand)
    assert isinstance(found.connector, SlackConnector)
    return found.connector


async def conversations(parts: AppComponents) -> list[Conversation]:
    """All that are held on Slack."""
    async with parts.db.read() as session:
        found = await session.scalars(
            select(Conversation).where(Conversation.channel == Channel.SLACK).order_by(Conversation.created_at)
        )
        return list(found)


async def incoming(parts: AppComponents) -> list[Message]:
    """What customers wrote on Slack, in order."""
    async with parts.db.read() as session:
        found = await session.scalars(
            select(Message).where(Message.channel == Channel.SLACK, Message.kind == "incoming").order_by(Message.id)
        )
        return sorted(found, key=lambda message: (message.conversation_id, message.seq))


async def delivery_ends(parts: AppComponents, count: int) -> Sequence[Delivery]:
    """All deliveries, once none of at least `count` is on its way."""

    async def settled() -> Sequence[Delivery]:
        async with parts.db.read() as session:
            found = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
        ended = [one for one in found if one.status not in ("pending", "sending")]
        return found if len(found) >= count and len(ended) == len(found) else ()

    return await eventually(settled, f"{count} deliveries to end")


def words_of(posts: Sequence[SlackPost]) -> list[str]:
    """The texts of posts."""
    return [post.text for post in posts]
