"""Editing articles: a draft beside what customers see, published in one step; two editors don't overwrite each other.

`expected_version` is the version that the editor was looking at; another one now means `Conflict`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.db import Database
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.models import Article, ArticleState, Variant, now
from knowledge.content import Content, read_content, read_key
from knowledge.markup import to_markdown_content
from knowledge.publishing import raise_revision, read_contents, write_content
from knowledge.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article as its editor sees it: `published` is what customers see (or saw), `draft` what is being written."""

    key: str
    state: ArticleState
    version: int
    revision: int
    published: Content | None
    draft: Content | None
    changed_at: datetime
    changed_by: str | None

    @property
    def content(self) -> Content:
        """What an editor goes on with: the draft, else what is published."""
        found = self.draft or self.published
        if found is None:
            raise NotFound(f'The article "{self.key}" has no text.')
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which articles to list; what isn't given doesn't matter. `text` is looked for in key, questions and answers."""

    text: str = ""
    category: str | None = None
    state: ArticleState | None = None
    language: str | None = None
    has_draft: bool | None = None


async def load(db: Database, key: str) -> ArticleView:
    """One article, in whatever state. Raises `NotFound`."""
    async with db.read() as session:
        return await _view(session, await _get(session, key))


async def list_articles(db: Database, wanted: Filter | None = None) -> list[ArticleView]:
    """The articles that `wanted` lets through, by key."""
    wanted = wanted or Filter()
    async with db.read() as session:
        articles = (await session.scalars(select(Article).order_by(Article.key))).all()
        contents = await read_all_contents(session)
    views = [_as_view(article, contents.get(article.key)) for article in articles]
    return [view for view in views if _fits(view, wanted)]


async def save_draft(
    db: Database, key: str, draft: Mapping[str, Any], *, by: str, expected_version: int | None = None
) -> ArticleView:
    """Keep a draft; customers see nothing of it. `expected_version` is `None` for an article that is to be made.

    Raises `Invalid` naming the field, `Conflict` when somebody else was quicker.
    """
    read_key(key)
    content = to_markdown_content(read_content(draft))
    async with db.write() as session:
        article = await session.get(Article, key, with_for_update=True)
        if article is None:
            if expected_version is not None:
                raise NotFound(f'There is no article "{key}" any more.')
            article = Article(key=key, version=0, category=content.category, state=ArticleState.DRAFT)
            session.add(article)
        elif expected_version is None:
            raise Conflict(f'There is an article "{key}" already. Choose another key, or edit that one.')
        else:
            _check(article, expected_version)
        article.draft = content.as_json()
        _sign(article, by)
        await session.flush()
        return await _view(session, article)


async def publish(db: Database, key: str, *, by: str, expected_version: int) -> ArticleView:
    """Show customers the draft from the next question on."""
    async with db.write() as session:
        revision = await raise_revision(session)
        article = await _get(session, key, lock=True)
        _check(article, expected_version)
        if article.draft is None:
            raise Conflict(f'The article "{key}" has no draft: everything is published already.')
        content = read_content(article.draft)
        article.draft = None
        _sign(article, by)
        await write_content(session, article, content, revision)
        return await _view(session, article)


async def archive(db: Database, key: str, *, by: str, expected_version: int) -> ArticleView:
    """Take the article away from customers; nothing of it is lost."""
    async with db.write() as session:
        revision = await raise_revision(session)
        article = await _get(session, key, lock=True)
        _check(article, expected_version)
        if article.state == ArticleState.ARCHIVED:
            raise Conflict(f'The article "{key}" is archived already.')
        article.state, article.revision = ArticleState.ARCHIVED, revision
        _sign(article, by)
        await session.flush()
        return await _view(session, article)


async def restore(db: Database, key: str, *, by: str, expected_version: int) -> ArticleView:
    """Undo `archive`: customers see the article again, if they ever did."""
    async with db.write() as session:
        revision = await raise_revision(session)
        article = await _get(session, key, lock=True)
        _check(article, expected_version)
        if article.state != ArticleState.ARCHIVED:
            raise Conflict(f'The article "{key}" isn\'t archived.')
        seen = key in await read_contents(session, [key])
        article.state, article.revision = ArticleState.PUBLISHED if seen else ArticleState.DRAFT, revision
        _sign(article, by)
        await session.flush()
        return await _view(session, article)


async def discard_draft(db: Database, key: str, *, by: str, expected_version: int) -> ArticleView | None:
    """Throw the draft away. An article that never was anything else goes with it; then `None`."""
    async with db.write() as session:
        article = await _get(session, key, lock=True)
        _check(article, expected_version)
        if article.draft is None:
            raise Conflict(f'The article "{key}" has no draft.')
        if key not in await read_contents(session, [key]):
            await session.execute(delete(Article).where(Article.key == key))
            return None
        article.draft = None
        _sign(article, by)
        await session.flush()
        return await _view(session, article)


async def read_all_contents(session: AsyncSession) -> dict[str, Content]:
    """The published wording of every article that has one."""
    keys = (await session.scalars(select(Variant.article_key).distinct())).all()
    found: dict[str, Content] = {}
    for start in range(0, len(keys), 500):
        found |= await read_contents(session, keys[start : start + 500])
    return found


async def _get(session: AsyncSession, key: str, *, lock: bool = False) -> Article:
    article = await session.get(Article, key, with_for_update=lock)
    if article is None:
        raise NotFound(f'There is no article "{key}".')
    return article


def _check(article: Article, expected_version: int) -> None:
    if article.version != expected_version:
        raise Conflict(
            f'"{article.key}" was changed by {article.changed_by or "somebody"} in the meantime: '
            f"you were looking at version {expected_version}, now it is {article.version}.",
            version=article.version,
            changed_by=article.changed_by,
        )


def _sign(article: Article, by: str) -> None:
    article.version, article.changed_at, article.changed_by = article.version + 1, now(), by


async def _view(session: AsyncSession, article: Article) -> ArticleView:
    return _as_view(article, (await read_contents(session, [article.key])).get(article.key))


def _as_view(article: Article, published: Content | None) -> ArticleView:
    return ArticleView(
        key=article.key,
        state=article.state,
        version=article.version,
        revision=article.revision,
        published=published,
        draft=None if article.draft is None else read_content(article.draft),
        changed_at=article.changed_at,
        changed_by=article.changed_by,
    )


def _fits(view: ArticleView, wanted: Filter) -> bool:
    content = view.draft or view.published
    if content is None:
        raise Invalid(f'The article "{view.key}" has neither a draft nor a published text.')
    return (
        (wanted.state is None or view.state == wanted.state)
        and (wanted.category is None or content.category == wanted.category)
        and (wanted.language is None or wanted.language in content.variants)
        and (wanted.has_draft is None or (view.draft is not None) == wanted.has_draft)
        and all(word in _everything(view.key, content) for word in fold(wanted.text).split())
    )


def _everything(key: str, content: Content) -> str:
    said = [text for wording in content.variants.values() for text in (*wording.asked, wording.answer)]
    return fold("\n".join((key, content.category or "", *said)))
