"""PostgreSQL's tables without a byte of what was deleted from them.

`VACUUM` frees dead rows but leaves their bytes on pages that hold others; `VACUUM FULL` writes a table and its indexes
anew and removes the old files. What `ANALYZE` has learnt of a table's values, some of them as they are, stands in
`pg_statistic`, whose dead rows stay in their turn: it is written anew as well. Of a table that is empty `ANALYZE`
leaves what it knew before, also after `TRUNCATE` and with `SET STATISTICS 0`. A superuser deletes that; an owner has
each column take the type that it has, which drops what was learnt of it and writes nothing. PostgreSQL refuses that for
a column that a trigger is defined on. The write-ahead log still holds what was written: its
segment is ended, and a checkpoint lets the server remove it, if it doesn't keep segments for later (`wal_recycle`).
https://www.postgresql.org/docs/current/sql-vacuum.html
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

#: Up to this size, with its indexes, a table is written anew within a second or so, for which it is locked.
REWRITTEN_BYTES = 32 * 1024 * 1024
#: How long a table's users may be held up until it is left for later; they wait behind whoever asks for the lock.
LOCK_PATIENCE_MS = 200
#: What the clocks of program and database may be apart.
CLOCK_TOLERANCE = timedelta(seconds=1)
_STATISTICS = "pg_statistic"
_IS_SUPERUSER = text("SELECT current_setting('is_superuser') = 'on'")
_MAY_END_LOG = text(
    "SELECT current_setting('wal_recycle') = 'off' AND (current_setting('is_superuser') = 'on'"
    " OR has_function_privilege('pg_switch_wal()', 'EXECUTE')"
    " AND coalesce(pg_has_role(to_regrole('pg_checkpoint'), 'USAGE'), false))"
)
_END_LOG = (text("SELECT pg_switch_wal()"), text("CHECKPOINT"))
_FORGET_EMPTY = text(
    "DELETE FROM pg_statistic WHERE starelid IN"
    " (SELECT oid FROM pg_class WHERE reltuples = 0 AND relname = ANY(:tables)"
    " UNION SELECT indexrelid FROM pg_index JOIN pg_class ON pg_class.oid = indrelid"
    " WHERE reltuples = 0 AND relname = ANY(:tables))"
)
_LEARNT_OF_EMPTY = text(
    "SELECT quote_ident(relname), quote_ident(pg_attribute.attname), format_type(atttypid, atttypmod) FROM pg_stats"
    " JOIN pg_class ON pg_class.oid = to_regclass(quote_ident(schemaname) || '.' || quote_ident(tablename))"
    " JOIN pg_attribute ON attrelid = pg_class.oid AND pg_attribute.attname = pg_stats.attname"
    " WHERE reltuples = 0 AND relname = ANY(:tables) AND schemaname = current_schema()"
)
_LOCK_NOT_AVAILABLE = "55P03"
#: A column of a trigger's definition, a table of somebody else's.
_REFUSED = frozenset({"0A000", "42501"})
_SIZE = text("SELECT pg_total_relation_size(to_regclass(:table))")
_OLD_VIEWS = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_xmin IS NOT NULL AND xact_start < :at)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedTables:
    """Tables that still hold such bytes: `large` ones, and those that were `locked` by others."""

    large: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()


async def rewrite_tables(connection: AsyncConnection, tables: Sequence[str], *, limit: int | None) -> MissedTables:
    """Write these tables anew, those of more than `limit` bytes left out; the connection commits each statement."""
    large, locked = [], []
    for table in tables:
        size = int(await connection.scalar(_SIZE, {"table": table}) or 0)
        is_small = limit is None or size <= limit
        if not is_small:
            large.append(table)
        if not await _has_run(connection, f"VACUUM ({'FULL, ' if is_small else 'SKIP_LOCKED, '}ANALYZE) {table}"):
            locked.append(table)
    if await connection.scalar(_IS_SUPERUSER):
        await connection.execute(_FORGET_EMPTY, {"tables": list(tables)})
    else:
        locked += await _forget_empty(connection, tables)
    if not await _has_run(connection, f"VACUUM FULL {_STATISTICS}"):
        locked.append(_STATISTICS)
    if not locked and await connection.scalar(_MAY_END_LOG):
        for statement in _END_LOG:
            await connection.execute(statement)
    return MissedTables(large=tuple(large), locked=tuple(locked))


async def has_old_views(connection: AsyncConnection, at: datetime) -> bool:
    """Whether a transaction that began before `at` still sees the state of then; only one's own role is looked at."""
    return bool(await connection.scalar(_OLD_VIEWS, {"at": at + CLOCK_TOLERANCE}))


async def _forget_empty(connection: AsyncConnection, tables: Sequence[str]) -> list[str]:
    """Drop, as their owner, what was learnt of the columns of empty tables; the tables that others held meanwhile."""
    locked = []
    for table, column, kind in (await connection.execute(_LEARNT_OF_EMPTY, {"tables": list(tables)})).all():
        statement = f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}"
        if not await _has_run(connection, statement, passing_over=_REFUSED):
            locked.append(table)
    return list(dict.fromkeys(locked))


async def _has_run(connection: AsyncConnection, statement: str, *, passing_over: Collection[str] = frozenset()) -> bool:
    """Whether a statement has run, or was refused for a reason to be passed over; False when others held a lock."""
    try:
        await connection.execute(text(statement))
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state != _LOCK_NOT_AVAILABLE and state not in passing_over:
            raise
        return state != _LOCK_NOT_AVAILABLE
    return True
