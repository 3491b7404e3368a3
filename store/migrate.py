"""Bringing a database to this version's form, and finding out whether it is."""

import asyncio
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.engine import make_url

from store.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x57AFFE1  # any number of ours: PostgreSQL lets one instance migrate at a time
_KEPT = table("alembic_version", column("version_num"))
"""Where Alembic keeps the revision of a database."""


class UnknownRevision(Exception):
    """The database was made by a newer Staffel; this one would harm it."""


def _config() -> "Config":
    from alembic.config import Config  # half a second of start, and a database is seldom behind

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def head() -> str:
    """The revision this version works with."""
    return max(known_revisions())


@cache
def known_revisions() -> frozenset[str]:
    """All that this version knows: the numbers that the files of `versions/` begin with, one after the other."""
    return frozenset(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


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
        return
    config = _config()  # loads Alembic, which may take longer than others wait for the lock
    async with db.write() as session:
        connection = await session.connection()
        if not db.is_sqlite:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        await connection.run_sync(_upgrade, config)


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
    from alembic import command

    config.attributes["connection"] = connection
    command.upgrade(config, "head")
