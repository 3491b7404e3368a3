"""The versions of an article: each change leaves one, with its author, and any of them can be gone back to.

What customers have seen is kept for as long as the article. Of drafts that were only saved, the newest fifty of an
article are kept.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.content import Content, read_content
from store.db import Database
from store.errors import NotFound
from store.models import Article, ArticleEvent, ArticleState, ArticleVersion

KEPT_DRAFTS = 50
MAX_LISTED = 500
MAX_COMMENT_LENGTH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """An article after one change. `number` is the article's version then, `state` how far it was."""

    key: str
    number: int
    event: ArticleEvent
    state: ArticleState
    content: Content
    author: str
    at: datetime
    comment: str | None = None


def stage_of(article: Article) -> ArticleState:
    """How far an article is: its draft's state while there is one, else its own."""
    if article.state == ArticleState.ARCHIVED:
        return ArticleState.ARCHIVED
    return article.draft_state or article.state


async def keep_version(
    session: AsyncSession, article: Article, event: ArticleEvent, content: Content, *, comment: str | None = None
) -> None:
    """Note what has just been done to `article`, in the transaction that does it."""
    if event == ArticleEvent.SAVE:
        await _drop_old_drafts(session, article.key)
    session.add(
        ArticleVersion(
            article_key=article.key,
            number=article.version,
            event=event,
            state=stage_of(article),
            content=content.as_json(),
            author=article.changed_by or "",
            at=article.changed_at,
            comment=(comment or "").strip()[:MAX_COMMENT_LENGTH] or None,
        )
    )


async def list_versions(db: Database, key: str, *, limit: int = MAX_LISTED) -> list[VersionRecord]:
    """The newest first."""
    async with db.read() as session:
        rows = await session.scalars(
            select(ArticleVersion)
            .where(ArticleVersion.article_key == key)
            .order_by(ArticleVersion.number.desc())
            .limit(limit)
        )
        return [_as_value(row) for row in rows]


async def read_version(session: AsyncSession, key: str, number: int) -> VersionRecord:
    """The article as it was at `number`; where that version wasn't kept, the last before it. Raises `NotFound`."""
    row = await session.scalar(
        select(ArticleVersion)
        .where(ArticleVersion.article_key == key, ArticleVersion.number <= number)
        .order_by(ArticleVersion.number.desc())
        .limit(1)
    )
    if row is None:
        raise NotFound(f'The article "{key}" has no version {number}.')
    return _as_value(row)


async def load_version(db: Database, key: str, number: int) -> VersionRecord:
    """The same, by itself."""
    async with db.read() as session:
        return await read_version(session, key, number)


async def _drop_old_drafts(session: AsyncSession, key: str) -> None:
    saved = (ArticleVersion.article_key == key, ArticleVersion.event == ArticleEvent.SAVE)
    newest = select(ArticleVersion.number).where(*saved).order_by(ArticleVersion.number.desc())
    oldest_kept = await session.scalar(newest.offset(KEPT_DRAFTS - 2).limit(1))
    if oldest_kept is not None:
        await session.execute(delete(ArticleVersion).where(*saved, ArticleVersion.number < oldest_kept))


def _as_value(row: ArticleVersion) -> VersionRecord:
    return VersionRecord(
        key=row.article_key,
        number=row.number,
        event=row.event,
        state=row.state,
        content=read_content(row.content),
        author=row.author,
        at=row.at,
        comment=row.comment,
    )
