"""Rows for a database at any revision: what an installation of that time held, in every table that there was.

Values are made by the types that the columns have today, so that what comes out after an upgrade can be compared with
what went in, and read by the program.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
)

from store.models import INDEX_TABLE, Base, UtcDateTime
from store.models.json_value import JsonValue, read_string_map, read_strings

#: Tables that the database fills by itself, or Alembic.
_FILLED_OTHERWISE = ("alembic_version", "conversation_numbers", INDEX_TABLE)
_WORDING = {"question": "Wo ist mein Paket?", "phrasings": ["sendung weg"], "answer": "Größe **40** ist unterwegs 🎁."}
#: What a column holds that isn't only a value of its type.
_SPOKEN: Mapping[tuple[str, str], Any] = {
    ("api_keys", "scopes"): ("conversations",),
    ("articles", "draft"): {"variants": {"de": _WORDING}},
    ("article_versions", "content"): {"variants": {"de": _WORDING}},
    ("variants", "language"): "de",
    ("variants", "phrasings"): ("sendung weg",),
}

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """A row that was stored at a revision: its table, and the values of its columns."""

    table: str
    revision: str
    values: Row


def store_rows(connection: Connection, revision: str) -> list[StoredRow]:
    """One row in every table that there is at `revision`, referring to one another."""
    there = MetaData()
    names = [name for name in inspect(connection).get_table_names() if not name.startswith(_FILLED_OTHERWISE)]
    there.reflect(connection, only=names)
    stored: dict[str, StoredRow] = {}
    for table in there.sorted_tables:
        values = {
            column.name: value
            for column in table.columns
            if not _is_left_out(column) and (value := _value(column, revision, stored)) is not None
        }
        for column in table.columns:
            column.type = _type_of(column)
        connection.execute(table.insert(), values)
        stored[table.name] = StoredRow(table=table.name, revision=revision, values=values)
    return list(stored.values())


def load_row(connection: Connection, row: StoredRow) -> Row | None:
    """What is stored in its place now, by today's types; `None` when it is gone."""
    table = Base.metadata.tables[row.table]
    keys = [column for column in table.primary_key if column.name in row.values]
    found = connection.execute(table.select().where(*(column == row.values[column.name] for column in keys)))
    first = found.mappings().one_or_none()
    return dict(first) if first else None


def _today(column: Column[Any]) -> Column[Any] | None:
    table: Table | None = Base.metadata.tables.get(column.table.name)
    return None if table is None else table.columns.get(column.name)


def _type_of(column: Column[Any]) -> Any:
    today = _today(column)
    return column.type if today is None else today.type


def _is_left_out(column: Column[Any]) -> bool:
    """Columns that the database computes, and those that only triggers write."""
    if (column.table.name, column.name) == ("contacts", "number"):
        return True
    return column.computed is not None or (_today(column) is None and bool(column.nullable))


def _value(column: Column[Any], revision: str, stored: Mapping[str, StoredRow]) -> Any:
    for key in column.foreign_keys:
        referred = stored.get(key.column.table.name)
        return referred.values[key.column.name] if referred else None
    spoken = _SPOKEN.get((column.table.name, column.name))
    return _value_of(_type_of(column), column.name, revision) if spoken is None else spoken


def _value_of(kind: Any, name: str, revision: str) -> Any:
    number = int(revision)
    match kind:
        case Enum(enum_class=states) if states is not None:
            return next(iter(states))
        case JsonValue():
            return _json_value(kind)
        case JSON():
            return {"note": f"Größe {revision}"}
        case UtcDateTime():
            return datetime(2026, 3, 29, 1, 30, tzinfo=UTC) + timedelta(days=number)
        case Date():
            return date(2026, 3, 1) + timedelta(days=number)
        case Boolean():
            return True
        case Integer():
            return 1000 + number
        case Float():
            return number + 0.5
        case LargeBinary():
            return b"\x89PNG\r\n\x1a\n" + bytes([number])
        case String():
            return f"{revision} {name} Ä"[: kind.length]
    return None


def _json_value(kind: JsonValue[Any]) -> Any:
    if kind.read is read_strings:
        return ("Müller", "Straße")
    if kind.read is read_string_map:
        return {"order": "LH-1"}
    candidates: tuple[object, ...] = ([], {})
    for empty in candidates:
        try:
            return kind.read(empty)
        except (AttributeError, KeyError, TypeError):
            continue
    raise AssertionError(f"{kind.read} takes neither an empty list nor an empty object")
