"""The admin pages of the knowledge base: find, edit, publish, try a question."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.sessions import SignedIn
from helpdesk.db import Database
from helpdesk.models import ArticleState
from helpdesk.web.access import Access, route
from helpdesk.web.bodies import Body, Json, read
from helpdesk.web.pages import Pages
from helpdesk.web.words import LANGUAGES, words_in
from knowledge import articles
from knowledge.articles import ArticleView, Filter
from knowledge.library import Library

PAGE = 50  # articles in a list
_OWN_WORDS = ("article_", "ask_", "error_")


class Draft(Body):
    """What an editor has written. `version` is what they were looking at; none makes a new article."""

    content: dict[str, Any]
    version: int | None = None


class Seen(Body):
    """The version that an editor was looking at."""

    version: int


class Question(Body):
    """A customer's question to try."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    language: Annotated[str, Field(pattern=r"^(de|en)$")] | None = None


def article_routes(*, db: Database, library: Library, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _Articles(db, library, pages)
    one = "/admin/api/articles/{key}"
    return [
        route("/admin/articles", doors.show_list, access=Access.ADMIN),
        route("/admin/articles/new", doors.show_new, access=Access.ADMIN),
        route("/admin/articles/edit/{key}", doors.show_article, access=Access.ADMIN),
        route("/admin/api/ask", doors.ask, access=Access.ADMIN, methods=["POST"]),
        route(f"{one}/draft", doors.save_draft, access=Access.ADMIN, methods=["POST"]),
        route(f"{one}/publish", doors.publish, access=Access.ADMIN, methods=["POST"]),
        route(f"{one}/archive", doors.archive, access=Access.ADMIN, methods=["POST"]),
        route(f"{one}/restore", doors.restore, access=Access.ADMIN, methods=["POST"]),
        route(f"{one}/discard", doors.discard_draft, access=Access.ADMIN, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Articles:
    db: Database
    library: Library
    pages: Pages

    async def show_list(self, request: Request) -> Response:
        wanted, state = request.query_params.get("q", "")[:200], request.query_params.get("state", "")
        found = await articles.list_articles(self.db, _filter(wanted, state))
        number = _page_number(request, len(found))
        language = self.pages.language(request)
        return self.pages.render(
            request,
            "admin/articles.html",
            rows=[(view, view.content.in_language(language)[1].question) for view in _page(found, number)],
            total=len(found),
            number=number,
            pages=max(1, -(-len(found) // PAGE)),
            q=wanted,
            state=state,
            texts=self._texts(request),
        )

    async def show_new(self, request: Request) -> Response:
        return self._editor(request, None)

    async def show_article(self, request: Request) -> Response:
        return self._editor(request, await articles.load(self.db, _key(request)))

    async def save_draft(self, request: Request) -> Response:
        draft = await read(request, Draft)
        by = _name(request)
        view = await articles.save_draft(self.db, _key(request), draft.content, by=by, expected_version=draft.version)
        return Json(_facts(view), status_code=201 if draft.version is None else 200)

    async def publish(self, request: Request) -> Response:
        seen = await read(request, Seen)
        view = await articles.publish(self.db, _key(request), by=_name(request), expected_version=seen.version)
        return Json(_facts(view))

    async def archive(self, request: Request) -> Response:
        seen = await read(request, Seen)
        view = await articles.archive(self.db, _key(request), by=_name(request), expected_version=seen.version)
        return Json(_facts(view))

    async def restore(self, request: Request) -> Response:
        seen = await read(request, Seen)
        view = await articles.restore(self.db, _key(request), by=_name(request), expected_version=seen.version)
        return Json(_facts(view))

    async def discard_draft(self, request: Request) -> Response:
        seen = await read(request, Seen)
        view = await articles.discard_draft(self.db, _key(request), by=_name(request), expected_version=seen.version)
        return Json(_facts(view) if view else {"gone": True})

    async def ask(self, request: Request) -> Response:
        """What a customer's question would find right now."""
        question = await read(request, Question)
        found = await self.library.search(question.text, question.language, certain=question.language is not None)
        candidates = [
            {"article": one.article, "question": one.question, "confidence": round(float(one.confidence), 3)}
            for one in found.candidates[:5]
        ]
        return Json(
            {"outcome": found.outcome, "language": found.language, "ms": round(found.ms, 1), "candidates": candidates}
        )

    def _editor(self, request: Request, view: ArticleView | None) -> Response:
        content = view.content.as_json() if view else {"variants": {}}
        return self.pages.render(
            request,
            "admin/article.html",
            view=view,
            category=content.get("category", ""),
            variants={language: content["variants"].get(language) for language in LANGUAGES},
            others={key: value for key, value in content["variants"].items() if key not in LANGUAGES},
            texts=self._texts(request),
        )

    def _texts(self, request: Request) -> dict[str, str]:
        words = words_in(self.pages.language(request))
        return {key: text for key, text in words.items() if key.startswith(_OWN_WORDS)}


def _filter(text: str, state: str) -> Filter:
    """`draft` shows whatever has unpublished changes; an unknown state shows everything."""
    if state == "draft":
        return Filter(text=text, has_draft=True)
    return Filter(text=text, state=ArticleState(state) if state in {"published", "archived"} else None)


def _page_number(request: Request, total: int) -> int:
    given = request.query_params.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1
    return min(max(1, number), max(1, -(-total // PAGE)))


def _page(found: list[ArticleView], number: int) -> list[ArticleView]:
    return found[(number - 1) * PAGE : number * PAGE]


def _facts(view: ArticleView) -> dict[str, object]:
    return {"key": view.key, "state": view.state, "version": view.version, "has_draft": view.draft is not None}


def _key(request: Request) -> str:
    return str(request.path_params["key"])


def _name(request: Request) -> str:
    agent: SignedIn = request.state.agent
    return agent.name
