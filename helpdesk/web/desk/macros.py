"""Macros on the desk: what they are called, what they would do in a conversation, and running one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.macros.macro import REASONS
from helpdesk.macros.macro_run import MacroPreview, MacroRuns, MacroStart
from helpdesk.macros.plan import PlannedStep
from helpdesk.macros.situation import Runner
from helpdesk.views.timeline import ConversationDetail, Timeline
from helpdesk.web.desk.lists import named
from helpdesk.web.desk.words import WORDS
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, ClientId, Json, read
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.words import REPLY_VARIABLES, text_name
from i18n import translate
from store.errors import HelpdeskError, NotFound
from store.models import now


class MacroRunBody(Body):
    """What the agent saw when they started it: the macro's revision, the conversation's epoch, the last line."""

    run: Annotated[ClientId, Field(max_length=48)]
    revision: int
    epoch: int
    seq: Annotated[int, Field(ge=0)]


def macro_routes(*, runs: MacroRuns, timeline: Timeline, pages: Pages) -> list[BaseRoute]:
    """The routes of this module."""
    routes, one = _MacroRoutes(runs, timeline, pages), "/desk/api/conversations/{id}/macros"
    return [
        route("/desk/api/macros", routes.list_names, access=Capability.ANSWERS),
        route(one, routes.preview, access=Capability.ANSWERS),
        route(f"{one}/{{macro}}", routes.run, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _MacroRoutes:
    runs: MacroRuns
    timeline: Timeline
    pages: Pages

    async def list_names(self, request: Request) -> Response:
        """What the agent may run, the most used first."""
        views = await self.runs.macros.list_for(_agent(request).id)
        return Json({"macros": [{"id": view.id, "name": view.draft.name} for view in views]})

    async def preview(self, request: Request) -> Response:
        """Each with what it would do here now."""
        previews = await self.runs.preview(_id(request), self._runner(request))
        return Json({"macros": [self._told(request, one) for one in previews]})

    async def run(self, request: Request) -> Response:
        """How many steps were taken, and why it stopped before the end, if it did."""
        wanted = await read(request, MacroRunBody)
        start = MacroStart(run=wanted.run, revision=wanted.revision, epoch=wanted.epoch, read_seq=wanted.seq)
        macro_id = str(request.path_params["macro"])
        outcome = await self.runs.run(_id(request), macro_id, self._runner(request), start)
        return Json(
            {
                "done": outcome.done,
                "insert": outcome.insert,
                "refused": self._refusal(request, outcome.refusal),
                "conversation": await self._detail(request),
                "now": now(),
            }
        )

    def _runner(self, request: Request) -> Runner:
        agent, messages = _agent(request), self.pages.messages(request)
        note = translate(messages, WORDS["desk_resolve_note"])
        reasons = {one: note.format(reason=translate(messages, WORDS[f"desk_resolve_{one}"])) for one in REASONS}
        return Runner(
            agent_id=agent.id,
            agent_name=agent.name,
            company=self.pages.settings().company,
            names=self._names(request),
            reasons=reasons,
        )

    def _names(self, request: Request) -> Mapping[str, str]:
        return {key: str(name) for key, name in self.pages.texts(request, REPLY_VARIABLES).items()}

    def _told(self, request: Request, preview: MacroPreview) -> dict[str, Any]:
        view = preview.view
        return {
            "id": view.id,
            "name": view.draft.name,
            "revision": view.revision,
            "team": view.team_name,
            "is_own": view.draft.owner != "",
            "steps": [self._told_step(request, step) for step in preview.steps],
        }

    def _told_step(self, request: Request, planned: PlannedStep) -> dict[str, Any]:
        names = self._names(request)
        problem = HelpdeskError("", code=planned.problem) if planned.problem else None
        return {
            "kind": planned.step.kind,
            "text": planned.text,
            "name": planned.name,
            "choice": planned.step.choice if planned.until or planned.step.choice in REASONS else "",
            "gaps": [names[gap] for gap in planned.gaps],
            "other": text_name(planned.other, self.pages.language(request)) if planned.other else None,
            "is_away": planned.is_away,
            "until": planned.until,
            "is_undoable": planned.is_undoable,
            "problem": message_of(self.pages, request, problem) if problem else None,
        }

    def _refusal(self, request: Request, error: HelpdeskError | None) -> dict[str, str] | None:
        return {"code": error.code, "message": message_of(self.pages, request, error)} if error else None

    async def _detail(self, request: Request) -> ConversationDetail | None:
        """The conversation as it stands now; nothing where the agent may not read it any more."""
        try:
            detail = await self.timeline.conversation(_id(request), agent_id=_agent(request).id)
        except NotFound:
            return None
        return replace(detail, card=named(detail.card, self.pages.messages(request)))


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent
