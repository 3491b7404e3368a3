"""The second factor: set up with an app, asked for after the password, changed and taken away."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.errors import TooManySignIns, WrongCode
from helpdesk.accounts.roles import Capability
from helpdesk.accounts.sessions import SignInStage
from helpdesk.audit import AuditAct
from helpdesk.second_factor.second_factors import SecondFactors
from helpdesk.second_factor.totp import provisioning_address, qr_picture
from helpdesk.web.account.code_page import CODE_PATH, CodePage
from helpdesk.web.account.completion import complete_sign_in
from helpdesk.web.account.forms import text_fields
from helpdesk.web.account.next_page import safe_next
from helpdesk.web.account.passkey_support import PasskeySupport
from helpdesk.web.shared.access import Access, Guard, route
from helpdesk.web.shared.acts import actor_of
from helpdesk.web.shared.errors import message_of
from helpdesk.web.shared.pages import Pages
from store.errors import HelpdeskError, NotAllowed, NotFound

PATH = "/account/second-factor"


def second_factor_routes(
    *, factors: SecondFactors, guard: Guard, pages: Pages, code_page: CodePage, passkeys: PasskeySupport
) -> list[BaseRoute]:
    """The doors of this module; apps call this installation by the bot's name."""
    doors = _SecondFactorPages(factors, guard, pages, code_page, passkeys)
    partial = Access.PARTIAL
    return [
        route(CODE_PATH, doors.show_code, access=partial),
        route(CODE_PATH, doors.take_code, access=partial, methods=["POST"]),
        route(f"{CODE_PATH}/cancel", doors.cancel, access=partial, methods=["POST"]),
        route(PATH, doors.show, access=partial),
        route(f"{PATH}/begin", doors.begin, access=partial, methods=["POST"]),
        route(f"{PATH}/qr.svg", doors.show_qr, access=partial),
        route(f"{PATH}/confirm", doors.confirm, access=partial, methods=["POST"]),
        route(f"{PATH}/codes", doors.renew_codes, access=Capability.OWN_ACCOUNT, methods=["POST"]),
        route(f"{PATH}/remove", doors.remove, access=Capability.OWN_ACCOUNT, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _SecondFactorPages:
    factors: SecondFactors
    guard: Guard
    pages: Pages
    code_page: CodePage
    passkeys: PasskeySupport

    async def show_code(self, request: Request) -> Response:
        """Where the code is asked for."""
        stage, wanted = request.state.agent.stage, safe_next(request.query_params.get("next"))
        if stage is SignInStage.CODE:
            return await self.code_page.show(request, wanted)
        return RedirectResponse(PATH if stage is SignInStage.SETUP else wanted, 303)

    async def take_code(self, request: Request) -> Response:
        """A right code makes the sign-in complete, in a session of its own."""
        fields = await text_fields(request)
        agent, wanted = request.state.agent, safe_next(fields.get("next"))
        if agent.stage is not SignInStage.CODE:
            return RedirectResponse(CODE_PATH, 303)
        try:
            await self._verify(request)
        except (WrongCode, TooManySignIns) as error:
            await self._enter(request, "sign_in.failed", reason=error.code)
            return await self.code_page.show(request, wanted, error)
        await self._enter(request, "sign_in.second_factor")
        return await complete_sign_in(self.guard, request, RedirectResponse(wanted, 303))

    async def cancel(self, request: Request) -> Response:
        """Back to the sign-in page, as somebody else say."""
        await self.guard.sessions.end(request.state.agent.session)
        response = RedirectResponse("/signin", 303)
        self.guard.cookies.remove(response, "agent")
        return response

    async def show(self, request: Request) -> Response:
        """How it stands: none yet, being set up, or on."""
        return await self._page(request)

    async def begin(self, request: Request) -> Response:
        """Make a secret for an app."""
        self._refuse_outstanding(request)
        await self.factors.begin(request.state.agent.id)
        return RedirectResponse(PATH, 303)

    async def show_qr(self, request: Request) -> Response:
        """The QR code of the secret, while it is set up."""
        self._refuse_outstanding(request)
        agent = request.state.agent
        secret = await self.factors.unconfirmed_secret(agent.id)
        if secret is None:
            raise NotFound("Nothing is being set up.")
        picture = qr_picture(provisioning_address(secret, agent.email, self.pages.settings().bot_name))
        return Response(picture, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})

    async def confirm(self, request: Request) -> Response:
        """The app's first code: from now on one is asked. Shows the recovery codes, once."""
        self._refuse_outstanding(request)
        try:
            codes = await self.factors.confirm(request.state.agent.id, await _typed_code(request))
        except (WrongCode, TooManySignIns) as error:
            return await self._page(request, error=error)
        await self._enter(request, "account.second-factor.confirm")
        return await complete_sign_in(self.guard, request, self._codes_page(request, codes))

    async def renew_codes(self, request: Request) -> Response:
        """Ten new recovery codes, for a code."""
        agent = request.state.agent
        try:
            await self._verify(request)
        except (WrongCode, TooManySignIns) as error:
            return await self._page(request, error=error)
        return self._codes_page(request, await self.factors.renew_codes(agent.id))

    async def remove(self, request: Request) -> Response:
        """Take it away, for a code; who must have one sets up another at the next sign-in."""
        agent = request.state.agent
        try:
            await self._verify(request)
        except (WrongCode, TooManySignIns) as error:
            return await self._page(request, error=error)
        await self.factors.remove(agent.id, by=agent.id)
        return RedirectResponse("/signin", 303)

    async def _verify(self, request: Request) -> None:
        agent_id = request.state.agent.id
        browser = self.guard.cookies.known_browser(request, agent_id)
        await self.factors.verify(agent_id, await _typed_code(request), browser=browser)

    async def _enter(self, request: Request, action: str, **facts: str) -> None:
        agent = request.state.agent
        await self.guard.audit.record(actor_of(request, agent), AuditAct(action=action, subject=agent.id, after=facts))

    def _refuse_outstanding(self, request: Request) -> None:
        """Who has a second factor and hasn't shown it sets up no other."""
        if request.state.agent.stage is SignInStage.CODE:
            raise NotAllowed("The code of the second factor comes first.")

    def _codes_page(self, request: Request, codes: list[str]) -> Response:
        return self.pages.render(request, "account/recovery_codes.html", codes=codes)

    async def _page(self, request: Request, error: HelpdeskError | None = None) -> Response:
        agent = request.state.agent
        if agent.stage is SignInStage.CODE:
            return RedirectResponse(CODE_PATH, 303)
        is_on = await self.factors.is_set_up(agent.id)
        secret = None if is_on else await self.factors.unconfirmed_secret(agent.id)
        return self.pages.render(
            request,
            "account/second_factor.html",
            is_on=is_on,
            is_required=self.guard.sessions.policy.requires(agent.role),
            is_complete=agent.stage is SignInStage.COMPLETE,
            has_passkeys=self.passkeys.party(request) is not None,
            secret=" ".join(re.findall(".{1,4}", secret)) if secret else "",
            left=await self.factors.count_recovery_codes(agent.id) if is_on else 0,
            **self._problem(request, error),
        )

    def _problem(self, request: Request, error: HelpdeskError | None) -> dict[str, Any]:
        message = message_of(self.pages, request, error) if error else ""
        return {"error": message, "status": error.status if error else 200}


async def _typed_code(request: Request) -> str:
    return (await text_fields(request)).get("code", "")[:64]
