"""Writing what customers see. Every change of it raises the knowledge base's revision in the same transaction."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.models import Article, ArticleState, KnowledgeRevision, Variant, now
from knowledge.catalogue import wording_of
from knowledge.content import Content


async def raise_revision(session: AsyncSession) -> int:
    """The next revision. The row stays locked until the end, so that revisions are committed in their order."""
    raised = update(KnowledgeRevision).values(revision=KnowledgeRevision.revision + 1)
    statement = raised.returning(KnowledgeRevision.revision).execution_options(synchronize_session=False)
    revision = await session.scalar(statement)
    if revision is not None:
        return revision
    await session.execute(_first_row(session))
    return (await session.scalars(statement)).one()


async def read_contents(session: AsyncSession, keys: Sequence[str]) -> dict[str, Content]:
    """What these articles say to customers, as far as they have been published."""
    categories = await session.execute(select(Article.key, Article.category).where(Article.key.in_(keys)))
    found: dict[str, dict[str, Variant]] = {}
    for variant in await session.scalars(
        select(Variant)
        .where(Variant.article_key.in_(keys))
        .order_by(Variant.article_key, Variant.language)
        .execution_options(populate_existing=True)
    ):
        found.setdefault(variant.article_key, {})[variant.language] = variant
    return {
        key: Content(
            category=category, variants={language: wording_of(variant) for language, variant in found[key].items()}
        )
        for key, category in categories
        if key in found
    }


async def write_content(session: AsyncSession, article: Article, content: Content, revision: int) -> None:
    """Make `content` what customers see of `article`, from `revision` on."""
    article.category, article.state, article.revision = content.category, ArticleState.PUBLISHED, revision
    await session.flush()
    await session.execute(delete(Variant).where(Variant.article_key == article.key))
    session.add_all(
        Variant(
            article_key=article.key,
            language=language,
            question=wording.question,
            phrasings=list(wording.phrasings),
            answer=wording.answer,
        )
        for language, wording in content.variants.items()
    )
    await session.flush()


async def publish_all(session: AsyncSession, contents: Mapping[str, Content], by: str) -> tuple[int, int]:
    """Publish these articles as they are; how many were new, and how many changed. Equal ones aren't touched.

    Drafts that somebody is writing stay, on top of the new text.
    """
    if not await _different(session, contents):
        return 0, 0
    revision = await raise_revision(session)
    different = await _different(session, contents)
    articles = await _articles(session, different)
    for key in different:
        article = articles.get(key)
        if article is None:
            session.add(article := Article(key=key, version=0))
        _sign(article, by)
        await write_content(session, article, contents[key], revision)
    return len(different) - len(articles), len(articles)


async def archive_all(session: AsyncSession, keys: Sequence[str], by: str) -> int:
    """Take these articles away from customers; how many were there."""
    articles = await _articles(session, keys)
    visible = [article for article in articles.values() if article.state == ArticleState.PUBLISHED]
    if visible:
        revision = await raise_revision(session)
        for article in visible:
            article.state, article.revision = ArticleState.ARCHIVED, revision
            _sign(article, by)
    return len(visible)


def _sign(article: Article, by: str) -> None:
    article.version, article.changed_at, article.changed_by = article.version + 1, now(), by


async def _different(session: AsyncSession, contents: Mapping[str, Content]) -> list[str]:
    there = await read_contents(session, list(contents))
    states = await session.execute(
        select(Article.key).where(Article.key.in_(list(contents)), Article.state == ArticleState.PUBLISHED)
    )
    visible = set(states.scalars())
    return [key for key, content in contents.items() if key not in visible or there.get(key) != content]


async def _articles(session: AsyncSession, keys: Sequence[str]) -> dict[str, Article]:
    found = await session.scalars(
        select(Article).where(Article.key.in_(keys)).execution_options(populate_existing=True)
    )
    return {article.key: article for article in found}


def _first_row(session: AsyncSession) -> postgresql.Insert | sqlite.Insert:
    row = {"id": 1, "revision": 0}
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(KnowledgeRevision).values(row).on_conflict_do_nothing()
    return postgresql.insert(KnowledgeRevision).values(row).on_conflict_do_nothing()
