"""The library on a real database: loading, keeping up, answering."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import func, select, update

from knowledge.articles.content import ArticleWording, Content, read_content
from knowledge.articles.drafts import archive, load, publish, save_draft
from knowledge.formats.transfer import import_articles
from knowledge.search.library import Library
from knowledge.search.ranking import SearchOutcome
from knowledge.search.snapshot_renewal import is_crowded
from store.db import Database
from store.models import Embedding, KnowledgeRevision
from tests.fakes.embedder import LetterCounts

#: For an announced change: a second is what a machine without other work takes, an unannounced one may take 30.
MAX_ANNOUNCED_S = 15.0


class CountingEmbedder(LetterCounts):
    """Counts what it is asked to embed."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return super().embed_queries(texts)


def _draft(question: str, *phrasings: str, answer: str = "So.", language: str = "de") -> dict[str, Any]:
    return {"variants": {language: {"question": question, "phrasings": list(phrasings), "answer": answer}}}


async def _publish(db: Database, key: str, draft: dict[str, Any]) -> None:
    saved = await save_draft(db, key, draft, by="anna")
    await publish(db, key, by="anna", expected_version=saved.version)


async def _first(library: Library, text: str) -> str | None:
    found = await library.search(text, "de")
    return found.candidates[0].article if found.candidates else None


@asynccontextmanager
async def _running(library: Library) -> AsyncIterator[Library]:
    task = asyncio.create_task(library.run())
    try:
        yield library
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_revision_is_unknown_before_the_start(db: Database) -> None:
    library = Library(db, LetterCounts())
    assert not library.snapshot.entries
    await library.start()
    assert library.revision == 0
    assert (await library.search("hallo")).outcome is SearchOutcome.NONE


async def test_a_published_article_is_found_and_said(db: Database) -> None:
    await _publish(db, "delivery", _draft("Wo bleibt mein Paket?", "paket nicht da", answer="Unterwegs."))
    library = Library(db, LetterCounts())
    await library.start()
    found = await library.search("wo bleibt mein paket", "de")
    assert (found.language, found.outcome, found.candidates[0].article) == ("de", SearchOutcome.ANSWER, "delivery")
    assert found.candidates[0].question == "Wo bleibt mein Paket?"
    assert found.embedding.shape == (384,)
    assert found.embedding.dtype == np.float32
    answer = await library.answer("delivery", "de")
    assert answer is not None
    assert answer.answer == "Unterwegs."


async def test_an_article_in_another_language_is_said_in_the_one_it_has(db: Database) -> None:
    await _publish(db, "delivery", _draft("Wo bleibt mein Paket?"))
    library = Library(db, LetterCounts())
    await library.start()
    answer = await library.answer("delivery", "en")
    assert answer is not None
    assert answer.language == "de"
    assert await library.answer("nothing", "en") is None


async def test_a_draft_is_seen_by_nobody(db: Database) -> None:
    await save_draft(db, "delivery", _draft("Wo bleibt mein Paket?"), by="anna")
    library = Library(db, LetterCounts())
    await library.start()
    assert await _first(library, "wo bleibt mein paket") is None
    assert await library.answer("delivery", "de") is None


async def test_a_change_in_one_instance_answers_the_next_question_in_another_within_a_second(db: Database) -> None:
    await _publish(db, "delivery", _draft("Wo bleibt mein Paket?"))
    other = Library(db, LetterCounts())
    await other.start()
    async with _running(other):
        await _publish(db, "vouchers", _draft("Wie löse ich einen Gutschein ein?"))
        async with asyncio.timeout(MAX_ANNOUNCED_S):
            while await _first(other, "gutschein einlösen") != "vouchers":
                await asyncio.sleep(0.02)


async def test_an_archived_article_is_gone_within_a_second(db: Database) -> None:
    await _publish(db, "delivery", _draft("Wo bleibt mein Paket?"))
    library = Library(db, LetterCounts())
    await library.start()
    async with _running(library):
        await archive(db, "delivery", by="anna", expected_version=(await load(db, "delivery")).version)
        async with asyncio.timeout(MAX_ANNOUNCED_S):
            while await library.answer("delivery", "de"):
                await asyncio.sleep(0.02)
    assert await _first(library, "wo bleibt mein paket") is None


async def test_only_what_has_changed_is_embedded_again(db: Database) -> None:
    embedder = CountingEmbedder()
    await _publish(db, "delivery", _draft("Wo bleibt mein Paket?", "paket nicht da"))
    library = Library(db, embedder)
    await library.start()
    embedder.texts.clear()
    saved = await save_draft(
        db,
        "delivery",
        _draft("Wo bleibt mein Paket?", "paket nicht da", "sendung verloren"),
        by="anna",
        expected_version=(await load(db, "delivery")).version,
    )
    await publish(db, "delivery", by="anna", expected_version=saved.version)
    await library.refresh()
    assert embedder.texts == ["sendung verloren"]


async def test_a_second_instance_embeds_no_phrasing(db: Database) -> None:
    await _publish(db, "delivery", _draft("Wo bleibt mein Paket?", "paket nicht da"))
    await Library(db, LetterCounts()).start()
    embedder = CountingEmbedder()
    await Library(db, embedder).start()
    assert "paket nicht da" not in embedder.texts
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Embedding)) == 2


async def test_many_new_phrasings_are_found_by_words_until_they_are_embedded(db: Database) -> None:
    embedder = CountingEmbedder()
    library = Library(db, embedder)
    await library.start()
    await _publish(
        db, "delivery", _draft("Wo bleibt mein Paket?", *(f"paket nummer {number}" for number in range(100)))
    )
    embedder.texts.clear()
    await library.refresh()
    assert embedder.texts == []
    assert await _first(library, "wo bleibt mein paket") == "delivery"
    steps: list[tuple[int, int]] = []
    await library.embed(progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (101, 101)
    assert len(steps) > 1
    assert library.snapshot.vectors.any(axis=1).all()


async def test_learning_keeps_what_was_published_meanwhile(db: Database) -> None:
    for key, word in {"delivery": "Paket", "vouchers": "Gutschein", "returns": "Rückgabe"}.items():
        await _publish(db, key, _draft(f"{word}?", f"{word} bitte", f"mein {word}"))
    library = Library(db, LetterCounts())
    await library.start()
    learning = asyncio.create_task(library.learn())
    await _publish(db, "payment", _draft("Rechnung bezahlen?"))
    await library.refresh()
    await learning
    assert library.snapshot.head is not None
    assert await _first(library, "rechnung bezahlen") == "payment"
    assert await _first(library, "wo ist mein gutschein") == "vouchers"


async def test_it_learns_by_itself_when_it_has_become_quiet(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.search.library._QUIET", 0.05)
    for key, word in {"delivery": "Paket", "vouchers": "Gutschein"}.items():
        await _publish(db, key, _draft(f"{word}?", f"{word} bitte", f"mein {word}"))
    library = Library(db, LetterCounts())
    await library.start()
    async with _running(library), asyncio.timeout(60):
        while library.snapshot.head is None:
            await asyncio.sleep(0.02)
    assert set(library.snapshot.head.keys) == {"delivery", "vouchers"}


async def test_a_restored_backup_is_read_anew(db: Database) -> None:
    await _publish(db, "delivery", _draft("Wo bleibt mein Paket?"))
    library = Library(db, LetterCounts())
    await library.start()
    async with db.write() as session:
        await session.execute(update(KnowledgeRevision).values(revision=0))
    await library.refresh()
    assert library.revision == 0
    assert await _first(library, "wo bleibt mein paket") == "delivery"


async def test_related_articles_are_named_in_the_language_of_the_answer(db: Database) -> None:
    lines = b"\n".join(
        b'{"key": "%s", "category": "orders", "variants": {"de": {"question": "Warum ist es so %s?", "answer": "."}, '
        b'"en": {"question": "What about my parcel that is %s?", "answer": "."}}}' % (key, key, key)
        for key in (b"late", b"lost", b"wet")
    )
    await import_articles(db, LetterCounts(), io.BytesIO(lines), by="import")
    library = Library(db, LetterCounts())
    await library.start()
    answer = await library.answer("late", "en")
    assert answer is not None
    assert {(related.key, related.question) for related in answer.related} == {
        ("lost", "What about my parcel that is lost?"),
        ("wet", "What about my parcel that is wet?"),
    }


async def test_a_given_language_is_believed_when_it_is_certain(db: Database) -> None:
    library = Library(db, LetterCounts())
    await library.start()
    assert (await library.search("where is my parcel", "de")).language == "en"
    assert (await library.search("where is my parcel", "de", certain=True)).language == "de"


async def test_a_preview_answers_as_if_published_and_nobody_else_sees_it(db: Database) -> None:
    for key, word in {"delivery": "Paket", "vouchers": "Gutschein", "returns": "Rückgabe"}.items():
        await _publish(db, key, _draft(f"{word}?", f"{word} bitte", f"mein {word}"))
    library = Library(db, LetterCounts())
    await library.start()
    draft = Content(
        variants={"de": ArticleWording(question="Rechnung bezahlen?", answer="Ja.", phrasings=("rechnung",))}
    )
    preview = await library.preview({"payment": draft, "vouchers": None})
    payment, vouchers = await library.search_many([("rechnung bezahlen", "de"), ("gutschein", "de")], snapshot=preview)
    assert payment.candidates[0].article == "payment"
    assert "vouchers" not in [candidate.article for candidate in vouchers.candidates]
    assert preview.head is not None
    assert "payment" in preview.head.keys
    assert await _first(library, "gutschein") == "vouchers"
    assert await library.answer("payment", "de") is None


async def test_a_preview_gives_what_customers_get_once_it_is_published_and_learnt(db: Database) -> None:
    for key, word in {"delivery": "Paket", "vouchers": "Gutschein"}.items():
        await _publish(db, key, _draft(f"{word}?", f"{word} bitte", f"mein {word}"))
    library = Library(db, LetterCounts())
    await library.start()
    draft = {"question": "Rechnung bezahlen?", "phrasings": ["rechnung", "überweisung"], "answer": "Ja."}
    preview = await library.preview({"payment": read_content({"variants": {"de": draft}})})
    asked = [("rechnung", "de"), ("wo ist mein paket", "de"), ("gutschein überweisen", "de")]
    before = await library.search_many(asked, snapshot=preview)
    await _publish(db, "payment", {"variants": {"de": draft}})
    await library.refresh()
    await library.learn()
    after = await library.search_many(asked)
    assert [found.candidates for found in before] == [found.candidates for found in after]


async def test_a_preview_without_learning_takes_what_is_known_now(db: Database) -> None:
    await _publish(db, "delivery", _draft("Wo bleibt mein Paket?", "paket nicht da"))
    library = Library(db, LetterCounts())
    await library.start()
    draft = Content(variants={"de": ArticleWording(question="Rechnung bezahlen?", answer="Ja.")})
    preview = await library.preview({"payment": draft}, learn=False)
    (found,) = await library.search_many([("rechnung bezahlen", "de")], snapshot=preview)
    assert found.candidates[0].article == "payment"
    assert preview.head is None


async def test_a_hint_makes_a_change_live_without_waiting_for_the_next_look(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.search.library.POLL", 60.0)
    library = Library(db, LetterCounts())
    await library.start()
    async with _running(library):
        await asyncio.sleep(0)
        await _publish(db, "delivery", _draft("Wo bleibt mein Paket?"))
        library.wake()
        async with asyncio.timeout(MAX_ANNOUNCED_S):
            while "delivery" not in library.snapshot.by_key:
                await asyncio.sleep(0.01)


async def test_where_phrasings_decide_an_answer_that_changes_leaves_nothing_to_learn(db: Database) -> None:
    for key, word in {"delivery": "Paket", "vouchers": "Gutschein"}.items():
        await _publish(db, key, _draft(f"{word}?", f"{word} bitte", f"mein {word}", f"{word} fehlt"))
    library = Library(db, LetterCounts())
    await library.start()
    await library.learn()
    head = library.snapshot.head
    version = (await load(db, "delivery")).version
    new = _draft("Paket?", "Paket bitte", "mein Paket", "Paket fehlt", answer="Anders.")
    saved = await save_draft(db, "delivery", new, by="anna", expected_version=version)
    await publish(db, "delivery", by="anna", expected_version=saved.version)
    await library.refresh()
    await library.learn()
    assert library.snapshot.head is head
    answer = await library.answer("delivery", "de")
    assert answer is not None
    assert answer.answer == "Anders."


async def test_what_an_answer_says_is_found_by_words_at_once_and_learnt_once_it_is_embedded(db: Database) -> None:
    answer = "Ruderboote kosten 12 Euro. Tretboote kosten 16 Euro. Schwimmwesten liegen in der Kiste."
    await _publish(db, "boats", _draft("Verleih am Steg", answer=answer))
    await _publish(db, "kitchen", _draft("Abendessen", answer="Die Küche schließt um neun. Montags gibt es Suppe."))
    library = Library(db, LetterCounts())
    await library.start()
    assert len(library.snapshot.waiting_passages) == 5
    found = await library.search("was kostet ein tretboot", "de")
    assert found.candidates[0].article == "boats"
    head = library.snapshot.head
    await library.embed()
    await library.learn()
    assert library.snapshot.head is not head
    again = Library(db, LetterCounts())
    await again.start()
    assert again.snapshot.waiting_passages == ()  # kept, and read back


async def test_a_running_library_merges_embeds_and_learns_among_many_articles(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.search.snapshot_renewal.EXACT_UP_TO", 10)
    monkeypatch.setattr("knowledge.search.snapshot_renewal.MERGE_FROM", 5)
    monkeypatch.setattr("knowledge.search.library._QUIET", 0.05)
    library = Library(db, LetterCounts())
    await library.start()

    def file(numbers: range) -> io.BytesIO:
        line = (
            b'{"key": "a%d", "variants": {"de": {"question": "Frage %d?", "phrasings": ["sache %d"], "answer": "."}}}'
        )
        return io.BytesIO(b"\n".join(line % (number, number, number) for number in numbers))

    async with _running(library), asyncio.timeout(30):
        await import_articles(db, LetterCounts(), file(range(40)), by="import")
        while len(library.snapshot.entries) < 40 or library.snapshot.head is None:
            await asyncio.sleep(0.02)
        await import_articles(db, LetterCounts(), file(range(40, 60)), by="import")
        while len(library.snapshot.entries) < 60 or is_crowded(library.snapshot):
            await asyncio.sleep(0.02)
        assert await _first(library, "sache 55") == "a55"
        assert await _first(library, "sache 5") == "a5"
