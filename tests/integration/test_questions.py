"""What became of each question, read from what turns, feedback and handoffs left behind."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from helpdesk.db import Database
from helpdesk.migrate import upgrade_async
from helpdesk.models import now
from helpdesk.questions import Fate, Figures, article_figures, read_questions, read_some
from helpdesk.web.fairness import at_least, least_helpful
from tests.asked import Asking, keep

MONTH = timedelta(days=30)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await upgrade_async(database)
    yield database
    await database.close()


def answered(text: str, article: str, customer: str = "c", *, hours: int = 5, helped: bool | None = None) -> Asking:
    words = () if helped is None else ((article, helped),)
    return Asking(
        text=text, customer=customer, outcome="answer", article=article, words=words, ago=timedelta(hours=hours)
    )


async def fates(db: Database) -> dict[str, Fate]:
    return {question.text: question.fate for question in await read_questions(db, now() - MONTH)}


async def test_every_question_has_one_fate(db: Database) -> None:
    offered = (("a", 0.4), ("b", 0.3))
    await keep(
        db,
        [
            answered("helped", "a", "1", helped=True),
            answered("unhelped", "a", "2", helped=False),
            answered("silent", "a", "3"),
            Asking(text="none", customer="4"),
            Asking(text="asked back", customer="5", outcome="clarify", candidates=offered),
            Asking(text="chosen", customer="6", outcome="clarify", candidates=offered, words=(("b", True),)),
            Asking(text="to a person", customer="7", outcome="clarify", candidates=offered, handed_over=True),
            Asking(
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
        "helped": Fate.HELPED,
        "unhelped": Fate.UNHELPED,
        "silent": Fate.ANSWERED,
        "none": Fate.UNANSWERED,
        "asked back": Fate.ASKED_BACK,
        "chosen": Fate.HELPED,
        "to a person": Fate.HANDED_OVER,
        "second try": Fate.HELPED,
    }


async def test_a_handoff_belongs_to_the_last_question_before_it(db: Database) -> None:
    await keep(
        db,
        [
            answered("early", "a", hours=9),
            Asking(text="last", customer="c", handed_over=True, ago=timedelta(hours=4)),
            answered("afterwards", "a", hours=1),
        ],
    )
    assert await fates(db) == {"early": Fate.ANSWERED, "last": Fate.HANDED_OVER, "afterwards": Fate.ANSWERED}


async def test_a_word_belongs_to_the_question_that_got_the_article(db: Database) -> None:
    await keep(db, [answered("first", "a", hours=3), answered("second", "b", hours=2, helped=False)])
    assert await fates(db) == {"first": Fate.ANSWERED, "second": Fate.UNHELPED}


async def test_figures_count_what_an_article_did(db: Database) -> None:
    await keep(
        db,
        [
            answered("1", "a", "1", helped=True),
            answered("2", "a", "2", helped=False),
            answered("3", "a", "3", hours=49),
            Asking(text="4", customer="4", outcome="answer", article="a", handed_over=True),
            answered("5", "b", "5", helped=True),
            answered("6", "a", "6", hours=24 * 40, helped=False),
        ],
    )
    since = now() - timedelta(days=6)
    found = await article_figures(db, ["a", "never"], since)
    mine = found["a"]
    assert (mine.asked, mine.helped, mine.unhelped, mine.handed_over) == (4, 1, 1, 1)
    assert (sum(mine.per_day), len(mine.per_day)) == (4, 7)
    assert found["never"] == Figures(per_day=[0] * 7)
    assert set(await article_figures(db, None, since)) == {"a", "b"}


async def test_an_article_that_was_chosen_counts_as_asked(db: Database) -> None:
    chosen = Asking(text="x", customer="1", outcome="clarify", candidates=(("a", 0.4),), words=(("a", True),))
    await keep(db, [chosen])
    found = (await article_figures(db, ["a"], now() - MONTH))["a"]
    assert (found.asked, found.helped) == (1, 1)


async def test_only_the_newest_are_read_when_there_are_too_many(db: Database) -> None:
    await keep(db, [answered(str(hours), "a", str(hours), hours=hours) for hours in range(1, 6)])
    assert [question.text for question in await read_questions(db, now() - MONTH, most=2)] == ["2", "1"]


async def test_questions_come_in_the_order_that_was_asked_for(db: Database) -> None:
    await keep(db, [answered(text, "a", text) for text in "abc"])
    ids = {question.text: question.id for question in await read_questions(db, now() - MONTH)}
    found = await read_some(db, [ids["c"], "f" * 32, ids["a"]])
    assert [question.text for question in found] == ["c", "a"]


def test_the_order_of_least_helpful_is_fair_to_small_numbers() -> None:
    figures = {
        "one bad word": Figures(asked=3, unhelped=1),
        "surely bad": Figures(asked=30, unhelped=15),
        "good": Figures(asked=30, helped=30),
        "hardly asked": Figures(asked=2, unhelped=2),
    }
    assert [key for key, _ in least_helpful(figures)] == ["surely bad", "one bad word"]


@pytest.mark.parametrize(("hits", "of", "least"), [(0, 0, 0.0), (0, 10, 0.0), (10, 10, 0.788), (5, 10, 0.268)])
def test_what_is_surely_so_is_less_than_what_was_seen(hits: int, of: int, least: float) -> None:
    assert at_least(hits, of) == pytest.approx(least, abs=0.005)
