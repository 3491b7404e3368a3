"""The library: the published articles in memory, always the newest, and the answer to "which one is it?"."""

import asyncio
import random
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import batched
from pathlib import Path
from time import monotonic, perf_counter

import structlog

import tracing
from knowledge.articles.answers import ArticleAnswer, RelatedArticle, ShortAnswer
from knowledge.articles.catalogue import CatalogueExtent, PublishedArticle, read_changes, read_extent, read_revision
from knowledge.articles.content import Content
from knowledge.bulk_work import AFTER_FAULT_SECONDS, or_log, step_back
from knowledge.normalization import excerpt
from knowledge.search.article_readings import ArticleReadings
from knowledge.search.blas_threads import limit_blas_threads
from knowledge.search.embedder import Embedder
from knowledge.search.index import Snapshot, empty_snapshot
from knowledge.search.index_entry import IndexEntry, make_entries
from knowledge.search.learning_process import learn_within_bounds
from knowledge.search.model_file import StoredModel, read_model_file, snapshot_fingerprint, write_model_file
from knowledge.search.pipeline import SearchCandidate, SearchResult, embed_or_go_without, search_in
from knowledge.search.related_articles import find_related
from knowledge.search.short_answer import short_answer
from knowledge.search.snapshot_renewal import (
    apply_model,
    build_merged_base,
    is_crowded,
    merge_entries,
    rebase,
    renew_snapshot,
)
from knowledge.search.typing_errors import mend
from knowledge.search.vector_store import STEP, TextForm, Vector, VectorSource
from knowledge.search.waiting_texts import complete_entry, list_waiting, make_texts, read_passages
from store.db import Database
from store.errors import Unavailable
from store.process_memory import give_back_memory
from store.write_feed import OUTAGE

__all__ = ["Library", "SearchCandidate", "SearchResult"]

log = structlog.get_logger()

POLL = 30.0
"""Seconds between looks for a newer revision that nobody announced: an announced change is live within a second."""

MAX_SHORT_QUESTION = 400
"""Characters of a question that a short answer is looked for with."""
_TICK = 0.2
"""Seconds between looks, without the database, whether there is something to embed or to learn."""
_AWAY_TICK = 1.0
_TABLES = ("articles", "knowledge_revision")

_BESIDE_SEARCHES = 8  # a tenth of a second, for which searches wait
_EMBEDDED_IN_A_ROW = 256
_SHOWN_AFTER = 2_048
_LOADED_AT_ONCE = 1_000
_TEXTS_UP_TO = 10_000  # articles whose answers are searched too: with twelve passages, one takes 35 kB
_LEARNT_AT_ONCE = 200
"""Articles up to which the very first start waits for what is learnt: some two seconds."""
_REST_FACTOR = 2.0
_MAX_REST = 0.5  # seconds: a published change is live within a second
_QUIET = 2.0
_REST = 10
_WARM_UP = "Guten Tag, where is it?"


class Library:
    """Searches without locks in a snapshot that is replaced as a whole whenever an article changes.

    What is learnt is kept in `keep_in`, when that is given, for the next start.
    """

    def __init__(self, db: Database, embedder: Embedder, *, keep_in: Path | None = None) -> None:
        self.db = db
        self.embedder = embedder
        limit_blas_threads()
        self._file = keep_in / "learnt.npz" if keep_in else None
        self._snapshot = empty_snapshot()
        self._refreshing = asyncio.Lock()
        self._searchers = ThreadPoolExecutor(2, thread_name_prefix="search")
        self._renewer = ThreadPoolExecutor(1, thread_name_prefix="renew_snapshot")  # an edit doesn't wait for searches
        self._learner = ThreadPoolExecutor(1, thread_name_prefix="learn", initializer=step_back)
        self._news = asyncio.Event()
        self._next_look = 0.0
        self._next_comparison = monotonic() + POLL
        self._vectors = VectorSource(db, embedder)
        self._readings = ArticleReadings(embedder)
        self._doubtful = False
        self._is_away = False
        self._learnt_mark = ""
        self._learnt_revision = -1
        self._learning_took = 0.0
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
        stored = read_model_file(self._file, self.embedder.name) if self._file else None
        if stored:
            self._start_with(stored)
        await self.refresh()
        if stored and stored.mark == await self._mark(self._snapshot):
            self._learnt_mark, self._learnt_revision = stored.mark, self._snapshot.revision
        elif not stored and 0 < len(self._snapshot.entries) <= _LEARNT_AT_ONCE:  # unlearnt, it would be too bold
            await self.learn(awaited=True)
        await self.search(_WARM_UP)
        await self._in_thread(self._learner, give_back_memory)

    def wake(self) -> None:
        """Look for a newer revision now. A hint that gets lost costs `POLL` seconds."""
        self._next_look = 0.0
        self._news.set()

    def doubt(self) -> None:
        """The database was away for somebody: a backup with the same revision may be back, so look soon, and closer."""
        if self._doubtful:
            return  # it will look anyway, and those that fail one after the other are not to hurry it
        self._doubtful = True
        self._next_look = min(self._next_look, monotonic() + _AWAY_TICK)
        self._news.set()

    async def run(self) -> None:
        """Keep up with changes until cancelled: load them, embed what is new, learn anew when it has become quiet.

        Whatever goes wrong, questions are answered from the last good snapshot, and it is tried again.
        """
        behind: asyncio.Task[None] | None = None
        try:
            with self.db.feed.listening(_TABLES, self.wake), self.db.feed.listening((OUTAGE,), self.doubt):
                while True:
                    self._news.clear()
                    if monotonic() >= self._next_look:
                        await self._keep_up_or_log()
                    if behind is None or behind.done():
                        behind = self._start_behind()
                    await self._pause(is_busy=behind is not None)
        finally:
            if behind:
                behind.cancel()

    async def _pause(self, *, is_busy: bool) -> None:
        """Until the next look, or, while something is to be embedded or learnt, for a moment."""
        is_behind = is_busy or self._learnt_revision != self._snapshot.revision
        seconds = _TICK if is_behind else max(0.0, self._next_look - monotonic())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)

    async def refresh(self) -> None:
        """Take over what was published, changed or archived since the last time. Raises `Unavailable`."""
        began = monotonic()
        async with self._refreshing:
            mine = self._snapshot.revision
            shall_compare, self._doubtful = self._shall_compare, False  # a doubt that comes from now on stays
            theirs = await read_revision(self.db)
            anew = theirs < mine or (shall_compare and theirs == mine and await self._is_another())  # a backup is back
            if theirs == mine and not anew:
                return
            changes = await read_changes(self.db, since=-1 if anew else mine)
            made = await self._make(changes.published, at_once=_BESIDE_SEARCHES)
            kept = {} if anew else self._snapshot.by_key
            changed = None if anew else {*made, *changes.gone}
            await self._swap(merge_entries(kept, made, changes.gone), revision=changes.revision, changed=changed)
        await self._vectors.keep()
        if mine >= 0:  # an import publishes without a pause; customers' searches come in between
            await asyncio.sleep(min(_REST_FACTOR * (monotonic() - began), _MAX_REST))

    async def embed(
        self, *, most: int | None = None, step: int = STEP, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Embed what is found by words alone so far: phrasings first, then passages of answers.
        At most `most`, in steps of `step` that are kept. `progress` is told how many are done, and how many there
        are. Raises `Unavailable`.
        """
        missing = list_waiting(self._snapshot)[:most]
        done = 0
        for some in batched(missing, _SHOWN_AFTER):
            known: dict[TextForm, dict[str, Vector]] = {form: {} for form in TextForm}
            for texts in batched(some, step):
                for form, known_in_form in known.items():
                    known_in_form |= await self._vectors.make([text for kind, text in texts if kind is form], form)
                await self._vectors.keep()
                done += len(texts)
                if progress:
                    progress(done, len(missing))
            async with self._refreshing:
                entries = {key: complete_entry(entry, known) for key, entry in self._snapshot.by_key.items()}
                await self._swap(entries, revision=self._snapshot.revision)
                self._learnt_revision = -1  # what has a vector by now teaches

    async def learn(self, *, awaited: bool = False) -> None:
        """Learn from what is published now, and keep it; seconds for some thousand phrasings."""
        taken, started = self._snapshot, perf_counter()
        mark = await self._mark(taken)
        if mark != self._learnt_mark:
            learnt = await learn_within_bounds(taken, self._learner, awaited=awaited)
            async with self._refreshing:
                now = self._snapshot
                self._snapshot = await self._in_thread(self._renewer, lambda: apply_model(now, learnt, since=taken))
            if file := self._file:
                stored = StoredModel(learnt=learnt, mark=mark)
                await self._in_thread(self._learner, lambda: write_model_file(file, stored, self.embedder.name))
            await self._in_thread(self._learner, give_back_memory)
            self._learning_took = perf_counter() - started
            log.info("knowledge.learnt", revision=taken.revision, seconds=round(self._learning_took, 2))
        self._learnt_mark, self._learnt_revision = mark, taken.revision

    async def search(
        self, text: str, language: str | None = None, *, certain: bool = False, limit: int = 10
    ) -> SearchResult:
        """The articles that may answer `text`. `language` is the conversation's, or, when `certain`, the text's own."""
        return (await self.search_many([(text, language)], certain=certain, limit=limit))[0]

    async def search_many(
        self,
        asked: Sequence[tuple[str, str | None]],
        *,
        snapshot: Snapshot | None = None,
        certain: bool = False,
        written: str | None = None,
        limit: int = 10,
    ) -> list[SearchResult]:
        """The same for several texts, each with its language, in one go; `ms` is each text's share of the time.

        `written` is the language that they are in, where it is none of the articles'. Searched in `snapshot`, such as a
        `preview`, else in what is published now.
        """
        inside = snapshot or self._snapshot
        with tracing.span("search", texts=len(asked)):
            return await self._in_thread(
                self._searchers,
                lambda: search_in(inside, self.embedder, asked, certain=certain, written=written, limit=limit),
            )

    async def preview(self, changes: Mapping[str, Content | None], *, learn: bool = True) -> Snapshot:
        """What questions would be answered from if these articles were published so, or archived (`None`).

        Nobody else sees it. With `learn`, all is learnt anew, as it will be some seconds after publishing. Raises
        `Unavailable`.
        """
        now = self._snapshot
        drafts = [
            PublishedArticle(key=key, revision=now.revision, content=content)
            for key, content in changes.items()
            if content
        ]
        made = await self._make(drafts, at_once=sys.maxsize, passages_at_once=sys.maxsize)
        await self._vectors.keep()
        entries = merge_entries(now.by_key, made, changes.keys() - made)
        after = await self._in_thread(self._renewer, lambda: renew_snapshot(now, entries, revision=now.revision))
        if not learn:
            return after
        learnt = await learn_within_bounds(after, self._learner)
        return await self._in_thread(self._learner, lambda: apply_model(after, learnt))

    async def answer(self, key: str, language: str, question: str = "") -> ArticleAnswer | None:
        """The article in `language`, else in a language it has, else `None` when it isn't published.

        With a `question`, its short answer comes along.
        """
        snapshot = self._snapshot
        entry = snapshot.by_key.get(key)
        if entry is None:
            return None
        found, wording = entry.content.in_language(language)
        others = await self._in_thread(self._searchers, lambda: find_related(snapshot, key))
        related = tuple(
            RelatedArticle(key=other.key, question=other.content.in_language(language)[1].question) for other in others
        )
        short = await self.short_answer(key, language, question, snapshot=snapshot) if question else None
        return ArticleAnswer(
            key=key, language=found, question=wording.question, answer=wording.answer, related=related, short=short
        )

    async def short_answer(
        self, key: str, language: str, question: str, *, snapshot: Snapshot | None = None
    ) -> ShortAnswer | None:
        """What of an article `question` is about; None without such an article. Searched in `snapshot` if given."""
        entry = (snapshot or self._snapshot).by_key.get(key)
        if entry is None or not question.strip():
            return None
        found, asked = entry.content.in_language(language)[0], excerpt(question, MAX_SHORT_QUESTION)
        return await self._in_thread(self._searchers, lambda: self._find_short(entry, found, asked))

    async def mend(self, text: str) -> str:
        """`text` with typing errors put right, by the words that the articles have."""
        snapshot = self._snapshot
        return await self._in_thread(self._searchers, lambda: mend(text, snapshot.words))

    def _find_short(self, entry: IndexEntry, language: str, question: str) -> ShortAnswer | None:
        vector = embed_or_go_without(self.embedder, [question])[0]
        return short_answer(question, vector, self._readings.read(entry, language))

    async def _keep_up_or_log(self) -> None:
        self._next_look = monotonic() + POLL * random.uniform(0.8, 1.2)
        try:
            await self.refresh()
            self._is_away = False
        except Unavailable:
            if not self._is_away:
                log.warning("knowledge.database_away", revision=self.revision)
            self._is_away = self._doubtful = True
            self._next_look = monotonic() + _AWAY_TICK
        except Exception:
            log.exception("knowledge.refresh_failed", revision=self.revision)
            await asyncio.sleep(AFTER_FAULT_SECONDS)
            self._next_look = 0.0

    def _start_behind(self) -> asyncio.Task[None] | None:
        """What may take its time, one thing after the other, while changes go on coming in."""
        if is_crowded(self._snapshot):
            return asyncio.create_task(or_log("merging", self._merge()))
        if self._snapshot.incomplete and self._vectors.is_ready:
            return asyncio.create_task(or_log("embedding", self.embed(most=_EMBEDDED_IN_A_ROW, step=_BESIDE_SEARCHES)))
        if self._shall_learn():
            return asyncio.create_task(self._learn_or_log())
        return None

    async def _merge(self) -> None:
        taken = self._snapshot
        base = await self._in_thread(self._learner, lambda: build_merged_base(taken))
        async with self._refreshing:
            now = self._snapshot
            self._snapshot = await self._in_thread(self._renewer, lambda: rebase(now, base))

    async def _make(
        self, articles: Sequence[PublishedArticle], *, at_once: int, passages_at_once: int = 0
    ) -> dict[str, IndexEntry]:
        """Their entries. Phrasings that have no vector yet get one now if they are at most `at_once`."""
        made: dict[str, IndexEntry] = {}
        with_texts = max(len(self._snapshot.entries), len(articles)) <= _TEXTS_UP_TO
        for some in batched(articles, _LOADED_AT_ONCE):
            new = [article for article in some if not self._take_over(article, made)]
            texts = dict.fromkeys(text for article in new for text in article.content.asked)
            known = await self._vectors.load_vectors(texts)
            missing = [text for text in texts if text not in known]
            if len(missing) <= at_once:
                known |= await self._vectors.make(missing)
            told = await self._in_thread(self._renewer, partial(make_texts, new, with_texts=with_texts))
            told = await read_passages(self._vectors, told, at_once=passages_at_once)
            entries = await self._in_thread(self._renewer, partial(make_entries, new, known, told))
            made |= {entry.key: entry for entry in entries}
        return made

    def _take_over(self, article: PublishedArticle, made: dict[str, IndexEntry]) -> bool:
        """Whether the entry that is there says the same; only its revision is new then."""
        there = self._snapshot.by_key.get(article.key)
        if there is None or not there.complete or there.content != article.content:
            return False
        made[article.key] = there if there.revision == article.revision else replace(there, revision=article.revision)
        return True

    async def _swap(
        self, entries: dict[str, IndexEntry], *, revision: int, changed: Collection[str] | None = None
    ) -> None:
        before = self._snapshot
        self._snapshot = await self._in_thread(
            self._renewer, lambda: renew_snapshot(before, entries, revision=revision, changed=changed)
        )
        self._changed_at = monotonic()

    @property
    def _shall_compare(self) -> bool:
        """Whether another database may be behind the same revision, without anybody having said so."""
        return self._doubtful or monotonic() >= self._next_comparison

    async def _is_another(self) -> bool:
        """Whether the database, at the same revision, holds other articles: it was away, and a backup may be back."""
        there = await read_extent(self.db)
        self._next_comparison = monotonic() + POLL / 2  # so that the next look that nobody asked for compares again
        here = CatalogueExtent(
            articles=len(self._snapshot.entries), revisions=sum(e.revision for e in self._snapshot.entries)
        )
        return there != here

    def _shall_learn(self) -> bool:
        """The longer learning takes, the longer it waits for quiet: a tenth of the time at most goes into it."""
        quiet = _QUIET + _REST * max(self._learning_took - _QUIET, 0)
        return self._learnt_revision != self._snapshot.revision and monotonic() - self._changed_at >= quiet

    async def _learn_or_log(self) -> None:
        revision = self._snapshot.revision
        await or_log("learning", self.learn())
        self._learnt_revision = max(self._learnt_revision, revision)  # what failed is tried again after the next edit

    def _start_with(self, stored: StoredModel) -> None:
        learnt = stored.learnt
        self._snapshot = replace(self._snapshot, space=learnt.space, head=learnt.head, calibration=learnt.calibration)

    async def _mark(self, snapshot: Snapshot) -> str:
        return await self._in_thread(self._learner, lambda: snapshot_fingerprint(snapshot, self.embedder.name))

    async def _in_thread[T](self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
