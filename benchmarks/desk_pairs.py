"""Customers with a web chat and agents with an open desk, who are in conversation with each other."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import select
from websockets.asyncio.client import ClientConnection, connect

from helpdesk.accounts.sessions import Sessions
from helpdesk.web.shared.cookies import Cookies
from store.db import Database
from store.models import Agent, Availability, Message, Role, now
from tests.chat_client import ChatClient
from tests.processes import Helpdesk


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An agent's session."""

    agent_id: str
    token: str
    csrf: str


@dataclass(slots=True)
class Desk:
    """One agent's open desk: it fetches what its socket tells of, as the page does, and keeps what it has seen."""

    http: httpx.AsyncClient
    socket: ClientConnection
    conversation_id: str
    epoch: int
    seq: int = 0
    texts: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        """Fetch the lines of its conversation as often as it is told of a change."""
        path = f"/desk/api/conversations/{self.conversation_id}"
        async for frame in self.socket:
            told: dict[str, Any] = json.loads(frame)
            if told.get("type") == "ask":
                await self.socket.send(json.dumps({"type": "present"}))
            if told.get("type") != "conversation" or told.get("id") != self.conversation_id:
                continue
            lines = (await self.http.get(path, params={"after": self.seq})).json()["lines"]
            self.seq = max([self.seq, *(line["seq"] for line in lines)])
            self.texts |= {line["text"] for line in lines}
            self.news.set()

    async def answer(self, text: str) -> None:
        """Answer the customer; raises `httpx.HTTPStatusError` when that is refused."""
        path = f"/desk/api/conversations/{self.conversation_id}/messages"
        body = {"text": text, "epoch": self.epoch, "client_id": secrets.token_hex(16)}
        (await self.http.post(path, json=body)).raise_for_status()

    async def has(self, text: str) -> None:
        """Wait until a line is on the screen."""
        while text not in self.texts:
            self.news.clear()
            await self.news.wait()


async def hire_agents(db: Database, count: int) -> list[SignedIn]:
    """So many agents who are there, signed in."""
    rows = [
        Agent(
            email=f"{number}@example.org",
            name=f"Agent {number}",
            role=Role.AGENT,
            password_hash="x",  # noqa: S106 - nobody signs in with it
            availability=Availability.ONLINE,
            capacity=20,
            last_seen_at=now(),
        )
        for number in range(count)
    ]
    async with db.write() as session:
        session.add_all(rows)
        await session.flush()
        ids = [row.id for row in rows]
    return [await _sign_in(db, agent_id) for agent_id in ids]


async def _sign_in(db: Database, agent_id: str) -> SignedIn:
    sessions = Sessions(db)
    token = await sessions.start(agent_id)
    found = await sessions.find(token)
    assert found is not None
    return SignedIn(agent_id=agent_id, token=token, csrf=found.csrf_token)


async def pair_up(
    stack: AsyncExitStack, db: Database, house: Helpdesk, agent: SignedIn, number: int
) -> tuple[ChatClient, Desk]:
    """A customer with a chat, and the desk of the agent who has taken it."""
    chat = await stack.enter_async_context(ChatClient(house.url, house.origin))
    await chat.until(lambda it: it.is_ready, "a customer is in")
    opening = f"Wo ist Sendung {number}?"
    chat.say(opening)
    await chat.until(lambda it: not it.unacknowledged, "the first line is stored")
    async with db.read() as session:
        conversation_id = str(await session.scalar(select(Message.conversation_id).where(Message.text == opening)))
    http, socket = await stack.enter_async_context(_open_desk(house, agent))
    accepted = await http.post(f"/desk/api/conversations/{conversation_id}/accept", json={})
    accepted.raise_for_status()
    epoch = accepted.json()["conversation"]["epoch"]
    desk = Desk(http=http, socket=socket, conversation_id=conversation_id, epoch=epoch)
    following = asyncio.create_task(desk.follow())
    stack.callback(following.cancel)
    return chat, desk


@asynccontextmanager
async def _open_desk(house: Helpdesk, agent: SignedIn) -> AsyncIterator[tuple[httpx.AsyncClient, ClientConnection]]:
    """A signed-in browser of an agent, and its socket."""
    cookie = Cookies(https=False, secret_key="").name("agent")
    headers = {"x-csrf-token": agent.csrf, "origin": house.origin, "accept": "application/json"}
    async with (
        httpx.AsyncClient(
            base_url=house.origin, cookies={cookie: agent.token}, headers=headers, trust_env=False, timeout=30
        ) as http,
        connect(
            f"{house.origin.replace('http:', 'ws:')}/desk/ws",
            origin=house.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{cookie}={agent.token}"},
        ) as socket,
    ):
        await socket.send(json.dumps({"type": "hello", "csrf": agent.csrf}))
        yield http, socket
