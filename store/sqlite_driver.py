"""SQLite's driver with one trip to the connection's thread for a statement, instead of three or four.

aiosqlite serves each connection by a thread of its own. SQLAlchemy's adapter goes there for the cursor, for the
statement, for its rows and for closing the cursor, for `BEGIN` as often again, and for a rollback of what has been
committed. Each trip wakes two threads and costs as much as a small statement itself.

A brief transaction goes there to begin, which waits for the lock, and to commit, which waits for the disk. What lies
between has nothing to wait for and is executed on the spot.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any
from weakref import WeakSet

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

type _Work = Callable[[sqlite3.Connection], "_Outcome"]


@dataclass(slots=True)
class _Outcome:
    """What a statement came to, with its rows; stands where SQLAlchemy's adapter has aiosqlite's cursor."""

    description: Any = None
    rows: Sequence[Any] = ()
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that is made, executed, read to its end and closed in one trip."""

    __slots__ = ()
    _awaitable_cursor_close = False
    _adapt_connection: "OneTripConnection"

    def __init__(self, adapt_connection: "OneTripConnection") -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor: Any = _Outcome()
        self._soft_closed_memoized = {}  # type: ignore[assignment]  # SQLAlchemy's own is an immutable one
        self._rows = deque()

    def execute(self, operation: Any, parameters: Any = None) -> None:
        """Execute a statement and fetch its rows."""
        self._take(lambda connection: _execute(connection, operation, parameters or ()))

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        """Execute a statement with each of the parameters."""
        self._take(lambda connection: _executemany(connection, operation, seq_of_parameters))

    def _take(self, work: _Work) -> None:
        self._cursor = outcome = self._adapt_connection.go(work)
        self._rows = deque(outcome.rows)

    def close(self) -> None:
        """Drop the rows; the cursor itself was closed on its trip."""
        self._rows.clear()


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    """A connection that says `BEGIN` on the trip of the first statement, and goes nowhere to end what hasn't begun."""

    __slots__ = ("_begin", "_is_brief", "_is_certain")
    _cursor_cls: Any = OneTripCursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._begin: str | None = None
        self._is_brief = False
        #: Whether the last trip came back: one that was cancelled may still be going to begin a transaction.
        self._is_certain = True

    def begin_with_next(self, begin: str) -> None:
        """Begin a transaction with the next statement."""
        self._begin, self._is_brief = begin, False

    def be_brief(self) -> None:
        """Until the next one begins, take each statement for so small that the event loop may wait for it."""
        self._is_brief = True

    def cursor(self, server_side: bool = False) -> Any:
        """A cursor; one that reads row by row is SQLAlchemy's own, and the transaction begins before it."""
        if server_side and self._begin:
            self.go(lambda connection: _Outcome())
        return super().cursor(server_side)

    def go(self, work: _Work) -> _Outcome:
        """Do `work` in the connection's thread, after what is to be begun. Raises the driver's errors.

        Inside a brief transaction it is done here: nobody else uses the connection meanwhile, nor is it locked out.
        """
        begin, self._begin = self._begin, None
        if begin is None and self._is_brief and self._is_certain and self._connection.in_transaction:
            return self._do_here(work)
        self._is_certain = False
        try:
            outcome: _Outcome = await_(self._connection._execute(_begun, self._connection._conn, begin, work))
        except Exception as error:
            self._is_certain = True
            self._handle_exception(error)
        self._is_certain = True
        return outcome

    def _do_here(self, work: _Work) -> _Outcome:
        try:
            return work(self._connection._conn)
        except Exception as error:
            self._handle_exception(error)

    def commit(self) -> None:
        """End the transaction, if one has begun."""
        if self._may_be_inside():
            super().commit()

    def rollback(self) -> None:
        """Undo the transaction, if one has begun."""
        if self._may_be_inside():
            super().rollback()
            self._is_certain = True

    def _may_be_inside(self) -> bool:
        self._begin = None
        is_open = self._connection._connection is not None
        return is_open and (not self._is_certain or self._connection.in_transaction)


class OneTripSqlite(AsyncAdapt_aiosqlite_dbapi):
    """aiosqlite as SQLAlchemy's `create_async_engine(module=…)` takes it.

    `threads` gets the thread of each connection, also of one that never opens.
    """

    def __init__(self, threads: WeakSet[Thread]) -> None:
        super().__init__(aiosqlite, sqlite3)
        self._threads = threads

    def connect(self, *arg: Any, **kw: Any) -> OneTripConnection:
        """A new connection with its thread."""
        made = super().connect(*arg, async_creator_fn=self._create, **kw)
        return OneTripConnection(self, made._connection)

    def _create(self, *arg: Any, **kw: Any) -> aiosqlite.Connection:
        connection = aiosqlite.connect(*arg, **kw | {"check_same_thread": False})
        connection._thread.daemon = True
        self._threads.add(connection._thread)
        return connection


def _begun(connection: sqlite3.Connection, begin: str | None, work: _Work) -> _Outcome:
    if begin is not None:
        connection.execute(begin)
    return work(connection)


def _execute(connection: sqlite3.Connection, operation: str, parameters: Any) -> _Outcome:
    cursor = connection.execute(operation, parameters)
    rows = cursor.fetchall() if cursor.description else ()
    outcome = _Outcome(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return outcome


def _executemany(connection: sqlite3.Connection, operation: str, parameters: Any) -> _Outcome:
    cursor = connection.executemany(operation, parameters)
    outcome = _Outcome(None, (), cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return outcome
