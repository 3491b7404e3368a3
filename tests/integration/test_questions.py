"""What became of each question, read from what turns, feedback and handoffs left behind."""

from datetime import timedelta

import pytest

from helpdesk.insights.questions import (
    ArticleFigures,
    QuestionOutcome,
    load_article_figures,
    load_questions,
    load_questions_by_id,
)
from helpdesk.web.admin.gaps.helpfulness import at_least, least_helpful
from store.db import Database
from store.models import now
from tests.past_questions import PastQuestion, store_questions

MONTH = timedelta(days=30)


def answered(
    text: str, article: str, customer: str = "c", *, hours: int = 5, helped: bool | None = None
) -> PastQuestion:
    words = () if helped is None else ((article, helped),)
    return PastQuestion(
        text=text, customer=customer, outcome="answer", article=article, words=words, ago=timedelta(hours=hours)
    )


async def fates(db: Database) -> dict[str, QuestionOutcome]:
    return {question.text: question.fate for question in await load_questions(db, now() - MONTH)}


async def test_every_question_has_one_fate(db: Database) -> None:
    offered = (("a", 0.4), ("b", 0.3))
    await store_questions(
        db,
        [
            answered("helped", "a", "1", helped=True),
            answered("unhelped", "a", "2", helped=False),
            answered("silent", "a", "3"),
            PastQuestion(text="none", customer="4"),
            PastQuestion(text="asked back", customer="5", outcome="clarify", candidates=offered),
            PastQuestion(text="chosen", customer="6", outcome="clarify", candidates=offered, words=(("b", True),)),
            PastQuestion(text="to a person", customer="7", outcome="clarify", candidates=offered, handed_over=True),
            PastQuestion(
                text="second try",
                customer="8",
                outcome="answer",
                article="a",
                words=(("a", False), ("b", True)),
                candidates=offered,
            ),
        ],
    )
    assert await fates(db) == {
        "helped": QuestionOutcome.HELPED,
        "unhelped": QuestionOutcome.UNHELPED,
        "silent": QuestionOutcome.ANSWERED,
        "none": QuestionOutcome.UNANSWERED,
        "asked back": QuestionOutcome.ASKED_BACK,
        "chosen": QuestionOutcome.HELPED,
        "to a person": QuestionOutcome.HANDED_OVER,
        "second try": QuestionOutcome.HELPED,
    }


async def test_a_handoff_belongs_to_the_last_question_before_it(db: Database) -> None:
    await store_questions(
        db,
        [
            answered("early", "a", hours=9),
            PastQuestion(text="last", customer="c", handed_over=True, ago=timedelta(hours=4)),
            answered("afterwards", "a", hours=1),
        ],
    )
    assert await fates(db) == {
        "early": QuestionOutcome.ANSWERED,
        "last": QuestionOutcome.HANDED_OVER,
        "afterwards": QuestionOutcome.ANSWERED,
    }


async def test_a_word_belongs_to_the_question_that_got_the_article(db: Database) -> None:
    await store_questions(db, [answered("first", "a", hours=3), answered("second", "b", hours=2, helped=False)])
    assert await fates(db) == {"first": QuestionOutcome.ANSWERED, "second": QuestionOutcome.UNHELPED}


async def test_figures_count_what_an_article_did(db: Database) -> None:
    await store_questions(
        db,
        [
            answered("1", "a", "1", helped=True),
            answered("2", "a", "2", helped=False),
            answered("3", "a", "3", hours=49),
            PastQuestion(text="4", customer="4", outcome="answer", article="a", handed_over=True),
            answered("5", "b", "5", helped=True),
            answered("6", "a", "6", hours=24 * 40, helped=False),
        ],
    )
    since = now() - timedelta(days=6)
    found = await load_article_figures(db, ["a", "never"], since)
    mine = found["a"]
    assert (mine.asked, mine.helped, mine.unhelped, mine.handed_over) == (4, 1, 1, 1)
    assert (sum(mine.per_day), len(mine.per_day)) == (4, 7)
    assert found["never"] == ArticleFigures(per_day=[0] * 7)
    assert set(await load_article_figures(db, None, since)) == {"a", "b"}


async def test_an_article_that_was_chosen_counts_as_asked(db: Database) -> None:
    chosen = PastQuestion(text="x", customer="1", outcome="clarify", candidates=(("a", 0.4),), words=(("a", True),))
    await store_questions(db, [chosen])
    found = (await load_article_figures(db, ["a"], now() - MONTH))["a"]
    assert (found.asked, found.helped) == (1, 1)


async def test_only_the_newest_are_read_when_there_are_too_many(db: Database) -> None:
    await store_questions(db, [answered(str(hours), "a", str(hours), hours=hours) for hours in range(1, 6)])
    assert [question.text for question in await load_questions(db, now() - MONTH, most=2)] == ["2", "1"]


async def test_questions_come_in_the_order_that_was_asked_for(db: Database) -> None:
    await store_questions(db, [answered(text, "a", text) for text in "abc"])
    ids = {question.text: question.id for question in await load_questions(db, now() - MONTH)}
    found = await load_questions_by_id(db, [ids["c"], "f" * 32, ids["a"]])
    assert [question.text for question in found] == ["c", "a"]


def test_the_order_of_least_helpful_is_fair_to_small_numbers() -> None:
    figures = {
        "one bad word": ArticleFigures(asked=3, unhelped=1),
        "surely bad": ArticleFigures(asked=30, unhelped=15),
        "good": ArticleFigures(asked=30, helped=30),
        "hardly asked": ArticleFigures(asked=2, unhelped=2),
    }
    assert [key for key, _ in least_helpful(figures)] == ["surely bad", "one bad word"]


@pytest.mark.parametrize(("hits", "of", "least"), [(0, 0, 0.0), (0, 10, 0.0), (10, 10, 0.788), (5, 10, 0.268)])
def test_what_is_surely_so_is_less_than_what_was_seen(hits: int, of: int, least: float) -> None:
    assert at_least(hits, of) == pytest.approx(least, abs=0.005)
