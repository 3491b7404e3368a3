"""What kind of file this is, by what it holds: names lie, and many files have none."""

import io
import re
import zipfile
from pathlib import PurePosixPath

from knowledge.formats.article_table import is_head
from knowledge.formats.file_formats import ENDINGS, FileFormat, format_of
from knowledge.formats.problems import FileRefusal, ProblemKind

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!", b"\x28\xb5\x2f\xfd")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")
_OFFICE = {"xl/workbook.xml": FileFormat.XLSX, "word/document.xml": FileFormat.DOCX}
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.spreadsheet": FileFormat.ODS,
    "application/vnd.oasis.opendocument.text": FileFormat.ODT,
}
_OTHER_OFFICE = {
    "ppt/presentation.xml": "PowerPoint",
    "Index/Document.iwa": "Pages or Numbers",
}
_HEADING = re.compile(r"^#{1,4} \S", re.MULTILINE)
_PAGE_STARTS = ("<!doctype html", "<html", "<head", "<body", "<script", "<div", "<section", "<main", "<article", "<h1")


def recognise_binary(raw: bytes, name: str) -> FileFormat | None:
    """The kind of a file that isn't text; `None` for text. Raises `Invalid` for what can't be read, with what to do."""
    if raw.startswith(_ZIP):
        return _recognise_zip(raw)
    if b"%PDF-" in raw[:1024]:
        return FileFormat.PDF
    if raw.startswith(_OLE):
        return _recognise_ole(raw)
    if raw.startswith(b"{\\rtf"):
        raise FileRefusal(ProblemKind.OTHER_PROGRAM, program="WordPad (.rtf)", endings=".docx")
    if raw.startswith(_PACKED):
        raise FileRefusal(ProblemKind.OTHER_ARCHIVE)
    if raw.startswith(_PICTURES):
        raise FileRefusal(ProblemKind.NOT_TEXT)
    return None


def recognise_text(text: str, name: str) -> FileFormat:
    """The kind of a file that is text."""
    start = text[:4096].lstrip().lower()
    if start.startswith(_PAGE_STARTS) or "<!doctype html" in start[:1500] or "<html" in start[:1500]:
        return FileFormat.HTML
    if is_own_markdown(text):
        return FileFormat.MARKDOWN
    if is_own_table(text):
        return FileFormat.CSV
    if start.startswith(("{", "[")):
        return FileFormat.JSONL if is_own_line(text) else FileFormat.JSON
    by_name = format_of(name) if PurePosixPath(name).suffix.lower() in ENDINGS else FileFormat.TEXT
    return _by_look(text) if by_name in {FileFormat.TEXT, FileFormat.JSONL, FileFormat.MEDIAWIKI} else by_name


def is_own_table(text: str) -> bool:
    """Whether a text begins with the names of our own columns, as we write them."""
    line = text.removeprefix("\ufeff").split("\n", 1)[0].rstrip("\r").replace('"', "")
    return any(is_head(line.split(separator)) for separator in (",", ";", "\t"))


def is_own_markdown(text: str) -> bool:
    """Whether a text begins as our own documents do, with an article's facts."""
    return text.lstrip().startswith("<!-- article ")


def is_own_line(text: str) -> bool:
    """Whether the first line of a text is an article of ours in JSON, or was meant to be one."""
    first = text.lstrip().split("\n", 1)[0].rstrip()
    return '"variants"' in first or (first.startswith('{"key"') and first.endswith("}"))


def _by_look(text: str) -> FileFormat:
    """A text without a telling name: a table if its lines are even, notes if they have headings, else prose."""
    from knowledge.formats.tables.delimited import is_even_table

    if is_even_table(text):
        return FileFormat.CSV
    return FileFormat.MARKDOWN if _HEADING.search(text) else FileFormat.TEXT


def _recognise_zip(raw: bytes) -> FileFormat:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100].decode(errors="replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise FileRefusal(ProblemKind.DAMAGED, detail=type(error).__name__) from None
    found = next((each for part, each in _OFFICE.items() if part in names), None) or _OPEN_DOCUMENT.get(kind)
    if found:
        return found
    other = next((program for part, program in _OTHER_OFFICE.items() if part in names), None)
    if other:
        raise FileRefusal(ProblemKind.OTHER_PROGRAM, program=other, endings=".docx, .xlsx, .csv")
    return FileFormat.ZIP


def _recognise_ole(raw: bytes) -> FileFormat:
    """Office until 2003, and newer files behind a password, which look the same from outside."""
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise FileRefusal(ProblemKind.PROTECTED)
    if "Workbook".encode("utf-16-le") in raw or "Book".encode("utf-16-le") in raw[:20_000]:
        return FileFormat.XLS
    raise FileRefusal(ProblemKind.OTHER_PROGRAM, program="Office 97–2003", endings=".docx, .xlsx")
