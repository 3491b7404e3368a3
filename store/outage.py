"""Which errors mean that the database is away for now.

A list of such errors is never complete: a server that restarts, is full, has become read-only or has run out of memory
says so in dozens of ways. The faults that stay are few: a constraint, a value that doesn't fit, a statement that is
wrong. So whatever isn't known to be one of these passes by itself.
"""

import sqlite3
from collections.abc import Iterator

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

#: Classes of SQLSTATE that stay wrong however often they are tried: the data, a constraint, a limit or the statement.
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
PERMANENT_CLASSES = frozenset({"0A", "20", "21", "22", "23", "2F", "34", "38", "39", "42", "44", "54", "P0"})
#: The class of values that don't fit.
DATA_CLASS = "22"
#: Within other classes: a transaction in which a statement has failed already, and one that is begun twice.
PERMANENT_STATES = frozenset({"25P02", "25001"})
#: SQLite's primary result codes of the same sort. https://www.sqlite.org/rescode.html
PERMANENT_RESULTS = frozenset(
    {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_RANGE,
    }
)
#: SQLite's extended codes of a disk that could not keep what was written. What it has dropped nobody can say.
DISK_FAILURES = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})
_PRIMARY = 0xFF  # an extended result code holds the primary one in its lowest byte
_SQLITE_FAULTS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError)


def is_outage(error: BaseException) -> bool:
    """Whether the same transaction may succeed in a moment; nothing of it was stored, or nobody knows."""
    if isinstance(error, DBAPIError):
        causes = tuple(_of_driver(error))
        return error.connection_invalidated or any(map(_is_old_plan, causes)) or all(map(_passes, causes))
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | sqlite3.Error):
        return _passes(error)
    return isinstance(error, PoolTimeout | OSError | MemoryError)  # connections that break or time out are OSErrors


def is_disk_failure(error: BaseException) -> bool:
    """Whether SQLite's file can't be trusted until it is opened anew: the system forgets what it could not keep."""
    causes = _of_driver(error) if isinstance(error, DBAPIError) else (error,)
    return any(getattr(cause, "sqlite_errorcode", None) in DISK_FAILURES for cause in causes)


def is_unstorable(error: BaseException) -> bool:
    """Whether a value is of a kind that no database takes, such as half of a character, or NUL in PostgreSQL."""
    if isinstance(error, UnicodeEncodeError):
        return True
    causes = tuple(_of_driver(error)) if isinstance(error, DBAPIError) else (error,)
    return any(_names_value(cause) for cause in causes)


def _names_value(error: BaseException) -> bool:
    of_server = isinstance(error, asyncpg.PostgresError) and (error.sqlstate or "").startswith(DATA_CLASS)
    of_client = isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)
    return of_server or of_client or isinstance(error, UnicodeEncodeError)


def _of_driver(error: DBAPIError) -> Iterator[BaseException]:
    """The driver's own error beneath SQLAlchemy's, in the wrappings that its dialects put around it."""
    found: BaseException | None = error.orig
    while found is not None:
        yield found
        found = found.__cause__


def _is_old_plan(error: BaseException) -> bool:
    """A table was changed under a prepared statement, which is prepared anew next time."""
    return isinstance(error, asyncpg.InvalidCachedStatementError)


def _passes(error: BaseException) -> bool:
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state not in PERMANENT_STATES and state[:2] not in PERMANENT_CLASSES
    result = getattr(error, "sqlite_errorcode", None)
    if isinstance(result, int):
        return result & _PRIMARY not in PERMANENT_RESULTS
    return not isinstance(error, (*_SQLITE_FAULTS, ValueError, TypeError))
