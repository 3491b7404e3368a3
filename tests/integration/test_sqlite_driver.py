"""SQLite in one trip a statement: what it saves, and that a trip that nobody waits for any more leaves nothing open."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from store.db import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    async with db.write() as session:
        await session.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"))
    yield db
    await db.close()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often something went to a connection's thread."""
    counted: Counter[str] = Counter()
    go: Callable[..., Awaitable[Any]] = aiosqlite.Connection._execute

    async def count(self: aiosqlite.Connection, work: Any, *given: Any, **named: Any) -> Any:
        counted["trips"] += 1
        return await go(self, work, *given, **named)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", count)
    return counted


async def test_a_statement_is_one_trip_and_the_beginning_none(database: Database, trips: Counter[str]) -> None:
    async with database.write() as session:
        added = await session.execute(text("INSERT INTO things (name) VALUES ('a'), ('b') RETURNING id"))
        assert list(added.scalars()) == [1, 2]
        assert list(await session.scalars(text("SELECT name FROM things"))) == ["a", "b"]

    assert trips["trips"] == 3  # two statements, and the commit


async def test_a_brief_transaction_goes_there_to_begin_and_to_commit(database: Database, trips: Counter[str]) -> None:
    async with database.write(brief=True) as session:
        for name in "abcd":
            await session.execute(text("INSERT INTO things (name) VALUES (:name)"), {"name": name})
        assert list(await session.scalars(text("SELECT name FROM things"))) == ["a", "b", "c", "d"]
    assert trips["trips"] == 2  # the first statement, and the commit

    async with database.write() as session:
        await session.execute(text("INSERT INTO things (name) VALUES ('e')"))
        await session.execute(text("INSERT INTO things (name) VALUES ('f')"))
    assert trips["trips"] == 5  # the connection is the same, and none of it is brief any more


async def test_a_brief_transaction_waits_for_the_lock_beside_the_event_loop(tmp_path: Path, database: Database) -> None:
    other = sqlite3.connect(tmp_path / "one.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def add() -> None:
        async with database.write(brief=True) as session:
            await session.execute(text("INSERT INTO things (name) VALUES ('late')"))

    adding = asyncio.create_task(add())
    for _ in range(20):  # the loop goes on meanwhile
        await asyncio.sleep(0.01)
    assert not adding.done()
    other.execute("COMMIT")
    other.close()
    await adding
    async with database.read() as session:
        assert await session.scalar(text("SELECT name FROM things")) == "late"


async def test_a_brief_transaction_that_fails_is_undone_and_its_error_told(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await add_twice(database, brief=True)

    async with database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM things")) == 0


async def test_a_transaction_that_says_nothing_goes_nowhere(database: Database, trips: Counter[str]) -> None:
    async with database.write():
        pass

    assert not trips


async def add_twice(database: Database, *, brief: bool = False) -> None:
    async with database.write(brief=brief) as session:
        for _ in range(2):
            await session.execute(text("INSERT INTO things (id) VALUES (1)"))


async def test_what_is_in_a_block_that_fails_is_undone(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await add_twice(database)

    async with database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM things")) == 0


async def test_two_writers_wait_for_each_other(database: Database) -> None:
    async def count_up() -> None:
        async with database.write() as session:
            most = await session.scalar(text("SELECT coalesce(max(id), 0) FROM things")) or 0
            await session.execute(text("INSERT INTO things (id) VALUES (:id)"), {"id": most + 1})

    await asyncio.gather(*(count_up() for _ in range(10)))

    async with database.read() as session:
        assert await session.scalar(text("SELECT max(id) FROM things")) == 10


async def test_a_trip_that_is_cancelled_leaves_no_transaction_open(database: Database) -> None:
    """The statement is still executed by the thread; whoever has the connection next must not be inside of it."""
    arrived = asyncio.Event()

    async def write() -> None:
        async with database.write() as session:
            arrived.set()
            await session.execute(text("INSERT INTO things (name) VALUES ('lost')"))

    for _ in range(20):
        arrived.clear()
        writing = asyncio.create_task(write())
        await arrived.wait()
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    async with database.write() as session:
        await session.execute(text("INSERT INTO things (name) VALUES ('kept')"))

    assert database.file is not None
    with sqlite3.connect(database.file) as other:
        assert [name for (name,) in other.execute("SELECT name FROM things")] == ["kept"]
