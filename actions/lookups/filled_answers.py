"""Articles with what this conversation has looked up in place of their fields: "{orders.state}"."""

from collections.abc import Mapping
from dataclasses import replace

from actions.lookups.inquiry import KeptLookups
from actions.lookups.lookup import text_in
from knowledge.articles.answers import AnswerSource, ArticleAnswer
from knowledge.articles.placeholders import fill_article


def filled(answer: ArticleAnswer, values: Mapping[str, str]) -> ArticleAnswer:
    """The article with the values; sentences whose field has none are left out. Pure."""
    if "{" not in answer.answer:
        return answer
    short = answer.short
    if short:
        text = fill_article(short.text, values)
        short = replace(short, text=text, plain=fill_article(short.plain, values)) if text else None
    return replace(answer, answer=fill_article(answer.answer, values), short=short)


class FilledAnswers:
    """An `AnswerSource` for one conversation."""

    def __init__(self, answers: AnswerSource, kept: KeptLookups) -> None:
        self._answers = answers
        self._kept = kept

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        """The article, if it is published, as this customer reads it."""
        found = await self._answers.answer(key, language, question)
        return filled(found, self._values(language)) if found else None

    def _values(self, language: str) -> dict[str, str]:
        return {
            f"{name}.{field}": text_in(wording, language)
            for name, told in self._kept.told.items()
            for field, wording in told.items()
        }
