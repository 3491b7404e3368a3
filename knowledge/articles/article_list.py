"""Finding articles to look after: by words, state, language, owner, and by what is to be done with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.content import Content
from knowledge.articles.drafts import ArticleView, as_view
from knowledge.articles.publishing import read_contents
from knowledge.normalization import fold
from store.db import Database
from store.models import Article, ArticleState

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """Which articles to list; what isn't given doesn't matter. `text` is looked for in key, questions and answers.

    `stage` is how far the article is with its draft. `review_by` finds what is to be read again by that day.
    """

    text: str = ""
    category: str | None = None
    state: ArticleState | None = None
    stage: ArticleState | None = None
    language: str | None = None
    missing_language: str | None = None
    has_draft: bool | None = None
    owner: str | None = None
    review_by: date | None = None
    in_window: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleListPage:
    """One page of a list, and how many there are in all."""

    views: tuple[ArticleView, ...]
    total: int


async def list_articles(db: Database, wanted: ArticleFilter | None = None) -> list[ArticleView]:
    """The articles that `wanted` lets through, by key."""
    return list((await find_articles(db, wanted or ArticleFilter())).views)


async def find_articles(
    db: Database, wanted: ArticleFilter, *, offset: int = 0, limit: int | None = None
) -> ArticleListPage:
    """The articles that `wanted` lets through, by key, from `offset` on; all are read only to look for words."""
    async with db.read() as session:
        if _needs_words(wanted):
            found = [view for view in await _views(session, _matching(wanted)) if _fits(view, wanted)]
            end = None if limit is None else offset + limit
            return ArticleListPage(views=tuple(found[offset:end]), total=len(found))
        total = await session.scalar(select(func.count()).select_from(_matching(wanted).subquery())) or 0
        views = await _views(session, _matching(wanted).offset(offset).limit(limit))
        return ArticleListPage(views=tuple(views), total=total)


async def list_categories(db: Database) -> list[str]:
    """The categories in use, in alphabetical order."""
    async with db.read() as session:
        found = await session.scalars(select(Article.category).where(Article.category.is_not(None)).distinct())
        return sorted((category for category in found if category), key=str.casefold)


async def count_stages(db: Database) -> Mapping[ArticleState, int]:
    """How many articles are how far."""
    stage = func.coalesce(Article.draft_state, Article.state)
    async with db.read() as session:
        archived = Article.state == ArticleState.ARCHIVED
        rows = await session.execute(select(stage, func.count()).where(~archived).group_by(stage))
        gone = await session.scalar(select(func.count()).select_from(Article).where(archived)) or 0
        counted = {ArticleState(state): count for state, count in rows}
    return {state: counted.get(state, 0) for state in ArticleState} | {ArticleState.ARCHIVED: gone}


def _matching(wanted: ArticleFilter) -> "Select[Any]":
    conditions: list[ColumnElement[bool]] = []
    if wanted.category is not None:
        conditions.append(Article.category == wanted.category)
    if wanted.state is not None:
        conditions.append(Article.state == wanted.state)
    if wanted.stage is not None:
        conditions.append(_is_at(wanted.stage))
    if wanted.has_draft is not None:
        conditions.append(Article.draft.is_not(None) if wanted.has_draft else Article.draft.is_(None))
    if wanted.owner is not None:
        conditions.append(Article.owner == wanted.owner if wanted.owner else Article.owner.is_(None))
    if wanted.review_by is not None:
        conditions.append(and_(Article.review_on <= wanted.review_by, Article.state != ArticleState.ARCHIVED))
    if wanted.in_window is not None:
        conditions.append(Article.in_window.is_(wanted.in_window))
    return select(Article).where(*conditions).order_by(Article.key)


def _is_at(stage: ArticleState) -> ColumnElement[bool]:
    if stage == ArticleState.ARCHIVED:
        return Article.state == ArticleState.ARCHIVED
    own = and_(Article.draft_state.is_(None), Article.state == stage)
    return and_(Article.state != ArticleState.ARCHIVED, or_(Article.draft_state == stage, own))


def _needs_words(wanted: ArticleFilter) -> bool:
    return bool(wanted.text.strip() or wanted.language or wanted.missing_language)


async def _views(session: AsyncSession, statement: "Select[Any]") -> list[ArticleView]:
    articles: Sequence[Article] = (await session.scalars(statement)).all()
    contents: dict[str, Content] = {}
    for start in range(0, len(articles), _AT_ONCE):
        contents |= await read_contents(session, [article.key for article in articles[start : start + _AT_ONCE]])
    return [as_view(article, contents.get(article.key)) for article in articles]


def _fits(view: ArticleView, wanted: ArticleFilter) -> bool:
    content = view.content
    return (
        (wanted.language is None or wanted.language in content.variants)
        and (wanted.missing_language is None or wanted.missing_language not in content.variants)
        and all(word in _everything(view.key, content) for word in fold(wanted.text).split())
    )


def _everything(key: str, content: Content) -> str:
    said = [text for wording in content.variants.values() for text in (*wording.asked, wording.answer)]
    return fold("\n".join((key, content.category or "", *said)))
