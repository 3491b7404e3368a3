"""How long a line takes between customer and agent: `python -m benchmarks.desk_latency`, with 200 conversations.

Twenty agents have ten open conversations each and their desks open. One customer of each writes again and again: the
time runs from the sending until the agent's desk, told by its socket, has fetched the line; then the agent answers,
and it runs from there until the customer's screen has the answer. helpdesk is a process of its own with SQLite.
"""

import asyncio
import json
import random
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from os import getloadavg
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import httpx
from sqlalchemy import select
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.measures import percentile
from helpdesk.accounts.sessions import Sessions
from helpdesk.conversations import Conversations
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.web.shared.cookies import Cookies
from store.db import Database
from store.migrate import upgrade_async
from store.models import Agent, Availability, Message, Role, now
from store.settings import Settings
from store.triggers import Trigger, TriggerKind
from tests.chat_client import ChatClient
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import inbound_message
from tests.processes import Helpdesk, helpdesk, serving

ASKED = (Trigger(kind=TriggerKind.ASKED, turns=()),)
PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Latencies:
    """Seconds from the customer's sending to the agent's desk, and from the agent's to the customer's screen."""

    to_desk: list[float] = field(default_factory=list)
    to_customer: list[float] = field(default_factory=list)
    lost: int = 0
    refused: int = 0


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

    async def has(self, text: str) -> None:
        """Wait until a line is on the screen."""
        while text not in self.texts:
            self.news.clear()
            await self.news.wait()


@click.command()
@click.option("--conversations", type=click.IntRange(min=20), default=200, show_default=True)
@click.option("--agents", type=click.IntRange(1, 25), default=20, show_default=True, help="25 new chats a minute.")
@click.option("--seconds", type=click.IntRange(min=5), default=60, show_default=True)
@click.option("--pause", type=float, default=5.0, show_default=True, help="Seconds between two lines of a customer.")
def main(conversations: int, agents: int, seconds: int, pause: float) -> None:
    """Open the conversations and desks, let customers write, and print p50 and p99."""
    found = asyncio.run(_measure(conversations, agents, seconds, pause))
    print(f"{conversations} open conversations, {agents} agents, {seconds} s, load average {getloadavg()[0]:.0f}")
    for name, times in (("customer to desk", found.to_desk), ("agent to customer", found.to_customer)):
        p50, p99, worst = (percentile(times, share) * 1000 for share in (0.5, 0.99, 1))
        print(f"{name}: {len(times)} lines, p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {worst:.0f} ms")
    print(f"not there within {PATIENCE_SECONDS:.0f} s: {found.lost}; answers refused: {found.refused}")
    sys.exit(1 if found.lost or found.refused else 0)


async def _measure(conversations: int, agents: int, seconds: int, pause: float) -> Latencies:
    found = Latencies()
    with tempfile.TemporaryDirectory() as folder:
        db = Database(Settings(home=Path(folder), _env_file=None).database)
        await upgrade_async(db)
        staff = await _hire(db, agents)
        await _fill(db, [one.agent_id for one in staff], conversations - agents)
        async with serving(FakeBot()) as bot, helpdesk(Path(folder), "", bot, lease="30", undo_seconds="0") as house:
            await house.start()
            async with AsyncExitStack() as stack:
                stack.push_async_callback(db.close)
                pairs = [await _pair(stack, db, house, one, number) for number, one in enumerate(staff)]
                talks = [asyncio.create_task(_talk(*pair, pause, found)) for pair in pairs]
                await asyncio.sleep(seconds)
                for talk in talks:
                    talk.cancel()
                ends = await asyncio.gather(*talks, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
            raise end
    return found


async def _hire(db: Database, count: int) -> list[SignedIn]:
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


async def _fill(db: Database, staff: list[str], count: int) -> None:
    """So many more conversations that agents have."""
    driver = drive(Conversations(db, ChangeHints(), Settings(_env_file=None)))
    for number in range(count):
        receipt = await driver.receive(inbound_message(f"Wo ist Paket {number}?", name=f"customer-{number}"))
        await driver.request_handoff(receipt.conversation_id, ASKED)
        await driver.accept(receipt.conversation_id, staff[number % len(staff)])


async def _pair(
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


async def _talk(chat: ChatClient, desk: Desk, pause: float, found: Latencies) -> None:
    """A customer's line and its answer, again and again."""
    await asyncio.sleep(pause * random.random())
    number = 0
    while True:
        number += 1
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await _exchange(chat, desk, f"Zeile {number}", found)
        except TimeoutError:
            found.lost += 1
        except httpx.HTTPStatusError:  # such as a database that was held for too long
            found.refused += 1
        await asyncio.sleep(pause)


async def _exchange(chat: ChatClient, desk: Desk, text: str, found: Latencies) -> None:
    began = perf_counter()
    chat.say(text)
    await desk.has(text)
    found.to_desk.append(perf_counter() - began)
    answer, began = f"Antwort auf {text}", perf_counter()
    sent = await desk.http.post(
        f"/desk/api/conversations/{desk.conversation_id}/messages",
        json={"text": answer, "epoch": desk.epoch, "client_id": secrets.token_hex(16)},
    )
    sent.raise_for_status()
    await chat.until(lambda it: answer in it.texts("agent"), "the answer", PATIENCE_SECONDS)
    found.to_customer.append(perf_counter() - began)


if __name__ == "__main__":
    main()
