"""Excel's workbooks, by openpyxl, which reads a row at a time. Formulas and macros are never run.

openpyxl's other way, the whole workbook at once, is not used: a merged range over the whole sheet would fill the
memory. What only that way knows (links, merged rows, comments) is taken from the parts themselves.
"""

import io
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from html import unescape
from typing import Any

from knowledge.formats.cells import unescape_from_workbook
from knowledge.formats.packages import OfficePackage, open_package
from knowledge.formats.problems import FilePlace, FileProblems, FileRefusal, ProblemKind
from knowledge.formats.tables.sheets import MAX_COLUMNS, Sheet, limited_rows
from store.errors import Invalid

MAX_TEXTS_OVER_WEB = 300_000
"""Different texts of a workbook where somebody waits: they are read before the first row is."""

_COORDINATES = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_HYPERLINK = re.compile(rb"<hyperlink\b[^>]*>")
_MERGED = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_COMMENT = re.compile(rb'<comment\b[^>]*\bref="([A-Z]+\d+)"')
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ERRORS = frozenset({"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _SheetExtras:
    """What the rows of a sheet don't say: links by cell, rows merged into one cell, cells with comments."""

    links: Mapping[str, str]
    headings: frozenset[int]
    comments: tuple[str, ...]


def read_xlsx(raw: bytes, problems: FileProblems) -> list[Sheet]:
    """The visible sheets. Raises `Invalid` for what is no workbook or beyond the limits."""
    package = open_package(raw)
    problems.check_time()
    if problems.is_limited and package.part("xl/sharedStrings.xml").count(b"<si") > MAX_TEXTS_OVER_WEB:
        raise FileRefusal(ProblemKind.TABLE_TOO_BIG, columns=f"{MAX_COLUMNS:,}", cells=f"{MAX_TEXTS_OVER_WEB:,}")
    for name in package.pictures:
        problems.note(ProblemKind.PICTURE, FilePlace(file=problems.file), name=name)
    try:
        return list(_sheets(raw, package, problems))
    except Invalid:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
        raise FileRefusal(ProblemKind.DAMAGED, detail=type(error).__name__) from None


def _sheets(raw: bytes, package: OfficePackage, problems: FileProblems) -> Iterator[Sheet]:
    from openpyxl import load_workbook  # a quarter of a second to load, for tables alone

    values = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, rich_text=True, keep_links=False)
    formulas = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False) if _has_formulas(package) else None
    for sheet in values.worksheets:
        name = str(sheet.title)
        if sheet.sheet_state != "visible":
            problems.note(ProblemKind.SHEET_HIDDEN, FilePlace(file=problems.file, sheet=name))
            continue
        extras = _extras(package, str(getattr(sheet, "_worksheet_path", "")))
        for cell in extras.comments:
            problems.note(ProblemKind.COMMENT, _place(problems, name, cell))
        written = formulas[name] if formulas else None
        reader = _RowReader(name, extras, problems)
        yield Sheet(
            name=name,
            rows=tuple(limited_rows(reader.rows(sheet, written), problems)),
            headings=extras.headings,
        )


@dataclass(slots=True)
class _RowReader:
    """Cells as text; a formula that was never calculated is named."""

    sheet: str
    extras: _SheetExtras
    problems: FileProblems

    def rows(self, values: Any, written: Any) -> Iterator[tuple[int, Sequence[str]]]:
        """Number and texts of each row. `written` holds the formulas where there are any."""
        values.reset_dimensions()
        if written is not None:
            written.reset_dimensions()
        formulas = iter(written.iter_rows(values_only=True)) if written is not None else None
        for number, row in enumerate(values.iter_rows(), start=1):
            beside = next(formulas, ()) if formulas is not None else ()
            yield (
                number,
                [self._text(cell, beside[index] if index < len(beside) else None) for index, cell in enumerate(row)],
            )

    def _text(self, cell: Any, written: object) -> str:
        value = cell.value
        if value is None:
            if isinstance(written, str) and written.startswith("="):
                self.problems.note(
                    ProblemKind.FORMULA_WITHOUT_RESULT, _place(self.problems, self.sheet, cell.coordinate)
                )
            return ""
        is_text = isinstance(value, str) and cell.data_type != "e"
        text = unescape_from_workbook(value) if is_text else cell_text(value, str(cell.number_format or ""))
        address = self.extras.links.get(cell.coordinate) if self.extras.links else None
        return _linked(text, address) if address and text else text


def cell_text(value: object, number_format: str = "") -> str:
    """A value as people read it: whole numbers without a point, percents, days, bold and slanted words in Markdown."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return "" if value.strip() in _ERRORS else value
    if isinstance(value, list):
        return "".join(map(_rich, value))
    return str(value)


def _number(value: float, number_format: str) -> str:
    if "%" in number_format:
        return f"{value * 100:g} %"
    decimals = re.search(r"0\.(0+)", number_format)
    if decimals:
        text = f"{value:.{len(decimals[1])}f}"
        sign = next((each for each in ("€", "$", "£", "CHF") if each in number_format), "")
        return f"{text.replace('.', ',')} €" if sign == "€" else f"{sign} {text}".strip()
    return f"{value:.10g}"


def _rich(piece: object) -> str:
    """A run of rich text: bold and slanted stay."""
    font, text = getattr(piece, "font", None), str(getattr(piece, "text", piece))
    core = text.strip()
    if font is None or not core or "\n" in core:
        return text
    marks = ("**" if getattr(font, "b", False) else "") + ("*" if getattr(font, "i", False) else "")
    return text.replace(core, f"{marks}{core}{marks[::-1]}", 1)


def _linked(text: str, address: str) -> str:
    """The whole cell is a link; in a longer one the address stands behind its words."""
    if address in text:
        return text
    return f"[{text}]({address})" if len(text) <= 120 and "\n" not in text else f"{text}\n\n<{address}>"


def _has_formulas(package: OfficePackage) -> bool:
    return any(b"<f>" in part or b"<f " in part for name, part in package.parts.items() if "worksheets/" in name)


def _extras(package: OfficePackage, path: str) -> _SheetExtras:
    path = path.lstrip("/")
    part = package.part(path)
    relations = _relations(package, path)
    return _SheetExtras(
        links=dict(_links(part, relations)),
        headings=frozenset(_merged_rows(part)),
        comments=tuple(
            cell.decode()
            for target in relations.values()
            if "comments" in target
            for cell in _COMMENT.findall(package.part(_beside(path, target)))
        ),
    )


def _beside(path: str, target: str) -> str:
    """A part named from another one."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target)).lstrip("/")


def _links(part: bytes, relations: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for tag in _HYPERLINK.findall(part):
        said = _attributes(tag)
        address = relations.get(said.get("r:id", ""), "")
        if address.startswith(("http://", "https://", "mailto:")):
            yield said.get("ref", "").split(":")[0], address


def _merged_rows(part: bytes) -> Iterator[int]:
    """Rows that are one cell over at least two columns."""
    for left, top, right, bottom in _MERGED.findall(part):
        if top == bottom and left != right and left == b"A":
            yield int(top)


def _relations(package: OfficePackage, path: str) -> dict[str, str]:
    folder, _, name = path.rpartition("/")
    part = package.part(f"{folder}/_rels/{name}.rels")
    said = map(_attributes, _RELATION.findall(part))
    return {each.get("Id", ""): each.get("Target", "") for each in said}


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(errors="replace"): unescape(value.decode(errors="replace"))
        for name, value in _ATTRIBUTE.findall(tag)
    }


def _place(problems: FileProblems, sheet: str, coordinate: str) -> FilePlace:
    found = _COORDINATES.fullmatch(coordinate)
    column, row = (found[1], int(found[2])) if found else (coordinate, 0)
    return FilePlace(file=problems.file, sheet=sheet, row=row, column=column)
