"""The pages of macros: agents keep their own, supervisors and admins those of teams and of everybody."""

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import list_agents
from helpdesk.accounts.roles import Capability, has_capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.canned_replies.reply import MAX_TEXT
from helpdesk.canned_replies.reply_store import CannedReplies
from helpdesk.conversations.tags import load_tag_figures
from helpdesk.macros.macro import MAX_NAME, MAX_STEPS, MacroDraft, MacroStep, StepKind
from helpdesk.macros.macro_store import Keeper, Macros, MacroView
from helpdesk.web.admin.macros.words import REASON_NAMES, SNOOZE_NAMES, STEP_NAMES
from helpdesk.web.shared.access import route
from helpdesk.web.shared.acts import actor_of
from helpdesk.web.shared.bodies import Body, Json, read
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.words import REPLY_VARIABLES
from i18n import locale_of
from store.models import now

EVERYBODY, ME = "everybody", "me"


class MacroStepBody(Body):
    """One step as the page holds it."""

    kind: Annotated[StepKind, Field(strict=False)]
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    choice: Annotated[str, Field(max_length=32)] = ""


class MacroBody(Body):
    """A macro as the page holds it; `scope` is "me", "everybody" or the id of a team. `revision`: what was changed."""

    name: Annotated[str, Field(max_length=MAX_NAME * 2)]
    scope: Annotated[str, Field(max_length=32)] = ME
    steps: Annotated[tuple[MacroStepBody, ...], Field(max_length=MAX_STEPS * 2, strict=False)]
    revision: int = 0

    def as_draft(self, agent_id: str) -> MacroDraft:
        """What it means."""
        return MacroDraft(
            name=self.name,
            steps=tuple(MacroStep(kind=step.kind, text=step.text, choice=step.choice) for step in self.steps),
            team=None if self.scope in {ME, EVERYBODY} else self.scope,
            owner=agent_id if self.scope == ME else "",
        )


def macro_admin_routes(*, macros: Macros, replies: CannedReplies, pages: Pages, zone: ZoneInfo) -> list[BaseRoute]:
    """The routes of this module; times are those of `zone`. Whose macro may be changed by whom is checked for each."""
    doors, api = _MacroPages(macros, replies, pages, zone), "/admin/api/macros"
    return [
        route("/admin/macros", doors.show_list, access=Capability.ANSWERS),
        route("/admin/macros/new", doors.show_new, access=Capability.ANSWERS),
        route("/admin/macros/{id}", doors.show_macro, access=Capability.ANSWERS),
        route(f"{api}/new", doors.add, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{api}/{{id}}/save", doors.save, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{api}/{{id}}/remove", doors.remove, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _MacroPages:
    macros: Macros
    replies: CannedReplies
    pages: Pages
    zone: ZoneInfo

    async def show_list(self, request: Request) -> Response:
        locale = locale_of(self.pages.language(request))
        return self.pages.render(
            request,
            "admin/macros/macros.html",
            macros=await self.macros.list_kept_by(_keeper(request)),
            when=lambda at: short_moment(at, locale, self.zone),
            step_names=self.pages.texts(request, STEP_NAMES),
        )

    async def show_new(self, request: Request) -> Response:
        return await self._editor(request, None)

    async def show_macro(self, request: Request) -> Response:
        return await self._editor(request, await self.macros.load(_id(request), _keeper(request)))

    async def _editor(self, request: Request, macro: MacroView | None) -> Response:
        agent = _agent(request)
        colleagues = {
            one.id: one.name
            for one in await list_agents(self.macros.db)
            if one.active and has_capability(one.role, Capability.ANSWERS)
        }
        steps = macro.draft.steps if macro else ()
        return self.pages.render(
            request,
            "admin/macros/macro.html",
            macro=macro,
            scope=_scope(macro, may_share=agent.may(Capability.MACROS)),
            steps=[{"kind": str(step.kind), "text": step.text, "choice": step.choice} for step in steps],
            kinds=self.pages.texts(request, STEP_NAMES),
            snoozes=self.pages.texts(request, SNOOZE_NAMES),
            reasons=self.pages.texts(request, REASON_NAMES),
            replies=await self._reply_titles(request),
            teams=await self.macros.load_teams(),
            colleagues=colleagues,
            tags=[one.mark.name for one in await load_tag_figures(self.macros.db, now())],
            variables=self.pages.texts(request, REPLY_VARIABLES),
            max_steps=MAX_STEPS,
        )

    async def _reply_titles(self, request: Request) -> dict[str, str]:
        """By id; one's own say so, because nobody else can send them."""
        own = self.pages.messages(request).gettext("only you")
        found = await self.replies.list_for(_agent(request).id)
        return {one.id: f"{one.draft.title} ({own})" if one.owner else one.draft.title for one in found}

    async def add(self, request: Request) -> Response:
        keeper = _keeper(request)
        made = await self.macros.add((await read(request, MacroBody)).as_draft(keeper.actor.id), keeper)
        return Json({"id": made}, status_code=201)

    async def save(self, request: Request) -> Response:
        keeper, body = _keeper(request), await read(request, MacroBody)
        await self.macros.change(_id(request), body.as_draft(keeper.actor.id), keeper, revision=body.revision)
        return Json({})

    async def remove(self, request: Request) -> Response:
        await self.macros.remove(_id(request), _keeper(request))
        return Json({})


def _scope(macro: MacroView | None, *, may_share: bool) -> str:
    if macro is None:
        return EVERYBODY if may_share else ME
    return ME if macro.draft.owner else macro.draft.team or EVERYBODY


def _keeper(request: Request) -> Keeper:
    agent = _agent(request)
    return Keeper(actor=actor_of(request, agent), may_share=agent.may(Capability.MACROS))


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent


def _id(request: Request) -> str:
    return str(request.path_params["id"])
