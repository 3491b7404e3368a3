"""Tables: CSV as Excel, Numbers and databases write it, workbooks by openpyxl, xlwt and odfpy."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from tests.foreign_files.sentences import ENGLISH, GERMAN

HEADER = ("Frage", "Antwort", "Kategorie")
ROWS = tuple((pair.question, pair.answer, pair.section) for pair in GERMAN)


def delimited(rows: Iterable[Sequence[str]], separator: str, encoding: str, **more: Any) -> bytes:
    """A text with separators, line ends as on Windows."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, **more).writerows(rows)
    return written.getvalue().encode(encoding)


def german_excel_csv() -> bytes:
    """ "CSV (Trennzeichen-getrennt)" of a German Excel: semicolons, Windows-1252."""
    return delimited((HEADER, *ROWS), ";", "cp1252")


def unicode_text() -> bytes:
    """ "Unicode Text" of Excel: tabs, UTF-16 with a mark."""
    return delimited((HEADER, *ROWS), "\t", "utf-16")


def csv_without_header() -> bytes:
    """Two columns and no names."""
    return delimited([(question, answer) for question, answer, _ in ROWS], ",", "utf-8")


def mac_csv() -> bytes:
    """An old Excel for Mac."""
    return delimited((("Titel", "Text"), *((question, answer) for question, answer, _ in ROWS)), ";", "mac_roman")


def bilingual_csv() -> bytes:
    """A column for each language."""
    header = ("Frage (DE)", "Antwort (DE)", "Question (EN)", "Answer (EN)")
    rows = [(de.question, de.answer, en.question, en.answer) for de, en in zip(GERMAN, ENGLISH, strict=True)]
    return delimited((header, *rows), ";", "utf-8-sig")


def piped_text() -> bytes:
    """An export of a database, with a status of each entry."""
    rows = [(str(number), pair.question, pair.answer, "published") for number, pair in enumerate(ENGLISH, start=1)]
    rows[-1] = (*rows[-1][:3], "draft")
    return delimited((("ID", "Title", "Body", "Status"), *rows), "|", "utf-8")


def workbook() -> bytes:
    """Excel: two sheets, merged title and headings, bold words, a link, a comment, a hidden sheet, a formula."""
    import openpyxl
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Werkstatt"
    sheet.append(["Fragen unserer Kunden", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    sheet.append(["Frage", "Antwort", "Interne Notiz"])
    for pair in GERMAN[:3]:
        sheet.append([pair.question, pair.answer, "nur für uns"])
    sheet["B4"] = CellRichText("Zwei ", TextBlock(InlineFont(b=True), "Werktage"), "; im März eher vier.")
    sheet["B5"].hyperlink = "https://rad.example/termin"
    sheet["A4"].comment = Comment("Stimmt das noch?", "Mia")
    rental = book.create_sheet("Leihräder")
    rental.append(["Frage", "Antwort"])
    for pair in GERMAN[3:]:
        rental.append([pair.question, pair.answer])
    rental.append(["Was kostet ein Schloss?", "=3+4"])
    book.create_sheet("Archiv").sheet_state = "hidden"
    return _with_shared_rich_text(_saved(book))


def plain_workbook(rows: Iterable[Sequence[object]] = (HEADER, *ROWS)) -> bytes:
    """Excel: one sheet under its first name."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tabelle1"
    for row in rows:
        sheet.append(list(row))
    return _saved(book)


def old_workbook() -> bytes:
    """Excel until 2003."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("FAQ")
    for row, cells in enumerate((HEADER, *ROWS)):
        for column, text in enumerate(cells):
            sheet.write(row, column, text)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def open_document() -> bytes:
    """LibreOffice: a sheet with a link, a comment, and empty cells said to stand there a million times."""
    from odf import dc, office, table, text
    from odf.opendocument import OpenDocumentSpreadsheet

    document = OpenDocumentSpreadsheet()
    sheet = table.Table(name="Leihräder")
    for cells in (HEADER[:2], *((pair.question, pair.answer) for pair in GERMAN)):
        row = table.TableRow()
        for content in cells:
            cell = table.TableCell(valuetype="string")
            cell.addElement(text.P(text=content))
            row.addElement(cell)
        sheet.addElement(row)
    last = table.TableRow()
    asked = table.TableCell(valuetype="string")
    note = office.Annotation()
    note.addElement(dc.Creator(text="Mia"))
    note.addElement(text.P(text="prüfen"))
    asked.addElement(note)
    asked.addElement(text.P(text="Wo steht der Plan der Wege?"))
    told = table.TableCell(valuetype="string")
    words = text.P(text="Auf ")
    words.addElement(text.A(href="https://rad.example/plan", text="unserer Seite"))
    told.addElement(words)
    last.addElement(asked)
    last.addElement(told)
    last.addElement(table.TableCell(numbercolumnsrepeated="16382"))
    sheet.addElement(last)
    empty = table.TableRow(numberrowsrepeated="1048570")
    empty.addElement(table.TableCell(numbercolumnsrepeated="16384"))
    sheet.addElement(empty)
    document.spreadsheet.addElement(sheet)
    raw = io.BytesIO()
    document.write(raw)
    return raw.getvalue()


def _with_shared_rich_text(raw: bytes) -> bytes:
    """Excel keeps rich text with the other strings; openpyxl writes it into the cell."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    found = re.search(r'<c r="B4"[^>]*><is>(.*?)</is></c>', parts[sheet])
    assert found
    parts[sheet] = parts[sheet].replace(found[0], '<c r="B4" t="s"><v>0</v></c>')
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>{found[1]}</si></sst>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _saved(book: Any) -> bytes:
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()
