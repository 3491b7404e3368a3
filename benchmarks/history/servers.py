"""The servers that a history breaks: a private PostgreSQL, a private Redis, the bot and two instances of helpdesk."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from store.settings import Settings
from tests.processes import ROOT, Helpdesk, helpdesk
from tests.services import PostgresCluster, free_port, private_postgres

ORIGIN = "http://history.example"
#: Seconds until a server that was started has to answer.
STARTS_WITHIN = 120.0


@dataclass
class PrivateProcess:
    """A server that a command starts, and that is killed, stopped and started again."""

    command: list[str]
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; it needs a moment until it answers."""
        self.process = await asyncio.create_subprocess_exec(
            *self.command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    async def kill(self) -> None:
        """The hard way."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    def send(self, what: signal.Signals) -> None:
        """Stop or continue it."""
        if self.process and self.process.returncode is None:
            self.process.send_signal(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryServers:
    """All that runs while the history goes on. `staff` are the ids of the agents."""

    postgres: PostgresCluster
    redis: PrivateProcess
    bot: PrivateProcess
    instances: list[Helpdesk]
    database_url: str
    key: str
    staff: list[str]


@asynccontextmanager
async def running(folder: Path, agents: int, code: Path = ROOT) -> AsyncIterator[HistoryServers]:
    """Everything, started and connected, helpdesk by the code in a folder; killed at the end."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(private_postgres())
        url = f"{postgres.server.base.replace('postgresql://', 'postgresql+asyncpg://')}/postgres"
        key, staff = await _prepare(url, agents, code)
        redis_port, bot_port = free_port(), free_port()
        options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
        redis = PrivateProcess(["redis-server", "--port", str(redis_port), *options])
        bot = PrivateProcess([sys.executable, "-m", "benchmarks.history.bot", str(bot_port)])
        for server in (redis, bot):
            await server.start()
            stack.push_async_callback(server.kill)
        shared = {
            "bot_secret": secrets.token_hex(32),
            "secret_key": secrets.token_hex(32),
            "redis_url": f"redis://127.0.0.1:{redis_port}/0",
            "public_url": ORIGIN,
            "lease": str(Settings.model_fields["lease"].default),
        }
        instances = []
        for number in range(2):
            home = _made(folder / f"instance{number}")
            instance = helpdesk(home, url, f"http://127.0.0.1:{bot_port}", **shared)
            instances.append(await stack.enter_async_context(instance))
            instances[-1].code = code
            await instances[-1].start()
        yield HistoryServers(
            postgres=postgres,
            redis=redis,
            bot=bot,
            instances=instances,
            database_url=url,
            key=key,
            staff=staff,
        )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


async def _prepare(url: str, agents: int, code: Path) -> tuple[str, list[str]]:
    """What `prepare.py` makes, by the code in a folder."""
    program = Path(__file__).with_name("prepare.py")
    ran = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        url,
        str(agents),
        cwd=code,
        env=os.environ | {"PYTHONPATH": str(code)},
        stdout=subprocess.PIPE,
    )
    said, _ = await ran.communicate()
    key, staff = json.loads(said.splitlines()[-1])
    return str(key), [str(id_) for id_ in staff]


async def until_all_answer(servers: HistoryServers) -> None:
    """Both instances say that they are healthy."""
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client, asyncio.timeout(STARTS_WITHIN):
        for instance in servers.instances:
            while True:
                try:
                    if (await client.get(f"{instance.origin}/healthz")).is_success:
                        break
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.2)
