"""A burst from Telegram: `python -m benchmarks.telegram_burst`, with PostgreSQL and two processes of helpdesk.

The fake Telegram delivers over 40 connections as Telegram does, one update in five to both instances at the same
moment, one in twenty before its predecessor, and counts the limits on what comes back.
"""

import asyncio
import random
import secrets
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

import click
import httpx
from sqlalchemy import func, select

from benchmarks.databases import database
from connectors.contract import Account, Channel
from connectors.telegram.connection_setup import MAX_CONNECTIONS
from connectors.telegram.parse import ALLOWED_UPDATES
from helpdesk.channels.accounts import ChannelAccounts
from store.db import Database
from store.migrate import upgrade_async
from store.models import Delivery, Turn, TurnStatus
from tests import processes
from tests.fakes.bot import FakeBot
from tests.fakes.telegram import FakeTelegram, telegram
from tests.fakes.telegram.burst import BurstReport, LoadBalancer, judge, write
from tests.processes import helpdesk, serving

ORIGIN = "https://desk.example"
MAX_SECONDS = 0.3  # seconds for 99 of 100 acknowledgements
_OPEN = (TurnStatus.PENDING, TurnStatus.RUNNING)


@click.command()
@click.option("--updates", default=1000, show_default=True)
@click.option("--people", default=200, show_default=True)
@click.option("--server", default="postgresql://postgres@127.0.0.1:5432", show_default=True)
def main(updates: int, people: int, server: str) -> None:
    """Deliver UPDATES updates of PEOPLE people at once, and see what is stored, answered and sent."""
    verdict, took = asyncio.run(_on_a_database(updates, people, server))
    fine = not verdict.wrong and not verdict.exceeded and verdict.stored == updates and verdict.p99() <= MAX_SECONDS
    print(f"{verdict.updates} updates, {verdict.repeats} of them twice; {verdict.stored} messages stored")
    print(f"acknowledged: p50 {_percentile(verdict, 0.5):.0f} ms, p99 {verdict.p99() * 1000:.0f} ms")
    print(f"answers of the door by status: {verdict.answers}")
    print(
        f"limits exceeded: {verdict.exceeded[:5] or 'none'}; most messages in a second: {verdict.most_a_second} of 30"
    )
    print(f"not as it should be: {verdict.wrong[:5] or 'nothing'}; {took:.0f} s until the last answer was out")
    sys.exit(0 if fine else 1)


def _percentile(verdict: BurstReport, share: float) -> float:
    ordered = sorted(verdict.acknowledged)
    return ordered[int(len(ordered) * share)] * 1000


async def _on_a_database(updates: int, people: int, server: str) -> tuple[BurstReport, float]:
    async with database(server) as (db, url):
        await upgrade_async(db)
        return await _measure(updates, people, db, url)


async def _measure(updates: int, people: int, db: Database, url: str) -> tuple[BurstReport, float]:
    processes.START_WITHIN = 180.0  # what measures starts together with all else that runs here
    chance, key, bot_secret = random.Random(4), secrets.token_hex(32), secrets.token_hex(32)
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(telegram(scale=0.05))
        rasa_url = await stack.enter_async_context(serving(FakeBot()))
        origins = []
        for _ in range(2):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="staffel-burst-")))
            chosen = {"public_url": ORIGIN, "telegram_api_url": fake.api_url, "secret_key": key, "lease": "30"}
            instance = await stack.enter_async_context(
                helpdesk(home, url, rasa_url, bot_secret=bot_secret, turn_deadline="60", **chosen)
            )
            await instance.start()
            origins.append(instance.origin)
        await _connect(fake, db, key)
        limits = httpx.Limits(max_connections=100)
        targets = [httpx.AsyncHTTPTransport(limits=limits) for _ in origins]
        doors = LoadBalancer(targets, chance, origins)
        fake.updates.doors[ORIGIN] = [doors]
        _set_webhook(fake)
        began = perf_counter()
        written = write(fake, [fake.person(f"P{number}") for number in range(people)], updates, chance)
        await fake.updates.quiet()
        await _until_done(db)
        took = perf_counter() - began
        verdict = await judge(fake, db, written, doors)
        for target in targets:
            await target.aclose()
        return verdict, took


async def _connect(fake: FakeTelegram, db: Database, key: str) -> None:
    account = Account(
        channel=Channel.TELEGRAM,
        id=str(fake.state.bot_id),
        name="Staffel",
        secrets={"token": fake.state.token, "webhook_secret": "s" * 32},
        settings={"mode": "webhook", "username": fake.state.username},
    )
    await ChannelAccounts(db, key).save(account)
    await asyncio.sleep(6)  # the instances look for new accounts every five seconds


def _set_webhook(fake: FakeTelegram) -> None:
    fake.updates.set_webhook(
        {
            "url": f"{ORIGIN}/telegram/{fake.state.bot_id}/webhook",
            "secret_token": "s" * 32,
            "max_connections": MAX_CONNECTIONS,
            "allowed_updates": ALLOWED_UPDATES,
        }
    )


async def _until_done(db: Database) -> None:
    """Every turn and every delivery has come to an end."""
    while True:
        async with db.read() as session:
            turns = await session.scalar(select(func.count()).select_from(Turn).where(Turn.status.in_(_OPEN)))
            waiting = select(func.count()).select_from(Delivery).where(Delivery.status.in_(["pending", "sending"]))
            if not turns and not await session.scalar(waiting):
                return
        await asyncio.sleep(0.5)


if __name__ == "__main__":
    main()
