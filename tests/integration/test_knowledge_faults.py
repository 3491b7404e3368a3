"""What happens to the library when something under it fails: the last good snapshot goes on answering."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from knowledge.formats.transfer import import_articles
from knowledge.search.library import Library
from knowledge.search.model_file import read_model_file
from knowledge.search.ranking import SearchOutcome
from store.db import Database
from store.errors import Unavailable
from store.models import Article, Embedding, KnowledgeRevision, Variant
from tests.fakes.embedder import LetterCounts

LINES = b"""
{"key": "delivery", "variants": {"de": {"question": "Wo bleibt mein Paket?", "phrasings": ["paket nicht da", "paket weg"], "answer": "."}}}
{"key": "vouchers", "variants": {"de": {"question": "Gutschein?", "phrasings": ["gutschein bitte", "mein gutschein"], "answer": "."}}}
""".strip()  # noqa: E501 (lines of a file)
NEW = b'{"key": "payment", "variants": {"de": {"question": "Rechnung bezahlen?", "answer": "."}}}'


class FailingEmbedder(LetterCounts):
    """Fails on texts with a certain word, or on all."""

    def __init__(self, word: str = "") -> None:
        self.word: str | None = word

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.word is not None and any(self.word in text for text in texts):
            raise RuntimeError("no memory")
        return super().embed_queries(texts)


@pytest.fixture(autouse=True)
async def articles(db: Database) -> None:
    await import_articles(db, LetterCounts(), io.BytesIO(LINES), by="anna")


async def _first(library: Library, text: str) -> str | None:
    found = await library.search(text, "de")
    return found.candidates[0].article if found.candidates else None


async def _until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.fixture
async def library(db: Database) -> AsyncIterator[Library]:
    """A library that runs."""
    there = Library(db, LetterCounts())
    await there.start()
    task = asyncio.create_task(there.run())
    yield there
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_while_the_database_is_away_questions_are_answered_and_afterwards_changes_come_in(
    db: Database, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    async def away(_: Database) -> int:
        asked.append(1)
        raise Unavailable("The database is away.")

    with monkeypatch.context() as broken:
        broken.setattr("knowledge.search.library.read_revision", away)
        await import_articles(db, LetterCounts(), io.BytesIO(NEW), by="anna")
        library.wake()
        await _until(lambda: len(asked) > 1)
        assert await _first(library, "wo bleibt mein paket") == "delivery"
        assert "payment" not in library.snapshot.by_key
    await _until(lambda: "payment" in library.snapshot.by_key)


async def test_a_backup_with_the_same_revision_is_noticed_after_an_outage(
    db: Database, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    async def away(_: Database) -> int:
        asked.append(1)
        raise Unavailable("The database is away.")

    with monkeypatch.context() as broken:
        broken.setattr("knowledge.search.library.read_revision", away)
        await _meet_outage(db)  # the library asks seldom by itself, but hears of everybody's outages
        await _until(lambda: asked)
        await _put_back_without_vouchers(db)
    await _until(lambda: "vouchers" not in library.snapshot.by_key)
    assert await _first(library, "wo bleibt mein paket") == "delivery"


async def test_a_backup_put_back_before_the_library_asked_is_noticed_when_somebody_met_the_outage(
    db: Database, library: Library
) -> None:
    await _put_back_without_vouchers(db)
    await _meet_outage(db)
    await _until(lambda: "vouchers" not in library.snapshot.by_key)


@pytest.mark.postgres_only
async def test_a_backup_with_the_same_revision_is_noticed_when_the_link_is_made_anew(
    db: Database, library: Library
) -> None:
    link = db.make_link()
    assert link is not None
    linking = asyncio.create_task(link.run())
    await _until(lambda: link.is_linked)
    await asyncio.sleep(1)  # the look that the first link brings is over
    assert "vouchers" in library.snapshot.by_key
    await _put_back_without_vouchers(db)
    async with db.read() as session:
        ended = await session.scalars(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
            )
        )
        assert list(ended) == [True]
    await _until(lambda: "vouchers" not in library.snapshot.by_key)
    linking.cancel()
    await asyncio.gather(linking, return_exceptions=True)


async def _put_back_without_vouchers(db: Database) -> None:
    """Another state of the same revision, of which no program tells."""
    other = create_async_engine(db.url)
    async with other.begin() as connection:
        await connection.execute(update(Article).where(Article.key == "vouchers").values(in_window=False))
    await other.dispose()


async def _meet_outage(db: Database) -> None:
    """Somebody's connection breaks."""
    with pytest.raises(Unavailable):
        async with db.read():
            raise ConnectionResetError


async def test_an_older_backup_is_taken_over_as_it_is(db: Database, library: Library) -> None:
    async with db.write() as session:
        await session.execute(update(KnowledgeRevision).values(revision=0))
        await session.execute(update(Variant).where(Variant.article_key == "vouchers").values(question="Rabatt?"))
    await _until(lambda: library.revision == 0)
    assert library.snapshot.by_key["vouchers"].phrasings[0] == "Rabatt?"


async def test_an_unforeseen_fault_while_loading_does_not_end_the_library(
    db: Database, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    async def broken_row(*_: object, **__: object) -> None:
        asked.append(1)
        raise ValueError("not JSON")

    monkeypatch.setattr("knowledge.search.library.AFTER_FAULT_SECONDS", 0.05)
    with monkeypatch.context() as broken:
        broken.setattr("knowledge.search.library.read_changes", broken_row)
        await import_articles(db, LetterCounts(), io.BytesIO(NEW), by="anna")
        await _until(lambda: asked)
        assert await _first(library, "wo bleibt mein paket") == "delivery"
    await _until(lambda: "payment" in library.snapshot.by_key)


async def test_an_embedder_that_fails_leaves_words_to_find_the_article(db: Database) -> None:
    embedder = FailingEmbedder()
    library = Library(db, embedder)
    await library.start()
    found = await library.search("paket nicht da", "de")
    assert (found.candidates[0].article, found.outcome) == ("delivery", SearchOutcome.ANSWER)
    assert not found.embedding.any()
    await import_articles(db, LetterCounts(), io.BytesIO(NEW.replace(b"bezahlen", b"zahlen")), by="anna")
    await library.refresh()
    assert await _first(library, "rechnung zahlen") == "payment"


async def test_one_text_that_cannot_be_embedded_keeps_no_other_from_it(db: Database) -> None:
    async with db.write() as session:
        await session.execute(delete(Embedding))
    library = Library(db, FailingEmbedder("weg"))
    await library.start()
    assert library.snapshot.waiting == ("paket weg",)
    assert await _first(library, "paket weg") == "delivery"
    await library.learn()
    assert library.snapshot.head is not None


async def test_an_embedder_that_recovers_is_asked_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.search.vector_store._REST", 0.05)
    async with db.write() as session:
        await session.execute(delete(Embedding))
    embedder = FailingEmbedder()
    library = Library(db, embedder)
    await library.start()
    assert len(library.snapshot.waiting) == 6
    embedder.word = None
    task = asyncio.create_task(library.run())
    await _until(lambda: not library.snapshot.waiting)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Embedding)) == 6


async def test_a_restart_knows_at_once_what_was_learnt(db: Database, tmp_path: Path) -> None:
    first = Library(db, LetterCounts(), keep_in=tmp_path)
    await first.start()
    await first.learn()
    again = Library(db, LetterCounts(), keep_in=tmp_path)
    await again.start()
    assert again.snapshot.head is not None
    before, after = [(await each.search("mein paket ist weg", "de")).candidates for each in (first, again)]
    assert before == after
    assert first.snapshot.head is not None
    np.testing.assert_array_equal(again.snapshot.head.weights, first.snapshot.head.weights)
    assert not again._shall_learn()


async def test_what_was_learnt_from_other_phrasings_is_used_and_learnt_anew(db: Database, tmp_path: Path) -> None:
    first = Library(db, LetterCounts(), keep_in=tmp_path)
    await first.start()
    await first.learn()
    await import_articles(db, LetterCounts(), io.BytesIO(NEW), by="anna")
    again = Library(db, LetterCounts(), keep_in=tmp_path)
    await again.start()
    assert again.snapshot.head is not None
    assert "payment" not in again.snapshot.head.keys
    assert await _first(again, "rechnung bezahlen") == "payment"
    await again.learn()
    assert "payment" in again.snapshot.head.keys


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04 and no more"])
async def test_a_file_that_is_damaged_is_passed_over(db: Database, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "home" / "learnt.npz"
    file.parent.mkdir()
    file.write_bytes(content)
    library = Library(db, LetterCounts(), keep_in=file.parent)
    await library.start()
    assert await _first(library, "wo bleibt mein paket") == "delivery"
    await library.learn()
    assert file.stat().st_size > 1000
    assert await asyncio.to_thread(os.listdir, file.parent) == ["learnt.npz"]


async def test_a_file_of_another_format_or_model_is_passed_over(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Library(db, LetterCounts(), keep_in=tmp_path)
    await first.start()
    await first.learn()
    monkeypatch.setattr("knowledge.search.model_file.FORMAT", 999)
    assert read_model_file(tmp_path / "learnt.npz", LetterCounts.name) is None
    again = Library(db, LetterCounts(), keep_in=tmp_path)
    await again.start()
    assert again.snapshot.head is not None, "learnt anew"


async def test_a_folder_that_cannot_be_written_to_does_no_harm(db: Database, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    library = Library(db, LetterCounts(), keep_in=tmp_path / "taken")
    await library.start()
    await library.learn()
    assert library.snapshot.head is not None


_IMPORT = """
import asyncio, sys, time
from store.db import Database
from knowledge.formats.transfer import import_articles
from tests.fakes.embedder import LetterCounts

class Slow(LetterCounts):
    def embed_queries(self, texts):
        time.sleep(0.05)
        return super().embed_queries(texts)

async def main():
    with open(sys.argv[2], "rb") as file:
        await import_articles(Database(sys.argv[1]), Slow(), file, by="anna")

asyncio.run(main())
"""


async def test_an_import_that_is_killed_goes_on_where_it_stopped(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    lines = [
        b'{"key": "a%d", "variants": {"de": {"question": "Frage %d?", "phrasings": ["sache %d"], "answer": "."}}}'
        % (number, number, number)
        for number in range(1000)
    ]
    file.write_bytes(b"\n".join(lines))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _IMPORT, db.url, str(file), cwd=Path(__file__).parents[2]
    )
    try:
        async with asyncio.timeout(60):
            while await _kept(db) < 406:  # six were there
                assert process.returncode is None
                await asyncio.sleep(0.02)
    finally:
        process.kill()
        await process.wait()
    kept = await _kept(db)
    assert kept < 2006
    embedder = _EmbedCounter()
    done = await import_articles(db, embedder, io.BytesIO(file.read_bytes()), by="anna")
    assert embedder.count <= 2006 - kept + 32
    assert done.read == 1000
    assert done.new < 1000
    assert await _kept(db) == 2006
    library = Library(db, LetterCounts())
    await library.start()
    assert len(library.snapshot.entries) == 1002
    assert await _first(library, "sache 777") == "a777"


class _EmbedCounter(LetterCounts):
    count = 0

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.count += len(texts)
        return super().embed_queries(texts)


async def _kept(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(Embedding)) or 0
