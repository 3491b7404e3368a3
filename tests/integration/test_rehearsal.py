"""Drafts tried on questions before customers see them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.insights.questions import load_questions
from helpdesk.insights.replay import MAX_WAITING, Changes, DraftReplay, ReplayProgress, count_wordings
from knowledge.articles.content import ArticleWording, Content
from knowledge.articles.drafts import publish, save_draft
from knowledge.message.replay import Replay, ReplayEffect
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from knowledge.search.ranking import SearchOutcome
from knowledge.search.vector_cache import CachedEmbedder
from store.db import Database
from store.errors import TooManyRequests
from store.models import now
from tests.past_questions import PastQuestion, open_shop, store_questions

VOUCHER = "kann ich einen gutschein verschenken"


def content(question: str, answer: str = "So.") -> Content:
    return Content(variants={"de": ArticleWording(question=question, answer=answer)})


@pytest.fixture
async def rehearsal(db: Database, three_models: ThreeModels) -> DraftReplay:
    await open_shop(db)
    library = Library(db, CachedEmbedder(three_models))
    await library.start()
    return DraftReplay(db, library)


async def replay_all(rehearsal: DraftReplay, changes: Changes) -> Replay:
    steps = [step async for step in rehearsal.replay(changes, days=30)]
    assert isinstance(steps[-1], Replay)
    assert all(isinstance(step, ReplayProgress) for step in steps[:-1])
    return steps[-1]


async def test_a_question_is_answered_by_the_draft_and_customers_notice_nothing(rehearsal: DraftReplay) -> None:
    trial = await rehearsal.try_question({"voucher": content(VOUCHER)}, VOUCHER, "de")
    assert trial.now.outcome is not SearchOutcome.ANSWER
    assert (trial.then.outcome, trial.then.candidates[0].article) == (SearchOutcome.ANSWER, "voucher")
    assert "voucher" not in rehearsal.library.snapshot.by_key


async def test_a_replay_says_which_questions_get_better(db: Database, rehearsal: DraftReplay) -> None:
    asked = [PastQuestion(text=VOUCHER, customer=name) for name in "abc"]
    await store_questions(
        db,
        [*asked, PastQuestion(text="wo bleibt mein paket", customer="d", outcome="answer", article="delivery-status")],
    )
    found = await replay_all(rehearsal, {"voucher": content(VOUCHER)})
    (change,) = found.changes
    assert (change.kind, change.question.customers, change.after.article) == (ReplayEffect.BETTER, 3, "voucher")
    assert (found.asked, found.times) == (2, 4)


async def test_a_message_with_two_questions_is_replayed_as_the_bot_would_take_it_apart(
    db: Database, rehearsal: DraftReplay
) -> None:
    text = f"Wo bleibt mein Paket? Und {VOUCHER}?"
    await store_questions(db, [PastQuestion(text=text, customer="a", outcome="answer", article="delivery-status")])
    (change,) = (await replay_all(rehearsal, {"voucher": content(VOUCHER)})).changes
    assert change.before.answers == {"delivery-status"}
    assert change.after.answers == {"delivery-status", "voucher"}


async def test_archiving_shows_which_questions_lose_their_answer(db: Database, rehearsal: DraftReplay) -> None:
    text = "wo bleibt mein paket"
    await store_questions(
        db,
        [
            PastQuestion(
                text=text, customer="a", outcome="answer", article="delivery-status", words=(("delivery-status", True),)
            )
        ],
    )
    (change,) = (await replay_all(rehearsal, {"delivery-status": None})).changes
    assert (change.kind, change.before.article) == (ReplayEffect.WORSE, "delivery-status")
    assert "delivery-status" not in change.after.offered


async def test_another_answer_is_shown_as_reworded(db: Database, rehearsal: DraftReplay) -> None:
    await store_questions(db, [PastQuestion(text="wo bleibt mein paket", customer="a")])
    now_ = rehearsal.library.snapshot.by_key["delivery-status"].content.variants["de"]
    draft = Content(variants={"de": replace(now_, answer="Unterwegs.")})
    found = await replay_all(rehearsal, {"delivery-status": draft})
    assert [change.kind for change in found.changes] == [ReplayEffect.REWORDED]


async def test_a_draft_that_takes_nothing_changes_nothing(db: Database, rehearsal: DraftReplay) -> None:
    await store_questions(db, [PastQuestion(text="wo bleibt mein paket", customer="a")])
    assert (await replay_all(rehearsal, {})).changes == ()


async def test_the_same_words_are_one_question(db: Database) -> None:
    said = [
        PastQuestion(text="Wo ist es?", customer="a"),
        PastQuestion(text="wo ist es", customer="b"),
        PastQuestion(text="🐟", customer="c"),
    ]
    await store_questions(db, [*said, PastQuestion(text="wo ist es!", customer="a", ago=timedelta(hours=2))])
    found = count_wordings(await load_questions(db, now() - timedelta(days=30)))
    assert [(one.times, one.customers, one.failed) for one in found] == [(3, 2, 3), (1, 1, 1)]


async def test_one_replay_runs_at_a_time_and_searches_pass_in_between(db: Database, rehearsal: DraftReplay) -> None:
    await store_questions(db, [PastQuestion(text=f"frage {number}", customer=str(number)) for number in range(100)])
    first = rehearsal.replay({"voucher": content(VOUCHER)}, days=30)
    async for step in first:
        if isinstance(step, ReplayProgress) and step.stage == "asking":
            break
    second = rehearsal.replay({}, days=30)
    assert await anext(second) == ReplayProgress(stage="waiting")
    async with asyncio.timeout(60):
        assert (await rehearsal.library.search("wo bleibt mein paket", "de")).outcome is SearchOutcome.ANSWER
    await first.aclose()
    async with asyncio.timeout(60):
        assert [step async for step in second][-1].asked == 100  # type: ignore[union-attr]


async def test_when_enough_wait_the_next_is_told_to_come_back(rehearsal: DraftReplay) -> None:
    running = [rehearsal.replay({}, days=7) for _ in range(MAX_WAITING)]
    for one in running:
        await anext(one)
    with pytest.raises(TooManyRequests):
        await anext(rehearsal.replay({}, days=7))
    for one in running:
        await one.aclose()
    assert isinstance(await anext(rehearsal.replay({}, days=7)), ReplayProgress)


async def test_a_preview_is_kept_until_something_is_published(db: Database, rehearsal: DraftReplay) -> None:
    changes = {"voucher": content(VOUCHER)}
    first = await rehearsal.try_question(changes, VOUCHER)
    assert (await rehearsal.try_question(changes, "hallo")).after is first.after
    saved = await save_draft(db, "new", content("ganz etwas neues").as_json(), by="anna")
    await publish(db, "new", by="anna", expected_version=saved.version)
    await rehearsal.library.refresh()
    later = await rehearsal.try_question(changes, VOUCHER)
    assert "new" in later.after.by_key
    assert "voucher" in later.after.by_key
