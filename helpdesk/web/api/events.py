"""What happened, in order, for programs that would otherwise ask again and again."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from helpdesk.accounts.keys import KeyHolder
from helpdesk.conversations.visibility import is_of_visible
from helpdesk.events.event_stream import event_document
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.keys import EnteredRoute, Scope, needs
from store.models import ConversationEvent

MAX_WAIT_SECONDS = 30


class EventView(BaseModel):
    """One event. `type` is such as `conversation.answered`; `data` holds `id`, `number` and what it is about."""

    type: str
    timestamp: datetime
    data: dict[str, Any]


class EventList(BaseModel):
    """Events in the order in which they were stored; `cursor` is the `after` of the next request."""

    events: list[EventView]
    cursor: str


event_api = APIRouter(prefix="/events", route_class=EnteredRoute, tags=["events"])


@event_api.get("")
async def read_events(
    parts: ApiParts,
    holder: Annotated[KeyHolder, needs(Scope.EVENTS)],
    after: Annotated[str, Query(max_length=100, description="The `cursor` of the last answer")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    wait: Annotated[int, Query(ge=0, le=MAX_WAIT_SECONDS, description="Seconds to wait for news")] = 0,
) -> EventList:
    """Of the conversations that the key may read."""
    readable = is_of_visible(ConversationEvent.conversation_id, holder.agent_id)
    page = await parts.events.read(after, limit=limit, wait_seconds=wait, readable=readable)
    documents = (event_document(event, parts.events.origin) for event in page.events)
    return EventList(events=[EventView(**document) for document in documents], cursor=page.cursor)
