"""Reading what is published, and only what is newer than what one has."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.content import ArticleWording, Content
from store.db import Database
from store.models import Article, ArticleState, KnowledgeRevision, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedArticle:
    """An article as customers see it, and the revision that it was last changed at."""

    key: str
    revision: int
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanges:
    """What has happened to the knowledge base: articles that are new or changed, keys that are gone."""

    revision: int
    published: tuple[PublishedArticle, ...] = ()
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueExtent:
    """How many articles customers see, and the sum of their revisions."""

    articles: int
    revisions: int


_SEEN = and_(Article.state == ArticleState.PUBLISHED, Article.in_window)
"""Customers see what is published and within its window."""


async def read_revision(db: Database) -> int:
    """The knowledge base's revision; 0 before the first article."""
    async with db.read() as session:
        return await _revision(session)


async def read_extent(db: Database) -> CatalogueExtent:
    """What tells apart two states of the knowledge base that have the same revision."""
    async with db.read() as session:
        row = await session.execute(select(func.count(), func.sum(Article.revision)).where(_SEEN))
        articles, revisions = row.one()
    return CatalogueExtent(articles=articles, revisions=int(revisions or 0))


async def read_changes(db: Database, since: int) -> CatalogueChanges:
    """Everything after revision `since`.

    The revision is read first: an article that is published in between comes now and, harmlessly, once more next time.
    Columns are read, not objects: of a hundred thousand articles that takes a third of the time.
    """
    async with db.read() as session:
        revision = await _revision(session)
        newer = Article.revision > since
        changed = (
            await session.execute(select(Article.key, Article.revision, Article.category, _SEEN).where(newer))
        ).all()
        variants = await session.stream(
            select(Variant.article_key, Variant.language, Variant.question, Variant.phrasings, Variant.answer)
            .join(Article, Article.key == Variant.article_key)
            .where(newer, _SEEN)  # in any order: sorted, SQLite would walk all articles to find the newer ones
        )
        wordings: dict[str, dict[str, ArticleWording]] = {}
        async for key, language, question, phrasings, answer in variants:
            said = ArticleWording(question=question, phrasings=tuple(phrasings), answer=answer)
            wordings.setdefault(key, {})[language] = said
    published = tuple(
        PublishedArticle(
            key=key, revision=at, content=Content(category=category, variants=dict(sorted(wordings[key].items())))
        )
        for key, at, category, seen in changed
        if seen and key in wordings
    )
    return CatalogueChanges(
        revision=revision,
        published=published,
        gone=frozenset(key for key, *_ in changed) - {article.key for article in published},
    )


def variant_wording(variant: Variant) -> ArticleWording:
    """A row as a value."""
    return ArticleWording(question=variant.question, phrasings=variant.phrasings, answer=variant.answer)


async def _revision(session: AsyncSession) -> int:
    return await session.scalar(select(KnowledgeRevision.revision)) or 0
