"""The calendar shows and hides articles when an edge of their window passes, on every instance, by itself."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.publishing import raise_revision
from knowledge.articles.validity import update_visibility
from store.db import Database
from store.errors import Unavailable
from store.models import Article, ArticleState, now

log = structlog.get_logger()

EVERY = 0.5
"""Seconds between looks; the libraries follow within `knowledge.search.library.POLL`."""

_AT_ONCE = 500


class PublicationScheduler:
    """Every instance watches; whoever comes second finds nothing left to do."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                if turned := await pass_edges(self._db, now()):
                    log.info("knowledge.articles.publication_scheduler", articles=turned)
            except Unavailable:
                log.warning("knowledge.calendar_waits")
            await asyncio.sleep(EVERY)


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
