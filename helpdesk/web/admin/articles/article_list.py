"""The list of articles: search, filters, and what needs somebody's attention."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.web.admin.articles.view_data import EDITED_LANGUAGES, agent_of, load_owner_names
from helpdesk.web.admin.articles.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.topics import topic_name
from knowledge.articles.article_list import ArticleFilter, count_stages, find_articles, list_categories
from knowledge.articles.drafts import ArticleView
from store.db import Database
from store.models import ArticleState, now

PAGE = 50
"""Articles on a page of the list."""

REVIEW_SOON = timedelta(days=14)
"""How long before its review date an article stands in the list of those to be read again."""

_MAX_LENGTH = 320
_NAMES = ("q", "state", "category", "language", "owner", "due", "hidden")


@dataclass(frozen=True, slots=True)
class ArticleListRoutes:
    """The doors of the list."""

    db: Database
    pages: Pages

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [route("/admin/articles", self.show, access=Capability.ARTICLES)]

    async def show(self, request: Request) -> Response:
        """A page of the articles that the address asks for."""
        asked = {name: request.query_params.get(name, "")[:_MAX_LENGTH] for name in _NAMES}
        today = now().date()
        wanted = _filter(asked, today, agent_of(request).email)
        number = _page_number(request)
        found = await find_articles(self.db, wanted, offset=(number - 1) * PAGE, limit=PAGE)
        language = self.pages.language(request)
        messages = self.pages.messages(request)
        return self.pages.render(
            request,
            "admin/articles/articles.html",
            rows=[_row(view, language, today) for view in found.views],
            total=found.total,
            number=number,
            pages=max(1, -(-found.total // PAGE)),
            address={step: _address(asked, number + step) for step in (-1, 1)},
            asked=asked,
            is_filtered=any(asked.values()),
            stages=await count_stages(self.db),
            topics={one: topic_name(one, messages) for one in await list_categories(self.db)},
            owners=await load_owner_names(self.db),
            languages=EDITED_LANGUAGES,
            texts=self.pages.texts(request, WORDS),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleListRow:
    """An article in the list."""

    view: ArticleView
    question: str
    missing: tuple[str, ...]
    review_due: bool
    window: str  # "", "later" or "over"


def _row(view: ArticleView, language: str, today: date) -> ArticleListRow:
    content = view.content
    return ArticleListRow(
        view=view,
        question=content.in_language(language)[1].question,
        missing=tuple(code for code in EDITED_LANGUAGES if code not in content.variants),
        review_due=content.review_on is not None and content.review_on <= today,
        window=_window(view, now()),
    )


def _window(view: ArticleView, at: datetime) -> str:
    if view.published is None or view.in_window:
        return ""
    begins = view.published.valid_from
    return "later" if begins and begins.astimezone(UTC) > at else "over"


def _filter(asked: dict[str, str], today: date, me: str) -> ArticleFilter:
    """An unknown value means no filter, so that an old bookmark shows something."""
    state = asked["state"]
    owner = asked["owner"]
    return ArticleFilter(
        text=asked["q"][:200],
        stage=ArticleState(state) if state in set(ArticleState) else None,
        category=asked["category"] or None,
        missing_language=asked["language"] if asked["language"] in EDITED_LANGUAGES else None,
        owner={"": None, "me": me, "nobody": ""}.get(owner, owner),
        review_by=today + REVIEW_SOON if asked["due"] else None,
        in_window=False if asked["hidden"] else None,
    )


def _page_number(request: Request) -> int:
    given = request.query_params.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def _address(asked: dict[str, str], number: int) -> str:
    return "?" + urlencode({**{name: value for name, value in asked.items() if value}, "page": number})
