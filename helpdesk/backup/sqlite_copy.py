"""A copy of an SQLite database while it is written to, and putting one in its place."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from helpdesk.backup.manifest import BackupProblem

_WAIT_SECONDS = 60.0
_TABLES = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
#: Files beside a database that belong to it.
_BESIDE = ("", "-wal", "-shm")


def copy_database(source: Path, target: Path) -> None:
    """One moment of the database, whoever writes meanwhile, and without what was erased in it."""
    with closing(sqlite3.connect(source, timeout=_WAIT_SECONDS)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def count_rows(database: Path) -> Mapping[str, int]:
    """The rows of each table that holds something of its own (not the inner tables of the search).

    Raises `BackupProblem` for a database that is damaged.
    """
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupProblem("The backup is damaged: SQLite finds errors in its database.")
            names = [name for (name,) in connection.execute(_TABLES)]
            return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    except sqlite3.DatabaseError as error:
        raise BackupProblem(f"The backup is damaged: SQLite can't read its database ({error}).") from None


def revision_of(database: Path) -> str:
    """The revision that the copy has."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def put_in_place(database: Path, target: Path, aside: str) -> Path | None:
    """Let `database` be `target`; what was there before goes beside it under a name with `aside`, which is returned."""
    former = target.with_name(f"{target.name}.{aside}") if target.exists() else None
    for ending in _BESIDE:
        old = target.with_name(target.name + ending)
        if former is not None and old.exists():
            old.rename(former.with_name(former.name + ending))
        else:
            old.unlink(missing_ok=True)
    database.replace(target)
    target.chmod(0o600)
    return former
