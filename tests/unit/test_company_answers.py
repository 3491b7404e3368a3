"""What somebody who waits for a person is told of the article above, when they go on about it."""

from dataclasses import replace

import numpy as np
import pytest

from helpdesk.conversations.bot_reply import Company
from helpdesk.turns.company import company_for
from knowledge.articles.answers import ArticleAnswer, ShortAnswer
from knowledge.message.understanding import MessageUnderstanding, QuestionPart
from knowledge.search.library import SearchResult
from knowledge.search.ranking import SearchOutcome
from tests.unit.test_turn_steps import claimed

OPENED = ShortAnswer(text="You may unpack and try things.", plain="You may unpack and try things.", number=1)


class OneArticle:
    """Articles of which there is one, with a sentence for any question."""

    def __init__(self, short: ShortAnswer) -> None:
        self.short = short

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        return ArticleAnswer(key=key, language=language, question="How long?", answer="30 days.", short=self.short)


def going_on() -> MessageUnderstanding:
    found = SearchResult(
        language="en", outcome=SearchOutcome.NONE, candidates=(), embedding=np.zeros(384, dtype=np.float32), ms=0.0
    )
    return MessageUnderstanding(whole=found, parts=(QuestionPart(text="x", found=found),), goes_on=True)


@pytest.mark.parametrize(
    ("text", "first", "company"),
    [
        ("and do opened boxes count", True, Company.ANSWER),
        ("and do opened boxes count", False, Company.ADDED),
        ("the box is opened", True, Company.ADDED),
    ],
)
async def test_a_question_about_the_article_above_gets_its_sentence(text: str, first: bool, company: Company) -> None:
    turn = replace(claimed(0), text=text, language="en", last_article="return-period")

    reply = await company_for(turn, going_on(), OneArticle(replace(OPENED, goes_first=first)))

    assert reply.company is company
    assert [said.article for said in reply.texts] == (["return-period"] if company is Company.ANSWER else [])
    assert all(said.text.endswith(OPENED.text) for said in reply.texts)
