"""Fixtures for every test: databases, Redis and the browser. How they are found is told in `tests/services.py`."""

import os
import resource
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from store import db
from store.process_memory import give_back_memory, share_arenas
from tests import services
from tests.compiled_statements import shared_compilation

if TYPE_CHECKING:  # unit tests shall not wait for what only a few tests need
    from playwright.async_api import Browser

    from knowledge.search.embedder import ThreeModels

_INSTALLED_POOL_SECONDS = db.POOL_SECONDS
#: Three tests at a time and their browsers make waiting for a connection longer than a busy installation would.
db.POOL_SECONDS = 20.0
#: How long a browser's page may take to show what is expected on a machine that is busy.
EXPECT_MS = 30_000
#: Answers go out at once where a test doesn't say otherwise; programs that tests start inherit it.
os.environ.setdefault("STAFFEL_UNDO_SECONDS", "0")

BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

DATABASES: tuple[Any, ...] = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What stores something runs on SQLite and on PostgreSQL; marked `sqlite_only` or `postgres_only`, on that one."""
    databases = DATABASES
    if metafunc.definition.get_closest_marker("sqlite_only"):
        databases = DATABASES[:1]
    elif metafunc.definition.get_closest_marker("postgres_only"):
        databases = DATABASES[1:]
    for fixture in ("database_url", "empty_database_url"):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, databases, indirect=True)


#: What a process of the tests may take at most. The aim is 1024; of a whole run, three at a time, one took 1,580.
MAX_MEMORY_MB = 2000
_peaks = pytest.StashKey[dict[str, int]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_peaks] = {}
    share_arenas()  # as helpdesk does, whose threads come and go here with every test


@pytest.fixture(scope="module", autouse=True)
def _give_back_memory() -> Iterator[None]:
    """What the tests of a module leave over is not the next one's."""
    yield
    give_back_memory()


@pytest.fixture(autouse=True)
def _end_log_of_commands() -> Iterator[None]:
    """Where a command has sent the log ends with the test that ran it in this process."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def _compile_statements_once() -> Iterator[None]:
    """No test compiles what another has."""
    with shared_compilation():
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """pytest-xdist: a worker has ended, and has said how much memory it took."""
    if peak := getattr(node, "workeroutput", {}).get("peak_memory_mb"):
        node.config.stash[_peaks][node.gateway.id] = peak


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers tell their peak; in CI, one that is too high fails the run."""
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage // (1024 * 1024 if sys.platform == "darwin" else 1024)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["peak_memory_mb"] = peak
        return
    peaks = session.config.stash[_peaks]
    peaks.setdefault("main", peak)
    if os.environ.get("CI") and max(peaks.values()) > MAX_MEMORY_MB and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """How much memory each process took at most."""
    for name, peak in sorted(config.stash[_peaks].items()):
        verdict = f", more than the {MAX_MEMORY_MB} that it may take" if peak > MAX_MEMORY_MB else ""
        terminalreporter.write_line(f"peak memory of {name}: {peak} MB{verdict}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[services.PostgresServer]:
    with services.quick_postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: services.PostgresServer) -> Iterator[str]:
    """Name of a PostgreSQL database with our tables, to be copied: migrating takes a second, copying a tenth."""
    from store.migrate import upgrade

    with postgres_server.database() as url:
        upgrade(url)
        yield url.rpartition("/")[2]


@pytest.fixture(scope="session")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation after its first start, with the sample articles: most of a minute, done once."""
    from tests.e2e.installation import installed

    home = tmp_path_factory.mktemp("first") / "home"
    with installed(home):
        return home


@pytest.fixture(scope="module")
def sample_home(first_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it, whose next start is its second; the link for the first admin is still to be used."""
    return Path(shutil.copytree(first_home, tmp_path_factory.mktemp("sample") / "home"))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with our tables, to be copied."""
    from store.migrate import upgrade

    path = tmp_path_factory.mktemp("migrated") / "staffel.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres_server: services.PostgresServer, migrated_postgres: str) -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL database with empty tables that only this test uses."""
    with postgres_server.database(copy_of=migrated_postgres) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """SQLAlchemy URL of an SQLite database with empty tables that only this test uses."""
    copy = shutil.copy(migrated_sqlite, tmp_path / "staffel.db")
    return f"sqlite+aiosqlite:///{copy}"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy URL of a database with empty tables; the test runs once for each of `DATABASES`."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def empty_postgres_url(postgres_server: services.PostgresServer) -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL database without any table that only this test uses."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy URL of an SQLite database that isn't there yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'staffel.db'}"


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """As `database_url`, without any table."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture
def installed_pool_seconds() -> float:
    """How long an installation waits for a free connection to PostgreSQL; tests wait longer."""
    return _INSTALLED_POOL_SECONDS


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    with services.redis_server() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """URL of a Redis database that is empty when the test begins."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushdb()
    return redis_server


@pytest.fixture(scope="session")
def three_models() -> "ThreeModels":
    """The real embedder, for tests about meaning; it takes seconds to load. Everybody else takes `LetterCounts`."""
    from knowledge.search.embedder import ThreeModels

    return ThreeModels()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return services.chromium()


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator["Browser"]:
    """A headless Chromium of this test's own."""
    from playwright.async_api import async_playwright, expect

    expect.set_options(timeout=EXPECT_MS)
    async with async_playwright() as playwright:
        instance = await playwright.chromium.launch(executable_path=chromium_path, args=BROWSER_OPTIONS)
        yield instance
        await instance.close()
