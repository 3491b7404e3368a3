"""CSV and TSV with whatever separator: the one that makes the most even table.

`csv.Sniffer` is not used: it takes a letter for the separator as soon as a cell holds a line break.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from knowledge.formats.problems import FileProblems, FileRefusal, ProblemKind
from knowledge.formats.tables.header_words import header_meaning
from knowledge.formats.tables.sheets import Sheet, limited_rows

SEPARATORS = (";", ",", "\t", "|")

_NAMED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_ROWS_LOOKED_AT = 200
_CHARACTERS_LOOKED_AT = 300_000
_MAX_CELL_LENGTH = 4 * 1024 * 1024
_PAIR = 2
_WORTH_OF_A_HEADER = 0.5
#: How even a text must be to count as a table, by tabs and bars or by what prose has too.
_EVEN_WITH_TABS = 0.9
_EVEN = 1.4


def read_delimited(text: str, problems: FileProblems) -> Sheet:
    """The table. Raises `FileRefusal` for what is none."""
    csv.field_size_limit(_MAX_CELL_LENGTH)
    named = _NAMED.match(text)  # as Excel marks its own
    separator = named[1] if named else find_separator(text)
    if separator is None:
        raise FileRefusal(ProblemKind.WITHOUT_COLUMNS)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    numbered = ((number, row) for number, row in _rows(rows) if not (named and number == 1))
    if _width(text[:_CHARACTERS_LOOKED_AT], separator) == _PAIR:
        numbered = ((number, _as_pair(row, separator)) for number, row in numbered)
    return Sheet(name="", rows=tuple(limited_rows(numbered, problems)))


def _width(text: str, separator: str) -> int:
    """How many cells most rows have, empty ones at their end left off."""
    rows = [row for _, row in zip(range(_ROWS_LOOKED_AT), _parsed(text, separator), strict=False) if any(row)]
    widths = Counter(max(index for index, cell in enumerate(row, start=1) if cell) for row in rows)
    return widths.most_common(1)[0][0] if widths else 0


def _as_pair(row: list[str], separator: str) -> list[str]:
    """A question and all that stands behind it: an answer with the separator in it that nobody has quoted."""
    return [row[0], separator.join(row[1:]).rstrip(separator)] if len(row) > _PAIR else row


def find_separator(text: str) -> str | None:
    """The separator by which most rows have as many cells, at least two; names of columns that we know count much."""
    start = text[:_CHARACTERS_LOOKED_AT]
    scored = [(_evenness(start, separator), separator) for separator in SEPARATORS]
    best, separator = max(scored, key=lambda pair: pair[0])
    return separator if best > 0 else None


def is_even_table(text: str) -> bool:
    """Whether a text of unknown kind is a table rather than prose with commas."""
    start = text[:_CHARACTERS_LOOKED_AT]
    best = max(SEPARATORS, key=lambda separator: _evenness(start, separator))
    return _evenness(start, best) >= (_EVEN_WITH_TABS if best in "\t|" else _EVEN)


def _evenness(text: str, separator: str) -> float:
    rows = [row for _, row in zip(range(_ROWS_LOOKED_AT), _parsed(text, separator), strict=False) if any(row)]
    wide = [row for row in rows if len(row) > 1]
    if not wide:
        return 0.0
    width, count = Counter(map(len, wide)).most_common(1)[0]
    known = sum(header_meaning(cell) is not None for cell in rows[0]) if len(rows[0]) > 1 else 0
    return count / len(rows) + _WORTH_OF_A_HEADER * known + 0.01 * min(width, 5)


def _parsed(text: str, separator: str) -> Iterator[Sequence[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        return


def _rows(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Numbered as a spreadsheet does: a row with line breaks in a cell is one."""
    try:
        yield from enumerate(rows, start=1)
    except csv.Error:
        raise FileRefusal(ProblemKind.CELL_TOO_BIG, megabytes=f"{_MAX_CELL_LENGTH // 2**20}") from None
