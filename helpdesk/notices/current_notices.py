"""The notices that are told at this moment: kept in memory, the same on every instance."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from helpdesk.notices.notice import Notice
from helpdesk.notices.notice_store import NoticeStore, NoticeView
from helpdesk.notices.topic_match import MatchableNotice, is_concerned
from knowledge.search.embedder import Embedder, Vectors, e5_alone
from knowledge.search.library import Library
from knowledge.search.pipeline import SearchResult
from store.errors import Unavailable
from store.freshness import Freshness
from store.models import now

log = structlog.get_logger()

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
FRESH_FOR = 60.0
"""Seconds until a change is looked for of which nothing was heard."""


class CurrentNotices:
    """What is told now. A change that is announced holds at once; beginning and end need no look at the database."""

    def __init__(self, store: NoticeStore, library: Library, *, clock: Callable[[], datetime] = now) -> None:
        self.store = store
        self._library = library
        self._embedder: Embedder = library.embedder
        self._clock = clock
        self._known: tuple[MatchableNotice, ...] | None = None
        self._is_fresh = Freshness(store.db.feed, ("notices",), seconds=FRESH_FOR)
        self._reading = asyncio.Lock()

    async def look(self) -> tuple[NoticeView, ...]:
        """Those that are told; with a database that is away, as far as they were known."""
        return tuple(one.view for one in await self._look())

    async def find_concerned(self, text: str, found: SearchResult | None) -> tuple[NoticeView, ...]:
        """Those that a message is about. `found` is what the articles have for it, if it was searched."""
        told = await self._look()
        if not told or not text:
            return ()
        categories = self._categories(found)
        return tuple(one.view for one in told if is_concerned(one, text, found, categories))

    def _categories(self, found: SearchResult | None) -> Mapping[str, str | None]:
        best = next(iter(found.candidates), None) if found else None
        entry = self._library.snapshot.by_key.get(best.article) if best else None
        return {entry.key: entry.content.category} if entry else {}

    async def _look(self) -> tuple[MatchableNotice, ...]:
        if self._known is None or not self._is_fresh:
            async with self._reading:
                if self._known is None or not self._is_fresh:
                    await self._read()
        at = self._clock()
        return tuple(one for one in self._known or () if one.view.is_told(at))

    async def _read(self) -> None:
        mark = self._is_fresh.begin()
        try:
            views = await self.store.load_switched_on(self._clock())
        except Unavailable:
            log.warning("notices.database_away")
            return
        self._known = tuple(await asyncio.to_thread(self._matchable, views)) if views else ()
        self._is_fresh.renew(mark)

    def _matchable(self, views: Sequence[NoticeView]) -> list[MatchableNotice]:
        """With the vectors of what they say; those that say what they did before keep theirs."""
        before = {phrases_of(one.view.notice): one.vectors for one in self._known or ()}
        said = [phrases_of(view.notice) for view in views]
        return [
            MatchableNotice(view=view, vectors=before[phrases] if phrases in before else self._embed(phrases))
            for view, phrases in zip(views, said, strict=True)
        ]

    def _embed(self, phrases: Sequence[str]) -> Vectors:
        return e5_alone(self._embedder.embed_queries(phrases))


def phrases_of(notice: Notice) -> tuple[str, ...]:
    """What a message may be near to: the notice's words, and the sentences that customers are told."""
    sentences = (sentence for text in notice.texts.values() for sentence in _SENTENCE_END.split(text))
    return tuple(dict.fromkeys((*notice.words, *filter(None, sentences))))
