"""Where the links in mails to customers lead: back into the conversation, and to no more mails."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from helpdesk.conversations.contacts.facts import stop_mails, writes_by_mail
from helpdesk.conversations.inbox import ContactInbox
from helpdesk.conversations.ratings import MailQuestion, load_mail_question
from helpdesk.mail.links import MailLinks, RatingLink
from helpdesk.views.visitor_chat import Visitors
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.cookies import Cookies
from helpdesk.web.shared.pages import Pages
from i18n import catalog
from store.db import Database
from store.errors import Conflict

_MAX_TOKEN_LENGTH = 100


def mail_link_routes(
    *, db: Database, inbox: ContactInbox, links: MailLinks, visitors: Visitors, cookies: Cookies, pages: Pages
) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _MailLinkPages(db, inbox, links, visitors, cookies, pages)
    return [
        route("/continue/mail/{token}", doors.show_return, access=Access.PUBLIC),
        route("/continue/mail/{token}", doors.return_to_chat, access=Access.PUBLIC, methods=["POST"]),
        route("/mail/stop/{token}", doors.show_stop, access=Access.PUBLIC),
        route("/mail/stop/{token}", doors.stop, access=Access.VISITOR, methods=["POST"]),
        route("/mail/rating/{token}", doors.show_rating, access=Access.PUBLIC),
        route("/mail/rating/{token}", doors.rate, access=Access.PUBLIC, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _MailLinkPages:
    db: Database
    inbox: ContactInbox
    links: MailLinks
    visitors: Visitors
    cookies: Cookies
    pages: Pages

    async def show_return(self, request: Request) -> Response:
        """Ask for a press: programs that look at the links of a mail open pages too, and have seen nothing."""
        link = self.links.read_return(_token(request))
        known = link is not None and await self.visitors.may_return(link)
        nonce = self.cookies.form_nonce(request)
        state = "ask" if known else "over"
        response = await self._render(
            request, "chat/mail_return.html", state, form_token=self.cookies.form_token(nonce)
        )
        self.cookies.write(response, "form", nonce)
        return response

    async def return_to_chat(self, request: Request) -> Response:
        """Open the conversation in this browser."""
        link = self.links.read_return(_token(request))
        token = await self.visitors.admit_again(link) if link else None
        state = "open" if token else "over"
        return await self._render(request, "chat/mail_return.html", state, visitor=token or "")

    async def show_stop(self, request: Request) -> Response:
        """Ask first, for the same reason."""
        contact_id = self.links.contact_of(_token(request))
        state = "ask" if contact_id else "over"
        writes_mails = contact_id is not None and await writes_by_mail(self.db, contact_id)
        return await self._render(request, "chat/mail_stop.html", state, writes_mails=writes_mails)

    async def stop(self, request: Request) -> Response:
        """End the mails. A mailbox's own button posts here (RFC 8058), without cookies: the link itself is signed."""
        contact_id = self.links.contact_of(_token(request))
        if contact_id is not None:
            await stop_mails(self.db, contact_id)
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse("ok" if contact_id else "This link is no longer good.", 200 if contact_id else 404)
        writes_mails = contact_id is not None and await writes_by_mail(self.db, contact_id)
        state = "done" if contact_id else "over"
        return await self._render(request, "chat/mail_stop.html", state, writes_mails=writes_mails)

    async def show_rating(self, request: Request) -> Response:
        """Ask for a press: programs that look at the links of a mail open both of them, and rate nothing."""
        link = self.links.read_rating(_token(request))
        question = await self._find_question(link)
        nonce = self.cookies.form_nonce(request)
        response = await self._render(
            request,
            "chat/mail_rating.html",
            "ask" if question else "over",
            helped=link is not None and link.helped,
            form_token=self.cookies.form_token(nonce),
        )
        self.cookies.write(response, "form", nonce)
        return response

    async def rate(self, request: Request) -> Response:
        """Keep what was pressed, which may be another button than the mail's; the same one twice is said once."""
        question = await self._find_question(self.links.read_rating(_token(request)))
        if question is None:
            return await self._render(request, "chat/mail_rating.html", "over")
        helped = (await request.form()).get("helped") == "yes"
        with suppress(Conflict):
            await self.inbox.receive(question.answer(helped=helped))
        return await self._render(request, "chat/mail_rating.html", "done", helped=helped)

    async def _find_question(self, link: RatingLink | None) -> MailQuestion | None:
        if link is None:
            return None
        async with self.db.read() as session:
            return await load_mail_question(session, link.conversation_id)

    async def _render(self, request: Request, page: str, state: str, **values: Any) -> Response:
        language = self.pages.language(request, "customer")
        return self.pages.render(
            request,
            page,
            status=404 if state == "over" else 200,
            messages=catalog("customer", language),
            language=language,
            state=state,
            privacy=await self.visitors.privacy_notice(language),
            **values,
        )


def _token(request: Request) -> str:
    return str(request.path_params["token"])[:_MAX_TOKEN_LENGTH]
