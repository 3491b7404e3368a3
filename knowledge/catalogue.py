"""Reading what is published, and only what is newer than what one has."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.db import Database
from helpdesk.models import Article, ArticleState, KnowledgeRevision, Variant
from knowledge.content import Content, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An article as customers see it, and the revision that it was last changed at."""

    key: str
    revision: int
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What has happened to the knowledge base: articles that are new or changed, keys that are gone."""

    revision: int
    published: tuple[Published, ...] = ()
    gone: frozenset[str] = frozenset()


async def read_revision(db: Database) -> int:
    """The knowledge base's revision; 0 before the first article."""
    async with db.read() as session:
        return await _revision(session)


async def read_changes(db: Database, since: int) -> Changes:
    """Everything after revision `since`.

    The revision is read first: an article that is published in between comes now and, harmlessly, once more next time.
    """
    async with db.read() as session:
        revision = await _revision(session)
        changed = (await session.scalars(select(Article).where(Article.revision > since))).all()
        visible = {article.key: article for article in changed if article.state == ArticleState.PUBLISHED}
        variants = await session.scalars(
            select(Variant)
            .join(Article, Article.key == Variant.article_key)
            .where(Article.revision > since, Article.state == ArticleState.PUBLISHED)
            .order_by(Variant.article_key, Variant.language)
        )
        wordings: dict[str, dict[str, Wording]] = {}
        for variant in variants:
            wordings.setdefault(variant.article_key, {})[variant.language] = wording_of(variant)
    published = tuple(
        Published(
            key=key, revision=visible[key].revision, content=Content(category=visible[key].category, variants=said)
        )
        for key, said in wordings.items()
        if key in visible
    )
    return Changes(
        revision=revision,
        published=published,
        gone=frozenset(article.key for article in changed) - {article.key for article in published},
    )


def wording_of(variant: Variant) -> Wording:
    """A row as a value."""
    return Wording(question=variant.question, phrasings=tuple(variant.phrasings), answer=variant.answer)


async def _revision(session: AsyncSession) -> int:
    return await session.scalar(select(KnowledgeRevision.revision)) or 0
