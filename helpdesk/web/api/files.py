"""Files from outside: handed in, named by a message or an answer, and read, with the limits that browsers have."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.accounts.agents import find_agent
from helpdesk.conversations.answers.agent_answers import owner_of_uploads
from helpdesk.conversations.contacts.facts import load_sender
from helpdesk.web.api.conversations import Id, Speaker
from helpdesk.web.api.injection import ApiParts
from helpdesk.web.api.keys import EnteredRoute, acting
from helpdesk.web.shared.files import file_response, thumbnail_response
from helpdesk.web.shared.uploads import MAX_UPLOAD_BODY, NAME_HEADER, file_name

_BYTES = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_NAME = {
    "name": NAME_HEADER,
    "in": "header",
    "schema": {"type": "string"},
    "description": "The file's name, percent-encoded",
}


class FileUse(StrEnum):
    """What a file is handed in for: what the contact writes, or what an agent answers."""

    MESSAGE = "message"
    ANSWER = "answer"


class FileReceipt(BaseModel):
    """A file that is kept for an hour, until a message or an answer names its `id`."""

    id: str
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None


file_api = APIRouter(prefix="/conversations", route_class=EnteredRoute, tags=["files"])


@file_api.post(
    "/{id}/files",
    status_code=201,
    max_body_size=MAX_UPLOAD_BODY,
    openapi_extra={"requestBody": _BYTES, "parameters": [_NAME]},
)
async def take_file(
    request: Request,
    parts: ApiParts,
    holder: Speaker,
    id: Id,
    use: FileUse = FileUse.MESSAGE,
    agent: Annotated[str | None, Query(max_length=32)] = None,
) -> FileReceipt:
    """The body is the file. `agent` is who will answer; an agent's own key may leave it out."""
    sender = await load_sender(parts.db, id)
    owner = sender.address.lane
    if use is FileUse.ANSWER:
        owner = owner_of_uploads((await find_agent(parts.db, acting(holder, agent))).id)
    await parts.attached.check_room(id)
    kept = await parts.files.take(owner, file_name(request), request.stream())
    return FileReceipt(
        id=kept.key,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        width=kept.width,
        height=kept.height,
    )


@file_api.get("/{id}/files/{file}", response_class=Response)
async def read_file(
    parts: ApiParts,
    _holder: Speaker,
    id: Id,
    file: str,
    size: Annotated[str | None, Query(pattern="^small$")] = None,
) -> Response:
    """A file of a line's `attachments`, by its `id`; `size=small`: a picture's small copy, as WebP."""
    if size:
        return thumbnail_response(await parts.attached.thumbnail(file, id, notes=True))
    return file_response(await parts.attached.open(file, id, notes=True))
