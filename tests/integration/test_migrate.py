"""Bringing a database to this version's form (fault F9)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import store.migrations
from store.db import Database
from store.migrate import UnknownRevision, current, head, known_revisions, upgrade_async
from store.models import Base


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    db = Database(url)
    try:
        yield db
    finally:
        await db.close()


async def tables(db: Database) -> list[str]:
    async with db.read() as session:
        return await (await session.connection()).run_sync(lambda connection: inspect(connection).get_table_names())


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


async def test_the_migrations_make_exactly_the_tables_of_the_models(empty_database_url: str) -> None:
    async with opened(empty_database_url) as db:
        await upgrade_async(db)
        async with db.read() as session:
            assert await (await session.connection()).run_sync(differences) == []


def test_the_newest_revision_is_known_without_alembic() -> None:
    scripts = ScriptDirectory(str(Path(store.migrations.__file__).parent))
    assert head() == scripts.get_current_head()
    assert known_revisions() == {script.revision for script in scripts.walk_revisions()}


async def test_a_second_time_changes_nothing(empty_database_url: str) -> None:
    async with opened(empty_database_url) as db:
        assert await current(db) is None
        await upgrade_async(db)
        await upgrade_async(db)
        assert await current(db) == head()


async def test_two_instances_at_once_migrate_once(empty_database_url: str) -> None:
    async with opened(empty_database_url) as first, opened(empty_database_url) as second:
        await asyncio.gather(upgrade_async(first), upgrade_async(second))
        assert await current(second) == head()


async def test_f9_interrupted_half_way_nothing_has_changed_and_the_next_start_completes(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0
    create = op.create_table

    def create_some(*arguments: object, **options: object) -> object:
        nonlocal made
        made += 1
        if made == 5:
            raise KeyboardInterrupt
        return create(*arguments, **options)  # type: ignore[arg-type]

    async with opened(empty_database_url) as db:
        monkeypatch.setattr(op, "create_table", create_some)
        with pytest.raises(KeyboardInterrupt):
            await upgrade_async(db)
        monkeypatch.undo()
        assert made == 5
        assert await tables(db) == []
        await upgrade_async(db)
        assert await current(db) == head()


async def test_f9_a_database_of_a_newer_version_is_left_alone(empty_database_url: str) -> None:
    async with opened(empty_database_url) as db:
        await upgrade_async(db)
        async with db.write() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(UnknownRevision, match="9999"):
            await upgrade_async(db)
