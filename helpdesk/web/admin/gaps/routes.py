"""The admin page of gaps: what customers asked in vain, and how it becomes a draft, a phrasing, or is put aside."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.insights.agent_replies import load_reply_texts
from helpdesk.insights.gaps import MAX_NAMED, Gap, GapList, Gaps
from helpdesk.insights.questions import QuestionRecord, load_article_figures, load_questions_by_id
from helpdesk.web.admin.gaps.helpfulness import least_helpful
from helpdesk.web.admin.gaps.words import COUNTS, WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.sparkline import draw_sparkline
from knowledge.articles import drafts
from knowledge.articles.article_list import list_articles
from knowledge.articles.proposals import add_phrasings, propose_article, propose_key
from knowledge.search.duplicates import MAX_ARTICLES, DuplicatePair, find_pairs
from knowledge.search.index import Snapshot
from knowledge.search.library import Library
from store.db import Database
from store.errors import NotFound
from store.models import now

PERIODS = (7, 30, 90)  # days
PATIENCE = 2.0  # seconds that a page waits for the gaps before it shows how far they are

_MAX_LEAST_HELPFUL = 10

Ids = Annotated[list[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]], Field(min_length=1, max_length=MAX_NAMED)]


MessageId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class GapArticleBody(Body):
    """A group that becomes a draft; `replies` are the messages of agents whose words become its answers."""

    questions: Ids
    replies: Annotated[list[MessageId], Field(max_length=10)] = []  # noqa: RUF012 - pydantic copies it
    key: Annotated[str, Field(min_length=1, max_length=128)]


class NewPhrasingsBody(Body):
    """A group whose questions become phrasings of an article."""

    questions: Ids
    article: Annotated[str, Field(min_length=1, max_length=128)]


class DismissalBody(Body):
    """A group that needs no article, and why."""

    questions: Ids
    customers: Annotated[int, Field(ge=1)]
    why: Annotated[str, Field(min_length=1, max_length=300)]


class ReopenedGapBody(Body):
    """A group that is open again."""

    questions: Ids


def gap_routes(*, db: Database, library: Library, gaps: Gaps, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _GapPages(db, library, gaps, pages)
    changes = {
        "draft": doors.make_draft,
        "phrasings": doors.add_phrasings,
        "dismiss": doors.dismiss,
        "again": doors.show_again,
    }
    return [
        route("/admin/gaps", doors.show, access=Capability.ARTICLES),
        route("/admin/api/gaps/progress", doors.progress, access=Capability.ARTICLES),
        *(
            route(f"/admin/api/gaps/{verb}", door, access=Capability.ARTICLES, methods=["POST"])
            for verb, door in changes.items()
        ),
        route("/admin/api/articles/{key}/figures", doors.show_figures, access=Capability.ARTICLES),
    ]


@dataclass(frozen=True, slots=True)
class _GapPages:
    db: Database
    library: Library
    gaps: Gaps
    pages: Pages

    async def show(self, request: Request) -> Response:
        days, language = days_of(request), self.pages.language(request)
        found = await self.gaps.look(days, patience=PATIENCE)
        ready = found if isinstance(found, GapList) else None
        figures = await load_article_figures(self.db, None, now() - timedelta(days=days)) if ready else {}
        snapshot = self.library.snapshot
        return self.pages.render(
            request,
            "admin/gaps/gaps.html",
            days=days,
            periods=PERIODS,
            gaps=ready,
            reading=None if ready else found,
            keys=await self._keys(ready),
            lines={gap.questions[0]: draw_sparkline(gap.per_day) for gap in _all(ready)},
            least=[
                (key, mine, draw_sparkline(mine.per_day)) for key, mine in least_helpful(figures)[:_MAX_LEAST_HELPFUL]
            ],
            pairs=await _pairs(snapshot) if ready else [],
            too_many=len(snapshot.entries) > MAX_ARTICLES,
            name=partial(name_in, snapshot, language),
            nearest_of=partial(_nearest, snapshot, language),
            texts=self.pages.texts(request, WORDS, COUNTS),
        )

    async def progress(self, request: Request) -> Response:
        reading = self.gaps.progress(days_of(request))
        return Json({"ready": True} if reading is None else {"done": reading.done, "total": reading.total})

    async def make_draft(self, request: Request) -> Response:
        wanted = await read(request, GapArticleBody)
        questions = await self._questions(wanted.questions)
        answers = await load_reply_texts(self.db, wanted.replies, [question.conversation_id for question in questions])
        draft = propose_article([(question.text, question.language) for question in questions], answers)
        view = await drafts.save_draft(self.db, wanted.key, draft, by=_name(request))
        return Json({"key": view.key}, status_code=201)

    async def add_phrasings(self, request: Request) -> Response:
        wanted = await read(request, NewPhrasingsBody)
        view = await drafts.load(self.db, wanted.article)
        content, count = add_phrasings(view.content, await self._asked(wanted.questions))
        if count:
            await drafts.save_draft(
                self.db, view.key, content.as_json(), by=_name(request), expected_version=view.version
            )
        return Json({"key": view.key, "added": count})

    async def dismiss(self, request: Request) -> Response:
        wanted = await read(request, DismissalBody)
        await self.gaps.dismiss(wanted.questions, customers=wanted.customers, by=_name(request), why=wanted.why)
        return Json({})

    async def show_again(self, request: Request) -> Response:
        await self.gaps.show_again((await read(request, ReopenedGapBody)).questions)
        return Json({})

    async def show_figures(self, request: Request) -> Response:
        key = str(request.path_params["key"])
        found = await load_article_figures(self.db, [key], now() - timedelta(days=days_of(request)))
        mine = found[key]
        return Json(
            {
                "asked": mine.asked,
                "helped": mine.helped,
                "not_helped": mine.unhelped,
                "handed_over": mine.handed_over,
                "per_day": mine.per_day,
            }
        )

    async def _asked(self, ids: list[str]) -> list[tuple[str, str]]:
        return [(question.text, question.language) for question in await self._questions(ids)]

    async def _questions(self, ids: list[str]) -> list[QuestionRecord]:
        found = await load_questions_by_id(self.db, ids)
        if not found:
            raise NotFound("Nothing is left of this group: the conversations have been erased.")
        return found

    async def _keys(self, ready: GapList | None) -> dict[str, str]:
        """A free key for each gap, by its first question."""
        if ready is None or not ready.open:
            return {}
        taken = {view.key for view in await list_articles(self.db)}
        proposed: dict[str, str] = {}
        for gap in ready.open:
            proposed[gap.questions[0]] = propose_key(gap.examples[0].text, taken | set(proposed.values()))
        return proposed


def name_in(snapshot: Snapshot, language: str, key: str) -> str:
    """The article's question in this language; the key of one that isn't published."""
    entry = snapshot.by_key.get(key)
    return entry.content.in_language(language)[1].question if entry else key


def days_of(request: Request) -> int:
    """The period that is asked for, else thirty days."""
    given = request.query_params.get("days", "")
    return int(given) if given in {str(days) for days in PERIODS} else 30


def _nearest(snapshot: Snapshot, language: str, gap: Gap) -> list[dict[str, str]]:
    return [{"key": one.article, "question": name_in(snapshot, language, one.article)} for one in gap.nearest]


def _all(ready: GapList | None) -> tuple[Gap, ...]:
    return (*ready.open, *ready.answered, *ready.dismissed) if ready else ()


async def _pairs(snapshot: Snapshot) -> list[DuplicatePair]:
    return [] if len(snapshot.entries) > MAX_ARTICLES else await asyncio.to_thread(find_pairs, snapshot)


def _name(request: Request) -> str:
    agent: SignedInAgent = request.state.agent
    return agent.name
