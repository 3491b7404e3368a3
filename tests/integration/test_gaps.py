"""Gaps on a real database: grouped, ranked by customers, dismissed, answered, and gone with their conversations."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from helpdesk.insights.gaps import GapList, GapProgress, Gaps
from helpdesk.insights.questions import QuestionOutcome
from helpdesk.privacy.erasure import erase
from knowledge.articles.drafts import publish, save_draft
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from knowledge.search.vector_cache import CachedEmbedder
from store.db import Database
from store.errors import NotFound
from store.models import Meta
from tests.fakes.embedder import LetterCounts
from tests.harness import eventually
from tests.past_questions import PastQuestion, open_shop, store_questions

VOUCHER = "kann ich einen gutschein verschenken"
PLANTS = "wann blühen meine rosen endlich"


@pytest.fixture
async def library(db: Database, three_models: ThreeModels) -> Library:
    await open_shop(db)
    recent = CachedEmbedder(three_models)
    library = Library(db, recent)
    await library.start()
    return library


@pytest.fixture
def gaps(db: Database, library: Library) -> Gaps:
    assert isinstance(library.embedder, CachedEmbedder)
    return Gaps(db, library, library.embedder)


async def _publish(db: Database, key: str, question: str) -> None:
    draft = {"variants": {"de": {"question": question, "answer": "So."}}}
    saved = await save_draft(db, key, draft, by="anna")
    await publish(db, key, by="anna", expected_version=saved.version)


async def look(gaps: Gaps) -> GapList:
    found = await gaps.look(30, patience=20)
    assert isinstance(found, GapList)
    return found


def unanswered(text: str, *customers: str) -> list[PastQuestion]:
    return [PastQuestion(text=text, customer=customer) for customer in customers]


async def test_questions_that_mean_the_same_are_one_gap_and_customers_decide_the_order(
    db: Database, gaps: Gaps
) -> None:
    await store_questions(
        db,
        [
            *unanswered(PLANTS, "1", "1", "1", "1"),
            *unanswered(VOUCHER, "2", "3"),
            *unanswered("kann man gutscheine verschenken?", "4"),
            PastQuestion(text="wo bleibt mein paket", customer="5", outcome="answer", article="delivery-status"),
        ],
    )
    found = await look(gaps)
    assert [(gap.examples[0].text, gap.customers, gap.times) for gap in found.open] == [
        (VOUCHER, 3, 3),
        (PLANTS, 1, 4),
    ]
    assert (found.asked, found.failed, found.customers, found.groups) == (8, 7, 4, 2)
    assert sum(found.open[1].per_day) == 4


async def test_did_not_help_and_a_person_are_gaps_too(db: Database, gaps: Gaps) -> None:
    said = {"text": VOUCHER, "outcome": "answer", "article": "delivery-status"}
    await store_questions(
        db,
        [
            PastQuestion(customer="1", words=(("delivery-status", False),), **said),  # type: ignore[arg-type]
            PastQuestion(customer="2", handed_over=True, **said),  # type: ignore[arg-type]
            PastQuestion(customer="3", words=(("delivery-status", True),), handed_over=True, **said),  # type: ignore[arg-type]
        ],
    )
    assert [gap.fates for gap in (await look(gaps)).open] == [
        {QuestionOutcome.UNHELPED: 1, QuestionOutcome.HANDED_OVER: 1}
    ]


async def test_examples_show_nothing_personal(db: Database, gaps: Gaps) -> None:
    await store_questions(db, unanswered("gutschein 12345678 geht nicht, mail karin@example.org", "1"))
    assert (await look(gaps)).open[0].examples[0].text == "gutschein … geht nicht, mail …"


async def test_an_erased_conversation_is_gone_from_the_gaps(db: Database, gaps: Gaps) -> None:
    conversations = await store_questions(db, unanswered(VOUCHER, "1"))
    group = (await look(gaps)).open[0]
    async with db.write() as session:
        await erase(session, list(conversations.values()))
    assert (await look(gaps)).open == ()
    with pytest.raises(NotFound):
        await gaps.dismiss(group.questions, customers=1, by="Mia", why="-")


async def test_a_dismissed_gap_stays_away_until_it_has_grown(db: Database, gaps: Gaps) -> None:
    await store_questions(db, [*unanswered(PLANTS, "1", "2"), *unanswered(VOUCHER, "3")])
    group = (await look(gaps)).open[0]
    await gaps.dismiss(group.questions, customers=group.customers, by="Mia", why="Kein Gartenbuch")
    found = await look(gaps)
    assert [gap.examples[0].text for gap in found.open] == [VOUCHER]
    (away,) = found.dismissed
    assert away.dismissal
    assert (away.dismissal.by, away.dismissal.why, away.customers) == ("Mia", "Kein Gartenbuch", 2)

    await store_questions(db, unanswered("wann blühen denn meine rosen", "4", "5"))
    assert len((await look(gaps)).dismissed) == 1
    await store_questions(db, unanswered("wann blühen die rosen endlich", "6"))
    found = await look(gaps)
    assert (found.dismissed, found.open[0].customers) == ((), 5)
    assert found.open[0].dismissal


async def test_a_dismissal_keeps_no_text_and_can_be_undone(db: Database, gaps: Gaps) -> None:
    await store_questions(db, unanswered(PLANTS, "1"))
    group = (await look(gaps)).open[0]
    await gaps.dismiss(group.questions, customers=1, by="Mia", why="nein")
    await gaps.dismiss(group.questions, customers=1, by="Mia", why="doch nicht")
    async with db.read() as session:
        kept = (await session.scalars(select(Meta.value).where(Meta.key == "gaps.dismissed"))).one()
    assert "rosen" not in kept
    assert kept.count("Mia") == 1
    await gaps.show_again(group.questions)
    assert len((await look(gaps)).open) == 1


async def test_a_gap_that_an_article_answers_by_now_is_no_longer_open(
    db: Database, library: Library, gaps: Gaps
) -> None:
    await store_questions(db, unanswered(VOUCHER, "1", "2"))
    await _publish(db, "voucher", VOUCHER)
    await library.refresh()
    found = await look(gaps)
    assert (found.open, [gap.answered_by for gap in found.answered]) == ((), ["voucher"])


async def test_an_article_that_did_not_help_does_not_close_its_gap(db: Database, gaps: Gaps) -> None:
    text = "wo bleibt mein paket"
    await store_questions(
        db,
        [
            PastQuestion(
                text=text,
                customer="1",
                outcome="answer",
                article="delivery-status",
                words=(("delivery-status", False),),
            )
        ],
    )
    assert [gap.answered_by for gap in (await look(gaps)).open] == [None]


async def test_a_draft_for_it_is_named(db: Database, gaps: Gaps) -> None:
    await store_questions(db, unanswered(VOUCHER, "1"))
    await save_draft(db, "abroad", {"variants": {"de": {"question": VOUCHER, "answer": "-"}}}, by="Mia")
    assert (await look(gaps)).open[0].draft == "abroad"


async def test_a_page_does_not_wait_for_thousands_of_questions(db: Database, library: Library) -> None:
    hold = asyncio.get_running_loop()
    gate = asyncio.Event()

    class Slow(LetterCounts):
        def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
            asyncio.run_coroutine_threadsafe(gate.wait(), hold).result()
            return super().embed_queries(texts)

    await store_questions(db, [PastQuestion(text=f"frage {number}", customer=str(number)) for number in range(40)])
    gaps = Gaps(db, library, CachedEmbedder(Slow()))
    early = await gaps.look(30, patience=0.2)
    assert isinstance(early, GapProgress)
    assert early.total in {0, 40}
    gate.set()

    async def is_done() -> bool:
        return gaps.progress(30) is None

    await eventually(is_done, "the gaps to be read")
    assert (await look(gaps)).failed == 40
    await gaps.close()
