"""Helpdesk as a process of its own, to be killed and started again; and a bot beside it that keeps the contract."""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn

from tests.fakes.bot import FakeBot
from tests.services import free_port

ROOT = Path(__file__).parent.parent
START_WITHIN = 180.0  # seconds; loading the libraries alone takes ten on a busy machine


class Helpdesk:
    """One instance. `env` are its settings, `code` the folder of the code that it runs."""

    def __init__(self, home: Path, env: dict[str, str]) -> None:
        self.port = free_port()
        self.home = home
        self.env = env
        self.code = ROOT
        self.process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The web chat's socket."""
        return f"ws://127.0.0.1:{self.port}/webchat/ws"

    @property
    def origin(self) -> str:
        """Its own address."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self, failpoints: str = "") -> None:
        """Start and wait until it answers."""
        changes = {"STAFFEL_PORT": str(self.port), "STAFFEL_HOME": str(self.home), "STAFFEL_FAILPOINTS": failpoints}
        with (self.home / "helpdesk.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "helpdesk.server",
                cwd=self.code,
                env=os.environ | self.env | changes,
                stdout=log,
                stderr=log,
            )
        await self._until_alive()

    async def _until_alive(self) -> None:
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(START_WITHIN):
            while True:
                assert self.process is not None
                if self.process.returncode is not None:
                    raise AssertionError(f"helpdesk ended at its start:\n{self.log()[-2000:]}")
                try:
                    await client.get(f"{self.origin}/healthz", timeout=5)
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
                else:
                    return

    async def dead(self) -> int:
        """Wait until it has died; its exit code."""
        assert self.process is not None
        async with asyncio.timeout(30):
            return await self.process.wait()

    async def kill(self, how: signal.Signals = signal.SIGKILL) -> int:
        """Stop it, by default the hard way."""
        if self.process is None or self.process.returncode is not None:
            return 0
        self.process.send_signal(how)
        return await self.dead()

    def log(self) -> str:
        """What it said so far."""
        return (self.home / "helpdesk.log").read_text(errors="replace")


@asynccontextmanager
async def helpdesk(home: Path, database_url: str, rasa_url: str, **settings: str) -> AsyncIterator[Helpdesk]:
    """An instance that isn't started yet; killed at the end."""
    env = {
        "STAFFEL_DATABASE_URL": database_url,
        "STAFFEL_RASA_URL": rasa_url,
        "STAFFEL_BOT_SECRET": secrets.token_hex(32),
        "STAFFEL_SECRET_KEY": secrets.token_hex(32),
        "STAFFEL_LEASE": "2",
    }
    instance = Helpdesk(home, env | {f"STAFFEL_{name.upper()}": value for name, value in settings.items()})
    try:
        yield instance
    finally:
        await instance.kill()


@asynccontextmanager
async def serving(bot: FakeBot) -> AsyncIterator[str]:
    """The fake bot at an address of its own."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(bot.app(), port=port, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
