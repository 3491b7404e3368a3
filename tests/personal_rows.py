"""A person of whom something is kept in every column there is: one row in each table, a word of its own in each column.

The table of personal data says which columns those are, so that a new one is tried without anybody thinking of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Float, Integer, LargeBinary, String, Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address, Channel, Choice
from helpdesk.privacy.data_table import TableEntry, Whose
from helpdesk.privacy.personal_data import PERSONAL_DATA
from store.models import (
    Base,
    DecisionRecord,
    MessageEdit,
    MessageFacts,
    StoragePlace,
    SummaryLineRecord,
    SummaryRecord,
    UtcDateTime,
    WaitNoticeRecord,
    new_id,
    now,
)
from store.models.facts import QuestionCandidate
from store.models.json_value import JsonValue, read_numbers, read_string_map, read_strings
from store.triggers import Trigger, TriggerKind

#: Begins every word; no id and no language code holds it.
MARK = "qz"
#: Rows that a trigger writes of others.
_BY_TRIGGERS = frozenset({"conversation_numbers"})


@dataclass(slots=True)
class PersonalRows:
    """What was stored: `words` by table and column, and whose it is."""

    words: dict[tuple[str, str], str] = field(default_factory=dict)
    owners: dict[Whose, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)

    def word(self, table: str, column: str) -> str:
        """A new word for a column; at most 7 letters, so that it fits into each."""
        return self.words.setdefault((table, column), f"{MARK}{len(self.words):03d}x")

    def of(self, table: str) -> dict[str, str]:
        """The words of one table, by column."""
        return {column: word for (name, column), word in self.words.items() if name == table}


async def store_personal_rows(session: AsyncSession, time: datetime | None = None) -> PersonalRows:
    """One row in every table of customers', and in those that they refer to; all times are `time`."""
    rows = PersonalRows(owners={Whose.FILE: new_id()})
    needed = _needed()
    for table in sorted(Base.metadata.sorted_tables, key=_is_kept_by_lane):
        if table.name in needed and table.name not in _BY_TRIGGERS:
            await session.execute(insert(table).values(_row(table, rows, time or now())))
    return rows


def _is_kept_by_lane(table: Table) -> bool:
    """Such a row comes last: it names an address that others hold in pieces."""
    return PERSONAL_DATA[table.name].whose.get("key") is Whose.LANE


def marked(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The columns of a stored row that hold a word of some column's, and what they hold."""
    for name, value in values.items():
        held = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        if MARK in held:
            yield name, held


def _needed() -> set[str]:
    """Customers' tables, and all that they point to."""
    found = {name for name, entry in PERSONAL_DATA.items() if entry.whose}
    while True:
        around = {key.column.table.name for name in found for key in Base.metadata.tables[name].foreign_keys}
        if around <= found:
            return found
        found |= around


def _row(table: Table, rows: PersonalRows, time: datetime) -> dict[str, Any]:
    entry = PERSONAL_DATA[table.name]
    values = {}
    for column in table.columns:
        value = _value(column, entry, rows, time)
        if value is not None:
            values[column.name] = value
    keys = [column.name for column in table.primary_key]
    if len(keys) == 1:
        rows.keys[table.name] = values.get(keys[0], 1)
    _remember(table.name, entry, values, rows)
    return values


def _value(column: Column[Any], entry: TableEntry, rows: PersonalRows, time: datetime) -> Any:
    table, name = column.table.name, column.name
    if (table, name) in _FIXED:
        return _FIXED[table, name](rows)
    for key in column.foreign_keys:
        return rows.keys.get(key.column.table.name)
    if name in entry.whose:
        whose = entry.whose[name]
        return rows.owners.get(whose) if whose in rows.owners else _owner(whose)
    if column.primary_key and isinstance(column.type, String) and name in ("id", "key"):
        return new_id()
    is_customers = bool(entry.whose)
    return _plain(column, rows.word(table, name) if is_customers and name in entry.columns else "x", time)


#: What a column holds that only some values fit.
_FIXED: Mapping[tuple[str, str], Any] = {
    ("contacts", "channel"): lambda _: Channel.EMAIL,
    ("contacts", "number"): lambda _: 1,
    ("conversations", "channel"): lambda _: Channel.EMAIL,
    ("contacts", "email"): lambda rows: f"{rows.word('contacts', 'email')}@example.org",
    ("aside_mails", "sender"): lambda rows: f"{rows.word('contacts', 'email')}@example.org",
    ("aside_mails", "conversation_id"): lambda _: None,
    ("mails", "agent_id"): lambda _: None,
    ("attachments", "file_key"): lambda rows: rows.owners[Whose.FILE],
    ("stored_files", "place"): lambda _: StoragePlace.DATABASE,
    ("stored_files", "owner"): lambda _: "",
    ("stored_files", "draft_of"): lambda _: None,
    ("file_pieces", "number"): lambda _: 0,
}


def _owner(whose: Whose) -> Any:
    return 1 if whose is Whose.EVENT else new_id()


def _remember(table: str, entry: TableEntry, values: Mapping[str, Any], rows: PersonalRows) -> None:
    """What the tables after this one refer to."""
    for name, whose in entry.whose.items():
        if name in values and whose is not Whose.LANE:
            rows.owners.setdefault(whose, values[name])
    if table == "conversations":
        address = Address(
            channel=values["channel"], account=values["account"], chat_id=values["chat_id"], thread=values["thread"]
        )
        rows.owners[Whose.LANE] = address.lane


def _plain(column: Column[Any], word: str, time: datetime) -> Any:
    match column.type:
        case Enum(enum_class=states) if states is not None:
            return next(iter(states))
        case JsonValue():
            return _json(column.type, word, time)
        case JSON():
            return {"text": word}
        case UtcDateTime():
            return time
        case Date():
            return date(2026, 3, 1)
        case Boolean():
            return True
        case Integer():
            return 1
        case Float():
            return 0.5
        case LargeBinary():
            return word.encode()
        case String():
            return word
    return None


def _json(kind: JsonValue[Any], word: str, time: datetime) -> Any:
    """A value of the column's own shape, with the word in it."""
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(1,), text=word)
    samples: dict[Any, Any] = {
        read_strings: (word,),
        read_string_map: {"x": word},
        read_numbers: (1.0,),
        "read_triggers": (trigger,),
        "read_choices": (Choice(title=word, payload="p"),),
        "read_attributes": {"x": word},
        "read_moves": (),
        "read_candidates": (QuestionCandidate(word, 0.5),),
        "MessageFacts": MessageFacts(edits=(MessageEdit(edit_id="e", before=word),)),
        "DecisionRecord": DecisionRecord(triggers=(trigger,), sentence={"de": word}),
        "SummaryRecord": SummaryRecord(language="de", lines=(SummaryLineRecord(label="topic", text=word, turns=(1,)),)),
        "WaitNoticeRecord": WaitNoticeRecord(at=time),
    }
    owner = getattr(kind.read, "__self__", None)
    key = kind.read if kind.read in samples else owner.__name__ if owner else getattr(kind.read, "__name__", "")
    if key not in samples:
        raise AssertionError(f"{kind.read}: add a value of this shape to _json of tests/personal_rows.py")
    return samples[key]
