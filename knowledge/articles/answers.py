"""What the rest of Staffel sees of the knowledge base: an article's wording in one language, ready to be said."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedArticle:
    """Another article on the same matter, named by its question in the reader's language."""

    key: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleAnswer:
    """A published article in one language; `answer` is Markdown, `language` the one found, not the one asked for."""

    key: str
    language: str
    question: str
    answer: str
    related: tuple[RelatedArticle, ...] = ()


class AnswerSource(Protocol):
    """Where the bot's actions look articles up."""

    async def answer(self, key: str, language: str) -> ArticleAnswer | None:
        """The article in `language`, else in a language it has, else `None` when it isn't published."""
        ...
