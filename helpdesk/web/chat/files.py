"""Files of the web chat: a browser hands them in before the message, and fetches those of its own conversation.

The visitor's token opens them, as it does the socket; the page that asks may be another site's (docs/protocol.md).
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from helpdesk.files.attached_files import AttachedFiles
from helpdesk.files.file_store import FileStore
from helpdesk.texts import explain
from helpdesk.views.visitor_chat import Visitors
from helpdesk.web.shared.access import Access, Endpoint, route
from helpdesk.web.shared.bodies import Json
from helpdesk.web.shared.errors import patience_headers
from helpdesk.web.shared.files import file_response, thumbnail_response
from helpdesk.web.shared.uploads import MAX_UPLOAD_BODY, NAME_HEADER, take_upload
from i18n import available_languages
from store.errors import HelpdeskError, NotAllowed, SignInRequired, TooManyRequests
from store.models import Conversation

#: Files that come in at the same time, over all visitors of one instance.
MAX_UPLOADS = 24
#: Of these from one address: a file may take three quarters of an hour to come in, and keeps its place as long.
MAX_UPLOADS_OF_ADDRESS = 8


class UploadAdmission(Protocol):
    """Which pages may ask, and how many files they may hand in."""

    def allows_origin(self, origin: str | None) -> bool:
        """Whether the page at `origin` may show this chat."""
        ...

    def upload_wait_seconds(self, visitor: str, client: str) -> float:
        """How long to wait before one more file is fine; 0 when it is now, and counts it then."""
        ...


def chat_file_routes(
    visitors: Visitors, files: FileStore, attached: AttachedFiles, admission: UploadAdmission
) -> list[BaseRoute]:
    """The routes of the web chat's files."""
    doors = _ChatFiles(visitors, files, attached, admission)
    one, all_ = "/webchat/files/{file}", "/webchat/files"
    return [
        route(all_, doors.answer(doors.hand_in), access=Access.VISITOR, methods=["POST"], max_body=MAX_UPLOAD_BODY),
        route(one, doors.answer(doors.give), access=Access.VISITOR),
        route(one, doors.answer(doors.discard), access=Access.VISITOR, methods=["DELETE"]),
        route(all_, doors.allow, access=Access.VISITOR, methods=["OPTIONS"]),
        route(one, doors.allow, access=Access.VISITOR, methods=["OPTIONS"]),
    ]


@dataclass(slots=True)
class _ChatFiles:
    visitors: Visitors
    files: FileStore
    attached: AttachedFiles
    admission: UploadAdmission
    coming: Counter[str] = field(default_factory=Counter)

    def answer(self, give: Callable[[Request, Conversation], Awaitable[Response]]) -> Endpoint:
        """An endpoint for the visitor's conversation; refusals are told so that pages of other sites can read them."""

        async def chat_files(request: Request) -> Response:
            try:
                response = await give(request, await self._admit(request))
            except HelpdeskError as error:
                response = _refusal(request, error)
            response.headers.update(self._sharing(request))
            return response

        return chat_files

    async def allow(self, request: Request) -> Response:
        """What a browser asks before it lets another site's page ask."""
        return Response(status_code=204, headers=self._sharing(request))

    async def hand_in(self, request: Request, conversation: Conversation) -> Response:
        """Keep a file until a message brings it along."""
        client = request.client.host if request.client else ""
        is_full = self.coming.total() >= MAX_UPLOADS or self.coming[client] >= MAX_UPLOADS_OF_ADDRESS
        wait = 5 if is_full else self.admission.upload_wait_seconds(conversation.chat_id, client)
        if wait:
            raise TooManyRequests("Too many files at once.", after=wait)
        self.coming[client] += 1
        try:
            await self.attached.check_room(conversation.id)
            return await take_upload(request, self.files, conversation.address.lane)
        finally:
            self.coming -= Counter((client,))  # forgets who has none left

    async def give(self, request: Request, conversation: Conversation) -> Response:
        """A file of this conversation."""
        wanted = str(request.path_params["file"])
        if request.query_params.get("size") == "small":
            return thumbnail_response(await self.attached.thumbnail(wanted, conversation.id, notes=False))
        return file_response(await self.attached.open(wanted, conversation.id, notes=False))

    async def discard(self, request: Request, conversation: Conversation) -> Response:
        """Erase a file that isn't sent after all."""
        await self.files.discard(conversation.address.lane, str(request.path_params["file"]))
        return Response(status_code=204)

    async def _admit(self, request: Request) -> Conversation:
        origin = request.headers.get("origin")
        if origin is not None and not self.admission.allows_origin(origin):
            raise NotAllowed("This page may not show the chat.")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        conversation = await self.visitors.find(token) if scheme.lower() == "bearer" and token else None
        if conversation is None:
            raise SignInRequired("A visitor's token is needed: send it as Authorization: Bearer …")
        return conversation

    def _sharing(self, request: Request) -> dict[str, str]:
        """Which page may read the answer; `no-referrer` and the like change nothing of that."""
        origin = request.headers.get("origin")
        if origin is None or not self.admission.allows_origin(origin):
            return {"Vary": "Origin"}
        return {
            "Vary": "Origin",
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Headers": f"Authorization, Content-Type, {NAME_HEADER}",
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
            "Access-Control-Expose-Headers": "Retry-After",
            "Access-Control-Max-Age": "600",
        }


def _refusal(request: Request, error: HelpdeskError) -> Response:
    wanted = request.query_params.get("lang", "")
    language = wanted if wanted in available_languages("customer") else "de"
    body = {"error": {"code": error.code, "message": explain(error.code, language)}}
    return Json(body, status_code=error.status, headers=patience_headers(error))
