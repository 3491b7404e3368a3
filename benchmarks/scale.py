"""What a large knowledge base costs: `python -m benchmarks.scale 100000`. Start, search, edits and memory.

The articles are made of our sample shop's (`benchmarks/generated_articles.py`) and stand in a real database. Only the
embedding is left out: their vectors are mixed from real ones.
"""

import asyncio
import resource
import tempfile
from collections.abc import Sequence
from itertools import batched, islice
from pathlib import Path
from time import perf_counter, thread_time

import click
from sqlalchemy import insert

from benchmarks.generated_articles import MixedEmbedder, make_articles, make_questions
from benchmarks.measures import percentile
from knowledge.articles.content import Content
from knowledge.articles.publishing import publish_all, raise_revision
from knowledge.search.embedder import Vectors
from knowledge.search.index import Snapshot, build_snapshot
from knowledge.search.library import Library
from knowledge.search.pipeline import rank_near
from knowledge.search.ranking import rank
from knowledge.search.vector_store import store_vectors
from store.db import Database
from store.migrate import upgrade_async
from store.models import Article, ArticleState, Variant

QUESTIONS = 500
EDITS = 30
AT_ONCE = 500


@click.command()
@click.argument("articles", type=int, default=100_000)
def main(articles: int) -> None:
    """Write ARTICLES articles into SQLite, start a library on them, ask, edit, and report."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(articles, Database(f"sqlite+aiosqlite:///{Path(folder) / 'scale.db'}")))


async def _measure(articles: int, db: Database) -> None:
    embedder = MixedEmbedder()
    embedder.prepare()
    try:
        await upgrade_async(db)
        with _Stage(f"{articles:,} articles: written into the database"):
            await fill(db, embedder, articles)
        before = _memory()
        library = Library(db, embedder)
        with _Stage("start"):
            await library.start()
        phrasings = sum(len(entry.phrasings) for entry in library.snapshot.entries)
        print(f"  {phrasings:,} phrasings, {_memory() - before:,.0f} MB more than before the start (peak)")
        with _Stage("learning"):
            await library.learn()
        _ask(library.snapshot, embedder, articles)
        await _edit(library, db)
    finally:
        await db.close()


async def fill(db: Database, embedder: MixedEmbedder, articles: int) -> None:
    """Published articles and their vectors, straight into the tables: the import has a benchmark of its own."""
    for some in batched(make_articles(articles), AT_ONCE):
        texts = list(dict.fromkeys(text for _, content in some for text in content.asked))
        await store_vectors(db, embedder.name, texts, embedder.embed_queries(texts))
        async with db.write() as session:
            revision = await raise_revision(session)
            published = {"state": ArticleState.PUBLISHED, "revision": revision}
            await session.execute(insert(Article.__table__), [{"key": key, **published} for key, _ in some])
            await session.execute(
                insert(Variant.__table__),
                [
                    {"article_key": key, "language": language, **wording.as_json()}
                    for key, content in some
                    for language, wording in content.variants.items()
                ],
            )


def _ask(snapshot: Snapshot, embedder: MixedEmbedder, articles: int) -> None:
    asked = make_questions(QUESTIONS, articles)
    vectors = embedder.embed_queries([text for _, text, _ in asked])
    firsts, took, worked = list[str](), list[float](), list[float]()
    for (_, text, _), vector in zip(asked, vectors, strict=True):
        started, working = perf_counter(), thread_time()
        (ranking,) = rank_near(snapshot, [text], vector[None])
        took.append(perf_counter() - started)
        worked.append(thread_time() - working)
        firsts.append(ranking.candidates[0].article)
    right = sum(first == key for first, (*_, key) in zip(firsts, asked, strict=True))
    print(f"  search without the embedding: {_spread(took)}; right article first: {right / len(asked):.1%}")
    print(f"  the processor's share of it, which other programs don't change: {_spread(worked)}")
    if snapshot.finder is not None:
        _compare(snapshot, [text for _, text, _ in asked[:50]], vectors[:50], firsts[:50])


def _compare(
    snapshot: Snapshot,
    texts: Sequence[str],
    vectors: Vectors,
    firsts: Sequence[str],
) -> None:
    """Against every article judged in full, which takes gigabytes: with at most 25,000 of them."""
    if len(snapshot.entries) > 25_000:
        return
    full = build_snapshot(
        snapshot.entries,
        revision=0,
        space=snapshot.space,
        head=snapshot.head,
        calibration=snapshot.calibration,
        rarity=snapshot.rarity,
    )
    exact = [
        rank(full, [text], vector[None])[0].candidates[0].article for text, vector in zip(texts, vectors, strict=True)
    ]
    same = sum(one == other for one, other in zip(exact, firsts, strict=True))
    print(f"  the same first place as with every article judged in full: {same} of {len(exact)}")


async def _edit(library: Library, db: Database) -> None:
    took = list[float]()
    for key, content in islice(make_articles(EDITS), EDITS):
        changed = Content(category="edited", variants=content.variants)
        async with db.write() as session:
            await publish_all(session, {key: changed}, "benchmark")
        started = perf_counter()
        await library.refresh()
        took.append(perf_counter() - started)
        assert library.snapshot.by_key[key].content.category == "edited"
    print(f"  from stored to searchable, one edit: {_spread(took)}")


def _spread(seconds: Sequence[float]) -> str:
    p50, p95, worst = (percentile(seconds, share) * 1000 for share in (0.5, 0.95, 1))
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, max {worst:.1f} ms"


def _memory() -> float:
    """The most that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class _Stage:
    """Says what is done and how long it took."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.started = perf_counter()

    def __exit__(self, *_: object) -> None:
        print(f"{self.what}: {perf_counter() - self.started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
