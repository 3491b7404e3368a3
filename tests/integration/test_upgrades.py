"""Upgrades from every revision there has been: what was stored at each of them is still right, and still read."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, select

import store.migrations
from store.db import Database
from store.migrate import current, head, known_revisions, upgrade_async
from store.models import Base
from tests.integration.test_migrate import differences, opened
from tests.schema_rows import StoredRow, load_row, store_rows

#: What a migration changes on purpose: up to which revision's rows, and in which column.
_CHANGED = {
    ("api_keys", "scopes"): "0033",  # who might read conversations might read contacts: now it is said
}
_KILLED = """
import os, signal, sys
from alembic import op
from store.migrate import upgrade
made, create = 0, op.create_table
def create_some(*arguments, **options):
    global made
    made += 1
    if made == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return create(*arguments, **options)
op.create_table = create_some
upgrade(sys.argv[1])
"""


async def run[T](db: Database, work: Callable[[Connection], T]) -> T:
    """Work of ours on a database; on SQLite without the thread in between that each statement would wait for."""
    if db.is_sqlite:
        engine = create_engine(db.url.replace("+aiosqlite", ""))
        with engine.begin() as connection:
            done = work(connection)
        engine.dispose()
        return done
    return await migrate_by(db, work)


async def migrate_by[T](db: Database, work: Callable[[Connection], T]) -> T:
    """As an upgrade does it, through the driver that the program uses."""
    async with db.write() as session:
        connection = await session.connection()
        if not db.is_sqlite:
            await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        return await connection.run_sync(work)


SCRIPTS = ScriptDirectory(str(Path(store.migrations.__file__).parent))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


async def step(db: Database, revision: str) -> None:
    """From the revision before to this one; from an empty database to the first."""

    def upgrade(connection: Connection) -> None:
        context = MigrationContext.configure(connection, opts={"target_metadata": Base.metadata})
        with Operations.context(context):
            SCRIPTS.get_revision(revision).module.upgrade()
        context.stamp(SCRIPTS, revision)

    await migrate_by(db, upgrade)


async def store_at(db: Database, revision: str) -> list[StoredRow]:
    """Bring a database from the revision before to this one, and store a row in each table there is."""
    await step(db, revision)
    return await run(db, lambda connection: store_rows(connection, revision))


async def check_rows(db: Database, rows: list[StoredRow]) -> None:
    """Every row is where it was and says what it said, but for what a migration changes on purpose."""

    def compare(connection: Connection) -> list[tuple[str, str, str, object, object]]:
        wrong: list[tuple[str, str, str, object, object]] = []
        for row in rows:
            if row.table not in Base.metadata.tables:
                continue
            found = load_row(connection, row)
            assert found is not None, f"a row of {row.table} from {row.revision} is gone"
            wrong += [
                (row.table, row.revision, name, value, found[name])
                for name, value in row.values.items()
                if name in found and found[name] != value and row.revision > _CHANGED.get((row.table, name), "")
            ]
        return wrong

    assert await run(db, compare) == []


async def check_what_moved(db: Database, rows: list[StoredRow]) -> None:
    """What migrations took from one place to another."""

    def look(connection: Connection) -> None:
        tables = Base.metadata.tables
        for row in rows:
            if row.table == "attachment_contents":
                pieces = tables["file_pieces"]
                kept = select(pieces.c.content).where(pieces.c.key == row.values["attachment_id"])
                assert connection.scalar(kept) == row.values["content"]
            if row.table == "articles" and row.revision < "0003":
                versions = tables["article_versions"]
                kept = select(versions.c.event).where(versions.c.article_key == row.values["key"])
                assert sorted(connection.scalars(kept)) == ["publish", "save"]
            if row.table == "contacts" and row.revision < "0011":
                contacts = tables["contacts"]
                assert connection.scalar(select(contacts.c.number).where(contacts.c.id == row.values["id"]))
            if row.table == "api_keys" and row.revision < "0034":
                keys = tables["api_keys"]
                kept = select(keys.c.scopes).where(keys.c.token_hash == row.values["token_hash"])
                assert connection.scalar(kept) == ("conversations", "contacts")
        ended = select(tables["installation"].c.ended_at).where(tables["installation"].c.id == 1)
        assert connection.scalar(ended) is not None, "who works here already isn't asked to set up"

    await run(db, look)


async def test_what_was_stored_at_any_revision_is_still_right_at_the_newest(empty_database_url: str) -> None:
    async with opened(empty_database_url) as db:
        rows = list[StoredRow]()
        for revision in REVISIONS:
            rows += await store_at(db, revision)
        assert {row.revision for row in rows} == known_revisions()
        assert await run(db, differences) == []
        await check_rows(db, rows)
        await check_what_moved(db, rows)
        await upgrade_async(db)
        assert await current(db) == head()
        await check_rows(db, rows)


async def test_killed_in_the_middle_an_upgrade_is_taken_up_again(empty_database_url: str) -> None:
    async with opened(empty_database_url) as db:
        rows = [row for revision in REVISIONS[:7] for row in await store_at(db, revision)]
    ran = await asyncio.create_subprocess_exec(sys.executable, "-c", _KILLED, empty_database_url)
    assert await ran.wait() == -9
    async with opened(empty_database_url) as db:
        assert await current(db) == REVISIONS[6]
        await check_rows_then(db, rows)


async def check_rows_then(db: Database, rows: list[StoredRow]) -> None:
    await upgrade_async(db)
    assert await current(db) == head()
    assert await run(db, differences) == []
    await check_rows(db, rows)
    await check_what_moved(db, rows)
