"""The database's two doors, and what their errors say."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.db import Database, is_unique_violation
from store.errors import Unavailable
from store.models import Meta
from tests.harness import eventually


async def test_an_error_quotes_nobodys_words(db: Database) -> None:
    async with db.write() as session:
        session.add(Meta(key="k", value="first"))
    with pytest.raises(DBAPIError) as error:
        async with db.write() as session:
            session.add(Meta(key="k", value="canary-7431"))

    assert is_unique_violation(error.value)
    assert "canary-7431" not in str(error.value)


async def test_a_block_that_fails_stores_nothing(db: Database) -> None:
    async def fail() -> None:
        async with db.write() as session:
            session.add(Meta(key="k", value="v"))
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with db.read() as session:
        assert await session.get(Meta, "k") is None


async def test_writers_take_turns_and_lose_no_count(db: Database) -> None:
    async with db.write() as session:
        session.add(Meta(key="count", value="0"))

    async def count() -> None:
        async with db.write() as session:
            row = await session.get_one(Meta, "count", with_for_update=True)
            row.value = str(int(row.value) + 1)

    await asyncio.gather(*(count() for _ in range(20)))
    async with db.read() as session:
        assert (await session.get_one(Meta, "count")).value == "20"


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://nobody@127.0.0.1:1/none", "sqlite+aiosqlite:////no/such/folder/x"]
)
async def test_f20_a_database_that_is_away_is_unavailable_and_not_a_riddle(url: str) -> None:
    database = Database(url)
    try:
        with pytest.raises(Unavailable, match="Nothing was stored"):
            async with database.write() as session:
                await session.execute(text("SELECT 1"))
    finally:
        await database.close()


async def test_a_connection_that_the_server_has_closed_is_replaced_before_anybody_notices(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    try:
        async with database.read() as session:
            connection = (await (await session.connection()).get_raw_connection()).driver_connection
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
        async with other.read() as session:
            await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

        async def is_heard() -> bool:
            return connection is not None and bool(connection.is_closed())

        await eventually(is_heard, "the driver to hear of it")
        async with database.read() as session:
            assert await session.scalar(text("SELECT pg_backend_pid()")) != pid
    finally:
        await database.close()
        await other.close()
