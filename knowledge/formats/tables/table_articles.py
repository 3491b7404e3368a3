"""The rows of a sheet as articles, as its mapping says."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.formats.cells import read_lines_of_cell, restore
from knowledge.formats.problems import FilePlace, FileProblems, HoldReason, ProblemKind
from knowledge.formats.source_articles import SourceArticle
from knowledge.formats.tables.column_guess import outline, propose_mapping, rows_below
from knowledge.formats.tables.column_mapping import ColumnMapping, ColumnRole, TableOutline
from knowledge.formats.tables.header_words import header_meaning, language_code
from knowledge.formats.tables.sheets import Sheet, SheetRow, column_letter
from knowledge.formats.visibility import hold_by_name, hold_by_words

_KEPT = (
    ColumnRole.VALID_FROM,
    ColumnRole.VALID_UNTIL,
    ColumnRole.OWNER,
    ColumnRole.REVIEW_ON,
    ColumnRole.ASK_AGAIN_AFTER,
)
_MOSTLY = 0.5
_MAX_HEADING_LENGTH = 60
_NUMBERED = re.compile(r"(?:tabelle|tabellenblatt|blatt|sheet|feuille|feuil|worksheet|faqs?)?[ _-]?\d*", re.IGNORECASE)
_TYPED_BULLET = re.compile(r"^([ \t]*)[•·●▪◦‣–—][ \t]+", re.MULTILINE)
_BULLET = re.compile(r"^(?:[-*•·–]|\d+[.)])\s+")


def read_table(
    sheet: Sheet, problems: FileProblems, mapping: ColumnMapping | None = None, *, name: str
) -> tuple[list[SourceArticle], TableOutline]:
    """The articles of a sheet, and how its columns were understood; `mapping` says it where we would be wrong.

    `name` is the one by which the page knows the table.
    """
    chosen = mapping or propose_mapping(sheet)
    shown = outline(sheet, chosen, name)
    if not chosen.makes_articles:
        problems.note(ProblemKind.WITHOUT_QUESTIONS, FilePlace(file=problems.file, sheet=sheet.name))
        return [], shown
    if not shown.row_count:
        problems.note(ProblemKind.WITHOUT_QUESTIONS, FilePlace(file=problems.file, sheet=sheet.name))
    _note_unused(shown, sheet.name, problems)
    return list(_Table(sheet, chosen, problems).articles()), shown


def holds_all_fields(mapping: ColumnMapping) -> bool:
    """Whether a table says all there is of an article, as our own do, so that what it doesn't say is gone."""
    roles = {use.role for use in mapping.uses}
    return {ColumnRole.KEY, ColumnRole.LANGUAGE, ColumnRole.PHRASINGS, ColumnRole.CATEGORY} <= roles


def split_phrasings(cell: str) -> tuple[str, ...]:
    """Several ways to ask in one cell: lines or a list as we write them, or with | or ; between them."""
    separator = next((each for each in ("|", ";") if each in cell and "\n" not in cell), None)
    pieces = cell.split(separator) if separator and not cell.startswith("[") else read_lines_of_cell(cell)
    return tuple(_BULLET.sub("", piece.strip()).strip() for piece in pieces if piece.strip() or not separator)


def _cell_markdown(text: str) -> str:
    """Lists as people type them into a cell become lists."""
    return _TYPED_BULLET.sub(r"\1- ", text)


def _listed(cell: str) -> list[str]:
    """The texts of a list in JSON, as lists of objects bring them; empty for every other cell."""
    if not cell.startswith("["):
        return []
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _first(cell: str) -> str:
    """A category; of several in a list the first."""
    return next(iter(_listed(cell)), cell)


def _category_of(sheet: str) -> str | None:
    """The name that somebody gave a sheet; programs number them."""
    return None if _NUMBERED.fullmatch(sheet) else sheet


def _note_unused(shown: TableOutline, sheet: str, problems: FileProblems) -> None:
    for column in shown.columns:
        if column.use.role == ColumnRole.IGNORE and column.samples:
            place = FilePlace(file=problems.file, sheet=sheet, column=column.header or column.letter)
            problems.note(ProblemKind.COLUMN_UNUSED, place)


class _Table:
    """One sheet while its rows are read: a row that is only a heading names the category of those below it."""

    def __init__(self, sheet: Sheet, mapping: ColumnMapping, problems: FileProblems) -> None:
        self.sheet, self.mapping, self.problems = sheet, mapping, problems
        self.names: Sequence[str] = next((row.cells for row in sheet.rows if row.number == mapping.header_row), ())
        self.heading = ""
        self.foreign = self._language_of_names()
        self.mostly_asks = self._share_of_questions() >= _MOSTLY

    def articles(self) -> Iterator[SourceArticle]:
        """The articles, one for each language of a row."""
        for row in rows_below(self.sheet, self.mapping.header_row):
            if row.number in self.sheet.headings or self._is_heading(row):
                self.heading = next(cell.strip() for cell in row.cells if cell.strip())
            else:
                yield from self._row(row)

    def _language_of_names(self) -> str | None:
        """The third language that the names of the columns are in; German and English are told by the text."""
        spoken = {meaning.own_language for name in self.names if (meaning := header_meaning(name))} - {None}
        return spoken.pop() if len(spoken) == 1 and not spoken & {"de", "en"} else None

    def _share_of_questions(self) -> float:
        """How many of the questions end with a question mark."""
        columns = [index for index, use in enumerate(self.mapping.uses) if use.role == ColumnRole.QUESTION]
        rows = rows_below(self.sheet, self.mapping.header_row)
        cells = [cell for row in rows for index in columns if (cell := row.cell(index))]
        return sum(cell.endswith("?") for cell in cells) / max(len(cells), 1)

    def _is_heading(self, row: SheetRow) -> bool:
        """A row with one short cell that asks nothing, among rows that do: the name of those below it."""
        filled = [cell.strip() for cell in row.cells if cell.strip()]
        if not self.mostly_asks or len(filled) != 1 or self.mapping.of(ColumnRole.CATEGORY):
            return False
        return len(filled[0]) <= _MAX_HEADING_LENGTH and not filled[0].endswith(("?", ".", "!"))

    def _row(self, row: SheetRow) -> Iterator[SourceArticle]:
        spoken = [language for language in self.mapping.languages if self._holds(row, language)]
        if not spoken:
            self.problems.note(ProblemKind.QUESTION_MISSING, self._row_place(row))
            return
        for language in spoken:
            yield self._article(row, language)

    def _holds(self, row: SheetRow, language: str | None) -> bool:
        roles = (ColumnRole.QUESTION, ColumnRole.ANSWER)
        return any(row.cell(index) for role in roles for index in self.mapping.of(role, language))

    def _article(self, row: SheetRow, language: str | None) -> SourceArticle:
        question, answer = (self._cell(row, role, language) for role in (ColumnRole.QUESTION, ColumnRole.ANSWER))
        question, *others = _listed(question) or [question]
        said = language or language_code(self._cell(row, ColumnRole.LANGUAGE)) or self._cell(row, ColumnRole.LANGUAGE)
        phrasings = (row.cell(index) for index in self.mapping.of(ColumnRole.PHRASINGS, language))
        return SourceArticle(
            key=self._cell(row, ColumnRole.KEY) or None,
            group=f"{self.problems.file}\n{self.sheet.name}\n{row.number}" if len(self.mapping.languages) > 1 else "",
            title=question,
            body=_cell_markdown("\n\n".join(_listed(answer) or [answer])),
            place=self._place(row, language, question, answer),
            locale=said or self.foreign,
            category=_first(self._cell(row, ColumnRole.CATEGORY)) or self.heading or _category_of(self.sheet.name),
            phrasings=(*others, *(text for cell in phrasings if cell for text in split_phrasings(restore(cell)))),
            hold=self._hold(row),
            kept={str(role): said for role in _KEPT if (said := self._cell(row, role))},
        )

    def _place(self, row: SheetRow, language: str | None, question: str, answer: str) -> FilePlace:
        """The row, and the column that is empty where one is."""
        role = ColumnRole.ANSWER if question and not answer else ColumnRole.QUESTION
        empty = next(iter(self.mapping.of(role, language)), None) if not (question and answer) else None
        column = "" if empty is None else self._name(empty)
        return replace(self._row_place(row), column=column)

    def _row_place(self, row: SheetRow) -> FilePlace:
        place = FilePlace(file=self.problems.file, sheet=self.sheet.name)
        return replace(place, entry=row.number) if self.sheet.counts_entries else replace(place, row=row.number)

    def _name(self, index: int) -> str:
        return (self.names[index] if index < len(self.names) else "") or column_letter(index)

    def _cell(self, row: SheetRow, role: ColumnRole, language: str | None = None) -> str:
        index = next(iter(self.mapping.of(role, language)), None)
        return "" if index is None else restore(row.cell(index))

    def _hold(self, row: SheetRow) -> HoldReason | None:
        reasons = (
            hold_by_words(row.cell(index), self.names[index] if index < len(self.names) else "")
            for index in self.mapping.of(ColumnRole.VISIBILITY)
        )
        return next((reason for reason in reasons if reason), None) or hold_by_name(self.sheet.name)
