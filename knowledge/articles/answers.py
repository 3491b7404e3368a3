"""What the rest of Staffel sees of the knowledge base: an article's wording in one language, ready to be said."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedArticle:
    """Another article on the same matter, named by its question in the reader's language."""

    key: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer:
    """The sentence, list item or table row of an article that a question is about, in the article's own words.

    `text` is Markdown and `plain` the same as customers read it; `number` is its place among the article's passages.
    `goes_first`: it is surely better read first than the article's beginning, by `surplus`. `is_expected`: it holds
    what is asked for, such as an amount after "how much?". `decides`: it speaks of the very value that the question
    names ("Switzerland").
    `missing` is a value that the question names and the article does not, as the customer wrote it: then the sentence
    is what the article says of other values of the kind, without a yes or no before it.
    `rest` is the article to be read below it, which doesn't say it again; the whole one where it can't be taken out.
    """

    text: str
    plain: str
    number: int
    goes_first: bool = False
    surplus: float = 0.0
    is_expected: bool = False
    decides: bool = False
    missing: str = ""
    rest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleAnswer:
    """A published article in one language; `answer` is Markdown, `language` the one found, not the one asked for.

    `short` is what of it the question is about, where one was given and the article has sentences.
    """

    key: str
    language: str
    question: str
    answer: str
    related: tuple[RelatedArticle, ...] = ()
    short: ShortAnswer | None = None


class AnswerSource(Protocol):
    """Where the bot's actions look articles up."""

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        """The article in `language`, else in a language it has, else `None` when it isn't published.

        With a `question`, its short answer comes along.
        """
        ...
