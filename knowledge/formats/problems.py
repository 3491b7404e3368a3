"""What of a file was not taken, and why: values with a place that whoever has the file open can see."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from time import monotonic

from store.errors import Invalid

MAX_KEPT = 1_000
"""Problems that are kept one by one; further ones are counted."""

_MAX_SHOWN = 20


class ProblemKind(StrEnum):
    """What is wrong with a place of a file. `problem_words` says it in the reader's language."""

    OTHER = "other"
    QUESTION_MISSING = "question_missing"
    ANSWER_MISSING = "answer_missing"
    QUESTION_LONG = "question_long"
    ANSWER_LONG = "answer_long"
    LANGUAGE_UNKNOWN = "language_unknown"
    LANGUAGE_TWICE = "language_twice"
    KEY_TWICE = "key_twice"
    KEY_UNUSABLE = "key_unusable"
    SAME_TWICE = "same_twice"
    ASKED_TWICE = "asked_twice"
    FILE_UNREADABLE = "file_unreadable"
    WITHOUT_QUESTIONS = "without_questions"
    PHRASING_UNUSABLE = "phrasing_unusable"
    COLUMN_UNUSED = "column_unused"
    SHEET_HIDDEN = "sheet_hidden"
    FORMULA_WITHOUT_RESULT = "formula_without_result"
    COMMENT = "comment"
    PICTURE = "picture"
    FILE_PASSED_OVER = "file_passed_over"
    TEXT_BEFORE = "text_before"
    PAGE_WITHOUT_TEXT = "page_without_text"
    TEMPLATE = "template"
    TRANSLATION_DRAFT = "translation_draft"
    DAMAGED = "damaged"
    PROTECTED = "protected"
    NOT_TEXT = "not_text"
    OTHER_PROGRAM = "other_program"
    OTHER_ARCHIVE = "other_archive"
    NESTED_ARCHIVE = "nested_archive"
    NESTED_TOO_DEEPLY = "nested_too_deeply"
    DOCUMENT_TYPE = "document_type"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    TABLE_TOO_BIG = "table_too_big"
    CELL_TOO_BIG = "cell_too_big"
    WITHOUT_COLUMNS = "without_columns"
    XML = "xml"
    WITHOUT_LIST = "without_list"
    TEXT_TOO_LONG = "text_too_long"
    PAGE_TOO_LONG = "page_too_long"
    TOO_MANY_PAGES = "too_many_pages"
    SCRIPT_UNREADABLE = "script_unreadable"
    REDIRECT = "redirect"
    OTHER_NAMESPACE = "other_namespace"
    INDEX = "index"
    PROPERTY_UNUSED = "property_unused"


class ReadingLimit(Invalid):
    """A file that holds more, or takes longer, than is read over the web; the command line has no such limit."""


#: What lies beside the articles; because of all else an article is missing.
ASIDES = frozenset(
    {
        ProblemKind.SAME_TWICE,
        ProblemKind.ASKED_TWICE,
        ProblemKind.WITHOUT_QUESTIONS,
        ProblemKind.PHRASING_UNUSABLE,
        ProblemKind.COLUMN_UNUSED,
        ProblemKind.SHEET_HIDDEN,
        ProblemKind.FORMULA_WITHOUT_RESULT,
        ProblemKind.COMMENT,
        ProblemKind.PICTURE,
        ProblemKind.FILE_PASSED_OVER,
        ProblemKind.TEXT_BEFORE,
        ProblemKind.PAGE_WITHOUT_TEXT,
        ProblemKind.TEMPLATE,
        ProblemKind.TRANSLATION_DRAFT,
        ProblemKind.SCRIPT_UNREADABLE,
        ProblemKind.REDIRECT,
        ProblemKind.OTHER_NAMESPACE,
        ProblemKind.INDEX,
        ProblemKind.PROPERTY_UNUSED,
    }
)


class HoldReason(StrEnum):
    """Why an article comes in as a draft, whatever was asked for: not everybody could see it where it comes from."""

    DRAFT = "draft"
    RESTRICTED = "restricted"
    INTERNAL = "internal"
    SIGNED_IN = "signed_in"
    ARCHIVED = "archived"
    STATUS_UNKNOWN = "status_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlace:
    """Where in a file: rows, lines and pages count from 1 as the program shows them that it is open in; 0 is none."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    entry: int = 0
    column: str = ""
    line: int = 0
    page: int = 0
    path: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """One thing that was not taken; `values` are what its sentence names."""

    kind: ProblemKind
    place: FilePlace = field(default_factory=FilePlace)
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_refusal(self) -> bool:
        """Whether an article is missing because of it."""
        return self.kind not in ASIDES

    def __str__(self) -> str:
        from knowledge.formats.problem_words import describe_problem

        return describe_problem(self)


class FileRefusal(Invalid):
    """A file can't be read at all; `problem` says why in the reader's language."""

    def __init__(self, kind: ProblemKind, **values: str) -> None:
        self.problem = FileProblem(kind=kind, values=values)
        super().__init__(str(self.problem))


@dataclass(slots=True)
class FileProblems:
    """Collects what was not taken.

    Where reading is limited, `most` articles are read, `until` that time of the monotonic clock. `file` is the one of
    several that is being read.
    """

    found: list[FileProblem] = field(default_factory=list)
    count: int = 0
    refused_count: int = 0
    most: int | None = None
    until: float | None = None
    file: str = ""

    def add(self, line: int, message: str) -> None:
        """Note a problem of a form of ours; its sentence comes from the one who checks articles."""
        self.note(ProblemKind.OTHER, FilePlace(file=self.file, line=line), reason=message)

    def note(self, kind: ProblemKind, place: FilePlace | None = None, **values: str) -> None:
        """Note one problem. A place without a file is in the one that is being read."""
        self.keep(FileProblem(kind=kind, place=place or FilePlace(file=self.file), values=values))

    def note_once(self, kind: ProblemKind, place: FilePlace, **values: str) -> None:
        """Note what many pages have alike only once."""
        if FileProblem(kind=kind, place=place, values=values) not in self.found:
            self.note(kind, place, **values)

    def keep(self, problem: FileProblem) -> None:
        """Note a problem that somebody else has found; it is in the file that is being read."""
        if self.file and not problem.place.file:
            problem = replace(problem, place=replace(problem.place, file=self.file))
        self.count += 1
        self.refused_count += problem.is_refusal
        if len(self.found) < MAX_KEPT:
            self.found.append(problem)

    def mark(self) -> tuple[int, int, int]:
        """How much has been noted so far, for `reset`."""
        return len(self.found), self.count, self.refused_count

    def reset(self, mark: tuple[int, int, int]) -> None:
        """Forget what was noted since, because the file is read in another way instead."""
        del self.found[mark[0] :]
        _, self.count, self.refused_count = mark

    @property
    def refused(self) -> tuple[FileProblem, ...]:
        """What would have been articles."""
        return tuple(problem for problem in self.found if problem.is_refusal)

    @property
    def passed_over(self) -> tuple[FileProblem, ...]:
        """What lies beside the articles."""
        return tuple(problem for problem in self.found if not problem.is_refusal)

    @property
    def is_limited(self) -> bool:
        """Whether the file came over the web, where an answer must come within seconds."""
        return self.until is not None

    def check_time(self) -> None:
        """Raises `Invalid` when reading has taken longer than is allowed."""
        if self.until is not None and monotonic() > self.until:
            raise ReadingLimit("Reading this file takes too long here; the command line takes its time.")

    def go_on(self, read: int) -> None:
        """Raises `Invalid` when more has been read, or for longer, than is allowed."""
        if self.most is not None and read > self.most:
            raise ReadingLimit(f"The file holds more than {self.most:,} articles; the command line takes any number.")
        self.check_time()

    def raise_if_any(self) -> None:
        """Raises `Invalid` with what was refused."""
        if not self.refused_count:
            return
        shown = self.refused[:_MAX_SHOWN]
        more = f"\n… and {self.refused_count - len(shown)} more" if self.refused_count > len(shown) else ""
        listed = "\n".join(map(str, shown))
        raise Invalid(f"Nothing was stored. The file has {self.refused_count} problem(s):\n{listed}{more}")
