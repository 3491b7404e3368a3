"""What documents of all kinds are made of: headings and what stands below them."""

from dataclasses import dataclass

#: Levels of headings as in HTML; a line that only looks like one (bold, or a question) lies below all of them.
MAX_LEVEL = 6
LOOKS_LIKE_HEADING = 9
#: A question whose answer begins in the same paragraph: `body` is that beginning.
LED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentBlock:
    """A heading (`level` 1 to 10) or a piece of text (0); `body` is its HTML or Markdown.

    `answer` is there where the document itself ties a question and its answer together, as an accordion does.
    """

    text: str
    body: str = ""
    level: int = 0
    answer: str | None = None
    page: int = 0
    line: int = 0
    is_bold: bool = False
