"""The admin page of what work teaches: questions that customers or agents gave an article, tried before being kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.insights.learning_nights import is_nightly, switch_nightly
from helpdesk.insights.learnt_phrasings import LearntPhrasing, PhrasingLearner
from helpdesk.insights.replay import DraftReplay, ReplayProgress
from helpdesk.web.admin.learning.words import COUNTS, WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import translate
from knowledge.articles.masking import mask
from knowledge.message.replay import ReplayChange
from knowledge.search.library import Library
from store.db import Database
from store.errors import HelpdeskError

log = structlog.get_logger()

PERIODS = (7, 30, 90)  # days
_MAX_SHOWN = 100  # questions with another answer; their number is always said
_BROKE = WORDS["learning_none"]


class LearningPeriodBody(Body):
    """The days whose work is learnt from, and whose questions it is tried on."""

    days: Literal[7, 30, 90] = 30


class LearningSwitchBody(Body):
    """Whether all this is done every night."""

    nightly: bool


def learning_routes(*, db: Database, library: Library, pages: Pages, replay: DraftReplay) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _LearningPages(db, library, PhrasingLearner(db, library, replay), pages)
    return [
        route("/admin/learning", doors.show, access=Capability.ARTICLES),
        route("/admin/api/learning", doors.try_and_keep, access=Capability.ARTICLES, methods=["POST"]),
        route("/admin/api/learning/nightly", doors.switch, access=Capability.ARTICLES, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _LearningPages:
    db: Database
    library: Library
    learner: PhrasingLearner
    pages: Pages

    async def show(self, request: Request) -> Response:
        """What was learnt, article by article."""
        days = _days_of(request)
        found = await self.learner.find(days)
        by_article = sorted(found, key=lambda one: one.article)
        return self.pages.render(
            request,
            "admin/learning/learning.html",
            days=days,
            periods=PERIODS,
            count=len(found),
            nightly=await is_nightly(self.db),
            groups=[
                (key, self._question(key, self.pages.language(request)), list(those))
                for key, those in groupby(by_article, key=lambda one: one.article)
            ],
            texts=self.pages.texts(request, WORDS, COUNTS),
        )

    async def try_and_keep(self, request: Request) -> Response:
        """Try all of it, and keep as drafts what does no harm; lines of JSON."""
        days = (await read(request, LearningPeriodBody)).days
        return StreamingResponse(self._lines(request, days), media_type="application/x-ndjson")

    async def switch(self, request: Request) -> Response:
        """Do it every night, or not."""
        wanted = await read(request, LearningSwitchBody)
        await switch_nightly(self.db, on=wanted.nightly)
        return Json({"nightly": wanted.nightly})

    async def _lines(self, request: Request, days: int) -> AsyncIterator[bytes]:
        agent: SignedInAgent = request.state.agent
        try:
            async for step in self.learner.try_and_keep(days, by=agent.name):
                if isinstance(step, ReplayProgress):
                    yield _line(step)
                    continue
                language = self.pages.language(request)
                shown = {
                    name: [self._shown(one, language) for one in getattr(step, name)]
                    for name in ("kept", "harmful", "left")
                }
                changes = [self._change(one, language) for one in step.changes[:_MAX_SHOWN]]
                yield _line({**shown, "asked": step.asked, "changed": len(step.changes), "changes": changes})
        except HelpdeskError as error:
            yield _line({"error": message_of(self.pages, request, error)})
        except Exception:
            log.exception("learning.broke", days=days)
            yield _line({"error": translate(self.pages.messages(request), _BROKE)})

    def _shown(self, one: LearntPhrasing, language: str) -> dict[str, Any]:
        question = self._question(one.article, language)
        return {"article": one.article, "question": question, "text": one.text, "language": one.language}

    def _change(self, change: ReplayChange, language: str) -> dict[str, Any]:
        """A question, and the article that it gets now."""
        article = str(change.after.article)
        said = {"text": mask(change.question.text), "language": change.question.language}
        return {**said, "article": article, "question": self._question(article, language)}

    def _question(self, key: str, language: str) -> str:
        entry = self.library.snapshot.by_key.get(key)
        return entry.content.in_language(language)[1].question if entry else key


def _line(value: object) -> bytes:
    return bytes(Json(value).body) + b"\n"


def _days_of(request: Request) -> int:
    given = request.query_params.get("days", "")
    return int(given) if given in {str(days) for days in PERIODS} else 30
