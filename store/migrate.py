"""Bringing a database to this version's form, and finding out whether it is."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from store.db import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x57AFFE1  # any number of ours: PostgreSQL lets one instance migrate at a time


class UnknownRevision(Exception):
    """The database was made by a newer Staffel; this one would harm it."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def head() -> str:
    """The revision this version works with."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    return found or ""


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
    async with db.write() as session:
        connection = await session.connection()
        if not db.is_sqlite:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        await connection.run_sync(_upgrade)


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
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    found = _revision_of(connection)
    scripts = ScriptDirectory.from_config(_config())
    if found == scripts.get_current_head():
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise UnknownRevision(
            f"The database has revision {found}, which this version of Staffel doesn't know. "
            "It was made by a newer version: start that one, or restore a backup."
        )
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
