"""The library: the published articles in memory, always the newest, and the answer to "which one is it?"."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched
from time import monotonic, perf_counter

import numpy as np
import structlog
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from helpdesk.db import Database
from helpdesk.errors import Unavailable
from knowledge.answers import Answer, RelatedArticle
from knowledge.catalogue import Changes, read_changes, read_revision
from knowledge.embedder import Embedder
from knowledge.head import Head, train_head
from knowledge.index import Entry, Snapshot, build_snapshot, make_entry
from knowledge.language import detect
from knowledge.memory import Vector, recall, remember
from knowledge.ranking import Outcome, Ranking, rank
from knowledge.relations import find_related
from knowledge.space import Space, fit_space, plain_space

log = structlog.get_logger()

POLL = 0.3
"""Seconds between looks for a newer revision: a published change is live within a second."""

_AT_ONCE = 32
_QUIET = 2.0
_WARM_UP = "Guten Tag, where is it?"
_DEFAULT_LANGUAGE = "de"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that may answer, by its question in the asker's language (or one that the article has)."""

    article: str
    confidence: float
    question: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What is known about a message before the bot sees it. `language` is `None` when it could be any."""

    language: str | None
    outcome: Outcome
    candidates: tuple[Candidate, ...]
    embedding: NDArray[np.float32]
    ms: float


class Library:
    """Searches without locks in a snapshot that is replaced as a whole whenever an article changes."""

    def __init__(self, db: Database, embedder: Embedder) -> None:
        self.db = db
        self.embedder = embedder
        threadpool_limits(limits=1, user_api="blas")  # our tables are small: threads wait for each other (2 s → 16 s)
        self._snapshot = build_snapshot((), revision=-1, space=plain_space())
        self._refreshing = asyncio.Lock()
        self._searchers = ThreadPoolExecutor(2, thread_name_prefix="search")
        self._learner = ThreadPoolExecutor(1, thread_name_prefix="learn")
        self._learnt_revision = -1
        self._changed_at = monotonic()

    @property
    def revision(self) -> int | None:
        """The revision of the knowledge base that questions are answered from; `None` before `start`."""
        return None if self._snapshot.revision < 0 else self._snapshot.revision

    @property
    def snapshot(self) -> Snapshot:
        """What questions are answered from right now."""
        return self._snapshot

    async def start(self) -> None:
        """Load what is published, and warm up, so that the first customer doesn't wait. Raises `Unavailable`."""
        await self.refresh()
        await self.search(_WARM_UP)

    async def run(self) -> None:
        """Keep up with changes until cancelled: load them, embed what is new, learn anew when it has become quiet."""
        learning: asyncio.Task[None] | None = None
        try:
            while True:
                try:
                    await self.refresh()
                    await self.embed(most=_AT_ONCE)
                except Unavailable:
                    log.warning("knowledge.database_away")
                if self._shall_learn() and (learning is None or learning.done()):
                    learning = asyncio.create_task(self._learn_or_log())
                await asyncio.sleep(POLL)
        finally:
            if learning:
                learning.cancel()

    async def refresh(self) -> None:
        """Take over what was published, changed or archived since the last time. Raises `Unavailable`."""
        async with self._refreshing:
            mine = self._snapshot.revision
            theirs = await read_revision(self.db)
            if theirs == mine:
                return
            changes = await read_changes(self.db, since=mine if theirs > mine else -1)  # lower: a restored backup
            known = await recall(self.db, self.embedder.name, _asked(changes))
            missing = [text for text in _asked(changes) if text not in known]
            if len(missing) <= _AT_ONCE:
                known |= await self._embed_and_keep(missing)
            kept = {} if theirs < mine else dict(self._snapshot.by_key)
            await self._swap(_merge(kept, changes, known), revision=changes.revision)

    async def embed(self, *, most: int | None = None, progress: Callable[[int, int], None] | None = None) -> None:
        """Embed phrasings that are found by words alone so far; at most `most`, in steps that are kept one by one.

        `progress` is told how many are done, and how many there are. Raises `Unavailable`.
        """
        missing = _waiting(self._snapshot)[:most]
        known: dict[str, Vector] = {}
        for texts in batched(missing, _AT_ONCE):
            known |= await self._embed_and_keep(list(texts))
            if progress:
                progress(len(known), len(missing))
        if known:
            async with self._refreshing:
                entries = {entry.key: _complete(entry, known) for entry in self._snapshot.entries}
                await self._swap(entries, revision=self._snapshot.revision)

    async def learn(self) -> None:
        """Fit the space and train the head on what is published now; seconds for some thousand phrasings."""
        taken = self._snapshot
        space, head = await self._in_thread(self._learner, lambda: _learn(taken))
        async with self._refreshing:
            now = self._snapshot
            self._snapshot = await self._in_thread(
                self._searchers, lambda: build_snapshot(now.entries, revision=now.revision, space=space, head=head)
            )
            self._learnt_revision = taken.revision

    async def search(self, text: str, language: str | None = None, *, certain: bool = False, limit: int = 10) -> Found:
        """The articles that may answer `text`. `language` is the conversation's, or, when `certain`, the text's own."""
        return (await self.search_many([(text, language)], certain=certain, limit=limit))[0]

    async def search_many(
        self, asked: Sequence[tuple[str, str | None]], *, certain: bool = False, limit: int = 10
    ) -> list[Found]:
        """The same for several texts, each with its language, in one go; `ms` is each text's share of the time."""
        snapshot = self._snapshot
        return await self._in_thread(self._searchers, lambda: _search(self.embedder, snapshot, asked, certain, limit))

    async def answer(self, key: str, language: str) -> Answer | None:
        """The article in `language`, else in a language it has, else `None` when it isn't published."""
        snapshot = self._snapshot
        entry = snapshot.by_key.get(key)
        if entry is None:
            return None
        found, wording = entry.content.in_language(language)
        related = tuple(
            RelatedArticle(key=other.key, question=other.content.in_language(language)[1].question)
            for other in find_related(snapshot, key)
        )
        return Answer(key=key, language=found, question=wording.question, answer=wording.answer, related=related)

    async def _embed_and_keep(self, texts: Sequence[str]) -> dict[str, Vector]:
        if not texts:
            return {}
        vectors = await self._in_thread(self._searchers, lambda: self.embedder.embed_queries(texts))
        return dict(await remember(self.db, self.embedder.name, texts, vectors))

    async def _swap(self, entries: dict[str, Entry], *, revision: int) -> None:
        before = self._snapshot
        self._snapshot = await self._in_thread(
            self._searchers,
            lambda: _rebuild(before, entries.values(), revision),
        )
        self._changed_at = monotonic()

    def _shall_learn(self) -> bool:
        changed = self._learnt_revision != self._snapshot.revision
        return changed and monotonic() - self._changed_at >= _QUIET and not _waiting(self._snapshot)

    async def _learn_or_log(self) -> None:
        started = perf_counter()
        try:
            await self.learn()
        except Exception:
            self._learnt_revision = self._snapshot.revision
            log.exception("knowledge.learning_failed", revision=self._snapshot.revision)
        else:
            log.info("knowledge.learnt", revision=self._learnt_revision, seconds=round(perf_counter() - started, 2))

    async def _in_thread[T](self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)


def _search(
    embedder: Embedder, snapshot: Snapshot, asked: Sequence[tuple[str, str | None]], certain: bool, limit: int
) -> list[Found]:
    started = perf_counter()
    texts = [text for text, _ in asked]
    languages = [spoken if certain and spoken else detect(text, spoken).language for text, spoken in asked]
    vectors = embedder.embed_queries(texts)
    rankings = rank(snapshot, texts, vectors, limit)
    ms = (perf_counter() - started) * 1000 / max(len(texts), 1)
    return [
        _found(snapshot, ranking, vector, language, spoken, ms)
        for ranking, vector, language, (_, spoken) in zip(rankings, vectors, languages, asked, strict=True)
    ]


def _found(
    snapshot: Snapshot, ranking: Ranking, vector: Vector, language: str | None, spoken: str | None, ms: float
) -> Found:
    shown_in = language or spoken or _DEFAULT_LANGUAGE
    candidates = tuple(
        Candidate(
            article=ranked.article,
            confidence=ranked.confidence,
            question=snapshot.by_key[ranked.article].content.in_language(shown_in)[1].question,
        )
        for ranked in ranking.candidates
    )
    return Found(language=language, outcome=ranking.outcome, candidates=candidates, embedding=vector, ms=round(ms, 2))


def _rebuild(before: Snapshot, entries: Collection[Entry], revision: int) -> Snapshot:
    """A head belongs to the space that it was trained in; while there is none, the space may follow the articles."""
    vectors = [entry.vectors for entry in entries]
    space = before.space if before.head or not vectors else fit_space(np.concatenate(vectors))
    return build_snapshot(entries, revision=revision, space=space, head=before.head)


def _learn(snapshot: Snapshot) -> tuple[Space, Head | None]:
    space = fit_space(snapshot.vectors)
    return space, train_head(space.place(snapshot.vectors), snapshot.owners, snapshot.keys)


def _asked(changes: Changes) -> list[str]:
    return list(dict.fromkeys(text for article in changes.published for text in article.content.asked))


def _merge(kept: dict[str, Entry], changes: Changes, known: dict[str, Vector]) -> dict[str, Entry]:
    changed = {
        article.key: make_entry(article.key, article.revision, article.content, known) for article in changes.published
    }
    return {key: entry for key, entry in (kept | changed).items() if key not in changes.gone}


def _waiting(snapshot: Snapshot) -> list[str]:
    waiting = (entry for entry in snapshot.entries if not entry.vectors.any(axis=1).all())
    return list(dict.fromkeys(text for entry in waiting for text in _waiting_in(entry)))


def _waiting_in(entry: Entry) -> Iterable[str]:
    there = entry.vectors.any(axis=1)
    return (text for text, known in zip(entry.phrasings, there, strict=True) if not known)


def _complete(entry: Entry, known: dict[str, Vector]) -> Entry:
    if not any(text in known for text in _waiting_in(entry)):
        return entry
    have = dict(zip(entry.phrasings, entry.vectors, strict=True)) | known
    return make_entry(entry.key, entry.revision, entry.content, have)
