"""Signing in and out, and taking up an invitation."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import set_language
from helpdesk.accounts.errors import (
    BadEmail,
    BadName,
    BadPassword,
    EmailTaken,
    LinkExpired,
    SignInFailed,
    TooManySignIns,
)
from helpdesk.accounts.invitations import InvitationAcceptance, InvitationDetails, accept_invitation, look
from helpdesk.accounts.signin import Browser, sign_in
from helpdesk.web.shared.access import Access, Guard, route
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import available_languages
from store.db import Database
from store.errors import HelpdeskError, Invalid
from store.models import Role

HOME = "/desk"
_NEXT = re.compile(r"/(?:desk|admin)(?:/[\w./~-]*)?(?:\?[\w=&%.+-]*)?", re.ASCII)
_CORRECTABLE = (BadEmail, BadName, BadPassword, EmailTaken)


def account_routes(db: Database, guard: Guard, pages: Pages) -> list[BaseRoute]:
    """The doors of this module."""
    doors = _AccountPages(db, guard, pages)
    return [
        route("/signin", doors.show_sign_in, access=Access.PUBLIC),
        route("/signin", doors.sign_in, access=Access.PUBLIC, methods=["POST"]),
        route("/signout", doors.sign_out, access=Access.AGENT, methods=["POST"]),
        route("/invitation/{token}", doors.show_invitation, access=Access.PUBLIC),
        route("/invitation/{token}", doors.accept_invitation, access=Access.PUBLIC, methods=["POST"]),
        route("/account/language", doors.choose_language, access=Access.AGENT, methods=["POST"]),
    ]


def safe_next(wanted: str | None) -> str:
    """Where to go after sign-in: a page of ours, never an address that somebody put into a link."""
    return wanted if wanted and ".." not in wanted and _NEXT.fullmatch(wanted) else HOME


@dataclass(frozen=True, slots=True)
class _AccountPages:
    db: Database
    guard: Guard
    pages: Pages

    async def show_sign_in(self, request: Request) -> Response:
        wanted = safe_next(request.query_params.get("next"))
        if await self.guard.who(request):
            return RedirectResponse(wanted, 303)
        return self._remember_language(request) or self._sign_in_page(request, wanted)

    async def sign_in(self, request: Request) -> Response:
        form = await _fields(request)
        wanted = safe_next(form.get("next"))
        browser = Browser(
            address=_address(request),
            name=request.headers.get("user-agent", ""),
            token=self.guard.cookies.read(request, "agent"),
            known_as=self.guard.cookies.known_agent(request),
        )
        email = form.get("email", "")[:320]
        try:
            agent_id, token = await sign_in(self.db, self.guard.sessions, email, form.get("password", ""), browser)
        except (SignInFailed, TooManySignIns) as error:
            return self._sign_in_page(request, wanted, email=email, error=error)
        return self._signed_in(agent_id, token, wanted)

    async def sign_out(self, request: Request) -> Response:
        await self.guard.sessions.end(request.state.agent.session)
        response = RedirectResponse("/signin", 303)
        self.guard.cookies.remove(response, "agent")
        return response

    async def show_invitation(self, request: Request) -> Response:
        try:
            invited = await look(self.db, request.path_params["token"])
        except LinkExpired as error:
            return self._expired_page(request, error)
        return self._remember_language(request) or self._invitation_page(request, invited)

    async def accept_invitation(self, request: Request) -> Response:
        form, token = await _fields(request), request.path_params["token"]
        filled = InvitationAcceptance(
            name=form.get("name", ""),
            email=form.get("email", ""),
            password=form.get("password", ""),
            language=self.pages.language(request),
        )
        try:
            agent = await accept_invitation(self.db, token, filled)
        except _CORRECTABLE as error:
            return self._invitation_page(request, await look(self.db, token), filled=filled, error=error)
        except LinkExpired as error:
            return self._expired_page(request, error)
        session = await self.guard.sessions.start(
            agent.id,
            browser=request.headers.get("user-agent", ""),
            replaces=self.guard.cookies.read(request, "agent"),
        )
        return self._signed_in(agent.id, session, "/admin" if agent.role == Role.ADMIN else HOME)

    async def choose_language(self, request: Request) -> Response:
        language = (await _fields(request)).get("language", "")
        offered = available_languages("staff")
        if language not in offered:
            raise Invalid(f"The language is one of {', '.join(offered)}.")
        await set_language(self.db, request.state.agent.id, language)
        came_from = request.headers.get("referer", "").partition("://")[2].partition("/")
        return RedirectResponse(safe_next(f"/{came_from[2]}"), 303)

    def _signed_in(self, agent_id: str, token: str, wanted: str) -> Response:
        response = RedirectResponse(wanted, 303)
        self.guard.cookies.sign_in(response, token, agent_id)
        self.guard.cookies.remove(response, "form")
        return response

    def _remember_language(self, request: Request) -> Response | None:
        chosen = request.query_params.get("language")
        if chosen not in available_languages("staff"):
            return None
        response = RedirectResponse(str(request.url.remove_query_params("language").replace(scheme="", netloc="")), 303)
        self.guard.cookies.write(response, "language", chosen, seconds=365 * 24 * 3600)
        return response

    def _sign_in_page(
        self, request: Request, wanted: str, *, email: str = "", error: HelpdeskError | None = None
    ) -> Response:
        return self._form(request, "account/sign_in.html", error, next=wanted, email=email)

    def _invitation_page(
        self,
        request: Request,
        invited: InvitationDetails,
        *,
        filled: InvitationAcceptance | None = None,
        error: HelpdeskError | None = None,
    ) -> Response:
        name, email = (filled.name, invited.email or filled.email) if filled else (invited.name, invited.email)
        return self._form(request, "account/invitation.html", error, invited=invited, name=name, email=email)

    def _expired_page(self, request: Request, error: LinkExpired) -> Response:
        message = message_of(self.pages, request, error)
        return self.pages.render(request, "account/link_expired.html", status=error.status, message=message)

    def _form(self, request: Request, template: str, error: HelpdeskError | None, **context: object) -> Response:
        """A form before sign-in; its token fits the cookie that goes out with it."""
        cookies = self.guard.cookies
        nonce = cookies.form_nonce(request)
        message = message_of(self.pages, request, error) if error else ""
        fields: dict[str, Any] = {
            "form_token": cookies.form_token(nonce),
            "error": message,
            "code": error.code if error else "",
            **context,
        }
        response = self.pages.render(request, template, status=error.status if error else 200, **fields)
        cookies.write(response, "form", nonce)
        return response


async def _fields(request: Request) -> dict[str, str]:
    """The text fields of a form; the guard has read it already, with limits."""
    form = await request.form()
    return {key: value for key, value in form.items() if isinstance(value, str)}


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
