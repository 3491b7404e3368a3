"""Contacts on the desk: writing down who somebody is, merging two and undoing that, all conversations of one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.conversations import Conversations
from helpdesk.conversations.contacts.contact_edits import (
    MAX_NAME_LENGTH,
    MAX_NOTE_LENGTH,
    ContactEdit,
    edit_contact,
    merge_contact,
    undo_contact_merge,
)
from helpdesk.views.timeline import Timeline
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Body, Json, read
from store.errors import Invalid

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ContactBody(Body):
    """What an agent writes down about a contact; what is missing stays as it is."""

    name: Annotated[str, Field(max_length=MAX_NAME_LENGTH)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    note: Annotated[str, Field(max_length=MAX_NOTE_LENGTH)] | None = None


class MergeBody(Body):
    """The contact that is the same person."""

    contact: Id


class UndoBody(Body):
    """The merge that was a mistake."""

    merge: Id


def contact_routes(conversations: Conversations, timeline: Timeline) -> list[BaseRoute]:
    """The routes of this module."""
    doors = _ContactRoutes(conversations, timeline)
    one = "/desk/api/conversations/{id}"
    return [
        route(f"{one}/history", doors.list_history, access=Capability.CONVERSATIONS),
        route(f"{one}/contacts", doors.find, access=Capability.CONVERSATIONS),
        route(f"{one}/contact", doors.edit, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/merge", doors.merge, access=Capability.ANSWERS, methods=["POST"]),
        route(f"{one}/unmerge", doors.undo, access=Capability.ANSWERS, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _ContactRoutes:
    conversations: Conversations
    timeline: Timeline

    async def list_history(self, request: Request) -> Response:
        """The person's other conversations, newest first; `before` is when the last one that is known has changed."""
        before = _moment(request.query_params.get("before"))
        return Json(await self.timeline.history(_id(request), before=before, agent_id=_agent(request).id))

    async def find(self, request: Request) -> Response:
        """Contacts by a part of a name or an address, or by a number; nobody without a word."""
        words = request.query_params.get("words", "").strip()
        found = await self.timeline.known_contacts(_id(request), words[:MAX_NAME_LENGTH]) if words else []
        return Json({"contacts": found})

    async def edit(self, request: Request) -> Response:
        wanted = await read(request, ContactBody)
        edit = ContactEdit(name=wanted.name, email=wanted.email, phone=wanted.phone, note=wanted.note)
        async with self.conversations.open(_id(request)) as c:
            await edit_contact(c, _agent(request).id, edit)
        return Response(status_code=204)

    async def merge(self, request: Request) -> Response:
        wanted = await read(request, MergeBody)
        async with self.conversations.open(_id(request)) as c:
            await merge_contact(c, _agent(request).id, wanted.contact)
        return Response(status_code=204)

    async def undo(self, request: Request) -> Response:
        wanted = await read(request, UndoBody)
        async with self.conversations.open(_id(request)) as c:
            await undo_contact_merge(c, _agent(request).id, wanted.merge)
        return Response(status_code=204)


def _agent(request: Request) -> SignedInAgent:
    agent: SignedInAgent = request.state.agent
    return agent


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid("'before' is a time with its zone.")
    return at
