"""Promises on the desk: recording, keeping, withdrawing, and noticing one in what an agent is about to send."""

from dataclasses import dataclass
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Conversations
from helpdesk.conversations.promise_cards import load_promise_cards
from helpdesk.conversations.promises import (
    MAX_PROMISE_LENGTH,
    NewPromise,
    concerns,
    conversation_of_promise,
    keep_promise,
    make_promise,
    state_of,
    withdraw_promise,
)
from helpdesk.handoff.promise_detection import find_promise
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.bodies import Body, ClientId, Json, read
from store.errors import Invalid
from store.models import Promise, now


class PromiseBody(Body):
    """What an agent promises. `shown`: the customer is told."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_PROMISE_LENGTH)]
    due: AwareDatetime
    shown: bool
    client_id: ClientId


class PromiseDraftBody(Body):
    """Words that may hold a promise, their language, and the zone in which "tomorrow at noon" is meant."""

    text: Annotated[str, Field(max_length=4_000)]
    language: Literal["de", "en"]
    zone: Annotated[str, Field(max_length=64)]


def promise_routes(conversations: Conversations) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _PromiseRoutes(conversations)
    return [
        route("/desk/api/promises", doors.list_mine, access=Access.AGENT),
        route("/desk/api/promises/notice", doors.notice, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/promises/{id}/keep", doors.keep, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/promises/{id}/withdraw", doors.withdraw, access=Access.AGENT, methods=["POST"]),
        route("/desk/api/conversations/{id}/promises", doors.make, access=Access.AGENT, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _PromiseRoutes:
    conversations: Conversations

    async def list_mine(self, request: Request) -> Response:
        async with self.conversations.db.read() as session:
            mine = await load_promise_cards(session, concerns(_agent_id(request)))
        return Json({"promises": mine, "now": now()})

    async def make(self, request: Request) -> Response:
        given = await read(request, PromiseBody)
        wanted = NewPromise(text=given.text, due_at=given.due, shown=given.shown, client_id=given.client_id)
        async with self.conversations.open(_id(request)) as c:
            promise = await make_promise(c, _agent_id(request), wanted)
        return Json(_receipt(promise), status_code=201)

    async def keep(self, request: Request) -> Response:
        async with self.conversations.open(conversation_of_promise(_id(request)), what="promise") as c:
            promise = await keep_promise(c, _id(request), _agent_id(request))
        return Json(_receipt(promise))

    async def withdraw(self, request: Request) -> Response:
        async with self.conversations.open(conversation_of_promise(_id(request)), what="promise") as c:
            promise = await withdraw_promise(c, _id(request), _agent_id(request))
        return Json(_receipt(promise))

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


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _agent_id(request: Request) -> str:
    agent: SignedInAgent = request.state.agent
    return agent.id
