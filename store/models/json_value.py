"""JSON columns that hold typed, frozen values: one reader and one writer for each shape."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

#: JSON whose one reader and one writer are above the tables: rules and articles are checked there.
type JsonDocument = dict[str, Any]


class JsonValue[T](TypeDecorator[T]):
    """A JSON column whose Python side is a `T`: `read` makes one of the stored JSON, `write` makes the JSON of one.

    A value is changed by assigning another one, never in place: SQLAlchemy would not notice. `read` has to take what
    older versions wrote; it drops what it doesn't know, so that such a key goes when its row is next written.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, read: Callable[[Any], T], write: Callable[[T], Any]) -> None:
        super().__init__()
        self.read = read
        self.write = write

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        return None if value is None else self.write(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        return None if value is None else self.read(value)

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        """What is compared with a part of the JSON is no `T`."""
        return self.impl_instance.coerce_compared_value(op, value)


def read_strings(stored: list[Any]) -> tuple[str, ...]:
    """A JSON array of strings."""
    return tuple(map(str, stored))


def read_numbers(stored: list[Any]) -> tuple[float, ...]:
    """A JSON array of numbers."""
    return tuple(map(float, stored))


def read_string_map(stored: dict[str, Any]) -> dict[str, str]:
    """A JSON object whose values are strings."""
    return {key: str(value) for key, value in stored.items()}
