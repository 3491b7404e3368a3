"""What it takes to bring an agent's answer to a customer, beside a bare echo: `python -m benchmarks.relay`.

Each pair goes as fast as it can: the agent's desk sends an answer, and the next one when the customer's screen has it.
The peer is the least that could do that, a WebSocket server that stores each line with one durable commit and sends it
back (`echo_server.py`), with as many clients, in the same run. helpdesk is a process of its own, with SQLite.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from os import getloadavg
from pathlib import Path
from time import perf_counter

import click
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.desk_pairs import Desk, hire_agents, pair_up
from benchmarks.measures import percentile
from benchmarks.processor_time import ProcessorMeter
from store.db import Database
from store.migrate import upgrade_async
from store.settings import Settings
from tests.chat_client import ChatClient
from tests.fakes.bot import FakeBot
from tests.processes import helpdesk, serving
from tests.services import free_port

STARTED_WITHIN = 30.0  # seconds
PATIENCE_SECONDS = 30.0
WARM_UP = 20  # exchanges of each pair that aren't counted

type Exchange = Callable[[int], Awaitable[None]]
"""Bring one line, whose number it is given, from one end to the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFigures:
    """What came of one program with so many pairs."""

    seconds: float
    times: Sequence[float]
    """Seconds from an end to the other, of each line."""

    processor: float
    """Seconds of the server's processor."""

    @property
    def a_second(self) -> float:
        """Lines a second of all pairs together."""
        return len(self.times) / self.seconds

    @property
    def processor_a_line(self) -> float:
        """Milliseconds of the server's processor."""
        return self.processor / len(self.times) * 1000


@click.command()
@click.option("--pairs", type=click.IntRange(min=1), multiple=True, default=(1, 10), show_default=True)
@click.option("--seconds", type=click.IntRange(min=2), default=15, show_default=True)
def main(pairs: tuple[int, ...], seconds: int) -> None:
    """Measure the echo and Staffel with as many pairs, one after the other, and print them beside each other."""
    print("| pairs | program | lines a second | beside the echo | p50 / p95 | processor a line |")
    print("|---|---|---|---|---|---|")
    for count in pairs:
        echo = asyncio.run(_measure_echo(count, seconds))
        _print_row(count, "echo with one commit", echo, echo)
        _print_row(count, "Staffel, sqlite", asyncio.run(_measure_staffel(count, seconds)), echo)
    print(f"\nLoad average {getloadavg()[0]:.1f}, {seconds} s a row.")


def _print_row(pairs: int, program: str, figures: RelayFigures, echo: RelayFigures) -> None:
    if not figures.times:
        sys.exit(f"{program}: nothing arrived.")
    p50, p95 = (percentile(figures.times, share) * 1000 for share in (0.5, 0.95))
    ratio = figures.a_second / echo.a_second
    cells = (
        f"{pairs}",
        program,
        f"{figures.a_second:.0f}",
        f"{ratio:.2f}",
        f"{p50:.1f} / {p95:.1f} ms",
        f"{figures.processor_a_line:.1f} ms",
    )
    print(f"| {' | '.join(cells)} |", flush=True)


async def _measure_echo(pairs: int, seconds: int) -> RelayFigures:
    async with _echo_served() as (url, pid), AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(connect(url)) for _ in range(pairs)]
        return await _keep_busy([_echo_of(socket) for socket in sockets], seconds, pid)


@asynccontextmanager
async def _echo_served() -> AsyncIterator[tuple[str, int]]:
    """Its address, and the process."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.echo_server", str(port), f"{folder}/lines.db"
        )
        try:
            await _until_open(port)
            yield f"ws://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()
            await server.wait()


async def _until_open(port: int) -> None:
    async with asyncio.timeout(STARTED_WITHIN):
        while True:
            with suppress(OSError):
                async with connect(f"ws://127.0.0.1:{port}"):
                    return
            await asyncio.sleep(0.05)


def _echo_of(socket: ClientConnection) -> Exchange:
    async def exchange(number: int) -> None:
        await socket.send(json.dumps({"text": _line(number)}))
        await socket.recv()

    return exchange


async def _measure_staffel(pairs: int, seconds: int) -> RelayFigures:
    with tempfile.TemporaryDirectory() as folder:
        db = Database(Settings(home=Path(folder), _env_file=None).database)
        await upgrade_async(db)
        staff = await hire_agents(db, pairs)
        async with serving(FakeBot()) as bot, helpdesk(Path(folder), "", bot, lease="30", undo_seconds="0") as house:
            await house.start()
            async with AsyncExitStack() as stack:
                stack.push_async_callback(db.close)
                found = [await pair_up(stack, db, house, one, number) for number, one in enumerate(staff)]
                assert house.process is not None
                return await _keep_busy([_relay_of(*pair) for pair in found], seconds, house.process.pid)


def _relay_of(chat: ChatClient, desk: Desk) -> Exchange:
    async def exchange(number: int) -> None:
        answer = _line(number)
        await desk.answer(answer)
        await chat.until(lambda it: it.lines[-1]["text"] == answer, "the answer", PATIENCE_SECONDS)

    return exchange


def _line(number: int) -> str:
    return f"Ihr Paket Nummer {number} ist unterwegs und kommt morgen bei Ihnen an."


async def _keep_busy(exchanges: Sequence[Exchange], seconds: int, pid: int) -> RelayFigures:
    """All exchanges again and again; the time begins when the last of them is warm. `pid` is the server's process."""
    times: list[float] = []
    meter = ProcessorMeter({"server": pid})
    warm = asyncio.Barrier(len(exchanges))

    async def work(exchange: Exchange) -> None:
        for number in range(WARM_UP):
            await exchange(number)
        if await warm.wait() == 0:
            await meter.start()
        end, number = perf_counter() + seconds, WARM_UP
        while (began := perf_counter()) < end:
            await exchange(number)
            times.append(perf_counter() - began)
            number += 1

    async with asyncio.TaskGroup() as group:
        for exchange in exchanges:
            group.create_task(work(exchange))
    await meter.look()
    return RelayFigures(seconds=seconds, times=times, processor=meter.seconds()["server"])


if __name__ == "__main__":
    main()
