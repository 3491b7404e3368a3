"""How long a line takes between customer and agent: `python -m benchmarks.desk_latency`, with 200 conversations.

Twenty agents have ten open conversations each and their desks open. One customer of each writes again and again: the
time runs from the sending until the agent's desk, told by its socket, has fetched the line; then the agent answers,
and it runs from there until the customer's screen has the answer. helpdesk is a process of its own with SQLite.
"""

import asyncio
import random
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from os import getloadavg
from pathlib import Path
from time import perf_counter

import click
import httpx

from benchmarks.desk_pairs import Desk, hire_agents, pair_up
from benchmarks.measures import percentile
from helpdesk.conversations import Conversations
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.migrate import upgrade_async
from store.settings import Settings
from store.triggers import Trigger, TriggerKind
from tests.chat_client import ChatClient
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import inbound_message
from tests.processes import helpdesk, serving

ASKED = (Trigger(kind=TriggerKind.ASKED, turns=()),)
PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Latencies:
    """Seconds from the customer's sending to the agent's desk, and from the agent's to the customer's screen."""

    to_desk: list[float] = field(default_factory=list)
    to_customer: list[float] = field(default_factory=list)
    lost: int = 0
    refused: int = 0


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
        staff = await hire_agents(db, agents)
        await _fill(db, [one.agent_id for one in staff], conversations - agents)
        async with serving(FakeBot()) as bot, helpdesk(Path(folder), "", bot, lease="30", undo_seconds="0") as house:
            await house.start()
            async with AsyncExitStack() as stack:
                stack.push_async_callback(db.close)
                pairs = [await pair_up(stack, db, house, one, number) for number, one in enumerate(staff)]
                talks = [asyncio.create_task(_talk(*pair, pause, found)) for pair in pairs]
                await asyncio.sleep(seconds)
                for talk in talks:
                    talk.cancel()
                ends = await asyncio.gather(*talks, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
            raise end
    return found


async def _fill(db: Database, staff: list[str], count: int) -> None:
    """So many more conversations that agents have."""
    driver = drive(Conversations(db, ChangeHints(), Settings(_env_file=None)))
    for number in range(count):
        receipt = await driver.receive(inbound_message(f"Wo ist Paket {number}?", name=f"customer-{number}"))
        await driver.request_handoff(receipt.conversation_id, ASKED)
        await driver.accept(receipt.conversation_id, staff[number % len(staff)])


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
    await desk.answer(answer)
    await chat.until(lambda it: answer in it.texts("agent"), "the answer", PATIENCE_SECONDS)
    found.to_customer.append(perf_counter() - began)


if __name__ == "__main__":
    main()
