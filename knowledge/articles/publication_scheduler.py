"""The calendar shows and hides articles when an edge of their window passes, on every instance, by itself."""

import asyncio
import random
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.publishing import raise_revision
from knowledge.articles.validity import update_visibility
from store.db import Database
from store.errors import Unavailable
from store.models import Article, ArticleState, now

log = structlog.get_logger()

AT_MOST_EVERY = 0.5
"""Seconds between looks while articles are being written; the libraries follow at once."""

POLL = 30.0
"""Seconds between looks for an edge that nobody announced."""

_AWAY_PAUSE = 1.0

_AT_ONCE = 500


class PublicationScheduler:
    """Every instance watches; whoever comes second finds nothing left to do."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        with self._db.feed.listening(("articles",), self._news.set):
            while True:
                self._news.clear()
                seconds = await self._look_or_log()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), seconds)
                    await asyncio.sleep(AT_MOST_EVERY)

    async def _look_or_log(self) -> float:
        """Seconds until the next edge, or the next look."""
        try:
            edge = await _next_edge(self._db)
            if edge is not None and edge <= now():
                turned = await pass_edges(self._db, now())
                log.info("knowledge.articles.publication_scheduler", articles=turned)
                return 0.0
        except Unavailable:
            log.warning("knowledge.calendar_waits")
            return _AWAY_PAUSE
        seconds = POLL * random.uniform(0.8, 1.2)
        return seconds if edge is None else min(seconds, max(0.0, (edge - now()).total_seconds()))


async def _next_edge(db: Database) -> datetime | None:
    async with db.read() as session:
        return await session.scalar(select(func.min(Article.next_edge_at)))


async def pass_edges(db: Database, at: datetime) -> int:
    """Show or hide the articles of which an edge has passed by `at`; how many there were. Raises `Unavailable`."""
    due = select(Article.key).where(Article.next_edge_at <= at).order_by(Article.next_edge_at).limit(_AT_ONCE)
    async with db.read() as session:
        if await session.scalar(due.limit(1)) is None:
            return 0
    async with db.write() as session:
        revision = await raise_revision(session)  # its lock comes first: two instances don't do the same twice
        return await _pass_edges(session, list(await session.scalars(due)), revision, at)


async def _pass_edges(session: AsyncSession, keys: list[str], revision: int, at: datetime) -> int:
    for article in await session.scalars(select(Article).where(Article.key.in_(keys))):
        update_visibility(article, at)
        if article.state == ArticleState.PUBLISHED:
            article.revision = revision
    return len(keys)
