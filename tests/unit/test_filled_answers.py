"""Articles that hold fields of a look-up."""

from typing import Any

import pytest

from actions import Actions
from actions.lookups.filled_answers import filled
from actions.lookups.inquiry import KEPT_SLOT, KeptLookups
from knowledge.articles.answers import ArticleAnswer, ShortAnswer

ARTICLE = ArticleAnswer(
    key="delivery",
    language="de",
    question="Wann kommt mein Paket?",
    answer="Pakete brauchen drei Tage. Ihres kommt am {orders.day}.",
)


class OneArticle:
    """An `AnswerSource` with `ARTICLE` alone."""

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        """The article."""
        return ARTICLE


def call(kept: KeptLookups | None) -> dict[str, Any]:
    button = {"text": '/faq{"article": "delivery"}', "entities": [{"entity": "article", "value": "delivery"}]}
    slots = {"language": "de", KEPT_SLOT: kept.to_slot() if kept else None}
    return {"next_action": "action_answer", "tracker": {"slots": slots, "latest_message": button, "events": []}}


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        (None, "Pakete brauchen drei Tage."),
        (
            KeptLookups(told={"orders": {"day": {"de": "12. März", "en": "12 March"}}}),
            "Pakete brauchen drei Tage. Ihres kommt am 12. März.",
        ),
    ],
)
async def test_who_has_looked_it_up_reads_it_in_articles_too(kept: KeptLookups | None, text: str) -> None:
    said = await Actions(OneArticle()).run(call(kept))

    assert said["responses"][0]["text"] == text


def test_a_short_answer_that_is_only_a_field_is_none_without_its_value() -> None:
    short = ShortAnswer(text="Ihres kommt am {orders.day}.", plain="Ihres kommt am {orders.day}.", number=1)
    article = ArticleAnswer(**{name: getattr(ARTICLE, name) for name in ("key", "language", "question", "answer")})
    with_short = ArticleAnswer(
        key=article.key, language="de", question=article.question, answer=article.answer, short=short
    )

    assert filled(with_short, {}).short is None
    assert filled(with_short, {"orders.day": "12. März"}).short == ShortAnswer(
        text="Ihres kommt am 12. März.", plain="Ihres kommt am 12. März.", number=1
    )
