"""A sheet as people see it: a name, and rows of text with their numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.formats.problems import FileProblems, FileRefusal, ProblemKind

MAX_COLUMNS = 200
MAX_CELLS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row that holds something. `number` is the one beside it in a spreadsheet."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """The text of a column; empty where the row ends before."""
        return self.cells[index].strip() if index < len(self.cells) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table. A file with a single one has no name for it. `headings` are rows that are merged into one cell.

    `counts_entries`: it comes from a list in which nobody sees rows; the first row, numbered 0, has the names.
    """

    name: str
    rows: tuple[SheetRow, ...]
    headings: frozenset[int] = frozenset()
    counts_entries: bool = False

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(row.cells) for row in self.rows), default=0)


def limited_rows(rows: Iterable[tuple[int, Sequence[str]]], problems: FileProblems) -> Iterator[SheetRow]:
    """The rows that hold something, cut after their last cell. Raises `FileRefusal` beyond the limits of fault F96."""
    cells_read = kept = 0
    for number, cells in rows:
        if number % 100 == 0:
            problems.check_time()
        trimmed = _trim(cells)
        if not trimmed:
            continue
        kept, cells_read = kept + 1, cells_read + len(trimmed)
        if len(trimmed) > MAX_COLUMNS or cells_read > MAX_CELLS:
            raise FileRefusal(ProblemKind.TABLE_TOO_BIG, columns=f"{MAX_COLUMNS:,}", cells=f"{MAX_CELLS:,}")
        problems.go_on(kept - 1)
        yield SheetRow(number=number, cells=trimmed)


def padded_rows(sheet: Sheet) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Number and cells of each row, all as wide as the first."""
    width = len(sheet.rows[0].cells)
    for row in sheet.rows:
        yield row.number, (*row.cells, *[""] * (width - len(row.cells)))[: max(width, len(row.cells))]


def column_letter(index: int) -> str:
    """The name of a column in a spreadsheet, from 0: A, B, … Z, AA."""
    letters, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def _trim(cells: Sequence[str]) -> tuple[str, ...]:
    last = next((index for index in range(len(cells), 0, -1) if cells[index - 1].strip()), 0)
    return tuple(cells[:last])
