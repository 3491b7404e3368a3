"""A database of PostgreSQL's for the time of a measurement."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from store.db import Database


@asynccontextmanager
async def database(server: str) -> AsyncIterator[tuple[Database, str]]:
    """An empty database on `server` ("postgresql://…") with its URL for SQLAlchemy; it is dropped at the end."""
    name = f"staffel_benchmark_{secrets.token_hex(6)}"
    await _execute(server, f"CREATE DATABASE {name}")
    url = f"{server.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
    db = Database(url)
    try:
        yield db, url
    finally:
        await db.close()
        await _execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
