"""A table for spreadsheets as text: the separator is a comma, or a semicolon for an Excel that speaks German."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from knowledge.articles.content import Content
from knowledge.formats.article_table import COLUMNS, read_table, table_of
from knowledge.formats.cells import neutralise
from knowledge.formats.lines import read_lines
from knowledge.formats.problems import FileProblems
from store.errors import Invalid

__all__ = ["BYTE_ORDER_MARK", "COLUMNS", "read", "write", "write_row"]

BYTE_ORDER_MARK = "\ufeff"
"""What a CSV begins with, so that Excel takes it for UTF-8."""

_SEPARATORS = ",;\t"
_MAX_CELL_LENGTH = 4 * 1024 * 1024


def read(file: BinaryIO, problems: FileProblems) -> Iterator[tuple[str, Content]]:
    """The articles; languages of one article must stand together."""
    csv.field_size_limit(_MAX_CELL_LENGTH)
    lines = (text for _, text in read_lines(file, problems))
    first = next(lines, "")
    yield from read_table(_rows(csv.reader(chain([first], lines), delimiter=_separator(first), strict=True)), problems)


def write(articles: Iterable[tuple[str, Content]], separator: str = ",") -> Iterator[str]:
    """The head, then the lines of each article."""
    table = table_of(articles)
    yield BYTE_ORDER_MARK + write_row(table.head, separator)
    for row in table.rows:
        yield write_row(row, separator)


def write_row(cells: Iterable[str], separator: str = ",") -> str:
    """One line; no cell of it is a formula."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL).writerow([neutralise(cell) for cell in cells])
    return written.getvalue()


def _separator(head: str) -> str:
    """What stands between the first names of the head."""
    return next((each for each in _SEPARATORS if each in head.partition("\n")[0]), ",")


def _rows(rows: "Iterator[list[str]]") -> Iterator[tuple[int, list[str]]]:
    """With their numbers, from 1, the head included."""
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            yield number, row
    except csv.Error as error:
        raise Invalid(f"row {number + 1}: expected CSV ({error})") from None
