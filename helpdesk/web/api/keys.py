"""What a program's key allows. Every route of the API depends on one of these."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPBearer
from starlette.requests import Request

from helpdesk.accounts.keys import KeyHolder
from helpdesk.web.shared.access import Access, Guard
from store.errors import NotAllowed


class Scope(StrEnum):
    """What a key may be good for."""

    CONVERSATIONS = "conversations"
    MESSAGES = "messages"
    HANDOFF = "handoff"
    AGENTS = "agents"
    ARTICLES = "articles"


_bearer = HTTPBearer(auto_error=False, description="A key made with `staffel key add`")


def needs(scope: Scope) -> Any:
    """A dependency: the request carries a key with `scope`. Raises `SignInNeeded` or `NotAllowed`."""
    return Depends(_check(scope))


def _check(scope: Scope) -> Callable[..., Awaitable[KeyHolder]]:
    async def check(request: Request, _described: Annotated[object, Depends(_bearer)]) -> KeyHolder:
        guard: Guard = request.app.state.guard
        await guard.admit(request, Access.API)
        holder: KeyHolder = request.state.api_key
        if scope not in holder.scopes:
            raise NotAllowed(f"This key may not do that; it needs the scope '{scope}'.", scope=str(scope))
        return holder

    return check
