"""Every form that articles are read from, how one is recognised, and a file of any of them read whole."""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from knowledge.articles.content import Content
from knowledge.articles.html_conversion import to_markdown_content
from knowledge.formats import chatwoot, csv, intercom, jsonl, markdown, zendesk
from knowledge.formats.archives import ArchiveFile, is_archive, unpack
from knowledge.formats.lines import read_text
from knowledge.formats.problems import FileProblems
from store.errors import Invalid

type Articles = Iterator[tuple[str, Content]]


class FileFormat(StrEnum):
    """How articles are written in a file."""

    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    FAQPAGE = "faqpage"
    ZENDESK = "zendesk"
    INTERCOM = "intercom"
    CHATWOOT = "chatwoot"


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

_JSON: Mapping[FileFormat, Any] = {
    FileFormat.ZENDESK: zendesk,
    FileFormat.INTERCOM: intercom,
    FileFormat.CHATWOOT: chatwoot,
}
_ENDINGS = {
    ".csv": FileFormat.CSV,
    ".md": FileFormat.MARKDOWN,
    ".markdown": FileFormat.MARKDOWN,
    ".html": FileFormat.FAQPAGE,
    ".htm": FileFormat.FAQPAGE,
}
_FORBIDDEN = ("<!entity", "<!doctype html [", "<!doctype html[")


def format_of(name: str) -> FileFormat:
    """The format that a file's name tells; JSONL when it tells nothing."""
    return _ENDINGS.get(PurePosixPath(name).suffix.lower(), FileFormat.JSONL)


def read_whole(
    raw: bytes, name: str, problems: FileProblems, *, written: FileFormat | None = None, language: str | None = None
) -> tuple[list[tuple[str, Content]], bool]:
    """The articles of a file or of a ZIP archive of such files, and whether it comes from another system.

    `written` is recognised where it isn't given; `language` is for pages that don't say theirs. Raises `Invalid` for
    what can't be read at all; the rest is noted in `problems`.
    """
    files = list(unpack(io.BytesIO(raw))) if is_archive(raw[:8]) else [ArchiveFile(name=name, content=raw)]
    return read_files(files, problems, written=written, language=language)


def read_files(
    files: Iterable[ArchiveFile],
    problems: FileProblems,
    *,
    written: FileFormat | None = None,
    language: str | None = None,
) -> tuple[list[tuple[str, Content]], bool]:
    """The articles of several files. Raises `Invalid` naming the file."""
    found: dict[str, Content] = {}
    foreign = False
    many = list(files)
    for file in many:
        before = problems.count
        try:
            articles, is_foreign = _read_file(file, problems, written, language)
            for key, content in articles:
                if key in found:
                    problems.add(0, f'"key": "{key[:60]}" stands in two files')
                found[key] = content
        except RecursionError:
            raise Invalid(f'"{file.name[:60]}" is nested too deeply.') from None
        except Invalid as error:
            raise Invalid(f"{file.name[:60]}: {error}" if len(many) > 1 else str(error)) from None
        foreign = foreign or is_foreign
        if len(many) > 1 and problems.count > before:
            problems.name_file(file.name[:60])
    return list(found.items()), foreign


def _read_file(
    file: ArchiveFile, problems: FileProblems, written: FileFormat | None, language: str | None
) -> tuple[Iterable[tuple[str, Content]], bool]:
    text = read_text(file.content)
    _refuse_markup(text)
    chosen, document = (written, None) if written else _recognise(text, file.name)
    if chosen in OURS:
        read = OURS[chosen](io.BytesIO(file.content), problems)
        return _limited(read, problems), False
    if chosen == FileFormat.FAQPAGE:
        from knowledge.formats import faqpage  # reads HTML, with a library that takes a tenth of a second to load

        return faqpage.read(text, problems, language), True
    document = _document(text) if document is None else document
    return _JSON[chosen].read(document, problems, language), True


def _limited(read: Articles, problems: FileProblems) -> Articles:
    for number, (key, content) in enumerate(read, start=1):
        problems.go_on(number)
        yield key, to_markdown_content(content)


def _is_page(text: str) -> bool:
    """Whether a text is HTML rather than one of our forms."""
    start = text[:2048].lstrip().lower()
    return start.startswith(("<!doctype html", "<html", "<head", "<body", "<script", "<div", "<section", "<main"))


def _recognise(text: str, name: str) -> tuple[FileFormat, Any]:
    """By what a file holds, for names lie; JSON comes along, so that it is read once."""
    if _is_page(text):
        return FileFormat.FAQPAGE, None
    by_name = format_of(name)
    if by_name != FileFormat.JSONL:
        return by_name, None
    if text.lstrip().startswith("<!-- article "):
        return FileFormat.MARKDOWN, None
    if text.lstrip('"').startswith(csv.COLUMNS[0]) and "category" in text[:40]:
        return FileFormat.CSV, None
    return _recognise_json(text)


def _recognise_json(text: str) -> tuple[FileFormat, Any]:
    """JSONL begins like JSON; a document that is one object of another system is none of ours."""
    first = text.lstrip().split("\n", 1)[0]
    if '"variants"' in first or not text.lstrip().startswith(("{", "[")):
        return FileFormat.JSONL, None
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return FileFormat.JSONL, None
    found = next((each for each, module in _JSON.items() if module.looks_like(document)), FileFormat.JSONL)
    return found, document


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid(f"line {error.lineno}, column {error.colno}: expected JSON ({error.msg})") from None


def _refuse_markup(text: str) -> None:
    """XML and its entities are never read: they may name files and addresses, or each other without end."""
    start = text[:100_000].lower()
    if start.lstrip().startswith("<?xml") or any(sign in start for sign in _FORBIDDEN):
        raise Invalid("XML isn't read, and entities are never resolved. Export as HTML, JSON or CSV.")
