"""What is done to an article: save, ask for a review, publish, archive, and back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.web.admin.articles.view_data import article_facts, key_of, name_of
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from knowledge.articles import drafts
from knowledge.articles.drafts import ArticleView
from knowledge.articles.versions import MAX_COMMENT_LENGTH
from store.db import Database

Comment = Annotated[str, Field(max_length=MAX_COMMENT_LENGTH)]


class DraftBody(Body):
    """What an editor has written. `version` is what they were looking at; none makes a new article."""

    content: dict[str, Any]
    version: int | None = None


class CommentedVersionBody(Body):
    """The version that an editor was looking at, and what they have to say."""

    version: int
    comment: Comment | None = None


class RollbackBody(Body):
    """The version to go back to, from the one that was looked at."""

    version: int
    to: int


class ReviewDateBody(Body):
    """The day on which to read the article again."""

    version: int
    review_on: Annotated[date, Field(strict=False)]


type Step = Callable[..., Awaitable[ArticleView]]


@dataclass(frozen=True, slots=True)
class ArticleLifecycleRoutes:
    """The doors of these steps."""

    db: Database

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        doors = {
            "draft": self.save_draft,
            "discard": self.discard_draft,
            "rollback": self.roll_back,
            "reviewed": self.confirm_review,
            "submit": self._commented(drafts.submit),
            "return": self._commented(drafts.send_back),
            "publish": self._commented(drafts.publish),
            "archive": self._plain(drafts.archive),
            "restore": self._plain(drafts.restore),
        }
        one = "/admin/api/articles/{key}"
        return [
            route(f"{one}/{verb}", door, access=Capability.ARTICLES, methods=["POST"]) for verb, door in doors.items()
        ]

    async def save_draft(self, request: Request) -> Response:
        """Keep what was written."""
        draft = await read(request, DraftBody)
        by = name_of(request)
        view = await drafts.save_draft(self.db, key_of(request), draft.content, by=by, expected_version=draft.version)
        return Json(article_facts(view), status_code=201 if draft.version is None else 200)

    async def discard_draft(self, request: Request) -> Response:
        """Throw it away."""
        seen = await read(request, CommentedVersionBody)
        by = name_of(request)
        view = await drafts.discard_draft(self.db, key_of(request), by=by, expected_version=seen.version)
        return Json(article_facts(view) if view else {"gone": True})

    async def roll_back(self, request: Request) -> Response:
        """Publish the words of an earlier version."""
        back = await read(request, RollbackBody)
        by = name_of(request)
        view = await drafts.roll_back(self.db, key_of(request), to=back.to, by=by, expected_version=back.version)
        return Json(article_facts(view))

    async def confirm_review(self, request: Request) -> Response:
        """Somebody has read it."""
        seen = await read(request, ReviewDateBody)
        view = await drafts.confirm_review(
            self.db, key_of(request), by=name_of(request), expected_version=seen.version, review_on=seen.review_on
        )
        return Json(article_facts(view))

    def _plain(self, step: Step) -> Callable[[Request], Awaitable[Response]]:
        async def door(request: Request) -> Response:
            seen = await read(request, CommentedVersionBody)
            return Json(
                article_facts(await step(self.db, key_of(request), by=name_of(request), expected_version=seen.version))
            )

        return door

    def _commented(self, step: Step) -> Callable[[Request], Awaitable[Response]]:
        async def door(request: Request) -> Response:
            seen = await read(request, CommentedVersionBody)
            by = name_of(request)
            view = await step(self.db, key_of(request), by=by, expected_version=seen.version, comment=seen.comment)
            return Json(article_facts(view))

        return door
