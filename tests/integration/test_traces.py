"""What an erasure leaves in PostgreSQL's files is noted until it is gone, also while others read or lock."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import select, text

from connectors.contract import Channel
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.traces import TO_CLEAN, clean_traces
from store.db import Database
from store.models import Contact, Meta
from tests.harness import eventually

pytestmark = [pytest.mark.postgres_only, pytest.mark.postgres]


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody else's."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


async def erase_somebody(db: Database, kept: int = 40) -> None:
    """Of some contacts, erase one."""
    async with db.write() as session:
        people = [
            Contact(channel=Channel.WEBCHAT, account="a", external_id=f"kanarie-{number}", name="Ida")
            for number in range(kept)
        ]
        session.add_all(people)
    await erase_contact(db, people[kept // 2].id)


async def noted(db: Database) -> set[str]:
    async with db.read() as session:
        return set(await session.scalars(select(Meta.key).where(Meta.key.startswith(TO_CLEAN))))


async def file_of(db: Database, table: str) -> int:
    """The number of the file in which a table stands; another one once it has been written anew."""
    async with db.read() as session:
        number = await session.scalar(text("SELECT pg_relation_filenode(to_regclass(:table))"), {"table": table})
        return int(number or 0)


async def test_only_tables_that_lost_something_are_written_anew(db: Database) -> None:
    await erase_somebody(db)
    assert f"{TO_CLEAN}:contacts" in await noted(db)
    assert f"{TO_CLEAN}:messages" not in await noted(db)
    contacts, messages = await file_of(db, "contacts"), await file_of(db, "messages")
    assert await clean_traces(db)
    assert await noted(db) == set()
    assert (await file_of(db, "contacts") != contacts, await file_of(db, "messages") == messages) == (True, True)


async def test_who_still_sees_what_was_erased_is_waited_for(db: Database, other: asyncpg.Connection) -> None:
    reading = other.transaction(isolation="repeatable_read")
    await reading.start()
    await other.fetch("SELECT 1 FROM articles")
    await erase_somebody(db)
    assert not await clean_traces(db), "its rows have to be kept for them"
    assert await noted(db)
    await reading.rollback()
    await eventually(lambda: clean_traces(db), "the reader's end")
    assert await noted(db) == set()


async def test_a_locked_table_is_left_for_later_and_holds_up_nobody(db: Database, other: asyncpg.Connection) -> None:
    await erase_somebody(db)
    async with other.transaction():
        await other.execute("LOCK TABLE contacts IN ROW EXCLUSIVE MODE")
        assert not await clean_traces(db)
    await eventually(lambda: clean_traces(db), "the lock's end")


async def test_a_large_table_is_vacuumed_until_somebody_wants_it_whole(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.db.REWRITTEN_BYTES", 0)
    await erase_somebody(db)
    before = await file_of(db, "contacts")
    assert await clean_traces(db)
    assert await file_of(db, "contacts") == before
    assert await clean_traces(db, whole=True)
    assert await file_of(db, "contacts") != before


async def test_a_role_that_owns_only_the_tables_can_clean(
    db: Database, database_url: str, other: asyncpg.Connection
) -> None:
    name = database_url.rpartition("/")[2]
    role = f"{name}_role"
    await erase_somebody(db)
    await other.execute(f"CREATE ROLE {role} LOGIN")
    try:
        for table in [row[0] for row in await other.fetch("SELECT tablename FROM pg_tables WHERE schemaname='public'")]:
            await other.execute(f"ALTER TABLE {table} OWNER TO {role}")
        base = database_url.replace("postgres@", f"{role}@")
        limited = Database(base)
        try:
            assert await clean_traces(limited)
        finally:
            await limited.close()
    finally:
        await other.execute(f"REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}")
    assert await noted(db) == set()
