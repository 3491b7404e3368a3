"""What a program's key allows. Every route of the API depends on one of these."""

from collections.abc import Awaitable, Callable, Coroutine
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.accounts.keys import KeyHolder
from helpdesk.audit import AuditAct
from helpdesk.events.event_recorder import EVENTS_SCOPE
from helpdesk.web.api.key_rates import take_turn
from helpdesk.web.shared.access import Access, Guard
from helpdesk.web.shared.acts import PROGRAM_READS, act_of_program, program_of
from store.errors import Invalid, NotAllowed


class Scope(StrEnum):
    """What a key may be good for."""

    CONVERSATIONS = "conversations"
    MESSAGES = "messages"
    HANDOFF = "handoff"
    AGENTS = "agents"
    ARTICLES = "articles"
    EVENTS = EVENTS_SCOPE
    CONTACTS = "contacts"
    ANALYTICS = "analytics"
    PRIVACY = "privacy"


_bearer = HTTPBearer(auto_error=False, description="A key made with `staffel key add`")


def needs(scope: Scope) -> Any:
    """A dependency: the request carries a key with `scope`. Raises `SignInNeeded` or `NotAllowed`."""
    return Depends(_check(scope))


def _check(scope: Scope) -> Callable[..., Awaitable[KeyHolder]]:
    async def check(request: Request, response: Response, _described: Annotated[object, Depends(_bearer)]) -> KeyHolder:
        guard: Guard = request.app.state.guard
        await guard.admit(request, Access.API)
        holder: KeyHolder = request.state.api_key
        for name, value in take_turn(holder).items():
            response.headers[name] = value
        if scope not in holder.scopes:
            raise NotAllowed(f"This key may not do that; it needs the scope '{scope}'.", scope=str(scope))
        await _check_conversation(request, guard, holder)
        return holder

    return check


async def _check_conversation(request: Request, guard: Guard, holder: KeyHolder) -> None:
    """One of a private team's is read by a key of a member's; reading by a program is entered once an hour."""
    if "/conversations/" not in request.url.path or "id" not in request.path_params:
        return
    await guard.admit_program(request, holder, str(request.path_params["id"]))


class EnteredRoute(APIRoute):
    """A route of the API: what a program changes by it is entered into the audit log, what it reads once an hour."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def entered(request: Request) -> Response:
            response = await answer(request)
            ids = {name: str(value) for name, value in request.path_params.items()}
            if act := act_of_program(request.method, self.path_format, ids):
                guard: Guard = request.app.state.guard
                actor = program_of(request, request.state.api_key)
                await (guard.audit.record_reading if act.action == PROGRAM_READS else guard.audit.record)(actor, act)
            return response

        return entered


async def enter(request: Request, action: str, subject: str, **after: str) -> None:
    """Enter into the audit log what a program has done with a person's data."""
    guard: Guard = request.app.state.guard
    holder: KeyHolder = request.state.api_key
    await guard.audit.record(program_of(request, holder), AuditAct(action=action, subject=subject, after=after))


def acting(holder: KeyHolder, agent: str | None) -> str:
    """The agent that a program acts as. Raises `NotAllowed` where its key is another agent's, `Invalid` without any."""
    if holder.agent_id is not None and agent not in {None, holder.agent_id}:
        raise NotAllowed("This key acts as its own agent and as nobody else.", code="other_agent")
    found = agent or holder.agent_id
    if found is None:
        raise Invalid("'agent': expected an agent's id, from GET /agents.")
    return found
