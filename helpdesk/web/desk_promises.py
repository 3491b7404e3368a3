"""Promises on the desk: recording, keeping, withdrawing, and noticing one in what an agent is about to send."""

from dataclasses import dataclass
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.sessions import SignedIn
from helpdesk.errors import Invalid
from helpdesk.handoff.promised import find_promise
from helpdesk.models import Promise, now
from helpdesk.promises import LONGEST_PROMISE, NewPromise, Promises, state_of
from helpdesk.web.access import Access, route
from helpdesk.web.bodies import Body, ClientId, Json, read


class Given(Body):
    """What an agent promises. `shown`: the customer is told."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMISE)]
    due: AwareDatetime
    shown: bool
    client_id: ClientId


class Draft(Body):
    """Words that may hold a promise, their language, and the zone in which "tomorrow at noon" is meant."""

    text: Annotated[str, Field(max_length=4_000)]
    language: Literal["de", "en"]
    zone: Annotated[str, Field(max_length=64)]


def promise_routes(promises: Promises) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _Doors(promises)
    return [
        route("/desk/api/promises", doors.list_mine, access=Access.AGENT),
        route("/desk/api/promises/notice", doors.notice, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/promises/{id}/keep", doors.keep, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/promises/{id}/withdraw", doors.withdraw, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/conversations/{id}/promises", doors.make, access=Access.AGENT, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Doors:
    promises: Promises

    async def list_mine(self, request: Request) -> Response:
        return Json({"promises": await self.promises.mine(_agent_id(request)), "now": now()})

    async def make(self, request: Request) -> Response:
        given = await read(request, Given)
        wanted = NewPromise(text=given.text, due_at=given.due, shown=given.shown, client_id=given.client_id)
        promise = await self.promises.make(str(request.path_params["id"]), _agent_id(request), wanted)
        return Json(_receipt(promise), status_code=201)

    async def keep(self, request: Request) -> Response:
        return Json(_receipt(await self.promises.keep(str(request.path_params["id"]), _agent_id(request))))

    async def withdraw(self, request: Request) -> Response:
        return Json(_receipt(await self.promises.withdraw(str(request.path_params["id"]), _agent_id(request))))

    async def notice(self, request: Request) -> Response:
        draft = await read(request, Draft)
        found = find_promise(draft.text, draft.language, now(), _zone(draft.zone))
        return Json({"promise": found})


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("The zone has a name such as Europe/Berlin.") from None


def _receipt(promise: Promise) -> dict[str, object]:
    return {"id": promise.id, "state": state_of(promise), "seq": promise.seq, "due_at": promise.due_at}


def _agent_id(request: Request) -> str:
    agent: SignedIn = request.state.agent
    return agent.id
