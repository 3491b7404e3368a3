"""The own passkeys: added, named and removed, each after proving oneself anew."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from babel import Locale
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import find_agent, has_password
from helpdesk.accounts.browsers import browser_name
from helpdesk.accounts.errors import TooManySignIns, WrongCode, WrongPassword
from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignInStage
from helpdesk.audit import AuditAct
from helpdesk.second_factor.errors import (
    BadPasskeyName,
    PasskeyExists,
    PasskeyRefused,
    PasskeysUnavailable,
    StaleSignIn,
    TooManyPasskeys,
)
from helpdesk.second_factor.proofs import check_proof, proof_kind
from helpdesk.second_factor.second_factors import SecondFactors
from helpdesk.web.account.code_page import CODE_PATH
from helpdesk.web.account.completion import complete_sign_in
from helpdesk.web.account.forms import text_fields
from helpdesk.web.account.passkey_support import PasskeySupport
from helpdesk.web.shared.access import Access, Guard, route
from helpdesk.web.shared.acts import actor_of
from helpdesk.web.shared.days import short_moment
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from i18n import locale_of
from store.errors import HelpdeskError, NotAllowed

PATH = "/account/passkeys"
_UNPROVED = (WrongCode, WrongPassword, StaleSignIn, TooManySignIns)
_UNFIT = (PasskeyRefused, PasskeyExists, TooManyPasskeys, BadPasskeyName, PasskeysUnavailable)


def passkey_routes(
    *, passkeys: PasskeySupport, factors: SecondFactors, guard: Guard, pages: Pages, zone: ZoneInfo, passwords: bool
) -> list[BaseRoute]:
    """The routes of this module; times are those of `zone`, `passwords` whether passkeys sign in by themselves."""
    doors = _PasskeyPages(passkeys, factors, guard, pages, zone, passwords)
    half, own = Access.PARTIAL, Capability.OWN_ACCOUNT
    return [
        route(PATH, doors.show, access=half),
        route(f"{PATH}/options", doors.begin, access=half, methods=["POST"]),
        route(PATH, doors.add, access=half, methods=["POST"]),
        route(f"{PATH}/codes", doors.renew_codes, access=own, methods=["POST"]),
        route(f"{PATH}/{{id}}/name", doors.rename, access=own, methods=["POST"]),
        route(f"{PATH}/{{id}}/remove", doors.remove, access=own, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _PasskeyPages:
    passkeys: PasskeySupport
    factors: SecondFactors
    guard: Guard
    pages: Pages
    zone: ZoneInfo
    passwords: bool

    async def show(self, request: Request) -> Response:
        """What there is, and what was just done (`done`)."""
        return await self._page(request, done=request.query_params.get("done", ""))

    async def begin(self, request: Request) -> Response:
        """What the browser shall make a passkey of, for who has proved themselves anew (`proof`)."""
        self._refuse_outstanding(request)
        party = self.passkeys.require_party(request)
        await self._prove(request)
        options = await self.passkeys.store.begin_registration(request.state.agent, party)
        return Response(options, media_type="application/json")

    async def add(self, request: Request) -> Response:
        """Keep what the browser has made (`answer`). The first second factor brings recovery codes, shown once."""
        self._refuse_outstanding(request)
        agent, fields = request.state.agent, await text_fields(request)
        try:
            party = self.passkeys.require_party(request)
            codes = await self.passkeys.store.register(agent, party, fields.get("answer", ""), fields.get("name", ""))
        except _UNFIT as error:
            return await self._page(request, error=error)
        await self.guard.audit.record(
            actor_of(request, agent), AuditAct(action="account.passkeys.add", subject=agent.id)
        )
        if codes:
            return await complete_sign_in(self.guard, request, self._codes_page(request, codes))
        return RedirectResponse(f"{PATH}?done=added", 303)

    async def renew_codes(self, request: Request) -> Response:
        """Ten new recovery codes, for who has only passkeys."""
        try:
            await self._prove(request)
        except _UNPROVED as error:
            return await self._page(request, error=error)
        if not await self.passkeys.store.list_own(request.state.agent.id):
            return RedirectResponse(PATH, 303)
        return self._codes_page(request, await self.factors.renew_codes(request.state.agent.id))

    async def rename(self, request: Request) -> Response:
        """Call one otherwise (`name`)."""
        name = (await text_fields(request)).get("name", "")
        try:
            await self.passkeys.store.rename(request.state.agent.id, _id(request), name)
        except BadPasskeyName as error:
            return await self._page(request, error=error)
        return RedirectResponse(f"{PATH}?done=named", 303)

    async def remove(self, request: Request) -> Response:
        """Take one away; the agent's other sessions end."""
        try:
            await self._prove(request)
        except _UNPROVED as error:
            return await self._page(request, error=error)
        await self.passkeys.store.remove(request.state.agent, _id(request))
        return RedirectResponse(f"{PATH}?done=removed", 303)

    async def _prove(self, request: Request) -> None:
        agent = request.state.agent
        given = (await text_fields(request)).get("proof", "")[:256]
        browser = self.guard.cookies.known_browser(request, agent.id)
        await check_proof(self.passkeys.store.db, self.factors, agent, given, browser=browser)

    def _refuse_outstanding(self, request: Request) -> None:
        """Who has a second factor and hasn't shown it adds no other."""
        if request.state.agent.stage is SignInStage.CODE:
            raise NotAllowed("The second factor comes first.")

    def _codes_page(self, request: Request, codes: list[str]) -> Response:
        return self.pages.render(request, "account/recovery_codes.html", codes=codes)

    async def _page(self, request: Request, *, done: str = "", error: HelpdeskError | None = None) -> Response:
        agent, db = request.state.agent, self.passkeys.store.db
        if agent.stage is SignInStage.CODE:
            return RedirectResponse(CODE_PATH, 303)
        locale = Locale.parse(locale_of(self.pages.language(request)))
        has_app = await self.factors.is_set_up(agent.id)
        return self.pages.render(
            request,
            "account/passkeys.html",
            status=error.status if error else 200,
            passkeys=await self.passkeys.store.list_own(agent.id),
            moment=partial(_moment, locale=locale, zone=self.zone),
            host=self.passkeys.host(request),
            signs_in=self.passwords and has_password(await find_agent(db, agent.id)),
            proof=await proof_kind(db, self.factors, agent),
            browser=browser_name(request.headers.get("user-agent", "")),
            codes_left=None if has_app else await self.factors.count_recovery_codes(agent.id),
            is_required=agent.stage is SignInStage.SETUP,
            done=done,
            error=message_of(self.pages, request, error) if error else "",
        )


def _id(request: Request) -> str:
    return str(request.path_params["id"])[:32]


def _moment(at: datetime, *, locale: Locale, zone: ZoneInfo) -> str:
    return short_moment(at, locale, zone)
