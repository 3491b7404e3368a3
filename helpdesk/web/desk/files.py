"""Files on the desk: those of a conversation's lines, and those that an agent adds to an answer."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations.answers.agent_answers import owner_of_uploads
from helpdesk.conversations.lookups import find_owner
from helpdesk.files.attached_files import AttachedFiles
from helpdesk.files.file_store import FileStore
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.web.shared.access import route
from helpdesk.web.shared.files import file_response, thumbnail_response
from helpdesk.web.shared.uploads import MAX_UPLOAD_BODY, take_upload
from store.db import Database
from store.errors import NotAllowed


def file_routes(db: Database, files: FileStore, attached: AttachedFiles, live: ChangeHints) -> list[BaseRoute]:
    """The routes."""
    routes, access = _FileRoutes(db, files, attached, live), Capability.ANSWERS
    one = "/desk/api/conversations/{id}/files/{file}"
    return [
        route(one, routes.give_file, access=Capability.CONVERSATIONS),
        route("/desk/api/files", routes.take_file, access=access, methods=["POST"], max_body=MAX_UPLOAD_BODY),
        route("/desk/api/files/{file}", routes.discard_file, access=access, methods=["DELETE"]),
    ]


@dataclass(frozen=True, slots=True)
class _FileRoutes:
    db: Database
    files: FileStore
    attached: AttachedFiles
    live: ChangeHints

    async def give_file(self, request: Request) -> Response:
        """A file of a line: a picture may be looked at, everything else is only saved. `size=small` is for lists."""
        wanted = str(request.path_params["file"])
        if request.query_params.get("size") == "small":
            return thumbnail_response(await self.attached.thumbnail(wanted, _id(request), notes=True))
        return file_response(await self.attached.open(wanted, _id(request), notes=True))

    async def take_file(self, request: Request) -> Response:
        """Keep a file as part of the agent's draft in a `conversation` that they have, for all of their windows."""
        conversation, agent = request.query_params.get("conversation", ""), _agent(request).id
        if await find_owner(self.db, conversation) != agent:
            raise NotAllowed("Only who has the conversation adds files to its answer.")
        taken = await take_upload(request, self.files, owner_of_uploads(agent), draft_of=conversation)
        self.live.agent_work_changed(agent, conversation)
        return taken

    async def discard_file(self, request: Request) -> Response:
        """Erase a file that isn't sent after all."""
        agent = _agent(request).id
        conversation = await self.files.discard(owner_of_uploads(agent), str(request.path_params["file"]))
        if conversation:
            self.live.agent_work_changed(agent, conversation)
        return Response(status_code=204)


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent


def _id(request: Request) -> str:
    return str(request.path_params["id"])
