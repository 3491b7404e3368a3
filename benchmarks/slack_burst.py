"""A burst from Slack: `python -m benchmarks.slack_burst`, with PostgreSQL and two processes of helpdesk.

One event in five comes twice, the second time as a retry at the other instance and at the same moment; one in twenty
overtakes the one before it. The fake Slack counts its limits on what comes back.
"""

import asyncio
import json
import random
import secrets
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import httpx
from sqlalchemy import func, select

from benchmarks.databases import database
from connectors.contract import Account, Channel
from connectors.slack import APP
from helpdesk.channels.accounts import ChannelAccounts
from store.db import Database
from store.migrate import upgrade_async
from store.models import Conversation, Delivery, DeliveryStatus, Message, Turn, TurnStatus
from tests import processes
from tests.fakes.bot import FakeBot
from tests.fakes.slack import FakeSlack, slack
from tests.processes import helpdesk, serving

MAX_SECONDS = 0.3  # seconds for 99 of 100 acknowledgements
_OPEN = (TurnStatus.PENDING, TurnStatus.RUNNING)


@dataclass(slots=True)
class BurstVerdict:
    """What came of it. `wrong` names what isn't as it should be."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    repeats: int = 0
    stored: int = 0
    posts: int = 0
    too_fast: int = 0
    wrong: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Seconds until the acknowledgement, for this share of the events."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@click.command()
@click.option("--events", default=1000, show_default=True)
@click.option("--people", default=200, show_default=True)
@click.option("--at-once", default=10, show_default=True, help="Events that are on their way at the same time.")
@click.option("--server", default="postgresql://postgres@127.0.0.1:5432", show_default=True)
def main(events: int, people: int, at_once: int, server: str) -> None:
    """Deliver EVENTS events of PEOPLE people at once, and see what is stored, answered and sent."""
    verdict, took = asyncio.run(_on_a_database(events, people, at_once, server))
    print(
        f"{events} events, {verdict.repeats} of them twice; {verdict.stored} messages stored, {verdict.posts} posts out"
    )
    print(f"acknowledged: p50 {verdict.percentile(0.5) * 1000:.0f} ms, p99 {verdict.percentile(0.99) * 1000:.0f} ms")
    print(f"not acknowledged: {verdict.refused}; faster than one a second in a channel: {verdict.too_fast}")
    print(f"not as it should be: {verdict.wrong[:5] or 'nothing'}; {took:.0f} s until the last answer was out")
    is_fine = not (verdict.wrong or verdict.too_fast or verdict.refused) and verdict.stored == events
    sys.exit(0 if is_fine and verdict.percentile(0.99) <= MAX_SECONDS else 1)


async def _on_a_database(events: int, people: int, at_once: int, server: str) -> tuple[BurstVerdict, float]:
    async with database(server) as (db, url):
        await upgrade_async(db)
        return await _measure(events, people, at_once, db, url)


async def _measure(events: int, people: int, at_once: int, db: Database, url: str) -> tuple[BurstVerdict, float]:
    processes.START_WITHIN = 180.0  # what measures starts together with all else that runs here
    chance, key, bot_secret = random.Random(4), secrets.token_hex(32), secrets.token_hex(32)
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(slack())
        await _connect(fake, db, key)
        rasa_url = await stack.enter_async_context(serving(FakeBot()))
        clients = []
        for _ in range(2):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="staffel-burst-")))
            chosen = {"slack_api_url": fake.api_url, "secret_key": key, "lease": "30"}
            instance = await stack.enter_async_context(
                helpdesk(home, url, rasa_url, bot_secret=bot_secret, turn_deadline="60", **chosen)
            )
            await instance.start()
            limits = httpx.Limits(max_connections=at_once)
            client = httpx.AsyncClient(base_url=instance.origin, limits=limits, timeout=30)
            clients.append(await stack.enter_async_context(client))
        began = perf_counter()
        written = _written(fake, events, people, chance)
        verdict = await _deliver(fake, clients, written, chance, at_once)
        await _until_done(db)
        took = perf_counter() - began
        await _judge(verdict, fake, db)
        return verdict, took


async def _connect(fake: FakeSlack, db: Database, key: str) -> None:
    accounts, state = ChannelAccounts(db, key), fake.state
    secret = {"signing_secret": state.signing_secret}
    await accounts.save(Account(channel=Channel.SLACK, id=APP, name="app", secrets=secret, settings={"mode": "http"}))
    own = {"bot_user_id": state.bot_user, "bot_id": state.bot_id}
    token = {"bot_token": state.bot_token}
    await accounts.save(Account(channel=Channel.SLACK, id=state.team, name="Test", secrets=token, settings=own))


def _written(fake: FakeSlack, events: int, people: int, chance: random.Random) -> list[bytes]:
    """The events in the order in which they come: one in twenty before its predecessor."""
    writers = [fake.state.person() for _ in range(people)]
    written = [
        json.dumps(fake.envelope(fake.direct(writers[number % people], f"Frage {number}"))).encode()
        for number in range(events)
    ]
    for number in range(people, events):
        if chance.random() < 0.05:
            written[number], written[number - people] = written[number - people], written[number]
    return written


async def _deliver(
    fake: FakeSlack, clients: list[httpx.AsyncClient], written: list[bytes], chance: random.Random, at_once: int
) -> BurstVerdict:
    verdict, free = BurstVerdict(), asyncio.Semaphore(at_once)

    async def knock(client: httpx.AsyncClient, body: bytes, more: dict[str, Any]) -> None:
        """As Slack does: once more, and once more, until it hears 200."""
        for _ in range(3):
            async with free:
                began = perf_counter()
                status = await _status(client, body, {**fake.signed(body), **more})
                verdict.seconds.append(perf_counter() - began)
            if status == httpx.codes.OK:
                return
            verdict.refused += 1

    async with asyncio.TaskGroup() as group:
        for body in written:
            one, other = chance.sample(clients, 2)
            group.create_task(knock(one, body, {}))
            if chance.random() < 0.2:
                verdict.repeats += 1
                group.create_task(
                    knock(other, body, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
                )
    return verdict


async def _status(client: httpx.AsyncClient, body: bytes, headers: dict[str, str]) -> int:
    """What the door answers; 0 when the line broke."""
    try:
        return (await client.post("/slack/events", content=body, headers=headers)).status_code
    except httpx.HTTPError:
        return 0


async def _until_done(db: Database) -> None:
    """Every turn and every delivery has come to an end."""
    while True:
        async with db.read() as session:
            turns = await session.scalar(select(func.count()).select_from(Turn).where(Turn.status.in_(_OPEN)))
            waiting = select(func.count()).select_from(Delivery).where(Delivery.status.in_(["pending", "sending"]))
            if not turns and not await session.scalar(waiting):
                return
        await asyncio.sleep(0.5)


async def _judge(verdict: BurstVerdict, fake: FakeSlack, db: Database) -> None:
    async with db.read() as session:
        incoming = (await session.scalars(select(Message).where(Message.kind == "incoming"))).all()
        conversations = (await session.scalars(select(Conversation))).all()
        deliveries = (await session.scalars(select(Delivery).order_by(Delivery.id))).all()
    verdict.stored, verdict.posts, verdict.too_fast = len(incoming), len(fake.state.posts), len(fake.state.too_fast)
    newest = {
        one.conversation_id: max(m.seq for m in incoming if m.conversation_id == one.conversation_id)
        for one in incoming
    }
    verdict.wrong += [f"{one.id} unanswered" for one in conversations if one.answered_seq < newest.get(one.id, 0)]
    verdict.wrong += [f"delivery {one.id} {one.status}" for one in deliveries if one.status != DeliveryStatus.SENT]
    sent = [str(one.external_id) for one in deliveries]
    if sorted(sent) != sorted(f"{post.channel}:{post.ts}" for post in fake.state.posts):
        verdict.wrong.append("posts and deliveries differ")
    for channel in {post.channel for post in fake.state.posts}:
        wanted = [name for name in sent if name.startswith(f"{channel}:")]
        if wanted != [f"{post.channel}:{post.ts}" for post in fake.state.posts if post.channel == channel]:
            verdict.wrong.append(f"{channel} out of order")


if __name__ == "__main__":
    main()
