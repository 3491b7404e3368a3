"""A database that is away for now, in every way that we know of: nothing is stored, it is said so, and it passes."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from functools import partial
from itertools import count
from time import monotonic

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.db import Database
from store.errors import Invalid, Unavailable
from store.models import Meta
from store.models.base import Base
from store.outage import is_outage
from tests.services import PostgresCluster, private_postgres

pytestmark = pytest.mark.postgres
RECOVERY_SECONDS = 5.0
ENOUGH_BEATS = 20  # in the five seconds that a lock or a statement gets


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL of these tests' own, which they may restart and spoil."""
    with private_postgres() as started:
        yield started


@pytest.fixture
async def private_url(cluster: PostgresCluster) -> str:
    """The cluster's own database with an empty table."""
    url = f"{cluster.server.base.replace('postgresql://', 'postgresql+asyncpg://')}/postgres"
    database = Database(url)
    async with database.write() as session:
        connection = await session.connection()
        await connection.execute(text("DROP TABLE IF EXISTS meta"))
        await connection.run_sync(Base.metadata.tables["meta"].create)
    await database.close()
    return url


@pytest.fixture
async def private_db(private_url: str) -> AsyncIterator[Database]:
    database = Database(private_url)
    yield database
    await database.close()


async def put(database: Database, value: str) -> None:
    async with database.write() as session:
        await session.merge(Meta(key="k", value=value))


async def stored(database: Database) -> str | None:
    async with database.read() as session:
        row = await session.get(Meta, "k")
        return row.value if row else None


@asynccontextmanager
async def counting() -> AsyncIterator[list[float]]:
    """How often the event loop comes round, asked about 20 times a second."""
    beats: list[float] = []

    async def beat() -> None:
        while True:
            beats.append(monotonic())
            await asyncio.sleep(0.05)

    beating = asyncio.create_task(beat())
    try:
        yield beats
    finally:
        beating.cancel()


async def seconds_until_stored(database: Database, value: str) -> float:
    """How long it takes until the database takes something again; every refusal meanwhile is `Unavailable`."""
    began = monotonic()
    async with asyncio.timeout(4 * RECOVERY_SECONDS):
        while True:
            try:
                await put(database, value)
            except Unavailable:
                await asyncio.sleep(0.05)
            else:
                return monotonic() - began


async def test_f20_a_restart_of_postgresql_is_an_outage_and_over_within_five_seconds(
    cluster: PostgresCluster, private_db: Database
) -> None:
    await put(private_db, "before")
    await asyncio.gather(*(stored(private_db) for _ in range(5)))  # several connections, all cut
    await asyncio.to_thread(cluster.stop)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await put(private_db, "away")
    await asyncio.to_thread(cluster.start)

    assert await seconds_until_stored(private_db, "back") < RECOVERY_SECONDS
    assert await stored(private_db) == "back"


async def test_f20_a_statement_under_way_at_a_restart_is_unavailable(
    cluster: PostgresCluster, private_db: Database
) -> None:
    async def write_slowly() -> None:
        async with private_db.write() as session:
            await session.execute(text("SELECT pg_sleep(4)"))

    under_way = asyncio.create_task(write_slowly())
    await asyncio.sleep(0.5)
    await asyncio.to_thread(cluster.stop)
    with pytest.raises(Unavailable):
        await under_way
    await asyncio.to_thread(cluster.start)


async def test_f21_a_server_that_only_reads_refuses_writers_and_serves_readers(
    cluster: PostgresCluster, private_db: Database
) -> None:
    await put(private_db, "0")
    await asyncio.to_thread(cluster.set_option, "default_transaction_read_only", "on")
    before = await last_stored_before_refusal(private_db)

    assert await stored(private_db) == before
    await asyncio.to_thread(cluster.set_option, "default_transaction_read_only", "off")
    assert await seconds_until_stored(private_db, "after") < RECOVERY_SECONDS


async def last_stored_before_refusal(database: Database) -> str:
    """Write until that is refused; the server takes a moment to read its new options."""
    async with asyncio.timeout(RECOVERY_SECONDS):
        for number in count():
            try:
                await put(database, str(number + 1))
            except Unavailable:
                return str(number)
            await asyncio.sleep(0.02)
    raise AssertionError


@asynccontextmanager
async def every_connection_taken(url: str) -> AsyncIterator[None]:
    """Strangers hold each connection that the server has, those for its administrators too."""
    address = url.replace("+asyncpg", "")
    strangers: list[asyncpg.Connection] = []
    try:
        while True:
            strangers.append(await asyncpg.connect(address))
    except asyncpg.PostgresError:
        pass
    try:
        yield
    finally:
        for stranger in strangers:
            await stranger.close()


async def test_f22_a_server_without_a_free_connection_is_an_outage(cluster: PostgresCluster, private_url: str) -> None:
    await asyncio.to_thread(cluster.stop)
    await asyncio.to_thread(partial(cluster.start, max_connections="6"))
    database = Database(private_url)
    try:
        async with every_connection_taken(private_url):
            with pytest.raises(Unavailable):
                await put(database, "away")
        assert await seconds_until_stored(database, "back") < RECOVERY_SECONDS
    finally:
        await database.close()
        await asyncio.to_thread(cluster.stop)
        await asyncio.to_thread(cluster.start)


async def test_f22_without_a_free_place_in_the_pool_nobody_waits_for_long(
    private_url: str, installed_pool_seconds: float
) -> None:
    database = Database(private_url, pool_seconds=installed_pool_seconds)
    try:
        async with AsyncExitStack() as held:
            for _ in range(20):
                session = await held.enter_async_context(database.read())
                await session.execute(text("SELECT 1"))
            began = monotonic()
            with pytest.raises(Unavailable):
                await put(database, "no place")
            assert monotonic() - began < RECOVERY_SECONDS
        await put(database, "a place")
    finally:
        await database.close()


async def test_f22_a_statement_that_takes_too_long_is_given_up_and_the_loop_goes_on(private_db: Database) -> None:
    async with counting() as beats:
        with pytest.raises(Unavailable):
            async with private_db.write() as session:
                await session.execute(text("SELECT pg_sleep(60)"))
    assert len(beats) > ENOUGH_BEATS


@pytest.mark.sqlite_only
async def test_f25_a_full_disk_of_sqlite_is_an_outage_and_recovers_without_a_restart(database_url: str) -> None:
    database = Database(database_url)

    async def limit_pages(pages: str) -> None:
        async with database.write() as session:
            await session.execute(text(f"PRAGMA max_page_count={pages}"))

    try:
        await put(database, "before")
        await limit_pages("1")  # SQLite takes the pages that there are
        with pytest.raises(Unavailable):
            await put(database, "x" * 500_000)
        assert await stored(database) == "before"
        await limit_pages("1000000")
        await put(database, "after")
        async with database.read() as session:
            assert await session.scalar(text("PRAGMA integrity_check")) == "ok"
    finally:
        await database.close()


@pytest.mark.sqlite_only
async def test_f24_a_locked_sqlite_is_an_outage(database_url: str) -> None:
    holder, database = Database(database_url), Database(database_url)
    try:
        async with holder.write() as session:
            session.add(Meta(key="held", value="v"))
            await session.flush()
            async with counting() as beats:
                with pytest.raises(Unavailable):
                    await put(database, "away")
            assert len(beats) > ENOUGH_BEATS
        await put(database, "back")
    finally:
        await holder.close()
        await database.close()


@pytest.mark.parametrize(
    "statement",
    ["SELECT nonsense", "INSERT INTO meta (key) VALUES (NULL)", "SELECT * FROM no_such_table"],
)
async def test_a_fault_of_ours_is_no_outage(db: Database, statement: str) -> None:
    with pytest.raises(DBAPIError) as fault:
        async with db.write() as session:
            await session.execute(text(statement))

    assert not is_outage(fault.value)


async def test_f99_half_a_character_is_refused_in_our_words_and_not_the_databases(db: Database) -> None:
    with pytest.raises(Invalid, match="can't be stored"):
        await put(db, "\ud800")


async def test_f99_nul_is_refused_in_our_words_or_kept(db: Database) -> None:
    """PostgreSQL has no NUL in a text, SQLite has."""
    refusal = None if db.is_sqlite else pytest.raises(Invalid, match="can't be stored")
    with refusal or nullcontext():
        await put(db, "a\x00b")
    assert await stored(db) == ("a\x00b" if db.is_sqlite else None)


@pytest.mark.parametrize(
    ("state", "passes"),
    [
        ("53300", True),  # no free connection
        ("57P03", True),  # starting up
        ("57P01", True),  # shutting down
        ("25006", True),  # read-only
        ("53100", True),  # disk full
        ("53200", True),  # out of memory
        ("58030", True),  # an error of the disk
        ("40001", True),  # F23: a race was lost
        ("40P01", True),  # F23: a deadlock
        ("55P03", True),  # a lock wasn't given
        ("99999", True),  # whatever comes next
        ("23505", False),  # there already
        ("22021", False),  # NUL in a text
        ("42P01", False),  # no such table
    ],
)
def test_f23_errors_of_postgresql_pass_unless_they_are_known_to_stay(state: str, passes: bool) -> None:
    error = asyncpg.PostgresError.new({"C": state, "M": "words"})

    assert is_outage(error) is passes


@pytest.mark.parametrize("result", [sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_CANTOPEN])
def test_f26_a_disk_that_does_not_keep_what_it_is_given_is_an_outage(result: int) -> None:
    error = sqlite3.OperationalError("words")
    error.sqlite_errorcode = result

    assert is_outage(error)


@pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError(), BrokenPipeError(), MemoryError()])
def test_f22_a_line_that_breaks_or_times_out_is_an_outage(error: Exception) -> None:
    assert is_outage(error)
