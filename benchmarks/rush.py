"""How helpdesk stands a rush: `python -m benchmarks.rush`. Everything goes to this machine, 127.0.0.1, and ends.

A few residents ask the bot a question now and then, and `/healthz` is asked four times a second, while

- connections are opened that say nothing, half a head, or a body byte by byte;
- visitors who were here before come back, all in the same instant;
- articles are imported by the command that an administrator types.

helpdesk is a process of its own with SQLite; the bot is one that answers at once, so that what is measured is ours.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.generated_articles import make_articles, make_questions
from benchmarks.measures import percentile
from tests.chat_client import ChatClient
from tests.fakes.bot import FakeBot
from tests.processes import ROOT, Helpdesk, helpdesk, serving

RESIDENTS = 5
#: Chats that one resident has open and asks in by turns: asked too much in one, the bot would call a person.
CHATS_EACH = 12
PAUSE_SECONDS = 2.0  # between two questions of one resident
HEALTH_EVERY_SECONDS = 0.25
MAX_STORM_SECONDS = 90.0
PREPARED_AT_ONCE = 8

type Work = Callable[[], Awaitable[str]]


@dataclass(slots=True)
class LoadFigures:
    """Seconds that residents waited for their answers, and that `/healthz` took; `refused` counts other answers."""

    replies: list[float] = field(default_factory=list)
    unanswered: int = 0
    health: list[float] = field(default_factory=list)
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visitor was: what a browser keeps."""

    token: str
    last_seq: int
    log_epoch: str


@click.command()
@click.option("--connections", default=2_000, show_default=True)
@click.option("--reconnects", default=1_000, show_default=True)
@click.option("--articles", default=2_000, show_default=True, help="Imported meanwhile; 0: no import.")
@click.option("--seconds", default=15.0, show_default=True, help="For the quiet run, and for the silent connections.")
@click.option("--longest-import", default=600.0, show_default=True, help="Seconds after which it is stopped.")
def main(connections: int, reconnects: int, articles: int, seconds: float, longest_import: float) -> None:
    """Measure a quiet installation, then one in a rush."""
    asyncio.run(_measure(connections, reconnects, articles, seconds, longest_import))


async def _measure(connections: int, reconnects: int, articles: int, seconds: float, longest_import: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        async with serving(FakeBot()) as bot, helpdesk(home, "", bot, lease="30") as house:
            await house.start()
            places = await _prepare(house, reconnects)
            async with _residents(house) as residents:
                phases: list[tuple[str, Work]] = [("quiet", lambda: _wait(seconds))]
                if connections:
                    phases.append((f"{connections:,} silent connections", lambda: _hold(house, connections, seconds)))
                if reconnects:
                    phases.append((f"{reconnects:,} reconnects at once", lambda: _storm(house, places)))
                if articles:
                    phases.append((f"import of {articles:,} articles", lambda: _import(home, articles, longest_import)))
                for name, work in phases:
                    await _phase(name, work, house, residents)


async def _phase(name: str, work: Work, house: Helpdesk, residents: list[Iterator[ChatClient]]) -> None:
    """Do `work` while residents ask and `/healthz` is asked; print what both felt."""
    figures = LoadFigures()
    questions = cycle(text for _, text, _ in make_questions(500, 200))
    beside = [asyncio.create_task(_ask_now_and_then(chats, questions, figures)) for chats in residents]
    beside.append(asyncio.create_task(_watch_health(house, figures)))
    result = await work()
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    print(f"{name}: {result}", flush=True)
    print(f"  residents' answers {_spread(figures.replies)}, {figures.unanswered} not within 30 s")
    print(f"  /healthz {_spread(figures.health)}, {figures.refused} not answered with 200", flush=True)


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    p50, p95, worst = (percentile(seconds, share) for share in (0.5, 0.95, 1))
    return f"{len(seconds)}: p50 {p50:.2f} s, p95 {p95:.2f} s, max {worst:.2f} s"


async def _wait(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return f"{seconds:.0f} s"


@asynccontextmanager
async def _residents(house: Helpdesk) -> AsyncIterator[list[Iterator[ChatClient]]]:
    """For each resident the chats to ask in, by turns."""
    async with AsyncExitStack() as stack:
        chats = [ChatClient(house.url, house.origin) for _ in range(RESIDENTS * CHATS_EACH)]
        for chat in chats:
            await stack.enter_async_context(chat)
            await chat.until(lambda it: it.is_ready, "a resident is in")
        yield [cycle(chats[number::RESIDENTS]) for number in range(RESIDENTS)]


async def _ask_now_and_then(chats: Iterator[ChatClient], questions: Iterator[str], figures: LoadFigures) -> None:
    for chat, question in zip(chats, questions, strict=False):
        before, began = _replies_of(chat), perf_counter()
        chat.say(question)
        try:
            await chat.until(lambda it: _replies_of(it) > before, "an answer", 30)  # noqa: B023 - awaited here
            figures.replies.append(perf_counter() - began)
        except AssertionError:
            figures.unanswered += 1
        await asyncio.sleep(PAUSE_SECONDS)


def _replies_of(chat: ChatClient) -> int:
    """How much the customer was told: by the bot, or, while they wait for a person, by the house."""
    return sum(line["kind"] == "outgoing" for line in chat.lines)


async def _watch_health(house: Helpdesk, figures: LoadFigures) -> None:
    while True:
        began = perf_counter()
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:  # a new connection each time
                found = await client.get(f"{house.origin}/healthz")
            figures.refused += found.status_code != 200
        except httpx.HTTPError:
            figures.refused += 1
        figures.health.append(perf_counter() - began)
        await asyncio.sleep(HEALTH_EVERY_SECONDS)


async def _has_ended(reader: asyncio.StreamReader) -> bool:
    """Whether the other side has closed, after whatever it said."""
    try:
        async with asyncio.timeout(1):
            await reader.read()
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


async def _hold(house: Helpdesk, count: int, seconds: float) -> str:
    """Open connections that ask for nothing; how many are still open at the end."""
    beginnings = (
        b"",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"POST /signin HTTP/1.1\r\nhost: a\r\ncontent-length: 900\r\n\r\n",
    )
    opened = await asyncio.gather(*(_open(house, beginnings[n % 3]) for n in range(count)), return_exceptions=True)
    held = [each for each in opened if not isinstance(each, BaseException)]
    await asyncio.sleep(seconds)
    still = len(held) - sum(await asyncio.gather(*(_has_ended(reader) for reader, _ in held)))
    for _, writer in held:
        writer.close()
    return f"{len(held):,} opened, {still:,} still open after {seconds:.0f} s"


async def _open(house: Helpdesk, first: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    with suppress(ConnectionError):
        writer.write(first)
        await writer.drain()
    return reader, writer


async def _prepare(house: Helpdesk, count: int) -> list[Place]:
    """Visitors who were here once."""
    doors = asyncio.Semaphore(PREPARED_AT_ONCE)

    async def visit() -> Place:
        async with doors:
            return await _visit(house, None)

    return await asyncio.gather(*(visit() for _ in range(count)))


async def _storm(house: Helpdesk, places: list[Place]) -> str:
    """All come back in the same instant, and those who are turned away come again after the time that they are told."""
    took: list[float] = []
    began = perf_counter()

    async def come_back(place: Place) -> None:
        while perf_counter() - began < MAX_STORM_SECONDS:
            with suppress(OSError, TimeoutError, WebSocketException):
                await _visit(house, place)
                took.append(perf_counter() - began)
                return
            await asyncio.sleep(1)

    await asyncio.gather(*(come_back(place) for place in places))
    return f"{len(took):,} of {len(places):,} served, {_spread(took)}"


async def _visit(house: Helpdesk, place: Place | None) -> Place:
    """Connect, say hello, read on until `ready`, leave."""
    hello: dict[str, Any] = {"type": "hello", "protocol": 1, "language": "de"}
    if place:
        hello |= {"token": place.token, "last_seq": place.last_seq, "log_epoch": place.log_epoch}
    async with (
        asyncio.timeout(MAX_STORM_SECONDS),
        connect(house.url, origin=house.origin, open_timeout=60) as socket,  # type: ignore[arg-type] # str is an Origin
    ):
        await socket.send(json.dumps(hello))
        welcome: dict[str, Any] = {}
        async for body in socket:
            frame = json.loads(body)
            if frame["type"] == "welcome":
                welcome = frame
            if frame["type"] == "ready":
                return Place(token=welcome["token"], last_seq=welcome["seq"], log_epoch=welcome["log_epoch"])
    raise TimeoutError


async def _import(home: Path, count: int, longest: float) -> str:
    file = home / "articles.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for key, content in make_articles(count, most=2):
            lines.write(json.dumps({"key": key, **content.as_json()}) + "\n")
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "helpdesk.host.cli.knowledge", "import", str(file)),
        cwd=ROOT,
        env={**os.environ, "STAFFEL_HOME": str(home), "STAFFEL_DATABASE_URL": ""},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(longest):
            code = await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
        return f"stopped after {longest:.0f} s"
    await asyncio.sleep(10)  # what was imported is taken up and learnt now
    return f"ended with {code} after {perf_counter() - began - 10:.0f} s"


if __name__ == "__main__":
    main()
