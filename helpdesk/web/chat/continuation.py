"""From another channel to the web chat: a page on which a customer follows a link, and the chat that opens there."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from connectors.contract import START, InboundMessage, Introduction
from helpdesk.conversations.contacts.facts import load_sender
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.views.visitor_chat import Visitors
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.cookies import Cookies
from helpdesk.web.shared.pages import Pages
from i18n import catalog
from store.db import Database
from store.tokens import token_hash

_MAX_TOKEN_LENGTH = 100


def continuation_routes(
    *, db: Database, inbox: ContactInbox, visitors: Visitors, cookies: Cookies, pages: Pages
) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _ContinuationPages(db, inbox, visitors, cookies, pages)
    return [
        route("/continue/{token}", doors.show, access=Access.PUBLIC),
        route("/continue/{token}", doors.follow, access=Access.PUBLIC, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _ContinuationPages:
    db: Database
    inbox: ContactInbox
    visitors: Visitors
    cookies: Cookies
    pages: Pages

    async def show(self, request: Request) -> Response:
        """Ask before the link is used up: programs that look at links follow them too."""
        nonce = self.cookies.form_nonce(request)
        response = await self._render(request, form_token=self.cookies.form_token(nonce), visitor="")
        self.cookies.write(response, "form", nonce)
        return response

    async def follow(self, request: Request) -> Response:
        """Bring the chat of this browser, or a new one, together with where the customer comes from."""
        form = await request.form()
        mine = str(form.get("visitor") or "")[:_MAX_TOKEN_LENGTH] or None
        language = self.pages.language(request, "customer")
        visit = await self.visitors.visit(mine, Introduction(language=language))
        token = str(request.path_params["token"])[:_MAX_TOKEN_LENGTH]
        sender = await load_sender(self.db, visit.conversation_id)
        await self.inbox.receive(
            InboundMessage(
                address=visit.address,
                contact_id=sender.contact_id,
                external_id=f"link:{visit.conversation_id}:{token_hash(token)}",
                text=catalog("customer", language).gettext("Carry on"),
                payload=START,
                link=token,
            )
        )
        return await self._render(request, form_token="", visitor=visit.token)

    async def _render(self, request: Request, *, form_token: str, visitor: str) -> Response:
        language = self.pages.language(request, "customer")
        messages = catalog("customer", language)
        return self.pages.render(
            request,
            "chat/continuation.html",
            messages=messages,
            language=language,
            form_token=form_token,
            visitor=visitor,
            privacy=await self.visitors.privacy_notice(language),
        )
