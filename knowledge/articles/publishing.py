"""Writing what customers see. Every change of it raises the knowledge base's revision in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.catalogue import variant_wording
from knowledge.articles.content import KEPT_FIELDS, Content
from knowledge.articles.states import next_state
from knowledge.articles.validity import set_window
from knowledge.articles.versions import keep_version, stage_of
from store.models import Article, ArticleEvent, ArticleState, KnowledgeRevision, Variant, now
from store.upsert import Upsert, insert_into


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
    facts = [Article.key, Article.category, *(getattr(Article, name) for name in KEPT_FIELDS)]
    rows = (await session.execute(select(*facts).where(Article.key.in_(keys)))).mappings().all()
    found: dict[str, dict[str, Variant]] = {}
    for variant in await session.scalars(
        select(Variant)
        .where(Variant.article_key.in_(keys))
        .order_by(Variant.article_key, Variant.language)
        .execution_options(populate_existing=True)
    ):
        found.setdefault(variant.article_key, {})[variant.language] = variant
    return {
        row["key"]: Content(
            category=row["category"],
            variants={language: variant_wording(variant) for language, variant in found[row["key"]].items()},
            **{name: row[name] for name in KEPT_FIELDS},
        )
        for row in rows
        if row["key"] in found
    }


async def write_content(session: AsyncSession, article: Article, content: Content, revision: int) -> None:
    """Make `content` what customers see of `article`, from `revision` on."""
    article.category, article.state, article.revision = content.category, ArticleState.PUBLISHED, revision
    article.owner, article.review_on = content.owner, content.review_on
    article.ask_again_after = content.ask_again_after
    set_window(article, content, now())
    await session.flush()
    await session.execute(delete(Variant).where(Variant.article_key == article.key))
    session.add_all(
        Variant(
            article_key=article.key,
            language=language,
            question=wording.question,
            phrasings=wording.phrasings,
            answer=wording.answer,
        )
        for language, wording in content.variants.items()
    )
    await session.flush()


async def publish_all(session: AsyncSession, contents: Mapping[str, Content], by: str) -> tuple[int, int]:
    """Publish these articles as they are; how many were new, and how many changed. Equal ones aren't touched.

    Drafts that somebody is writing stay, on top of the new text; so do window, owner and review date where nothing is
    said of them.
    """
    if not await load_differing(session, contents):
        return 0, 0
    revision = await raise_revision(session)
    changed = await load_differing(session, contents)
    articles = await _articles(session, list(changed))
    for key, content in changed.items():
        article = articles.get(key)
        if article is None:
            session.add(article := Article(key=key, version=0, state=ArticleState.PUBLISHED))
        next_state(stage_of(article), ArticleEvent.IMPORT)
        raise_version(article, by)
        await write_content(session, article, content, revision)
        await keep_version(session, article, ArticleEvent.IMPORT, content)
    return len(changed) - len(articles), len(articles)


async def archive_all(session: AsyncSession, keys: Sequence[str], by: str) -> int:
    """Take these articles away from customers; how many were there."""
    articles = await _articles(session, keys)
    visible = [article for article in articles.values() if article.state == ArticleState.PUBLISHED]
    if visible:
        revision = await raise_revision(session)
        contents = await read_contents(session, [article.key for article in visible])
        for article in visible:
            article.state, article.revision = ArticleState.ARCHIVED, revision
            raise_version(article, by)
            await keep_version(session, article, ArticleEvent.ARCHIVE, contents[article.key])
    return len(visible)


def raise_version(article: Article, by: str) -> None:
    """Count the article's version up and say who did it."""
    article.version, article.changed_at, article.changed_by = article.version + 1, now(), by


async def load_differing(session: AsyncSession, contents: Mapping[str, Content]) -> dict[str, Content]:
    """Those of `contents` that customers don't see like this yet; what they don't say is as it is."""
    there = await read_contents(session, list(contents))
    states = await session.execute(
        select(Article.key).where(Article.key.in_(list(contents)), Article.state == ArticleState.PUBLISHED)
    )
    visible = set(states.scalars())
    full = {key: fill_gaps_from(content, there.get(key)) for key, content in contents.items()}
    return {key: content for key, content in full.items() if key not in visible or there.get(key) != content}


def fill_gaps_from(content: Content, there: Content | None) -> Content:
    """With the window, owner and review date that there are, where nothing is said of them."""
    unsaid = [name for name in KEPT_FIELDS if getattr(content, name) is None]
    return replace(content, **{name: getattr(there, name) for name in unsaid}) if there else content


async def _articles(session: AsyncSession, keys: Sequence[str]) -> dict[str, Article]:
    found = await session.scalars(
        select(Article).where(Article.key.in_(keys)).execution_options(populate_existing=True)
    )
    return {article.key: article for article in found}


def _first_row(session: AsyncSession) -> Upsert:
    return insert_into(session, KnowledgeRevision).values(id=1, revision=0).on_conflict_do_nothing()
