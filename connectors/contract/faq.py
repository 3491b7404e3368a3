"""What a channel may show of the knowledge base by itself."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class FaqEntry:
    """An article as a channel lists it: `question` in the reader's language, `answer` in Markdown.

    `link` is its page, empty where there is none.
    """

    article: str
    question: str
    answer: str
    link: str


class Faq(Protocol):
    """The knowledge base as a channel shows it beside a conversation."""

    async def search(self, text: str, language: str, *, limit: int = 5) -> list[FaqEntry]:
        """The articles that may answer `text`, best first; none when nothing does."""
        ...
