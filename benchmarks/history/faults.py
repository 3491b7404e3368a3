"""What happens to the servers of a history, one fault after another, each with its repair."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

from benchmarks.history.servers import HistoryServers, PrivateProcess
from tests.processes import Helpdesk

type Fault = Callable[[HistoryServers, random.Random], Awaitable[None]]

#: Ends every connection but one's own, as an administrator or a firewall would.
CUT_CONNECTIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
#: Seconds between two faults.
PAUSE = (2.0, 8.0)


async def kill_an_instance(servers: HistoryServers, chance: random.Random) -> None:
    """SIGKILL, and a supervisor that starts it again."""
    instance = chance.choice(servers.instances)
    await instance.kill()
    await instance.start()


async def stop_an_instance(servers: HistoryServers, chance: random.Random) -> None:
    """SIGSTOP: it holds its sockets, connections and leases, and does nothing."""
    await _stop_for(chance.choice(servers.instances), chance.uniform(1, 12))


async def kill_the_bot(servers: HistoryServers, chance: random.Random) -> None:
    """Away for some seconds."""
    await _replace(servers.bot, chance.uniform(0, 4))


async def stop_the_bot(servers: HistoryServers, chance: random.Random) -> None:
    """It takes requests and answers none."""
    await _stop_for(servers.bot, chance.uniform(1, 8))


async def kill_redis(servers: HistoryServers, chance: random.Random) -> None:
    """Every hint on its way is gone."""
    await _replace(servers.redis, chance.uniform(0, 5))


async def stop_redis(servers: HistoryServers, chance: random.Random) -> None:
    """It takes hints and passes none on."""
    await _stop_for(servers.redis, chance.uniform(1, 6))


async def cut_database_connections(servers: HistoryServers, chance: random.Random) -> None:
    """All of them at once, some more a moment later."""
    for _ in range(chance.randint(1, 3)):
        await asyncio.to_thread(servers.postgres.server.execute, CUT_CONNECTIONS)
        await asyncio.sleep(chance.uniform(0.1, 1))


async def restart_postgres(servers: HistoryServers, chance: random.Random) -> None:
    """In an orderly way, or as after a crash."""
    await asyncio.to_thread(servers.postgres.stop, chance.choice(("fast", "immediate")))
    await asyncio.to_thread(servers.postgres.start)


FAULTS: tuple[Fault, ...] = (
    kill_an_instance,
    stop_an_instance,
    kill_the_bot,
    stop_the_bot,
    kill_redis,
    stop_redis,
    cut_database_connections,
    restart_postgres,
)


async def break_things(servers: HistoryServers, chance: random.Random, seconds: float) -> dict[str, int]:
    """One fault after another for `seconds`, every kind before one comes again; how many of each."""
    until = monotonic() + seconds
    happened: dict[str, int] = {}
    while True:
        for fault in chance.sample(FAULTS, len(FAULTS)):
            await asyncio.sleep(chance.uniform(*PAUSE))
            if monotonic() >= until:
                return happened
            await fault(servers, chance)
            name = fault.__name__.replace("_", " ")
            happened[name] = happened.get(name, 0) + 1


async def _stop_for(server: Helpdesk | PrivateProcess, seconds: float) -> None:
    _signal(server, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        _signal(server, signal.SIGCONT)


def _signal(server: Helpdesk | PrivateProcess, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        if server.process and server.process.returncode is None:
            server.process.send_signal(what)


async def _replace(server: PrivateProcess, seconds: float) -> None:
    await server.kill()
    await asyncio.sleep(seconds)
    await server.start()
