"""Promises on the desk: recording, keeping, withdrawing, and noticing one in what an agent is about to send."""

from dataclasses import dataclass
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations.promises import LONGEST_PROMISE, NewPromise, Promises, state_of
from helpdesk.handoff.promise_detection import find_promise
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.bodies import Body, ClientId, Json, read
from store.errors import Invalid
from store.models import Promise, now


class PromiseBody(Body):
    """What an agent promises. `shown`: the customer is told."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMISE)]
    due: AwareDatetime
    shown: bool
    client_id: ClientId


class PromiseDraftBody(Body):
    """Words that may hold a promise, their language, and the zone in which "tomorrow at noon" is meant."""

    text: Annotated[str, Field(max_length=4_000)]
    language: Literal["de", "en"]
    zone: Annotated[str, Field(max_length=64)]


def promise_routes(promises: Promises) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _PromiseRoutes(promises)
    return [
        route("/desk/api/promises", doors.list_mine, access=Access.AGENT),
        route("/desk/api/promises/notice", doors.notice, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/promises/{id}/keep", doors.keep, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/promises/{id}/withdraw", doors.withdraw, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/conversations/{id}/promises", doors.make, access=Access.AGENT, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _PromiseRoutes:
    promises: Promises

    async def list_mine(self, request: Request) -> Response:
        return Json({"promises": await self.promises.mine(_agent_id(request)), "now": now()})

    async def make(self, request: Request) -> Response:
        given = await read(request, PromiseBody)
        wanted = NewPromise(text=given.text, due_at=given.due, shown=given.shown, client_id=given.client_id)
        promise = await self.promises.make(str(request.path_params["id"]), _agent_id(request), wanted)
        return Json(_receipt(promise), status_code=201)

    async def keep(self, request: Request) -> Response:
        return Json(_receipt(await self.promises.keep(str(request.path_params["id"]), _agent_id(request))))

    async def withdraw(self, request: Request) -> Response:
        return Json(_receipt(await self.promises.withdraw(str(request.path_params["id"]), _agent_id(request))))

    async def notice(self, request: Request) -> Response:
        draft = await read(request, PromiseDraftBody)
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
    agent: SignedInAgent = request.state.agent
    return agent.id
