"""What the database knows of the articles beside their words. Pages do without it while it is away."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import func, select

from store.db import Database
from store.errors import Unavailable
from store.models import Article, ArticleEvent, ArticleState, ArticleVersion, AskedQuestion, HelpJudgement, now
from store.upsert import insert_into

log = structlog.get_logger()

COUNTED = timedelta(days=30)
FRESH = 300.0  # seconds for which counts are fresh enough
MAX_ARTICLES = 500  # articles whose questions are counted
_SEEN = (ArticleEvent.PUBLISH, ArticleEvent.ROLLBACK, ArticleEvent.IMPORT)


class HelpFigures:
    """How often each article was the answer lately, and when each was changed last."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked: Mapping[str, int] = {}
        self._asked_at = -FRESH
        self._changed: Mapping[str, datetime] = {}
        self._changed_revision = -1

    async def asked(self) -> Mapping[str, int]:
        """Answers of the last thirty days by article, at most five minutes old."""
        if monotonic() - self._asked_at >= FRESH:
            self._asked_at = monotonic()
            try:
                self._asked = await self._count_asked()
            except Unavailable:
                log.warning("help.database_away")
        return self._asked

    async def changed(self, revision: int) -> Mapping[str, datetime]:
        """When customers last got new words of each article, at the knowledge base's `revision`."""
        if revision != self._changed_revision:
            try:
                self._changed = await self._read_changed()
                self._changed_revision = revision
            except Unavailable:
                log.warning("help.database_away")
        return self._changed

    async def judge(self, article: str, *, helped: bool) -> None:
        """Count one reader's word; it is lost, with a line in the log, while the database is away."""
        row = {"article": article, "day": now().astimezone(UTC).date(), "helpful": helped, "times": 1}
        one_more = {"times": HelpJudgement.times + 1}
        keys = ("article", "day", "helpful")
        try:
            async with self._db.write() as session:
                counting = insert_into(session, HelpJudgement).values(row)
                await session.execute(counting.on_conflict_do_update(index_elements=keys, set_=one_more))
        except Unavailable:
            log.warning("help.database_away", judged=article)

    async def _count_asked(self) -> dict[str, int]:
        count = func.count()
        async with self._db.read() as session:
            rows = await session.execute(
                select(AskedQuestion.article, count)
                .where(AskedQuestion.article.is_not(None), AskedQuestion.asked_at > now() - COUNTED)
                .group_by(AskedQuestion.article)
                .order_by(count.desc())
                .limit(MAX_ARTICLES)
            )
            return {key: number for key, number in rows if key}

    async def _read_changed(self) -> dict[str, datetime]:
        shown = (
            select(ArticleVersion.article_key, func.max(ArticleVersion.at).label("at"))
            .where(ArticleVersion.event.in_(_SEEN))
            .group_by(ArticleVersion.article_key)
            .subquery()
        )
        async with self._db.read() as session:
            rows = await session.execute(
                select(Article.key, func.coalesce(shown.c.at, Article.changed_at))
                .outerjoin(shown, shown.c.article_key == Article.key)
                .where(Article.state == ArticleState.PUBLISHED)
            )
            return {key: at for key, at in rows}
