"""Excel's old workbooks (until 2003), by xlrd. Formulas give the result that was stored."""

from collections.abc import Iterator, Sequence
from typing import Any

from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, ProblemKind
from knowledge.formats.tables.sheets import Sheet, limited_rows
from knowledge.formats.tables.xlsx import cell_text
from store.errors import Invalid


def read_xls(raw: bytes, problems: FileProblems) -> list[Sheet]:
    """The visible sheets. Raises `Invalid` for what is damaged or protected."""
    import xlrd  # read by few

    try:
        book = xlrd.open_workbook(file_contents=raw, on_demand=True)
        return list(_sheets(book, problems))
    except Invalid:
        raise
    except Exception as error:  # xlrd raises whatever a damaged record makes it stumble over
        raise FileRefusal(ProblemKind.DAMAGED, detail=type(error).__name__) from None


def _sheets(book: Any, problems: FileProblems) -> Iterator[Sheet]:
    for sheet in book.sheets():
        if sheet.visibility:
            problems.note(ProblemKind.SHEET_HIDDEN, FilePlace(file=problems.file, sheet=sheet.name))
            continue
        merged = frozenset(top + 1 for top, bottom, left, right in sheet.merged_cells if bottom - top == 1 and not left)
        yield Sheet(name=sheet.name, rows=tuple(limited_rows(_rows(sheet, book.datemode), problems)), headings=merged)


def _rows(sheet: Any, datemode: int) -> Iterator[tuple[int, Sequence[str]]]:
    for index in range(sheet.nrows):
        yield index + 1, [_text(cell, datemode) for cell in sheet.row(index)]


def _text(cell: Any, datemode: int) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return cell_text(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return cell_text(xlrd.xldate_as_datetime(cell.value, datemode))
    return cell_text(cell.value)
