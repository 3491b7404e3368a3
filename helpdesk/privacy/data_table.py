"""What an entry of the table of personal data says: what a column holds, whose a row is, and when it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import JSON, Column, LargeBinary, String
from sqlalchemy import Enum as StateType

from store.models.json_value import JsonValue


class DataKind(StrEnum):
    """What a column holds. A customer's export has all but `key`; an erasure takes every one of them."""

    #: What somebody wrote, or said of themselves.
    WORDS = "words"
    #: Words that stand somewhere else too, copied or made of them: they go when those go.
    COPY = "copy"
    #: What somebody is called.
    NAME = "name"
    #: Where somebody can be reached: mail, telephone, the channel's own id.
    ADDRESS = "address"
    #: The bytes of a file.
    FILE = "file"
    #: A single word about somebody: language, page, status.
    FACT = "fact"
    #: Ids, hashes and technical notes, of no use to whom they are about.
    KEY = "key"


class Whose(StrEnum):
    """What a column says about whose a row is: its value is one of these."""

    CONTACT = "contact"
    CONVERSATION = "conversation"
    PERSON = "person"
    MESSAGE = "message"
    #: The key of a file.
    FILE = "file"
    #: The lane of an address: channel, account, chat and thread.
    LANE = "lane"
    #: A mail address in small letters.
    MAIL_ADDRESS = "mail_address"
    #: The number of a conversation's event.
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDate:
    """When a row ends by itself: `days` and `hours` after the time in `column`, where `only` is set, if it is named."""

    column: str
    days: int = 0
    hours: int = 0
    only: str | None = None

    @property
    def kept(self) -> timedelta:
        """How long a row stays after the time in `column`."""
        return timedelta(days=self.days, hours=self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """One table: whose its rows are, what its columns hold, when they end.

    `whose` is empty where no row is a customer's: then `why` says what it holds instead, and an erasure leaves it.
    `columns` names every column of text, JSON or bytes that is no foreign key.
    """

    table: str
    title: str
    columns: Mapping[str, DataKind]
    whose: Mapping[str, Whose] = field(default_factory=dict)
    why: str = ""
    ends: EndDate | None = None
    #: Whether an export holds the rows; the others, of use to nobody, are counted in a receipt only.
    exported: bool = True
    #: What takes the rows away instead of the general erasure, such as a trigger of the database.
    erased_by: str = ""

    def of_kind(self, *kinds: DataKind) -> Sequence[str]:
        """The columns that hold these."""
        return [name for name, kind in self.columns.items() if kind in kinds]


def customers(
    table: str,
    title: str,
    whose: Mapping[str, Whose],
    *,
    ends: EndDate | None = None,
    exported: bool = True,
    erased_by: str = "",
    **kinds: str,
) -> TableEntry:
    """An entry for a table with customers' data; `words="text subject", facts="language"` names columns by kind."""
    return TableEntry(
        table=table,
        title=title,
        whose=whose,
        columns=_columns(kinds),
        ends=ends,
        exported=exported,
        erased_by=erased_by,
    )


def others(table: str, why: str, columns: str = "", *, title: str = "", ends: EndDate | None = None) -> TableEntry:
    """An entry for a table without customers' data; `why` says what it holds instead. One that `ends` has a title."""
    return TableEntry(
        table=table, title=title, columns=dict.fromkeys(columns.split(), DataKind.KEY), why=why, ends=ends
    )


_KINDS = {
    "words": DataKind.WORDS,
    "copies": DataKind.COPY,
    "names": DataKind.NAME,
    "addresses": DataKind.ADDRESS,
    "files": DataKind.FILE,
    "facts": DataKind.FACT,
    "keys": DataKind.KEY,
}


def _columns(kinds: Mapping[str, str]) -> dict[str, DataKind]:
    return {name: _KINDS[kind] for kind, names in kinds.items() for name in names.split()}


def can_hold_words(column: Column[object]) -> bool:
    """Whether a column can hold what somebody wrote or is called, or their bytes.

    Numbers, times, states and references can't: they go with their row, and stand in the export beside its words.
    """
    if column.foreign_keys or isinstance(column.type, StateType):
        return False
    return isinstance(column.type, String | JSON | LargeBinary | JsonValue)
