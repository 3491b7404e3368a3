"""What an agent is writing and can still undo, for the desk's page: drafts, held answers, transfers called back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Conversations
from helpdesk.conversations.answers.agent_answers import owner_of_uploads
from helpdesk.conversations.answers.agent_drafts import MAX_DRAFT_LENGTH, WritingMode, load_drafts, save_draft
from helpdesk.conversations.answers.held_answers import load_held, take_back
from helpdesk.conversations.lookups import load_owner, lock_conversation
from helpdesk.conversations.transfer_offers import recall_transfer
from helpdesk.conversations.unit_of_work import Audience
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, ClientId, Json, read
from store.models import StoredFile, now


class AgentDraftBody(Body):
    """What is being written; `draft` is the id under which it will be sent."""

    mode: WritingMode
    draft: ClientId
    text: Annotated[str, Field(max_length=MAX_DRAFT_LENGTH)]


class HeldActionBody(Body):
    """What is taken back."""

    held: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


async def load_work(session: AsyncSession, conversation_id: str, agent_id: str) -> dict[str, Any]:
    """An agent's drafts in a conversation and what they can undo there, for JSON."""
    actions = await load_held(session, conversation_id, agent_id)
    held_keys = {key for held in actions for key in held.files}
    files = await _load_files(session, conversation_id, agent_id, held_keys)
    names = {file.key: file.name for file in files}
    return {
        "drafts": [
            {"mode": draft.mode, "id": draft.id, "text": draft.text, "revision": draft.revision}
            | ({"returned": draft.returned} if draft.returned else {})
            for draft in await load_drafts(session, conversation_id, agent_id)
        ],
        "files": [{"id": file.key, "name": file.name} for file in files if file.key not in held_keys],
        "held": [
            {
                "id": held.id,
                "kind": str(held.kind),
                "client_id": held.client_id,
                "text": held.text,
                "files": [{"id": key, "name": names.get(key, "")} for key in held.files],
                "due_at": held.due_at,
            }
            for held in actions
        ],
    }


async def _load_files(
    session: AsyncSession, conversation_id: str, agent_id: str, held: Collection[str]
) -> Sequence[StoredFile]:
    """The files of the agent's draft and of what they can undo, in the order in which they were added."""
    found = await session.scalars(
        select(StoredFile)
        .where(
            StoredFile.owner == owner_of_uploads(agent_id),
            StoredFile.is_complete,
            StoredFile.erase_at > now(),
            (StoredFile.draft_of == conversation_id) | StoredFile.key.in_(held),
        )
        .order_by(StoredFile.created_at, StoredFile.key)
    )
    return found.all()


def agent_work_routes(conversations: Conversations) -> list[BaseRoute]:
    """The routes for drafts and for undoing."""
    routes, one = _AgentWorkRoutes(conversations), "/desk/api/conversations/{id}"
    return [
        route(f"{one}/work", routes.show, access=Capability.CONVERSATIONS),
        route(f"{one}/draft", routes.save, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/undo", routes.undo, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/recall", routes.recall, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _AgentWorkRoutes:
    conversations: Conversations

    async def show(self, request: Request) -> Response:
        """What is as it stands in the database, for all windows of the agent."""
        async with self.conversations.db.read() as session:
            return Json(await load_work(session, *_whose(request)))

    async def save(self, request: Request) -> Response:
        """The last one wins; the agent's other windows hear of it."""
        wanted = await read(request, AgentDraftBody)
        conversation, agent = _whose(request)
        async with self.conversations.db.write() as session:
            await lock_conversation(session, conversation)
            revision = await save_draft(session, conversation, agent, wanted.mode, wanted.draft, wanted.text)
        self.conversations.live.agent_work_changed(agent, conversation)
        return Json({"revision": revision})

    async def undo(self, request: Request) -> Response:
        """Take back what is held; nobody but the agent's own windows hears of it."""
        wanted = await read(request, HeldActionBody)
        conversation, agent = _whose(request)
        async with self.conversations.open(conversation) as c:
            c.audience = Audience.NOBODY
            await take_back(c, agent, wanted.held)
            await c.session.flush()
            work = await load_work(c.session, conversation, agent)
        self.conversations.live.agent_work_changed(agent, conversation)
        return Json(work)

    async def recall(self, request: Request) -> Response:
        """Call a transfer back that nobody has accepted."""
        conversation, agent = _whose(request)
        async with self.conversations.open(conversation) as c:
            await recall_transfer(c, await load_owner(c.session, c.conversation, agent))
        return Response(status_code=204)


def _whose(request: Request) -> tuple[str, str]:
    agent: SignedInAgent = request.state.agent
    return str(request.path_params["id"]), agent.id
