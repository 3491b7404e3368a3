"""What an agent may offer in a conversation, for the buttons that write the sentence."""

from dataclasses import dataclass

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.accounts.roles import Capability
from helpdesk.allowances.allowance_store import AllowanceStore
from helpdesk.web.shared.access import route
from helpdesk.web.shared.bodies import Json
from store.errors import NotFound
from store.models import Conversation, Handoff


def allowance_routes(store: AllowanceStore) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _AllowanceRoutes(store)
    return [route("/desk/api/conversations/{id}/allowances", doors.list_for, access=Capability.ANSWERS)]


@dataclass(frozen=True, slots=True)
class _AllowanceRoutes:
    store: AllowanceStore

    async def list_for(self, request: Request) -> Response:
        """Those of the conversation's topic and of every topic, in its language and form of address."""
        conversation_id = str(request.path_params["id"])
        topic = (
            select(Handoff.topic)
            .where(Handoff.conversation_id == conversation_id)
            .order_by(Handoff.asked_at.desc())
            .limit(1)
            .scalar_subquery()
        )
        async with self.store.db.read() as session:
            row = (
                await session.execute(
                    select(Conversation.language, Conversation.formality, topic).where(
                        Conversation.id == conversation_id
                    )
                )
            ).one_or_none()
        if row is None:
            raise NotFound("There is no such conversation.")
        language, form, about = row
        offers = await self.store.list_for(about, language, form)
        return Json({"allowances": [{"id": key, "name": name, "text": text} for key, name, text in offers]})
