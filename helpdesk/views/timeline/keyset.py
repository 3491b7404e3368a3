"""Paging by the last row that was read: a page costs the same wherever it stands, and skips and repeats nothing."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from store.errors import Invalid

type KeyValue = str | int | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SortKey:
    """An expression that is sorted by, never null."""

    name: str
    value: ColumnElement[Any] | InstrumentedAttribute[Any]
    is_descending: bool = False

    def ordered(self, value: ColumnElement[Any] | InstrumentedAttribute[Any]) -> UnaryExpression[Any]:
        """`value` in the direction of this key."""
        return value.desc() if self.is_descending else value.asc()


def is_after(keys: Sequence[SortKey], cursor: str) -> ColumnElement[bool]:
    """Whether a row comes after the one that `cursor` names. Raises `Invalid` for what is no cursor of this order."""
    values = _read_cursor(cursor, len(keys))
    return or_(
        *(
            and_(
                *(earlier.value == values[before] for before, earlier in enumerate(keys[:place])),
                key.value < values[place] if key.is_descending else key.value > values[place],
            )
            for place, key in enumerate(keys)
        )
    )


def cursor_of(values: Sequence[KeyValue]) -> str:
    """What names a row, by the values it is sorted by."""
    told = [{"at": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(told, separators=(",", ":")).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, count: int) -> list[KeyValue]:
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [_value(one) for one in told]
    except (ValueError, binascii.Error, TypeError, KeyError):
        values = []
    if len(values) != count:
        raise Invalid("The place in the list is unknown. Begin at its top.")
    return values


def _value(told: Any) -> KeyValue:
    if isinstance(told, dict):
        return datetime.fromisoformat(told["at"])
    if isinstance(told, str | int):
        return told
    raise TypeError
