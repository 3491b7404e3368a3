"""What each column of a table is: proposed by us, shown on the page, and said otherwise there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from store.errors import Invalid

MAX_SAMPLES = 3
MAX_SAMPLE_LENGTH = 120


class ColumnRole(StrEnum):
    """What the cells of a column are in an article."""

    QUESTION = "question"
    ANSWER = "answer"
    PHRASINGS = "phrasings"
    CATEGORY = "category"
    LANGUAGE = "language"
    KEY = "key"
    VISIBILITY = "visibility"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    OWNER = "owner"
    REVIEW_ON = "review_on"
    ASK_AGAIN_AFTER = "ask_again_after"
    IGNORE = "ignore"


#: Columns of which there may be one for each language.
SPOKEN_ROLES = frozenset({ColumnRole.QUESTION, ColumnRole.ANSWER, ColumnRole.PHRASINGS})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnUse:
    """What one column is, and in which language it speaks, if it says so."""

    role: ColumnRole
    language: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """The form that pages send."""
        return {"role": str(self.role), "language": self.language}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """What the columns of one table are, from the left. `header_row`: the row with their names."""

    uses: tuple[ColumnUse, ...]
    header_row: int | None = None

    def of(self, role: ColumnRole, language: str | None = None) -> list[int]:
        """The columns with that role (and language), from the left."""
        return [index for index, use in enumerate(self.uses) if use.role == role and use.language == language]

    @property
    def languages(self) -> list[str | None]:
        """The languages that have a question or an answer of their own, `None` for one that isn't named."""
        spoken = [use.language for use in self.uses if use.role in {ColumnRole.QUESTION, ColumnRole.ANSWER}]
        return list(dict.fromkeys(spoken))

    @property
    def makes_articles(self) -> bool:
        """Whether there is a question with its answer."""
        return any(
            self.of(ColumnRole.QUESTION, language) and self.of(ColumnRole.ANSWER, language)
            for language in self.languages
        )

    def as_json(self) -> dict[str, Any]:
        """The form that pages send."""
        return {"header_row": self.header_row, "columns": [use.as_json() for use in self.uses]}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """One column as a page shows it: its letter, its name if it has one, a few of its cells, and what it is."""

    letter: str
    header: str
    samples: tuple[str, ...]
    use: ColumnUse


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOutline:
    """One table of a file: where it stands, its columns, and how many rows lie under its names."""

    name: str
    columns: tuple[TableColumn, ...]
    mapping: ColumnMapping
    row_count: int


def read_mapping(value: object) -> ColumnMapping:
    """What `as_json` wrote, or a page sent. Raises `Invalid`."""
    fields = value if isinstance(value, Mapping) else {}
    columns, header_row = fields.get("columns"), fields.get("header_row")
    if not isinstance(columns, list) or not all(isinstance(column, Mapping) for column in columns):
        raise Invalid('"columns": expected a list with the role of each column')
    if header_row is not None and (not isinstance(header_row, int) or isinstance(header_row, bool)):
        raise Invalid('"header_row": expected the number of a row')
    return ColumnMapping(uses=tuple(map(_read_use, columns)), header_row=header_row)


def read_mappings(value: object) -> dict[str, ColumnMapping]:
    """Mappings by the name of their table. Raises `Invalid`."""
    if not isinstance(value, Mapping):
        raise Invalid('"mapping": expected an object with a mapping for each table')
    return {str(name): read_mapping(mapping) for name, mapping in value.items()}


def _read_use(column: Mapping[str, Any]) -> ColumnUse:
    role, language = column.get("role"), column.get("language") or None
    if role not in set(ColumnRole):
        raise Invalid(f'"role": expected one of {", ".join(ColumnRole)}')
    if language is not None and not (isinstance(language, str) and language.isalpha() and 2 <= len(language) <= 3):
        raise Invalid('"language": expected a language such as "de" or "en"')
    return ColumnUse(role=ColumnRole(role), language=language.lower() if language else None)
