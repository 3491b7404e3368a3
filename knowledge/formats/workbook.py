"""Tables as a workbook (.xlsx), written row by row with openpyxl."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from knowledge.articles.content import Content
from knowledge.formats.article_table import table_of
from knowledge.formats.cells import escape_for_workbook, mark_as_text, neutralise

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

type CellValue = str | int | date | None

#: Widths in characters of the columns that hold texts; the others are as wide as a key.
_WIDTHS = {"question": 44, "answer": 70, "phrasings": 50}
_WIDTH = 18
_MAX_SHEET_NAME = 31  # characters; Excel's limit


def write_articles_workbook(articles: Iterable[tuple[str, Content]]) -> bytes:
    """The articles as one sheet. Every cell says that it is text, so that none is a formula."""
    table = table_of(articles)
    workbook = WorkbookFile("Articles", table.head, _WIDTHS)
    workbook.extend([mark_as_text(cell) for cell in row] for row in table.rows)
    return workbook.finish()


class WorkbookFile:
    """A sheet with a head that stays in sight; texts are texts, numbers numbers. Rows wait on disk, not in memory.

    `widths` are for columns of long texts, which are broken into lines.
    """

    def __init__(self, title: str, head: Sequence[str], widths: Mapping[str, int] | None = None) -> None:
        from openpyxl import Workbook  # loads in a tenth of a second

        self._workbook = Workbook(write_only=True)
        self._sheet: WriteOnlyWorksheet = self._workbook.create_sheet(title[:_MAX_SHEET_NAME])
        self._columns, self._rows, self._is_wrapped = len(head), 1, bool(widths)
        _prepare(self._sheet, head, widths or {})
        self._sheet.append([_head_cell(self._sheet, name) for name in head])

    def extend(self, rows: Iterable[Sequence[CellValue]]) -> None:
        """Further rows below the others. Takes a millisecond for a row of texts: not for the event loop."""
        for row in rows:
            self._rows += 1
            self._sheet.append([_cell(self._sheet, value, is_wrapped=self._is_wrapped) for value in row])

    def finish(self) -> bytes:
        """The file; nothing can be added after it."""
        self._sheet.auto_filter.ref = f"A1:{_letters(self._columns)}{self._rows}"  # type: ignore[attr-defined]
        written = io.BytesIO()
        self._workbook.save(written)
        return written.getvalue()


def _prepare(sheet: "WriteOnlyWorksheet", head: Sequence[str], widths: Mapping[str, int]) -> None:
    sheet.freeze_panes = "A2"
    for number, name in enumerate(head, start=1):
        column = sheet.column_dimensions[_letters(number)]  # type: ignore[attr-defined]  # the stubs don't know it
        column.width = widths.get(name.partition(" ")[0], _WIDTH)


def _head_cell(sheet: "WriteOnlyWorksheet", name: str) -> object:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(name="Calibri", size=11, bold=True)
    return cell


def _cell(sheet: "WriteOnlyWorksheet", value: CellValue, *, is_wrapped: bool) -> object:
    """A text that stays one when somebody edits the cell (quotePrefix), and is shown whole."""
    if not isinstance(value, str):
        return value
    is_special = neutralise(value) != value
    if not is_special and not is_wrapped:
        return escape_for_workbook(value)
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    cell = WriteOnlyCell(sheet, escape_for_workbook(value))
    cell.data_type = "s"  # whatever it begins with
    cell.quotePrefix = is_special
    if is_wrapped:
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _letters(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))
