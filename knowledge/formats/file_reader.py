"""A file of any form read whole, archives with all that is in them."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from knowledge.articles.content import Content
from knowledge.articles.html_conversion import to_markdown_content
from knowledge.formats.archives import ArchiveFile, unpack
from knowledge.formats.article_table import is_head
from knowledge.formats.article_table import read_table as read_own_table
from knowledge.formats.file_formats import OURS, FileFormat
from knowledge.formats.problems import FileProblems, FileRefusal, HoldReason, ProblemKind, ReadingLimit
from knowledge.formats.recognition import is_own_markdown, is_own_table, recognise_binary, recognise_text
from knowledge.formats.source_articles import SourceArticle, collect
from knowledge.formats.tables.column_mapping import ColumnMapping, TableOutline
from knowledge.formats.tables.sheets import Sheet, padded_rows
from knowledge.formats.text_encoding import decode_text
from store.errors import Invalid

MAX_TEXT_OVER_WEB = 2_000_000
"""Characters of notes and plain text where somebody waits."""

_PROSE = frozenset({FileFormat.TEXT, FileFormat.MARKDOWN})
_SHEETS = frozenset({FileFormat.XLSX, FileFormat.XLS, FileFormat.ODS})
_FORBIDDEN = ("<!entity", "<!doctype html [", "<!doctype html[")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileArticles:
    """What a file holds: articles by key, why some come in as drafts, and how its tables were understood.

    `is_foreign`: it knows nothing of phrasings and other languages, so that those that are there stay.
    """

    contents: Mapping[str, Content]
    held: Mapping[str, HoldReason]
    tables: tuple[TableOutline, ...]
    is_foreign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """What somebody says about a file; what they don't say is recognised. `mappings` are by the name of a table."""

    written: FileFormat | None = None
    language: str | None = None
    mappings: Mapping[str, ColumnMapping] = field(default_factory=dict)


def read_whole(raw: bytes, name: str, problems: FileProblems, options: ReadingOptions | None = None) -> FileArticles:
    """The articles of a file or of a ZIP archive of files.

    Raises `Invalid` for what can't be read at all; the rest is noted in `problems`.
    """
    chosen = options or ReadingOptions()
    if recognise_binary(raw, name) == FileFormat.ZIP:
        return read_files(unpack(io.BytesIO(raw), problems), problems, chosen)
    reading = _FileReading(problems=problems, options=chosen)
    reading.read(ArchiveFile(name=name, content=raw))
    return reading.close()


def read_files(
    files: Iterable[ArchiveFile], problems: FileProblems, options: ReadingOptions | None = None
) -> FileArticles:
    """The articles of several files. One that can't be read is named and passed over."""
    from knowledge.formats.wikis.notion import without_indexes  # with the library that reads HTML

    reading = _FileReading(problems=problems, options=options or ReadingOptions())
    for file in without_indexes(list(files), problems):
        problems.file = file.name[-120:]
        try:
            reading.read(file)
        except ReadingLimit:
            raise
        except FileRefusal as error:
            problems.keep(error.problem)
        except Invalid as error:
            problems.note(ProblemKind.FILE_UNREADABLE, reason=str(error))
    problems.file = ""
    return reading.close()


@dataclass(slots=True)
class _FileReading:
    """What has been found in the files so far."""

    problems: FileProblems
    options: ReadingOptions
    own: dict[str, Content] = field(default_factory=dict)
    sources: list[SourceArticle] = field(default_factory=list)
    tables: list[TableOutline] = field(default_factory=list)
    is_foreign: bool = False

    def read(self, file: ArchiveFile) -> None:
        """Read one more. Raises `Invalid` for what can't be read at all."""
        self.problems.check_time()
        try:
            self._read(file)
        except RecursionError:
            raise FileRefusal(ProblemKind.NESTED_TOO_DEEPLY) from None

    def close(self) -> FileArticles:
        """Everything under its key."""
        found = collect(self.sources, self.problems, self.options.language, taken=self.own)
        return FileArticles(
            contents={**self.own, **found.contents},
            held=found.held,
            tables=tuple(self.tables),
            is_foreign=self.is_foreign,
        )

    def _read(self, file: ArchiveFile) -> None:
        binary = recognise_binary(file.content, file.name)
        if binary in _SHEETS:
            self._add_sheets(_read_sheets(binary, file.content, self.problems))
        elif binary is not None:
            self._add(_read_binary(binary, file.content, self.problems))
        else:
            self._read_text(file, decode_text(file.content))

    def _read_text(self, file: ArchiveFile, text: str) -> None:
        if not text.strip():
            raise FileRefusal(ProblemKind.NOT_TEXT)
        is_wiki = _is_wiki(text)
        if not is_wiki:
            _refuse_markup(text)
        written = FileFormat.MEDIAWIKI if is_wiki else self.options.written or recognise_text(text, file.name)
        if written == FileFormat.CSV and not is_own_table(text):
            self._add_delimited(text)
        elif written in OURS and (written != FileFormat.MARKDOWN or is_own_markdown(text)):
            self._add_own(file.content if "\ufffd" in text else text.encode(), written)
        elif written == FileFormat.JSON:
            self._add_document(text)
        else:
            self._add(_read_prose(written, text, file.name, self.problems))

    def _add_delimited(self, text: str) -> None:
        """A table; where nothing makes columns of it, perhaps questions and answers below one another."""
        from knowledge.formats.documents.plain_text import read_plain_text
        from knowledge.formats.tables.delimited import read_delimited

        try:
            sheet = read_delimited(text, self.problems)
        except FileRefusal as refusal:
            try:
                self._add(read_plain_text(text, self.problems))
            except FileRefusal:
                raise refusal from None
        else:
            self._add_sheets([sheet])

    def _add_document(self, text: str) -> None:
        from knowledge.formats import json_documents

        document = json_documents.parse_json(text)
        sources = json_documents.read_help_desk(document, self.problems)
        if sources is None and '"FAQPage"' in text:
            from knowledge.formats.documents import schema_questions

            sources = schema_questions.read_document(document, self.problems)
        if sources is None:
            self._add_sheets(json_documents.read_sheets(document, self.problems))
        else:
            self._add(sources)

    def _add(self, sources: Iterable[SourceArticle]) -> None:
        self.is_foreign = True
        self.sources += sources

    def _add_own(self, raw: bytes, written: FileFormat) -> None:
        self._add_articles(OURS[written](io.BytesIO(raw), self.problems))

    def _add_articles(self, articles: Iterable[tuple[str, Content]]) -> None:
        for number, (key, content) in enumerate(articles, start=1):
            self.problems.go_on(number)
            if key in self.own:
                self.problems.note(ProblemKind.KEY_TWICE, key=key[:60])
            else:
                self.own[key] = to_markdown_content(content)

    def _add_sheets(self, sheets: Iterable[Sheet]) -> None:
        from knowledge.formats.tables.table_articles import holds_all_fields, read_table

        for sheet in sheets:
            if sheet.rows and is_head(sheet.rows[0].cells):
                self._add_articles(read_own_table(padded_rows(sheet), self.problems))
                continue
            name = " · ".join(piece for piece in (self.problems.file, sheet.name) if piece)
            if alone := _read_single_column(sheet, self.problems):
                self._add(alone)
                continue
            sources, outline = read_table(sheet, self.problems, self.options.mappings.get(name), name=name)
            self.tables.append(outline)
            self.sources += sources
            self.is_foreign = self.is_foreign or not holds_all_fields(outline.mapping)


def _read_sheets(written: FileFormat, raw: bytes, problems: FileProblems) -> list[Sheet]:
    """The sheets of a workbook; each library is loaded when its first file comes."""
    if written == FileFormat.XLSX:
        from knowledge.formats.tables.xlsx import read_xlsx

        return read_xlsx(raw, problems)
    if written == FileFormat.ODS:
        from knowledge.formats.tables.ods import read_ods

        return read_ods(raw, problems)
    from knowledge.formats.tables.xls import read_xls

    return read_xls(raw, problems)


def _read_single_column(sheet: Sheet, problems: FileProblems) -> list[SourceArticle]:
    """Questions and answers below one another in a single column; empty for every other sheet."""
    if sheet.counts_entries or any(sum(map(bool, map(str.strip, row.cells))) > 1 for row in sheet.rows):
        return []
    from knowledge.formats.documents.plain_text import read_plain_text

    mark = problems.mark()
    try:
        return read_plain_text("\n".join(" ".join("".join(row.cells).split()) for row in sheet.rows), problems)
    except FileRefusal:
        problems.reset(mark)
        return []


def _read_binary(written: FileFormat, raw: bytes, problems: FileProblems) -> list[SourceArticle]:
    if written == FileFormat.DOCX:
        from knowledge.formats.documents.docx import read_docx

        return read_docx(raw, problems)
    if written == FileFormat.ODT:
        from knowledge.formats.documents.odt import read_odt

        return read_odt(raw, problems)
    if written == FileFormat.PDF:
        from knowledge.formats.documents.pdf import read_pdf

        return read_pdf(raw, problems)
    raise FileRefusal(ProblemKind.NESTED_ARCHIVE)


def _read_prose(written: FileFormat, text: str, name: str, problems: FileProblems) -> list[SourceArticle]:
    """Pages, notes, wikis and plain text: with libraries that take a tenth of a second to load."""
    if problems.is_limited and written in _PROSE and len(text) > MAX_TEXT_OVER_WEB:
        raise FileRefusal(ProblemKind.TEXT_TOO_LONG, most=f"{MAX_TEXT_OVER_WEB:,}", found=f"{len(text):,}")
    if written == FileFormat.HTML:
        from knowledge.formats.documents.html_page import read_page
        from knowledge.formats.wikis.markdown_notes import folder_name

        return read_page(text, problems, category=folder_name(name))
    if written == FileFormat.MARKDOWN:
        from knowledge.formats.wikis.markdown_notes import read_note

        return read_note(text, name, problems)
    if written == FileFormat.MEDIAWIKI:
        from knowledge.formats.wikis.mediawiki import read_mediawiki

        return read_mediawiki(text, problems)
    from knowledge.formats.documents.plain_text import read_plain_text

    return read_plain_text(text, problems)


def _is_wiki(text: str) -> bool:
    if "<mediawiki" not in text[:2000]:
        return False
    from knowledge.formats.wikis.mediawiki import is_mediawiki

    return is_mediawiki(text)


def _refuse_markup(text: str) -> None:
    """Other XML and its entities are never read: they may name files and addresses, or each other without end."""
    start = text[:100_000].lower()
    if start.lstrip().startswith("<?xml") or any(sign in start for sign in _FORBIDDEN):
        raise FileRefusal(ProblemKind.XML)
