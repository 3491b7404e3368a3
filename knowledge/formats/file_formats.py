"""Every form that articles are read from, and those that Staffel writes too."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import BinaryIO

from knowledge.articles.content import Content
from knowledge.formats import csv, jsonl, markdown
from knowledge.formats.problems import FileProblems

type Articles = Iterator[tuple[str, Content]]


class FileFormat(StrEnum):
    """How articles are written in a file."""

    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf"
    HTML = "html"
    JSON = "json"
    TEXT = "text"
    MEDIAWIKI = "mediawiki"
    ZIP = "zip"


OURS: Mapping[FileFormat, Callable[[BinaryIO, FileProblems], Articles]] = {
    FileFormat.JSONL: jsonl.read,
    FileFormat.CSV: csv.read,
    FileFormat.MARKDOWN: markdown.read,
}
"""The forms that Staffel writes too; they hold all there is of an article."""

WRITERS: Mapping[FileFormat, Callable[[Iterable[tuple[str, Content]]], Iterator[str]]] = {
    FileFormat.JSONL: jsonl.write,
    FileFormat.CSV: csv.write,
    FileFormat.MARKDOWN: markdown.write,
}

_ENDINGS = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".tab": FileFormat.CSV,
    ".md": FileFormat.MARKDOWN,
    ".markdown": FileFormat.MARKDOWN,
    ".html": FileFormat.HTML,
    ".htm": FileFormat.HTML,
    ".xhtml": FileFormat.HTML,
    ".json": FileFormat.JSON,
    ".xlsx": FileFormat.XLSX,
    ".xlsm": FileFormat.XLSX,
    ".xls": FileFormat.XLS,
    ".ods": FileFormat.ODS,
    ".docx": FileFormat.DOCX,
    ".docm": FileFormat.DOCX,
    ".odt": FileFormat.ODT,
    ".pdf": FileFormat.PDF,
    ".txt": FileFormat.TEXT,
    ".text": FileFormat.TEXT,
    ".xml": FileFormat.MEDIAWIKI,
    ".zip": FileFormat.ZIP,
}
ENDINGS: tuple[str, ...] = (".jsonl", *_ENDINGS)
"""What the names of files that are read end with."""


def format_of(name: str) -> FileFormat:
    """The format that a file's name tells; JSONL when it tells nothing."""
    return _ENDINGS.get(PurePosixPath(name).suffix.lower(), FileFormat.JSONL)
