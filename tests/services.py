"""PostgreSQL, Redis and Chromium for tests: what is configured, what is running, or what is started for this run.

Nothing of a developer's own is touched: PostgreSQL gets databases of random names that are dropped again, and Redis is
started afresh unless STAFFEL_TEST_REDIS names a database that may be emptied.
"""

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import asyncpg
import pytest

START_SECONDS = 30.0
MEMORY_FOLDER = "/dev/shm"
ROOM_IN_MEMORY = 1024**3  # bytes
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_BROWSERS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def missing(what: str, remedy: str) -> NoReturn:
    """A test machine without a service skips on a laptop and fails in CI, where nothing may be left out."""
    sentence = f"{what} is not on this machine. {remedy}"
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def free_port() -> int:
    """A TCP port that nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Returns as soon as the condition holds; a failure names what was waited for."""
    deadline = time.monotonic() + seconds
    pause = 0.01
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not come up within {seconds:.0f} s")
        time.sleep(pause)
        pause = min(pause * 2, 0.25)


def _finish[T](work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine from synchronous code without disturbing the event loop of the tests."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server on which this run may create databases; `base` is `postgresql://user@host:port`."""

    base: str

    def execute(self, statement: str) -> None:
        _finish(self._execute(statement))

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(f"{self.base}/postgres", timeout=START_SECONDS)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        return True

    @contextmanager
    def database(self, copy_of: str = "template0") -> Iterator[str]:
        """A database of its own, empty or a copy of another one; yields its SQLAlchemy URL."""
        name = f"staffel_test_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {copy_of} ENCODING 'UTF8'")
        try:
            yield f"{self.base.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
        finally:
            self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def quick_postgres_server() -> Iterator[PostgresServer]:
    """A server for thousands of small databases: STAFFEL_TEST_POSTGRES, else one in memory that never syncs."""
    if os.environ.get("STAFFEL_TEST_POSTGRES") or _find_postgres_binaries() is None:
        with postgres_server() as server:
            yield server
        return
    with private_postgres() as cluster:
        yield cluster.server


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """STAFFEL_TEST_POSTGRES, else a local server that lets `postgres` in, else one started for this run."""
    configured = os.environ.get("STAFFEL_TEST_POSTGRES")
    if configured:
        yield PostgresServer(base=configured.rstrip("/"))
        return
    local = PostgresServer(base="postgresql://postgres@127.0.0.1:5432")
    if local.answers():
        yield local
        return
    with private_postgres() as cluster:
        yield cluster.server


def _find_postgres_binaries() -> Path | None:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _postgres_binaries() -> Path:
    if found := _find_postgres_binaries():
        return found
    missing("PostgreSQL", "Install it (Debian, Ubuntu: apt install postgresql) or set STAFFEL_TEST_POSTGRES.")


def quick_folder() -> str | None:
    """Where files cost least: in memory, if there is room for a gigabyte, else where temporary files go."""
    try:
        free = shutil.disk_usage(MEMORY_FOLDER).free
    except OSError:
        return None
    return MEMORY_FOLDER if free > ROOM_IN_MEMORY and os.access(MEMORY_FOLDER, os.W_OK) else None


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root, so there it runs as its own account."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class PostgresCluster:
    """A PostgreSQL of this run's own in `folder`, which may be stopped, started again and spoilt."""

    def __init__(self, folder: str) -> None:
        self._binaries = _postgres_binaries()
        self._folder = folder
        self._data = f"{folder}/data"
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.server = PostgresServer(base=f"postgresql://postgres@127.0.0.1:{self._port}")

    def create(self) -> None:
        """Make an empty cluster."""
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self, **options: str) -> None:
        """Start the server with further `options`, and wait until it answers."""
        fixed = {"port": str(self._port), "listen_addresses": "127.0.0.1", "unix_socket_directories": self._folder}
        chosen = [f"--{name}={value}" for name, value in (fixed | {"fsync": "off"} | options).items()]
        self._process = subprocess.Popen(
            _as_postgres([str(self._binaries / "postgres"), "-D", self._data, *chosen]),
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self.server.answers, "The temporary PostgreSQL")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server, as a crash would unless `mode` says otherwise: what it was doing is broken off."""
        if self._process is not None:
            self._run("pg_ctl", "-D", self._data, "-m", mode, "stop")
            self._process.wait(timeout=START_SECONDS)
            self._process = None

    def set_option(self, name: str, value: str) -> None:
        """Change an option of the running server, for open connections too."""
        self.server.execute(f"ALTER SYSTEM SET {name} = {value}")
        self.server.execute("SELECT pg_reload_conf()")

    def _run(self, program: str, *arguments: str) -> None:
        command = _as_postgres([str(self._binaries / program), *arguments])
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder)


@contextmanager
def private_postgres() -> Iterator[PostgresCluster]:
    """A PostgreSQL for one test alone, for those that restart it or fill it."""
    with tempfile.TemporaryDirectory(prefix="staffel-postgres-", dir=quick_folder()) as folder:
        cluster = PostgresCluster(folder)
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _redis_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


@contextmanager
def redis_server() -> Iterator[str]:
    """STAFFEL_TEST_REDIS (its database is emptied), else a Redis started for this run; yields its URL."""
    configured = os.environ.get("STAFFEL_TEST_REDIS")
    if configured:
        yield configured
        return
    with private_redis() as (url, _):
        yield url


@contextmanager
def private_redis(kept: Path | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis for one test alone, which may stop or kill it: its URL and its process. It writes down all in `kept`."""
    binary = shutil.which("redis-server") or shutil.which("valkey-server")
    if binary is None:
        missing("Redis", "Install it (Debian, Ubuntu: apt install redis-server) or set STAFFEL_TEST_REDIS.")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="staffel-redis-") as folder:
        place = ["--dir", str(kept or folder), "--appendonly", "yes" if kept else "no"]
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", *place]
        process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: _redis_answers(port), "The temporary Redis")
            yield f"redis://127.0.0.1:{port}/0", process
        finally:
            process.send_signal(signal.SIGCONT)  # one that was stopped would not hear that it is to end
            process.terminate()
            process.wait(timeout=START_SECONDS)


def chromium() -> str:
    """The path of a Chromium or Chrome; STAFFEL_TEST_CHROMIUM wins."""
    configured = os.environ.get("STAFFEL_TEST_CHROMIUM")
    if configured:
        return configured
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    for path in MAC_BROWSERS:
        if path.exists():
            return str(path)
    missing("Chromium", "Install it (Debian, Ubuntu: apt install chromium) or set STAFFEL_TEST_CHROMIUM.")
