"""Promises on the desk: recording, keeping and withdrawing."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Conversations
from helpdesk.conversations.promises.promise_cards import load_promise_cards
from helpdesk.conversations.promises.register import (
    MAX_PROMISE_LENGTH,
    NewPromise,
    concerns,
    conversation_of_promise,
    keep_promise,
    make_promise,
    state_of,
    withdraw_promise,
)
from helpdesk.web.desk.follow_ups import load_mine
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, ClientId, Json, read
from store.models import Promise, now


class PromiseBody(Body):
    """What an agent promises. `shown`: the customer is told."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_PROMISE_LENGTH)]
    due: AwareDatetime
    shown: bool
    client_id: ClientId


def promise_routes(conversations: Conversations) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _PromiseRoutes(conversations)
    return [
        route("/desk/api/promises", doors.list_mine, access=Capability.CONVERSATIONS),
        route("/desk/api/promises/{id}/keep", doors.keep, access=Capability.ANSWERS, methods=["POST"]),
        route("/desk/api/promises/{id}/withdraw", doors.withdraw, access=Capability.ANSWERS, methods=["POST"]),
        route("/desk/api/conversations/{id}/promises", doors.make, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _PromiseRoutes:
    conversations: Conversations

    async def list_mine(self, request: Request) -> Response:
        async with self.conversations.db.read() as session:
            mine = await load_promise_cards(session, concerns(_agent_id(request)))
        follow_ups = await load_mine(self.conversations.db, _agent_id(request))
        return Json({"promises": mine, "follow_ups": follow_ups, "now": now()})

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


def _receipt(promise: Promise) -> dict[str, object]:
    return {"id": promise.id, "state": state_of(promise), "seq": promise.seq, "due_at": promise.due_at}


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _agent_id(request: Request) -> str:
    agent: SignedInAgent = request.state.agent
    return agent.id
