"""Starts `bot/rasa` as a person would, and talks to it as helpdesk does."""

import base64
import json
import os
import socket
import sqlite3
import struct
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from tests.bot.action_server import SECRET

ROOT = Path(__file__).parents[2]
RASA = ROOT / "bot" / "rasa"
START_SECONDS = 90


def environment(home: Path, **changes: str) -> dict[str, str]:
    """What a fresh shell has, with the bot's home in a folder of the test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STAFFEL_")}
    return {**kept, "STAFFEL_HOME": str(home), "STAFFEL_BOT_SECRET": SECRET, **changes}


def rasa(
    *arguments: str, home: Path, seconds: int = 100, program: Path = RASA, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end; output and errors come together."""
    return subprocess.run(
        [program, *arguments],
        cwd=home,
        env=environment(home, **changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=seconds,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def encoded_embedding(seed: float = 0.1) -> str:
    return base64.b64encode(struct.pack("<384f", *([seed] * 384))).decode()


@dataclass
class Bot:
    """One running bot. `ask` sends a turn; what is not given is new or usual."""

    home: Path
    actions_url: str
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, home: Path, actions_url: str, program: Path = RASA) -> "Bot":
        port = free_port()
        log = (home / "bot.log").open("ab")
        process = subprocess.Popen(
            [program, "run"],
            cwd=home,
            env=environment(home, STAFFEL_BOT_PORT=str(port), STAFFEL_ACTIONS_URL=actions_url),
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        log.close()
        bot = cls(home, actions_url, port, process)
        bot._wait()
        return bot

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/staffel"

    @property
    def log(self) -> str:
        return (self.home / "bot.log").read_text(encoding="utf-8", errors="replace")

    def health(self) -> httpx.Response:
        return httpx.get(f"{self.url}/health", headers={"X-Staffel-Secret": SECRET}, timeout=10)

    def post(self, body: object, secret: str = SECRET) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.post(f"{self.url}/webhook", content=content, headers={"X-Staffel-Secret": secret}, timeout=30)

    def ask(self, text: str | None = None, sender: str = "", turn_id: str = "", **rest: Any) -> dict[str, Any]:
        turn = {"turn_id": turn_id or uuid4().hex, "sender": sender or uuid4().hex, "text": text}
        response = self.post({**turn, "metadata": {"language": "de"}, **rest})
        assert response.status_code == 200, response.text
        return dict(response.json())

    def kept_of(self, sender: str) -> int:
        """How many rows of its memory are a conversation's: the tracker, and a reply for each turn."""
        with closing(sqlite3.connect(self.home / "bot" / "tracker.db", timeout=10)) as memory:
            counts = (
                memory.execute(f"SELECT COUNT(*) FROM {table} WHERE sender = ?", (sender,)).fetchone()[0]  # noqa: S608
                for table in ("trackers", "replies")
            )
            return sum(counts)

    def processor_seconds(self) -> float:
        """The processor time that it has used since its start."""
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=60)

    def _wait(self) -> None:
        """Polls until the bot is ready; `select`-like waiting without a fixed sleep is the process's own exit."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if self.health().status_code == 200:
                    return
            except httpx.TransportError:
                pass
            if _ended_within(self.process, 0.2):
                break
        self.kill()
        raise AssertionError(f"the bot did not start:\n{self.log[-4000:]}")


def _ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def texts(reply: dict[str, Any]) -> str:
    return "\n".join(message.get("text", "") for message in reply["messages"])
