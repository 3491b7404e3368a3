"""Tags on the desk: set, taken away, and those that there are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Conversations
from helpdesk.conversations.tags import MAX_NAME, add_tag, load_tag_figures, load_tags, remove_tag
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from store.models import now

LATELY = timedelta(days=30)


class TagNameBody(Body):
    """A tag to set, by its name."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME + 1)]


def tag_routes(conversations: Conversations) -> list[BaseRoute]:
    """The doors of this module."""
    doors, one = _TagRoutes(conversations), "/desk/api/conversations/{id}/tags"
    return [
        route("/desk/api/tags", doors.list_tags, access=Capability.CONVERSATIONS),
        route(one, doors.add, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/{{tag}}/remove", doors.remove, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _TagRoutes:
    conversations: Conversations

    async def list_tags(self, request: Request) -> Response:
        """All there are, the most used first."""
        found = await load_tag_figures(self.conversations.db, now() - LATELY)
        return Json({"tags": [one.mark for one in found]})

    async def add(self, request: Request) -> Response:
        name = (await read(request, TagNameBody)).name
        async with self.conversations.open(_id(request)) as c:
            await add_tag(c, _agent_id(request), name)
        return await self._tags(request)

    async def remove(self, request: Request) -> Response:
        async with self.conversations.open(_id(request)) as c:
            await remove_tag(c, _agent_id(request), str(request.path_params["tag"]))
        return await self._tags(request)

    async def _tags(self, request: Request) -> Response:
        async with self.conversations.db.read() as session:
            return Json({"tags": (await load_tags(session, [_id(request)])).get(_id(request), ())})


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _agent_id(request: Request) -> str:
    agent: SignedInAgent = request.state.agent
    return agent.id
