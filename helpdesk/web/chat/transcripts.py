"""Where the link leads with which a customer takes their conversation along."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from helpdesk.conversations.contacts.customer_sign_in import has_signed_in_since
from helpdesk.conversations.log.transcript_file import load_transcript_file
from helpdesk.mail.links import MailLinks
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.pages import Pages
from helpdesk.web.shared.transcripts import transcript_response
from i18n import catalog
from store.db import Database
from store.models import Conversation

_MAX_TOKEN_LENGTH = 100


def transcript_routes(*, db: Database, links: MailLinks, time_zone: str, pages: Pages) -> list[BaseRoute]:
    """The doors of this module. `time_zone` is the company's."""
    doors = _Transcripts(db, links, time_zone, pages)
    return [route(f"{MailLinks.TRANSCRIPT_PATH}{{token}}", doors.download, access=Access.PUBLIC)]


@dataclass(frozen=True, slots=True)
class _Transcripts:
    db: Database
    links: MailLinks
    time_zone: str
    pages: Pages

    async def download(self, request: Request) -> Response:
        """The link itself is signed, and has an end."""
        link = self.links.read_transcript(str(request.path_params["token"])[:_MAX_TOKEN_LENGTH])
        async with self.db.read() as session:
            conversation = await session.get(Conversation, link.conversation_id) if link else None
            if link is None or conversation is None:
                return self._over(request)
            if await has_signed_in_since(session, conversation, link.made_at):
                return self._over(request)  # it has become a customer's own, and the link may be another's
            return transcript_response(await load_transcript_file(session, conversation, self.time_zone))

    def _over(self, request: Request) -> Response:
        _ = catalog("customer", self.pages.language(request, "customer")).gettext
        return PlainTextResponse(_("This link no longer works. Ask for a new one in the chat."), 404)
