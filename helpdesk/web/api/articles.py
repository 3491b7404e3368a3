"""The knowledge base, for programs that keep it in step with another system."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.keys import EnteredRoute, Scope, needs
from knowledge.articles import drafts
from knowledge.articles.article_list import list_articles as find_all
from knowledge.articles.drafts import ArticleView
from knowledge.articles.versions import MAX_COMMENT_LENGTH, list_versions
from knowledge.articles.versions import VersionRecord as KeptVersion

Key = Annotated[str, Path(max_length=128, description="The article's key")]
BY = "API"


class ArticleFacts(BaseModel):
    """An article: what customers see, what is being written, and the version to name when changing it.

    `state` is what customers see of it: `draft`, `published` or `archived`. `stage` says how far it is with its draft:
    `draft`, `review`, `published` or `archived`. `in_window` is false before `valid_from` and from `valid_until` on.
    """

    key: str
    state: str
    stage: str
    in_window: bool
    version: int
    published: dict[str, Any] | None
    draft: dict[str, Any] | None


class DraftInput(BaseModel):
    """`content` has the form of an import line without its key. `version` is null for a new article."""

    model_config = ConfigDict(extra="forbid")

    content: dict[str, Any]
    version: int | None = None


class VersionInput(BaseModel):
    """The version that was looked at; another one by now is refused with 409."""

    model_config = ConfigDict(extra="forbid")

    version: int


class CommentInput(BaseModel):
    """The version that was looked at, and what there is to say about the step."""

    model_config = ConfigDict(extra="forbid")

    version: int
    comment: Annotated[str | None, Field(max_length=MAX_COMMENT_LENGTH)] = None


class RollbackInput(BaseModel):
    """The version to go back to, and the one that was looked at."""

    model_config = ConfigDict(extra="forbid")

    version: int
    to: int


class VersionFacts(BaseModel):
    """An article after one change."""

    number: int
    event: str
    state: str
    author: str
    at: datetime
    comment: str | None
    content: dict[str, Any]


class QuestionInput(BaseModel):
    """A question to try."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    language: Annotated[str | None, Field(pattern="^(de|en)$")] = None


article_api = APIRouter(
    prefix="/articles", route_class=EnteredRoute, tags=["articles"], dependencies=[needs(Scope.ARTICLES)]
)


@article_api.get("")
async def list_articles(parts: ApiParts) -> list[ArticleFacts]:
    return [_facts(view) for view in await find_all(parts.db)]


@article_api.post("/ask")
async def ask(parts: ApiParts, form: QuestionInput) -> dict[str, Any]:
    found = await parts.library.search(form.text, form.language)
    candidates = [{"article": one.article, "confidence": round(one.confidence, 4)} for one in found.candidates]
    return {"language": found.language, "outcome": str(found.outcome), "candidates": candidates}


@article_api.get("/{key}")
async def show_article(parts: ApiParts, key: Key) -> ArticleFacts:
    return _facts(await drafts.load(parts.db, key))


@article_api.put("/{key}/draft")
async def save_draft(parts: ApiParts, key: Key, form: DraftInput) -> ArticleFacts:
    return _facts(await drafts.save_draft(parts.db, key, form.content, by=BY, expected_version=form.version))


@article_api.post("/{key}/publish")
async def publish(parts: ApiParts, key: Key, form: CommentInput) -> ArticleFacts:
    return _facts(await drafts.publish(parts.db, key, by=BY, expected_version=form.version, comment=form.comment))


@article_api.post("/{key}/submit")
async def submit(parts: ApiParts, key: Key, form: CommentInput) -> ArticleFacts:
    return _facts(await drafts.submit(parts.db, key, by=BY, expected_version=form.version, comment=form.comment))


@article_api.post("/{key}/return")
async def send_back(parts: ApiParts, key: Key, form: CommentInput) -> ArticleFacts:
    return _facts(await drafts.send_back(parts.db, key, by=BY, expected_version=form.version, comment=form.comment))


@article_api.post("/{key}/restore")
async def restore(parts: ApiParts, key: Key, form: VersionInput) -> ArticleFacts:
    return _facts(await drafts.restore(parts.db, key, by=BY, expected_version=form.version))


@article_api.post("/{key}/rollback")
async def roll_back(parts: ApiParts, key: Key, form: RollbackInput) -> ArticleFacts:
    return _facts(await drafts.roll_back(parts.db, key, to=form.to, by=BY, expected_version=form.version))


@article_api.get("/{key}/versions")
async def show_versions(parts: ApiParts, key: Key) -> list[VersionFacts]:
    await drafts.load(parts.db, key)
    return [_version(one) for one in await list_versions(parts.db, key)]


@article_api.post("/{key}/archive")
async def archive(parts: ApiParts, key: Key, form: VersionInput) -> ArticleFacts:
    return _facts(await drafts.archive(parts.db, key, by=BY, expected_version=form.version))


def _version(version: KeptVersion) -> VersionFacts:
    return VersionFacts(
        number=version.number,
        event=version.event,
        state=version.state,
        author=version.author,
        at=version.at,
        comment=version.comment,
        content=version.content.as_json(),
    )


def _facts(view: ArticleView) -> ArticleFacts:
    return ArticleFacts(
        key=view.key,
        state=str(view.state),
        stage=str(view.stage),
        in_window=view.in_window,
        version=view.version,
        published=view.published.as_json() if view.published else None,
        draft=view.draft.as_json() if view.draft else None,
    )
