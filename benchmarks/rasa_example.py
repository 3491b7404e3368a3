"""The bot that `rasa init` makes, as it comes: in an environment of its own, served over Rasa's REST channel.

It needs TensorFlow, so its environment (`bot/requirements-diet.txt`) is made beside the example in one folder outside
this repository, and kept there for the next run.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.services import free_port, wait_until

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "staffel-benchmarks" / "rasa-example"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
START_WITHIN = 900.0  # seconds; loading TensorFlow on a busy machine takes minutes
DIALOGUES = (
    ("hello", "I'm feeling great", "thanks, bye"),
    ("good morning", "not very good", "yes", "see you later"),
    ("hey there", "I am sad", "no", "good night"),
    ("hi", "are you a bot?", "perfect", "goodbye"),
)
"""What the example was taught, so that it has an answer to everything it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RasaExample:
    """A running example bot."""

    origin: str
    pid: int


def prepare_example(folder: Path = FOLDER, interpreter: Path | None = None) -> Path:
    """The Python of the example's environment; makes the environment and trains the example where that is missing."""
    python = interpreter or folder / "environment" / "bin" / "python"
    if not python.exists():
        _make_environment(folder / "environment")
    home = folder / "example"
    if not list(home.glob("models/*.tar.gz")):
        home.mkdir(parents=True, exist_ok=True)
        print(f"Training Rasa's example in {home}, once; this takes some minutes.", flush=True)
        _run(str(python), "-m", "rasa", "init", "--no-prompt", "--init-dir", str(home))
    return python


@contextmanager
def example_served(python: Path, folder: Path = FOLDER) -> Iterator[RasaExample]:
    """The example behind Rasa's REST channel on a free port; stopped at the end."""
    port = free_port()
    home = folder / "example"
    (home / "rest.yml").write_text("rest:\n", encoding="utf-8")
    command = [str(python), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--credentials", "rest.yml"]
    with (home / "run.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, env=_environment(), stdout=log, stderr=log)
    example = RasaExample(origin=f"http://127.0.0.1:{port}", pid=process.pid)
    try:
        wait_until(lambda: process.poll() is not None or _answers(example), "Rasa's example", START_WITHIN)
        if process.poll() is not None:
            raise SystemExit(f"Rasa's example ended at its start; see {home / 'run.log'}.")
        yield example
    finally:
        process.kill()  # it has nothing to finish, and takes minutes to end when it is busy
        process.wait()


def _answers(example: RasaExample) -> bool:
    try:
        asked = {"sender": "warm-up", "message": "hello"}
        return bool(
            httpx.post(f"{example.origin}/webhooks/rest/webhook", json=asked, timeout=30, trust_env=False).json()
        )
    except (httpx.HTTPError, ValueError):
        return False


def _make_environment(folder: Path) -> None:
    uv = shutil.which("uv") or ROOT / ".uv" / "bin" / "uv"
    python = (ROOT / "bot" / ".venv" / "bin" / "python").resolve()
    print(f"Installing Rasa with TensorFlow into {folder}, once.", flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _run(str(uv), "venv", "--quiet", "--python", str(python), str(folder))
    requirements = ROOT / "bot" / "requirements-diet.txt"
    _run(str(uv), "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), "-r", str(requirements))


def _run(*command: str) -> None:
    subprocess.run(command, env=_environment(), stdin=subprocess.DEVNULL, check=True)


def _environment() -> dict[str, str]:
    """Without this repository on the way, so that nothing of ours gets into the example."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | QUIET
