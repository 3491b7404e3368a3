"""A dump of a PostgreSQL database while it is written to, by PostgreSQL's own programs, and putting one back."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from helpdesk.backup.manifest import BackupProblem
from store.db import INSTANCE_PREFIX

_MAX_TOLD = 300
_TABLES = text(
    "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE relkind = 'r' AND nspname = current_schema()"
)

_INSTANCES = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE :names"
)


async def dump_database(url: str, target: Path) -> tuple[str, Mapping[str, int]]:
    """Dump one moment of the database; its revision and the rows of each table at that moment.

    Raises `BackupProblem` when pg_dump is missing or fails.
    """
    program = _find("pg_dump")
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            snapshot = await connection.scalar(text("SELECT pg_export_snapshot()"))
            await _run(
                url,
                program,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={target}",
            )
            revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            return str(revision), await _count(connection)
    finally:
        await engine.dispose()


async def count_rows(url: str) -> Mapping[str, int]:
    """The rows of each table; nothing for an empty database."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await _count(connection)
    finally:
        await engine.dispose()


async def count_instances(url: str) -> int:
    """How many connections instances of helpdesk have to the database."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return int(await connection.scalar(_INSTANCES, {"names": f"{INSTANCE_PREFIX}%"}) or 0)
    finally:
        await engine.dispose()


async def restore_database(url: str, dump: Path) -> None:
    """Put a dump in the place of what is there, in one transaction: whole, or nothing has changed.

    Raises `BackupProblem` when pg_restore is missing or fails.
    """
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    await _run(url, _find("pg_restore"), *options, str(dump))


async def _count(connection: AsyncConnection) -> Mapping[str, int]:
    names = sorted(await connection.scalars(_TABLES))
    return {name: int(await connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0) for name in names}  # noqa: S608


def _find(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise BackupProblem(
            f"{program} is missing. It comes with PostgreSQL: apt install postgresql-client, or brew install libpq."
        )
    return found


async def _run(url: str, program: str, *arguments: str) -> None:
    where = make_url(url)
    named: Sequence[str] = ["--dbname", str(where.database or "")]
    process = await asyncio.create_subprocess_exec(
        program,
        *named,
        *arguments,
        env=_environment(where),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()
    if process.returncode:
        raise BackupProblem(f"{Path(program).name}: {told.decode(errors='replace').strip()[:_MAX_TOLD]}")


def _environment(where: URL) -> dict[str, str]:
    """Where the database is, by variables: arguments can be read by everybody on a machine."""
    host = where.host or str(where.query.get("host", ""))
    given = {
        "PGHOST": host,
        "PGPORT": str(where.port or ""),
        "PGUSER": where.username or "",
        "PGPASSWORD": str(where.password or ""),
    }
    return dict(os.environ) | {name: value for name, value in given.items() if value}
