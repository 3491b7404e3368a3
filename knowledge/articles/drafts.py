"""Editing articles: a draft beside what customers see, published in one step; two editors don't overwrite each other.

`expected_version` is the version that the editor was looking at; another one now means `Conflict`. What may follow on
what stands in `knowledge.articles.states`; each change leaves a version (`knowledge.articles.versions`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.articles.content import Content, read_content, read_key
from knowledge.articles.html_conversion import to_markdown_content
from knowledge.articles.proposals import refuse_unwritten
from knowledge.articles.publishing import raise_revision, raise_version, read_contents, write_content
from knowledge.articles.states import next_state
from knowledge.articles.versions import keep_version, read_version, stage_of
from store.db import Database
from store.errors import Conflict, NotFound
from store.models import Article, ArticleEvent, ArticleState


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article as its editor sees it: `published` is what customers see (or saw), `draft` what is being written.

    `state` is what customers see of it, `stage` how far it is with its draft; `in_window` whether its time has come.
    """

    key: str
    state: ArticleState
    stage: ArticleState
    version: int
    revision: int
    published: Content | None
    draft: Content | None
    in_window: bool
    changed_at: datetime
    changed_by: str | None

    @property
    def content(self) -> Content:
        """What an editor goes on with: the draft, else what is published."""
        found = self.draft or self.published
        if found is None:
            raise NotFound(f'The article "{self.key}" has no text.')
        return found


async def load(db: Database, key: str) -> ArticleView:
    """One article, in whatever state. Raises `NotFound`."""
    async with db.read() as session:
        return await _view(session, await _get(session, key))


async def save_draft(
    db: Database,
    key: str,
    draft: Mapping[str, Any],
    *,
    by: str,
    expected_version: int | None = None,
    comment: str | None = None,
) -> ArticleView:
    """Keep a draft; customers see nothing of it. `expected_version` is `None` for an article that is to be made.

    `comment` stands with the version, where whoever publishes it sees it.

    Raises `Invalid` naming the field, `Conflict` when somebody else was quicker.
    """
    read_key(key)
    content = to_markdown_content(read_content(draft))
    async with db.write() as session:
        article = await session.get(Article, key, with_for_update=True)
        if article is None:
            if expected_version is not None:
                raise NotFound(f'There is no article "{key}" any more.')
            article = Article(key=key, version=0, state=ArticleState.DRAFT, draft_state=ArticleState.DRAFT)
            session.add(article)
        elif expected_version is None:
            raise Conflict(
                f'There is an article "{key}" already. Choose another key, or edit that one.', code="key_taken"
            )
        else:
            _check(article, expected_version)
        await _keep_draft(session, article, content, by, comment)
        return await _view(session, article)


async def submit(db: Database, key: str, *, by: str, expected_version: int, comment: str | None = None) -> ArticleView:
    """Ask for the draft to be read by somebody before customers see it."""
    async with db.write() as session:
        article = await _get(session, key, expected_version)
        content = _draft_of(article)
        article.draft_state = next_state(stage_of(article), ArticleEvent.SUBMIT)
        raise_version(article, by)
        await keep_version(session, article, ArticleEvent.SUBMIT, content, comment=comment)
        return await _view(session, article)


async def send_back(
    db: Database, key: str, *, by: str, expected_version: int, comment: str | None = None
) -> ArticleView:
    """The draft isn't ready: its author goes on with it."""
    async with db.write() as session:
        article = await _get(session, key, expected_version)
        article.draft_state = next_state(stage_of(article), ArticleEvent.RETURN)
        raise_version(article, by)
        await keep_version(session, article, ArticleEvent.RETURN, _draft_of(article), comment=comment)
        return await _view(session, article)


async def publish(db: Database, key: str, *, by: str, expected_version: int, comment: str | None = None) -> ArticleView:
    """Show customers the draft from the next question on, as far as its window lets them."""
    async with db.write() as session:
        revision = await raise_revision(session)
        article = await _get(session, key, expected_version)
        content = _draft_of(article)
        next_state(stage_of(article), ArticleEvent.PUBLISH)
        refuse_unwritten(content)
        article.draft = article.draft_state = None
        raise_version(article, by)
        await write_content(session, article, content, revision)
        await keep_version(session, article, ArticleEvent.PUBLISH, content, comment=comment)
        return await _view(session, article)


async def roll_back(db: Database, key: str, *, to: int, by: str, expected_version: int) -> ArticleView:
    """Publish the words of an earlier version. Window, owner, review date and the draft stay as they are."""
    async with db.write() as session:
        revision = await raise_revision(session)
        article = await _get(session, key, expected_version)
        next_state(stage_of(article), ArticleEvent.ROLLBACK)
        old = (await read_version(session, key, to)).content
        content = _with_kept_of(article, old)
        refuse_unwritten(content)
        raise_version(article, by)
        await write_content(session, article, content, revision)
        await keep_version(session, article, ArticleEvent.ROLLBACK, content, comment=f"← {to}")
        return await _view(session, article)


async def archive(db: Database, key: str, *, by: str, expected_version: int) -> ArticleView:
    """Take the article away from customers; nothing of it is lost."""
    async with db.write() as session:
        revision = await raise_revision(session)
        article = await _get(session, key, expected_version)
        if article.state == ArticleState.ARCHIVED:
            raise Conflict(f'The article "{key}" is archived already.')
        article.state, article.revision = next_state(stage_of(article), ArticleEvent.ARCHIVE), revision
        raise_version(article, by)
        return await _noted(session, article, ArticleEvent.ARCHIVE)


async def restore(db: Database, key: str, *, by: str, expected_version: int) -> ArticleView:
    """Undo `archive`: customers see the article again, if they ever did; a draft is open again."""
    async with db.write() as session:
        revision = await raise_revision(session)
        article = await _get(session, key, expected_version)
        if article.state != ArticleState.ARCHIVED:
            raise Conflict(f'The article "{key}" isn\'t archived.')
        event = ArticleEvent.REOPEN if article.draft else ArticleEvent.RESTORE
        stage = next_state(stage_of(article), event)
        seen = key in await read_contents(session, [key])
        article.state, article.revision = ArticleState.PUBLISHED if seen else ArticleState.DRAFT, revision
        article.draft_state = stage if article.draft else None
        raise_version(article, by)
        return await _noted(session, article, event)


async def discard_draft(db: Database, key: str, *, by: str, expected_version: int) -> ArticleView | None:
    """Throw the draft away. An article that never was anything else goes with it; then `None`."""
    async with db.write() as session:
        article = await _get(session, key, expected_version)
        _draft_of(article)
        next_state(stage_of(article), ArticleEvent.DISCARD)
        if key not in await read_contents(session, [key]):
            await session.execute(delete(Article).where(Article.key == key))
            return None
        article.draft = article.draft_state = None
        raise_version(article, by)
        return await _noted(session, article, ArticleEvent.DISCARD)


async def confirm_review(db: Database, key: str, *, by: str, expected_version: int, review_on: date) -> ArticleView:
    """Somebody has read the article and found it right: it is read again on `review_on`. Customers see no change."""
    async with db.write() as session:
        article = await _get(session, key, expected_version)
        article.review_on = review_on
        if article.draft is not None:
            article.draft = replace(read_content(article.draft), review_on=review_on).as_json()
        raise_version(article, by)
        await session.flush()
        return await _view(session, article)


def as_view(article: Article, published: Content | None) -> ArticleView:
    """A row and its published words as a value."""
    return ArticleView(
        key=article.key,
        state=article.state,
        stage=stage_of(article),
        version=article.version,
        revision=article.revision,
        published=published,
        draft=None if article.draft is None else read_content(article.draft),
        in_window=article.in_window,
        changed_at=article.changed_at,
        changed_by=article.changed_by,
    )


async def _keep_draft(
    session: AsyncSession, article: Article, content: Content, by: str, comment: str | None = None
) -> None:
    stage = next_state(stage_of(article), ArticleEvent.SAVE)
    article.draft = content.as_json()
    article.draft_state = ArticleState.DRAFT if stage == ArticleState.ARCHIVED else stage
    if article.state == ArticleState.DRAFT:
        article.category, article.owner, article.review_on = content.category, content.owner, content.review_on
        article.ask_again_after = content.ask_again_after
    raise_version(article, by)
    await session.flush()
    await keep_version(session, article, ArticleEvent.SAVE, content, comment=comment)


async def _noted(session: AsyncSession, article: Article, event: ArticleEvent) -> ArticleView:
    await session.flush()
    view = await _view(session, article)
    await keep_version(session, article, event, view.content)
    return view


def _draft_of(article: Article) -> Content:
    if article.draft is None:
        raise Conflict(f'The article "{article.key}" has no draft: everything is published already.', code="no_draft")
    return read_content(article.draft)


def _with_kept_of(article: Article, content: Content) -> Content:
    return replace(
        content,
        valid_from=article.valid_from,
        valid_until=article.valid_until,
        owner=article.owner,
        review_on=article.review_on,
        ask_again_after=article.ask_again_after,
    )


async def _get(session: AsyncSession, key: str, expected_version: int | None = None) -> Article:
    """The article, locked and of that version where one is expected. Raises `NotFound`, `Conflict`."""
    article = await session.get(Article, key, with_for_update=expected_version is not None)
    if article is None:
        raise NotFound(f'There is no article "{key}".')
    if expected_version is not None:
        _check(article, expected_version)
    return article


def _check(article: Article, expected_version: int) -> None:
    if article.version != expected_version:
        raise Conflict(
            f'"{article.key}" was changed by {article.changed_by or "somebody"} in the meantime: '
            f"you were looking at version {expected_version}, now it is {article.version}.",
            version=article.version,
            changed_by=article.changed_by,
        )


async def _view(session: AsyncSession, article: Article) -> ArticleView:
    return as_view(article, (await read_contents(session, [article.key])).get(article.key))
