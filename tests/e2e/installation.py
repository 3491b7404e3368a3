"""A whole installation as a user has it: `./staffel up` with a home folder and ports of its own."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.services import free_port, wait_until

ROOT = Path(__file__).parent.parent.parent
START_WITHIN = 300.0  # seconds; the first start may have to train
STOP_WITHIN = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where it is, and the one-time link that it printed for the first admin."""

    origin: str
    rasa_url: str
    home: Path
    process: subprocess.Popen[bytes]
    env: dict[str, str]

    @property
    def first_admin_link(self) -> str:
        """The link of the start message."""
        found = re.search(r"http\S+/invitation/\S+", self.output())
        assert found, f"no link for the first admin in:\n{self.output()}"
        return found.group()

    def output(self) -> str:
        """What `up` printed so far."""
        return (self.home / "up.txt").read_text(errors="replace")

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            return httpx.get(f"{self.origin}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """A command of `./staffel` on this installation."""
        return subprocess.run(
            [ROOT / "staffel", *arguments], env=self.env, input=given, capture_output=True, check=False, timeout=300
        )


@contextmanager
def installed(
    home: Path, database_url: str = "", *, sample: bool = True, start_within: float = START_WITHIN, **settings: str
) -> Iterator[Installation]:
    """A running installation, with the sample knowledge base or empty; stopped at the end as Ctrl-C would."""
    port, bot_port = free_port(), free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("STAFFEL_")}
    env |= {
        "STAFFEL_HOME": str(home),
        "STAFFEL_PORT": str(port),
        "STAFFEL_BOT_PORT": str(bot_port),
        "STAFFEL_DATABASE_URL": database_url,
    } | settings
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.txt").open("wb") as output:
        process = subprocess.Popen(
            [ROOT / "staffel", "up", "--sample" if sample else "--no-sample"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    found = Installation(
        origin=f"http://127.0.0.1:{port}",
        rasa_url=f"http://127.0.0.1:{bot_port}",
        home=home,
        process=process,
        env=env,
    )
    try:
        wait_until(lambda: process.poll() is not None or found.is_ready(), "the installation", start_within)
        assert process.poll() is None, f"`staffel up` ended:\n{found.output()[-3000:]}"
        yield found
    finally:
        process.terminate()
        process.wait(STOP_WITHIN)
