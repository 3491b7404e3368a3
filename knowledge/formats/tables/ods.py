"""OpenDocument's tables (LibreOffice), read from their XML by defusedxml.

odfpy builds a tree of the whole document and repeats what says it stands a million times; its last release is of 2020.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from knowledge.formats.packages import open_package
from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, ProblemKind
from knowledge.formats.tables.sheets import MAX_COLUMNS, Sheet, limited_rows

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_MAX_REPEATS = 10_000


def read_ods(raw: bytes, problems: FileProblems) -> list[Sheet]:
    """The visible sheets. Raises `Invalid` for what is damaged or beyond the limits."""
    from defusedxml.ElementTree import ParseError, fromstring

    package = open_package(raw)
    for name in package.pictures:
        problems.note(ProblemKind.PICTURE, FilePlace(file=problems.file), name=name)
    try:
        document = fromstring(package.part("content.xml"), forbid_dtd=True)
    except ParseError:
        raise FileRefusal(ProblemKind.DAMAGED, detail="XML") from None
    problems.check_time()
    hidden = _hidden_styles(document)
    return [sheet for table in document.iter(f"{_TABLE}table") if (sheet := _sheet(table, hidden, problems))]


def _hidden_styles(document: "Element") -> frozenset[str]:
    return frozenset(
        style.get(f"{_STYLE}name", "")
        for style in document.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    )


def _sheet(table: "Element", hidden: frozenset[str], problems: FileProblems) -> Sheet | None:
    name = table.get(f"{_TABLE}name", "")
    if table.get(f"{_TABLE}style-name") in hidden:
        problems.note(ProblemKind.SHEET_HIDDEN, FilePlace(file=problems.file, sheet=name))
        return None
    reader = _RowReader(name, problems)
    rows = tuple(limited_rows(reader.rows(table), problems))
    return Sheet(name=name, rows=rows, headings=frozenset(reader.headings))


class _RowReader:
    """The rows of a table; what is repeated without end is repeated as long as it says something."""

    def __init__(self, sheet: str, problems: FileProblems) -> None:
        self.sheet, self.problems = sheet, problems
        self.headings: list[int] = []

    def rows(self, table: "Element") -> Iterator[tuple[int, Sequence[str]]]:
        number = 1
        for row in table.iter(f"{_TABLE}table-row"):
            repeats = _repeats(row, "number-rows-repeated")
            cells = self._cells(row, number)
            if any(cells):
                for again in range(min(repeats, _MAX_REPEATS)):
                    yield number + again, cells
            number += repeats

    def _cells(self, row: "Element", number: int) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
                continue
            if not cells and int(cell.get(f"{_TABLE}number-columns-spanned", "1") or 1) > 1:
                self.headings.append(number)
            text = self._text(cell, number)
            repeats = _repeats(cell, "number-columns-repeated")
            cells += [text] * min(repeats, MAX_COLUMNS + 1 - len(cells) if text else MAX_COLUMNS)
            if len(cells) > 2 * MAX_COLUMNS:
                break
        return cells

    def _text(self, cell: "Element", number: int) -> str:
        if cell.find(f"{_OFFICE}annotation") is not None:
            place = FilePlace(file=self.problems.file, sheet=self.sheet, row=number)
            self.problems.note(ProblemKind.COMMENT, place)
        return "\n".join(_inline(paragraph) for paragraph in cell.findall(f"{_TEXT}p"))


def _inline(element: "Element") -> str:
    """The words of a paragraph, links as Markdown."""
    pieces = [element.text or ""]
    for child in element:
        pieces.append(_child(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _child(child: "Element") -> str:
    if child.tag == f"{_TEXT}s":
        return " " * min(int(child.get(f"{_TEXT}c", "1") or 1), 10)
    if child.tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
        return "\t" if child.tag.endswith("tab") else "\n"
    text, address = _inline(child), child.get(f"{_XLINK}href", "")
    if child.tag == f"{_TEXT}a" and address.startswith(("http://", "https://", "mailto:")) and text:
        return f"[{text}]({address})"
    return text


def _repeats(element: "Element", name: str) -> int:
    said = element.get(f"{_TABLE}{name}", "1")
    return max(int(said), 1) if said.isdecimal() and len(said) < 9 else 1
