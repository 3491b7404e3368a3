"""An insert that can say what becomes of a row that is there already: SQLite and PostgreSQL have one each."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

type Upsert = sqlite.Insert | postgresql.Insert


def insert_into(session: AsyncSession, table: type | Table) -> Upsert:
    """An insert for the database that the session is on, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(dialect: str, table: type | Table) -> Upsert:
    """The same by the dialect's name, for a statement that is kept."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
