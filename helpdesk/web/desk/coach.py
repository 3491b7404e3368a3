"""The coach on the desk: reading a draft after a pause, and which kinds of hints an agent wants."""

from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.coach import HintKind
from helpdesk.views.draft_coach import DraftCoach, load_kinds_off, save_kinds_off
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from store.errors import Invalid


class CoachDraftBody(Body):
    """A draft, the zone in which "tomorrow at noon" is meant, and whether an article is to be looked for, too."""

    text: Annotated[str, Field(max_length=10_000)]
    zone: Annotated[str, Field(max_length=64)]
    article: bool = False


class CoachKindsBody(Body):
    """The kinds of hints that the agent doesn't want."""

    off: Annotated[tuple[Annotated[HintKind, Field(strict=False)], ...], Field(max_length=20, strict=False)]


def coach_routes(coach: DraftCoach) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _CoachRoutes(coach)
    return [
        route("/desk/api/conversations/{id}/coach", doors.read_draft, access=Capability.ANSWERS, methods=["POST"]),
        route("/desk/api/coach", doors.show_kinds, access=Capability.ANSWERS),
        route("/desk/api/coach", doors.choose_kinds, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _CoachRoutes:
    coach: DraftCoach

    async def read_draft(self, request: Request) -> Response:
        """What there is to say of a draft; it is not kept."""
        draft = await read(request, CoachDraftBody)
        hints = await self.coach.read(
            str(request.path_params["id"]),
            request.state.agent.id,
            draft.text,
            _zone(draft.zone),
            with_article=draft.article,
        )
        return Json({"hints": hints})

    async def show_kinds(self, request: Request) -> Response:
        return Json({"kinds": list(HintKind), "off": await load_kinds_off(self.coach.db, request.state.agent.id)})

    async def choose_kinds(self, request: Request) -> Response:
        off = (await read(request, CoachKindsBody)).off
        await save_kinds_off(self.coach.db, request.state.agent.id, off)
        return Json({"off": off})


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("The zone has a name such as Europe/Berlin.") from None
