"""Follow-ups on the desk: what would come of one, planning it, changing it, calling it off."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Audience, Conversations
from helpdesk.conversations.follow_ups.cards import FollowUpCard, concerns, load_follow_up_cards
from helpdesk.conversations.follow_ups.planning import (
    MAX_TEXT_LENGTH,
    FollowUpPlan,
    call_off_follow_up,
    load_outlook,
    plan_follow_up,
)
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from store.db import Database
from store.errors import Invalid
from store.models import FollowUp


class FollowUpBody(Body):
    """The day, and the question in the agent's words; an empty one is ours."""

    day: Annotated[date, Field(strict=False)]
    text: Annotated[str, Field(max_length=MAX_TEXT_LENGTH)] = ""


def follow_up_routes(conversations: Conversations) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _FollowUpRoutes(conversations)
    one = "/desk/api/conversations/{id}/follow-up"
    return [
        route(one, doors.plan, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/outlook", doors.show_outlook, access=Capability.ANSWERS),
        route(f"{one}/call-off", doors.call_off, access=Capability.ANSWERS, methods=["POST"]),
    ]


async def load_mine(db: Database, agent_id: str) -> list[FollowUpCard]:
    """What an agent has planned, or has in a conversation, for the list of promises."""
    async with db.read() as session:
        return await load_follow_up_cards(session, concerns(agent_id))


@dataclass(frozen=True, slots=True)
class _FollowUpRoutes:
    conversations: Conversations

    async def show_outlook(self, request: Request) -> Response:
        """How the customer is reached, when they would be asked for a `day`, and our words."""
        async with self.conversations.open(_id(request)) as c:
            c.audience = Audience.NOBODY
            return Json(await load_outlook(c, _agent_id(request), _day(request)))

    async def plan(self, request: Request) -> Response:
        given = await read(request, FollowUpBody)
        plan = FollowUpPlan(day=given.day, text=given.text)
        async with self.conversations.open(_id(request)) as c:
            follow_up = await plan_follow_up(c, _agent_id(request), plan)
        return Json(_receipt(follow_up), status_code=201)

    async def call_off(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            follow_up = await call_off_follow_up(c, _agent_id(request))
        return Json(_receipt(follow_up))


def _receipt(follow_up: FollowUp) -> dict[str, object]:
    return {"id": follow_up.id, "state": follow_up.state, "due_at": follow_up.due_at}


def _day(request: Request) -> date:
    try:
        return date.fromisoformat(request.query_params.get("day", ""))
    except ValueError:
        raise Invalid("day is a date such as 2026-12-01.") from None


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _agent_id(request: Request) -> str:
    agent: SignedInAgent = request.state.agent
    return agent.id
