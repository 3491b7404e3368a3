"""Bringing a database to this version's form (fault F9)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

import store.migrations
from store import migrate
from store.db import Database
from store.errors import Unavailable
from store.migrate import UnknownRevision, current, head, known_revisions, upgrade_async
from store.models import INDEX_TABLE, Base


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
    def is_model(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or not (name or "").startswith(INDEX_TABLE)

    context = MigrationContext.configure(connection, opts={"include_name": is_model})
    return list(compare_metadata(context, Base.metadata))


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
        with pytest.raises(UnknownRevision) as refused:
            await upgrade_async(db)
    assert str(refused.value) == (
        "The database has revision 9999, which this version of Staffel doesn't know. "
        "It was made by a newer version: start that one, or restore a backup."
    )


class Deadlock(Exception):
    sqlstate = "40P01"


async def test_an_upgrade_that_instances_at_work_get_in_the_way_of_is_tried_again(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade_once, tries = migrate._upgrade_once, 0

    async def deadlocked_first(db: Database, config: Config) -> None:
        nonlocal tries
        tries += 1
        await upgrade_once(db, config)
        if tries == 1:
            raise Unavailable("a deadlock") from DBAPIError("ALTER TABLE agents", None, Deadlock())

    monkeypatch.setattr(migrate, "_upgrade_once", deadlocked_first)
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", (0.0, 0.0))
    async with opened(empty_database_url) as db:
        await upgrade_async(db)
        assert (tries, await current(db)) == (2, head())


async def test_a_database_that_is_away_is_not_asked_again(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(db: Database, config: Config) -> None:
        raise Unavailable("away") from OSError("refused")

    monkeypatch.setattr(migrate, "_upgrade_once", away)
    async with opened(empty_database_url) as db:
        with pytest.raises(Unavailable, match="away"):
            await upgrade_async(db)
