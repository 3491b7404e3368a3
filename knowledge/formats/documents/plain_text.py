"""Plain text with questions: Q: and A:, Frage: and Antwort:, numbered ones, or a line that asks above its answer."""

import re
from collections.abc import Iterator

from knowledge.formats.documents.blocks import LOOKS_LIKE_HEADING, DocumentBlock
from knowledge.formats.documents.document_articles import MAX_HEADING_LENGTH, asks, find_articles
from knowledge.formats.problems import FileProblems, FileRefusal, ProblemKind
from knowledge.formats.source_articles import SourceArticle

_MARK = re.compile(
    r"^\W{0,4}(?:q|f|a|r|frage|question|antwort|answer|réponse)\s*(?:nr\.?\s*)?\d{0,3}\s*[:.)\]]\s*", re.IGNORECASE
)
#: Headings that ask nothing, from which on a text is taken for one of topics.
MIN_HEADINGS = 2
_LONELY_MARK = re.compile(
    r"^([ \t]*(?:frage|question|antwort|answer|réponse)[ \t]*\d{0,3}[ \t]*:)[ \t]*\n(?=[ \t]*\S)",
    re.IGNORECASE | re.MULTILINE,
)
_RULE = re.compile(r"^[-=_*~#]{3,}$")
_HEADING = re.compile(r"^[A-ZÄÖÜ0-9][^.!?:;]{2,60}:?$")


def read_plain_text(text: str, problems: FileProblems) -> list[SourceArticle]:
    """The articles of a text. Raises `FileRefusal` where nothing asks."""
    mark = problems.mark()
    blocks = list(_blocks(_with_marks_in_line(text)))
    found = find_articles(blocks, problems, only_questions=True)
    if not found and sum(block.level > 0 for block in blocks) >= MIN_HEADINGS:
        problems.reset(mark)
        found = find_articles(blocks, problems)
    if not found:
        problems.reset(mark)
        raise FileRefusal(ProblemKind.WITHOUT_QUESTIONS)
    return found


def _with_marks_in_line(text: str) -> str:
    """A mark on a line of its own stands in front of the next line."""
    return _LONELY_MARK.sub(r"\1 ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _blocks(text: str) -> Iterator[DocumentBlock]:
    """A block for each paragraph, and for each line that asks or begins with a mark."""
    lines = text.split("\n")
    paragraph: list[str] = []
    first, is_answer = 0, False
    for number, line in enumerate([*lines, ""], start=1):
        stripped = line.strip()
        is_rule = bool(_RULE.match(stripped))
        alone = not stripped or is_rule
        is_question = len(paragraph) == 1 and not is_answer and _asks_alone(paragraph[0].strip(), [])
        begins = bool(_MARK.match(stripped)) or _asks_alone(stripped, paragraph)
        if paragraph and (alone or begins or is_question):
            yield _block(paragraph, first, underlined=is_rule and len(paragraph) == 1, is_answer=is_answer)
            paragraph, is_answer = [], is_question and not alone
        if not alone:
            first = first if paragraph else number
            paragraph.append(line.rstrip())


def _asks_alone(line: str, before: list[str]) -> bool:
    """Whether a line is a question of its own, not the end of a sentence that began above."""
    return (
        len(line) <= MAX_HEADING_LENGTH
        and asks(line)
        and (not before or before[-1].rstrip().endswith((".", "!", ":", "?")))
    )


def _block(paragraph: list[str], line: int, *, underlined: bool, is_answer: bool) -> DocumentBlock:
    text = "\n".join(paragraph).strip()
    is_heading = underlined or (len(paragraph) == 1 and text.isupper() and bool(_HEADING.match(text)))
    level = 2 if is_heading and not _MARK.match(text) and not asks(text) else 0
    if not level and not is_answer and not _MARK.match(text) and len(paragraph) == 1 and _asks_alone(text, []):
        level = LOOKS_LIKE_HEADING
    return DocumentBlock(text=text, body=text, level=level, line=line)
