"""Blocking the contact of a conversation on the desk, and letting them in again."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Conversations
from helpdesk.conversations.blocking import MAX_REASON, block_contact, unblock_contact
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, read


class BlockBody(Body):
    """Why nobody answers this contact any more."""

    reason: Annotated[str, Field(min_length=1, max_length=MAX_REASON)]


def blocking_routes(conversations: Conversations) -> list[BaseRoute]:
    """The routes of this module; both are in the audit log."""
    routes, one = _BlockingRoutes(conversations), "/desk/api/conversations/{id}"
    return [
        route(f"{one}/block", routes.block, access=Capability.BLOCKING, methods=["POST"]),
        route(f"{one}/unblock", routes.unblock, access=Capability.BLOCKING, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _BlockingRoutes:
    conversations: Conversations

    async def block(self, request: Request) -> Response:
        """The conversation is closed without a word; what the contact sends from now on is only stored."""
        reason = (await read(request, BlockBody)).reason
        async with self.conversations.open(str(request.path_params["id"])) as c:
            await block_contact(c, _agent_id(request), reason)
        return Response(status_code=204)

    async def unblock(self, request: Request) -> Response:
        """What the contact writes next is answered again."""
        async with self.conversations.open(str(request.path_params["id"])) as c:
            await unblock_contact(c, _agent_id(request))
        return Response(status_code=204)


def _agent_id(request: Request) -> str:
    agent: SignedInAgent = request.state.agent
    return agent.id
