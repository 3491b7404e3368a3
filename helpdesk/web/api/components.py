"""What the API's functions work with, handed to each by FastAPI.

They stand in modules and close over no app: FastAPI keeps what it has learnt of 4,096 functions for as long as the
program runs, and with a function everything that it closes over.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from helpdesk.conversations import Conversations
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.views.timeline import Timeline
from knowledge.search.library import Library
from store.db import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiComponents:
    """The parts of one helpdesk that programs reach."""

    db: Database
    conversations: Conversations
    inbox: ContactInbox
    timeline: Timeline
    library: Library


async def _components(request: Request) -> ApiComponents:
    found: ApiComponents = request.app.state.components
    return found


ApiParts = Annotated[ApiComponents, Depends(_components)]
