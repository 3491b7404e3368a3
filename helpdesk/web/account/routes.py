"""Signing in and out, and taking up an invitation."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import find_agent, normal_email, set_language
from helpdesk.accounts.errors import (
    BadEmail,
    BadName,
    BadPassword,
    EmailTaken,
    LinkExpired,
    NoSuchAgent,
    PasswordsOff,
    SignInFailed,
    TooManySignIns,
)
from helpdesk.accounts.invitations import InvitationAcceptance, InvitationDetails, accept_invitation, look
from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignInStage
from helpdesk.accounts.signin import Browser, sign_in
from helpdesk.accounts.throttle import LIMIT, count_resets, reset_account_key, reset_address_key
from helpdesk.audit import Actor, AuditAct
from helpdesk.delivery.staff_mails import StaffMails
from helpdesk.installation.setup_steps import Setup
from helpdesk.web.account.code_page import CODE_PATH
from helpdesk.web.account.forms import client_address, text_fields
from helpdesk.web.account.next_page import HOME, safe_next
from helpdesk.web.account.second_factor import PATH as FACTOR_PATH
from helpdesk.web.account.sign_in_page import SignInPage
from helpdesk.web.shared.access import Access, Guard, route
from helpdesk.web.shared.acts import network_of
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import available_languages
from store.db import Database
from store.errors import HelpdeskError, Invalid
from store.models import Agent, DigestInterval, Role, now

#: Links to a new password that one account is sent in a quarter of an hour.
MAX_RESETS = 3
#: A day, for one account and from one network address.
MAX_DAILY_RESETS, MAX_DAILY_ADDRESS_RESETS = 6, 30
_CORRECTABLE = (BadEmail, BadName, BadPassword, EmailTaken)


def account_routes(
    db: Database,
    guard: Guard,
    pages: Pages,
    mails: StaffMails | None = None,
    setup: Setup | None = None,
    page: SignInPage | None = None,
) -> list[BaseRoute]:
    """The doors of this module. `page` is the one for signing in."""
    page = page or SignInPage(pages=pages, cookies=guard.cookies)
    doors = _AccountPages(db, guard, pages, mails, setup, page)
    return [
        route("/signin", doors.show_sign_in, access=Access.PUBLIC),
        route("/signin", doors.sign_in, access=Access.PUBLIC, methods=["POST"]),
        route("/forgotten", doors.show_forgotten, access=Access.PUBLIC),
        route("/forgotten", doors.send_reset, access=Access.PUBLIC, methods=["POST"]),
        route("/signout", doors.sign_out, access=Capability.OWN_ACCOUNT, methods=["POST"]),
        route("/invitation/{token}", doors.show_invitation, access=Access.PUBLIC),
        route("/invitation/{token}", doors.accept_invitation, access=Access.PUBLIC, methods=["POST"]),
        route("/account/mails", doors.show_mails, access=Capability.OWN_ACCOUNT),
        route("/account/mails", doors.choose_mails, access=Capability.OWN_ACCOUNT, methods=["POST"]),
        route("/account/language", doors.choose_language, access=Capability.OWN_ACCOUNT, methods=["POST"]),
    ]


def _place_of(stage: SignInStage, wanted: str) -> str:
    """Where somebody goes whose password was right: what is outstanding comes first."""
    places = {
        SignInStage.COMPLETE: wanted,
        SignInStage.CODE: f"{CODE_PATH}?next={quote(wanted, safe='/')}",
        SignInStage.SETUP: FACTOR_PATH,
    }
    return places[stage]


@dataclass(frozen=True, slots=True)
class _AccountPages:
    db: Database
    guard: Guard
    pages: Pages
    mails: StaffMails | None
    setup: Setup | None
    page: SignInPage

    @property
    def _can_send(self) -> bool:
        return self.mails is not None and self.mails.is_on

    async def show_sign_in(self, request: Request) -> Response:
        wanted = safe_next(request.query_params.get("next"))
        if agent := await self.guard.who_partial(request):
            return RedirectResponse(_place_of(agent.stage, wanted), 303)
        return self.page.remember_language(request) or await self.page.show(
            request, wanted, signed_out=request.query_params.get("out", "")[:32]
        )

    async def sign_in(self, request: Request) -> Response:
        form = await text_fields(request)
        wanted = safe_next(form.get("next"))
        browser = Browser(
            address=client_address(request),
            name=request.headers.get("user-agent", ""),
            token=self.guard.cookies.read(request, "agent"),
            known_as=partial(self.guard.cookies.known_browser, request),
        )
        email = form.get("email", "")[:320]
        if not self.page.passwords:
            raise PasswordsOff("Sign-in by password is switched off here.")
        try:
            agent_id, token = await sign_in(self.db, self.guard.sessions, email, form.get("password", ""), browser)
        except (SignInFailed, TooManySignIns) as error:
            await self._enter_failure(request, email, error.code)
            return await self.page.show(request, wanted, email=email, error=error)
        await self._enter_sign_in(request, agent_id)
        return await self._signed_in(agent_id, token, wanted)

    async def _enter_sign_in(self, request: Request, agent_id: str) -> None:
        agent = await find_agent(self.db, agent_id)
        actor = Actor(kind="agent", id=agent.id, name=agent.name, address=network_of(request))
        await self.guard.audit.record(actor, AuditAct(action="sign_in.password", subject=agent.id))

    async def _enter_failure(self, request: Request, email: str, code: str) -> None:
        """With whose account it was; what was typed for one that doesn't exist is nobody's business."""
        try:
            account = (await find_agent(self.db, email)).id
        except NoSuchAgent:
            account = ""
        actor = Actor(address=network_of(request))
        await self.guard.audit.record(actor, AuditAct(action="sign_in.failed", subject=account, after={"reason": code}))

    async def show_forgotten(self, request: Request) -> Response:
        """Where somebody who has forgotten their password has a link sent."""
        if not self.page.passwords:
            return RedirectResponse("/signin", 303)
        return self.page.remember_language(request) or self._forgotten_page(request)

    async def send_reset(self, request: Request) -> Response:
        """The same answer, and as fast, whether there is such an account or not: the rest follows the answer."""
        email = (await text_fields(request)).get("email", "")[:320]
        try:
            key = reset_address_key(client_address(request))
            await count_resets(self.db, key, at=now(), limit=LIMIT, daily_limit=MAX_DAILY_ADDRESS_RESETS)
        except TooManySignIns as error:
            return self._forgotten_page(request, email=email, error=error)
        response = self._forgotten_page(request, sent=True)
        response.background = BackgroundTask(self._send_reset, email)
        return response

    async def _send_reset(self, email: str) -> None:
        if self.mails is None or not self.page.passwords:
            return
        with suppress(TooManySignIns):  # somebody else's patience with a full mailbox isn't tried
            key = reset_account_key(normal_email(email))
            await count_resets(self.db, key, at=now(), limit=MAX_RESETS, daily_limit=MAX_DAILY_RESETS)
            await self.mails.reset_password(email)

    async def sign_out(self, request: Request) -> Response:
        provider = await self.guard.sessions.end(request.state.agent.session)
        response = RedirectResponse(f"/signin?out={provider}" if provider else "/signin", 303)
        self.guard.cookies.remove(response, "agent")
        return response

    async def show_invitation(self, request: Request) -> Response:
        try:
            invited = await look(self.db, request.path_params["token"])
        except LinkExpired as error:
            return self._expired_page(request, error)
        return self.page.remember_language(request) or self._invitation_page(request, invited)

    async def accept_invitation(self, request: Request) -> Response:
        form, token = await text_fields(request), request.path_params["token"]
        filled = InvitationAcceptance(
            name=form.get("name", ""),
            email=form.get("email", ""),
            password=form.get("password", ""),
            language=self.pages.language(request),
        )
        try:
            agent = await accept_invitation(self.db, token, filled, installation_words=self.pages.settings().names)
        except _CORRECTABLE as error:
            return self._invitation_page(request, await look(self.db, token), filled=filled, error=error)
        except LinkExpired as error:
            return self._expired_page(request, error)
        session = await self.guard.sessions.start(
            agent.id,
            browser=request.headers.get("user-agent", ""),
            address=client_address(request),
            replaces=self.guard.cookies.read(request, "agent"),
        )
        actor = Actor(kind="agent", id=agent.id, name=agent.name, address=network_of(request))
        await self.guard.audit.record(actor, AuditAct(action="sign_in.invitation", subject=agent.id))
        return await self._signed_in(agent.id, session, await self._first_page(agent.role), has_link=True)

    async def _first_page(self, role: Role) -> str:
        """Where somebody begins who has just joined: an admin with setting up, until that is over."""
        if role != Role.ADMIN:
            return HOME
        return "/admin" if self.setup is None or await self.setup.is_over() else "/admin/setup"

    async def choose_language(self, request: Request) -> Response:
        language = (await text_fields(request)).get("language", "")
        offered = available_languages("staff")
        if language not in offered:
            raise Invalid(f"The language is one of {', '.join(offered)}.")
        await set_language(self.db, request.state.agent.id, language)
        came_from = request.headers.get("referer", "").partition("://")[2].partition("/")
        return RedirectResponse(safe_next(f"/{came_from[2]}"), 303)

    async def show_mails(self, request: Request) -> Response:
        """What this agent hears of by mail."""
        return self._mails_page(request, await find_agent(self.db, request.state.agent.id), saved=False)

    async def choose_mails(self, request: Request) -> Response:
        fields = await text_fields(request)
        chosen = fields.get("digest", "")
        if chosen not in set(DigestInterval) or self.mails is None:
            raise Invalid(f"How often is one of {', '.join(DigestInterval)}.")
        await self.mails.choose(
            request.state.agent.id,
            DigestInterval(chosen),
            promises="promises" in fields,
            weekly="weekly" in fields,
        )
        return self._mails_page(request, await find_agent(self.db, request.state.agent.id), saved=True)

    def _mails_page(self, request: Request, agent: Agent, *, saved: bool) -> Response:
        return self.pages.render(
            request,
            "account/mails.html",
            digest=str(agent.mail_digest),
            promises=agent.mail_promises,
            weekly=agent.mail_weekly,
            can_send=self._can_send,
            saved=saved,
        )

    async def _signed_in(self, agent_id: str, token: str, wanted: str, *, has_link: bool = False) -> Response:
        """`has_link`: by a link to the agent's own mailbox, or out of an admin's hand, which makes a browser known."""
        response = RedirectResponse(wanted, 303)
        is_complete = has_link or await self.guard.sessions.find(token) is not None
        self.guard.cookies.sign_in(response, token, agent_id, is_complete=is_complete)
        self.guard.cookies.remove(response, "form")
        return response

    def _forgotten_page(
        self, request: Request, *, email: str = "", sent: bool = False, error: HelpdeskError | None = None
    ) -> Response:
        return self.page.form(request, "account/forgotten.html", error, email=email, sent=sent, can_send=self._can_send)

    def _invitation_page(
        self,
        request: Request,
        invited: InvitationDetails,
        *,
        filled: InvitationAcceptance | None = None,
        error: HelpdeskError | None = None,
    ) -> Response:
        name, email = (filled.name, invited.email or filled.email) if filled else (invited.name, invited.email)
        return self.page.form(request, "account/invitation.html", error, invited=invited, name=name, email=email)

    def _expired_page(self, request: Request, error: LinkExpired) -> Response:
        message = message_of(self.pages, request, error)
        return self.pages.render(request, "account/link_expired.html", status=error.status, message=message)
