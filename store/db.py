"""The database: SQLite on one machine, PostgreSQL on many, the same code for both.

SQLite takes its write lock at the start of a writing transaction (`BEGIN IMMEDIATE`) and has one writer, so that a
transaction never fails half-way for the lock; PostgreSQL locks the rows that it is asked to.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any
from weakref import WeakSet

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from store.errors import Invalid, Unavailable
from store.other_programs import NEWS_CHANNEL, NewsFile, notify, read_news
from store.outage import is_disk_failure, is_outage, is_unstorable
from store.postgres_link import PostgresLink
from store.sqlite_driver import OneTripSqlite
from store.table_rewrite import LOCK_PATIENCE_MS, REWRITTEN_BYTES, MissedTables, has_old_views, rewrite_tables
from store.write_feed import WriteFeed, WritingSession, new_info, observe, writes_of

SQLITE_PRAGMAS = (
    "busy_timeout=5000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
POOL_SECONDS = 2.0  # for a free connection to PostgreSQL; then it counts as away
#: Begins the names of instances, which PostgreSQL shows with their connections.
INSTANCE_PREFIX = "staffel-"
#: How long a connection may take to end once nobody wants it any more.
MAX_GOODBYE_S = 2.0
#: How long a new connection tries to have its settings while another holds the file.
MAX_PRAGMA_S = 2.0


class Database:
    """Two doors: `read()` sees one consistent state, `write()` commits when its block ends without an error.

    `pool_seconds`: how long a transaction waits for a free connection to PostgreSQL, `POOL_SECONDS` where nobody says.
    """

    def __init__(self, url: str, *, pool_seconds: float | None = None) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        #: Names this object among all that use the database; owns leases.
        self.name = f"{INSTANCE_PREFIX}{secrets.token_hex(8)}"
        self.file = _file_of(url) if self.is_sqlite else None
        #: Set for good when the disk could not keep what SQLite wrote.
        self.disk_failed = asyncio.Event()
        self._threads: WeakSet[Thread] = WeakSet()
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, self._threads, begin="BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(url, self._threads, begin="BEGIN", pool_size=5)
        else:
            patience = POOL_SECONDS if pool_seconds is None else pool_seconds
            self._writer = self._reader = _postgres_engine(
                url, self.name, pool_size=10, max_overflow=10, pool_timeout=patience
            )
        #: Tells what is written through this object, and what other programs say that they wrote.
        self.feed = WriteFeed()
        observe(self._writer.sync_engine)
        self._news_file = NewsFile(self.file.with_name(f"{self.file.name}-news"), self.name) if self.file else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for looking only. Raises `Unavailable` when the database can't be reached."""
        async with self._honest(), AsyncSession(self._reader, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self, *, brief: bool = False) -> AsyncIterator[AsyncSession]:
        """A transaction: everything in it or nothing. Raises `Unavailable` when the database can't take it.

        `brief`: a few statements about a few rows, which SQLite executes sooner than another thread has been woken.
        """
        async with (
            self._honest(),
            AsyncSession(
                self._writer, sync_session_class=WritingSession, info=new_info(brief=brief), expire_on_commit=False
            ) as session,
        ):
            writes = writes_of(session.sync_session)
            async with session.begin():
                yield session
                if not self.is_sqlite:
                    await session.flush()
                    if writes.shared:
                        await notify(session, self.name, writes.shared)
            if self._news_file and writes.shared:
                self._news_file.tell(writes.shared)
            self.feed.announce(writes)

    def make_link(self) -> PostgresLink | None:
        """What hears other programs on PostgreSQL; to be run. SQLite has a file for that, which `follow_news` reads."""
        if self.is_sqlite:
            return None
        engine = _postgres_engine(self.url, self.name, poolclass=NullPool)
        link = PostgresLink(engine, self.feed.suspect)
        link.listen(NEWS_CHANNEL, lambda told: self.feed.suspect(read_news(told, self.name)))
        return link

    async def follow_news(self) -> None:
        """Hear other programs on SQLite, until cancelled."""
        if self._news_file is not None:
            await self._news_file.follow(self.feed)

    async def truncate_journal(self) -> bool:
        """Have SQLite's write-ahead log hold nothing; whether it does. PostgreSQL has its own way: always true.

        False while somebody reads or writes: the log keeps what was erased until the next try.
        """
        if not self.is_sqlite:
            return True
        async with self._honest(), self._writer.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _, _ = await cursor.fetchone()
            await cursor.close()
        return not busy

    async def clean_tables(self, tables: Sequence[str], *, whole: bool = False) -> MissedTables:
        """Have PostgreSQL keep no byte of what was deleted from these tables, nor of what it knows of their values.

        It writes each anew, which locks it meanwhile; one of more than `REWRITTEN_BYTES` only if `whole`, else its dead
        rows are freed, to be overwritten later. On SQLite `whole` writes the file anew; else there is nothing to do.
        """
        if self.is_sqlite:
            if whole:
                await self._rewrite_file()
            return MissedTables()
        if not tables:
            return MissedTables()
        engine = _postgres_engine(self.url, self.name, poolclass=NullPool)
        try:
            async with self._honest(), engine.connect() as connection:
                own = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await own.execute(text("SET statement_timeout = 0"))
                if not whole:
                    await own.execute(text(f"SET lock_timeout = {LOCK_PATIENCE_MS}"))
                return await rewrite_tables(own, tables, limit=None if whole else REWRITTEN_BYTES)
        finally:
            await engine.dispose()

    async def is_old_state_seen(self, at: datetime) -> bool:
        """Whether a transaction on PostgreSQL that began before `at` still sees what was there then."""
        if self.is_sqlite:
            return False
        async with self._honest(), self._reader.connect() as connection:
            return await has_old_views(connection, at)

    async def _rewrite_file(self) -> None:
        async with self._honest(), self._writer.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            cursor = await driver.execute("VACUUM")
            await cursor.close()

    async def close(self) -> None:
        """Give back every connection, and wait for the threads that serve them, which report to an event loop that is
        closed next."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()
        for thread in list(self._threads):
            await asyncio.to_thread(thread.join, MAX_GOODBYE_S)

    @asynccontextmanager
    async def _honest(self) -> AsyncIterator[None]:
        """Turn an error that passes by itself into the one that means "not stored, try again", and one of a value that
        can't be stored into the one that says so."""
        try:
            yield
        except Exception as error:
            if is_unstorable(error):
                raise Invalid("A value holds characters that can't be stored.", code="bad_request") from error
            if not is_outage(error):
                raise
            if is_disk_failure(error):
                self.disk_failed.set()
            self.feed.tell_outage()
            raise Unavailable(
                "The database can't be reached at the moment. Nothing was stored; please try again."
            ) from error


def _sqlite_engine(url: str, threads: WeakSet[Thread], *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url, module=OneTripSqlite(threads), pool_size=pool_size, max_overflow=0, pool_timeout=10, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        try:
            for pragma in SQLITE_PRAGMAS:
                _set_pragma(connection, pragma)
        except BaseException:
            connection.close()
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.connection.dbapi_connection.begin_with_next(begin)

    return engine


def _set_pragma(connection: Any, pragma: str) -> None:
    """Two that open a new database at once are in each other's way: its journal is changed without patience."""
    cursor = connection.cursor()
    deadline = monotonic() + MAX_PRAGMA_S
    while True:
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError:
            if monotonic() > deadline:
                raise
            sleep(0.02)
        else:
            return


def _file_of(url: str) -> Path | None:
    """An SQLite database's file; `None` for one in memory."""
    name = make_url(url).database
    return Path(name) if name and name != ":memory:" else None


def _postgres_engine(url: str, name: str, **pool: Any) -> AsyncEngine:
    engine = create_async_engine(
        url,
        **pool,
        hide_parameters=True,  # an error that is logged must not quote what a customer wrote
        connect_args={
            "timeout": 5,
            "server_settings": {
                "application_name": name,
                "statement_timeout": "5000",
                "lock_timeout": "4000",
                "idle_in_transaction_session_timeout": "30000",
                "timezone": "UTC",
            },
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Have the pool replace a connection that the server has closed meanwhile: asyncpg has heard of that.

    SQLAlchemy's `pool_pre_ping` would ask the server, in three round trips before every transaction.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError("The server has closed this connection.")


def is_unique_violation(error: DBAPIError) -> bool:
    """Whether the row was there already."""
    if getattr(error.orig, "sqlstate", None) == "23505":
        return True
    cause = getattr(error.orig, "__cause__", None) or error.orig
    return isinstance(cause, sqlite3.IntegrityError) and "UNIQUE" in str(cause)
