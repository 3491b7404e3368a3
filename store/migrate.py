"""Bringing a database to this version's form, and finding out whether it is."""

import asyncio
import random
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from store.db import Database
from store.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x57AFFE1  # any number of ours: PostgreSQL lets one instance migrate at a time
_DOWN = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)
_KEPT = table("alembic_version", column("version_num"))
"""Where Alembic keeps the revision of a database."""


#: Tries to get at the tables while other instances are at work, and the seconds between two.
MAX_ATTEMPTS, PAUSE_SECONDS = 20, (0.2, 1.0)
_CONTENDED = frozenset({"40P01", "55P03"})
"""PostgreSQL's codes for a deadlock, and for a lock that wasn't given in time."""


class UnknownRevision(Exception):
    """The database was made by a newer Staffel; this one would harm it."""


def _config() -> "Config":
    from alembic.config import Config  # half a second of start, and a database is seldom behind

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def head() -> str:
    """The revision this version works with: the one that none comes after."""
    (last,) = known_revisions() - set(_revisions().values())
    return last


def known_revisions() -> frozenset[str]:
    """All that this version knows."""
    return frozenset(_revisions())


@cache
def _revisions() -> dict[str, str | None]:
    """Each revision and the one before it, read from the files of `versions/`, whose names begin with the revision."""
    files = (_MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return {path.name.partition("_")[0]: _before(path.read_text(encoding="utf-8")) for path in files}


def _before(migration: str) -> str | None:
    found = _DOWN.search(migration)
    return found[1] if found else None


async def current(db: Database) -> str | None:
    """The revision of a database; None for an empty one. Raises `Unavailable`."""
    async with db.read() as session:
        connection = await session.connection()
        return await connection.run_sync(_revision_of)


async def upgrade_async(db: Database) -> None:
    """Bring a database up to date, in one transaction: interrupted, nothing has changed.

    Raises `UnknownRevision` when the database is newer than this program.
    """
    _make_folder(db)
    if await current(db) == head():
        return None
    config = _config()  # loads Alembic, which may take longer than others wait for the lock
    for _ in range(MAX_ATTEMPTS - 1):
        try:
            return await _upgrade_once(db, config)
        except Unavailable as error:
            if not _is_contended(error):
                raise
        await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
    return await _upgrade_once(db, config)


async def _upgrade_once(db: Database, config: "Config") -> None:
    async with db.write() as session:
        connection = await session.connection()
        if not db.is_sqlite:
            await _wait_for_turn(connection)
        await connection.run_sync(_upgrade, config)


def _is_contended(error: Unavailable) -> bool:
    """Whether an instance that is at work had the tables, or wanted them the other way round."""
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", None) in _CONTENDED


async def _wait_for_turn(connection: AsyncConnection) -> None:
    """Let one instance at a time migrate, however long that takes; only locks of tables are waited for as ever.

    A change that waits for a table lets nobody else at it, so it is given up soon: the next start tries again.
    """
    for statement in (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL lock_timeout = 0",
        f"SELECT pg_advisory_xact_lock({_LOCK})",
        "SET LOCAL lock_timeout = DEFAULT",
    ):
        await connection.exec_driver_sql(statement)


def upgrade(database_url: str) -> None:
    """The same for a program that has no event loop."""

    async def run() -> None:
        db = Database(database_url)
        try:
            await upgrade_async(db)
        finally:
            await db.close()

    asyncio.run(run())


def _make_folder(db: Database) -> None:
    name = make_url(db.url).database
    if db.is_sqlite and name and name != ":memory:":
        Path(name).parent.mkdir(parents=True, exist_ok=True)


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_KEPT.name):
        return None
    return connection.scalar(select(_KEPT.c.version_num))


def _upgrade(connection: Connection, config: "Config") -> None:
    found = _revision_of(connection)
    if found == head():
        return
    if found is not None and found not in known_revisions():
        raise UnknownRevision(
            f"The database has revision {found}, which this version of Staffel doesn't know. "
            "It was made by a newer version: start that one, or restore a backup."
        )
    if found is not None and connection.dialect.name == "postgresql":
        _lock_tables(connection)
    from alembic import command

    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _lock_tables(connection: Connection) -> None:
    """All at once, before anything is changed: no instance at work can lock against a change half done."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in sorted(inspect(connection).get_table_names()))
    connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
