"""What PostgreSQL has learnt of the values of a table that is empty now, and who may have it forgotten."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store.table_rewrite import rewrite_tables
from tests.services import PostgresServer

pytestmark = pytest.mark.postgres
OWNER = "staffel_owner"
TABLES = """
CREATE TABLE emptied (word text, other text, watched text);
CREATE INDEX ON emptied (word) WHERE other IS NULL;
CREATE TABLE filled (word text);
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER watch AFTER UPDATE OF watched ON emptied FOR EACH ROW EXECUTE FUNCTION nothing();
INSERT INTO emptied SELECT 'kanarie' || n, 'kanarie', 'kanarie' FROM generate_series(1, 50) n;
INSERT INTO filled SELECT 'wort' || n FROM generate_series(1, 50) n;
ANALYZE;
DELETE FROM emptied;
"""


@asynccontextmanager
async def tables(server: PostgresServer, role: str) -> AsyncIterator[tuple[AsyncConnection, asyncpg.Connection]]:
    """A database with the tables, made by `role`: its connection, and one of a superuser."""
    with server.database() as url:
        operator = await asyncpg.connect(url.replace("+asyncpg", ""))
        user = url.partition("://")[2].partition("@")[0]
        own = url
        if role:
            await operator.execute(f"CREATE ROLE {role} LOGIN")
            await operator.execute(f'ALTER DATABASE "{url.rpartition("/")[2]}" OWNER TO {role}')
            await operator.execute(f"ALTER SCHEMA public OWNER TO {role}")
            own = url.replace(f"://{user}@", f"://{role}@")
        engine = create_async_engine(own, isolation_level="AUTOCOMMIT")
        try:
            async with engine.connect() as connection:
                for statement in filter(str.strip, TABLES.split(";\n")):
                    await connection.exec_driver_sql(statement)
                yield connection, operator
        finally:
            await engine.dispose()
            if role:
                await operator.execute(f"REASSIGN OWNED BY {role} TO {user}; DROP OWNED BY {role}; DROP ROLE {role}")
            await operator.close()


async def learnt(operator: asyncpg.Connection) -> set[str]:
    rows = await operator.fetch("SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'")
    return {f"{row['tablename']}.{row['attname']}" for row in rows}


async def test_an_owner_has_it_forgotten_but_for_a_column_that_a_trigger_is_defined_on(
    postgres_server: PostgresServer,
) -> None:
    async with tables(postgres_server, OWNER) as (connection, operator):
        assert await learnt(operator) == {"emptied.word", "emptied.other", "emptied.watched", "filled.word"}
        missed = await rewrite_tables(connection, ["emptied", "filled"], limit=None)
        assert missed.large == ()
        assert await learnt(operator) == {"emptied.watched", "filled.word"}
        found = await connection.exec_driver_sql("SELECT indexdef FROM pg_indexes WHERE tablename = 'emptied'")
        assert "WHERE (other IS NULL)" in str(found.scalar()), "its index is as it was"


async def test_a_superuser_has_all_of_it_forgotten(postgres_server: PostgresServer) -> None:
    async with tables(postgres_server, "") as (connection, operator):
        await rewrite_tables(connection, ["emptied", "filled"], limit=None)
        assert await learnt(operator) == {"filled.word"}
