"""Signing in with a passkey: in place of a password, or after it as the second factor."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.agents import find_agent
from helpdesk.accounts.errors import PasswordsOff, TooManySignIns
from helpdesk.accounts.sessions import SignInStage
from helpdesk.accounts.signin import Browser
from helpdesk.accounts.throttle import challenge_key, count_attempts
from helpdesk.audit import Actor, AuditAct
from helpdesk.second_factor.challenges import ChallengePurpose
from helpdesk.second_factor.errors import PasskeyRefused, PasskeysUnavailable
from helpdesk.second_factor.passkey_sign_in import sign_in_by_passkey
from helpdesk.web.account.code_page import CODE_PATH, CodePage
from helpdesk.web.account.completion import complete_sign_in
from helpdesk.web.account.forms import client_address, text_fields
from helpdesk.web.account.next_page import safe_next
from helpdesk.web.account.passkey_support import PasskeySupport
from helpdesk.web.account.sign_in_page import SignInPage
from helpdesk.web.shared.access import Access, Guard, route
from helpdesk.web.shared.acts import actor_of, network_of
from store.errors import NotAllowed
from store.models import now
from store.tokens import token_hash

PATH = "/signin/passkey"
#: Challenges that one network address may ask for in a quarter of an hour: each is a row for five minutes.
MAX_CHALLENGES = 60


def passkey_sign_in_routes(
    *, passkeys: PasskeySupport, guard: Guard, page: SignInPage, code_page: CodePage
) -> list[BaseRoute]:
    """The routes of this module; `page` and `code_page` are shown again with what went wrong."""
    doors = _PasskeySignIn(passkeys, guard, page, code_page)
    after_password = f"{CODE_PATH}/passkey"
    return [
        route(f"{PATH}/options", doors.begin, access=Access.PUBLIC, methods=["POST"]),
        route(PATH, doors.complete, access=Access.PUBLIC, methods=["POST"]),
        route(f"{after_password}/options", doors.begin_second_factor, access=Access.PARTIAL, methods=["POST"]),
        route(after_password, doors.complete_second_factor, access=Access.PARTIAL, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _PasskeySignIn:
    passkeys: PasskeySupport
    guard: Guard
    page: SignInPage
    code_page: CodePage

    async def begin(self, request: Request) -> Response:
        """What the browser shall ask of a passkey: the same for everybody, whoever there is."""
        self._refuse_passwords_off()
        party = self.passkeys.require_party(request)
        known = self.guard.cookies.proven_device(request)
        key = f"challenge:browser:{known}" if known else challenge_key(client_address(request))
        await count_attempts(self.passkeys.store.db, [key], at=now(), limit=MAX_CHALLENGES)
        return _json(await self.passkeys.store.begin_sign_in(party, self._holder(request)))

    async def complete(self, request: Request) -> Response:
        """Whoever the passkey belongs to is signed in, with both factors."""
        self._refuse_passwords_off()
        form = await text_fields(request)
        wanted = safe_next(form.get("next"))
        browser = Browser(
            address=client_address(request),
            name=request.headers.get("user-agent", ""),
            token=self.guard.cookies.read(request, "agent"),
            known_as=partial(self.guard.cookies.known_browser, request),
        )
        try:
            agent_id, token = await sign_in_by_passkey(
                self.passkeys.store,
                self.guard.sessions,
                self.passkeys.require_party(request),
                self._holder(request),
                form.get("answer", ""),
                browser,
            )
        except (PasskeyRefused, TooManySignIns, PasskeysUnavailable) as error:
            await self._enter_failure(request, error)
            return await self.page.show(request, wanted, error=error)
        agent = await find_agent(self.passkeys.store.db, agent_id)
        actor = Actor(kind="agent", id=agent.id, name=agent.name, address=network_of(request))
        await self.guard.audit.record(actor, AuditAct(action="sign_in.passkey", subject=agent.id))
        response = RedirectResponse(wanted, 303)
        self.guard.cookies.sign_in(response, token, agent.id, is_complete=True)
        self.guard.cookies.remove(response, "form")
        return response

    async def begin_second_factor(self, request: Request) -> Response:
        """What the browser shall ask of one of this agent's passkeys."""
        self._refuse_other_stages(request)
        party = self.passkeys.require_party(request)
        agent = request.state.agent
        await count_attempts(self.passkeys.store.db, [_session_key(agent.session)], at=now(), limit=MAX_CHALLENGES)
        return _json(await self.passkeys.store.begin_second_factor(agent, party))

    async def complete_second_factor(self, request: Request) -> Response:
        """A passkey makes the sign-in complete, in a session of its own."""
        form = await text_fields(request)
        agent, wanted = request.state.agent, safe_next(form.get("next"))
        if agent.stage is not SignInStage.CODE:
            return RedirectResponse(CODE_PATH, 303)
        try:
            await self.passkeys.store.verify(
                self.passkeys.require_party(request),
                ChallengePurpose.SECOND_FACTOR,
                agent.session,
                form.get("answer", ""),
                agent_id=agent.id,
            )
        except (PasskeyRefused, PasskeysUnavailable) as error:
            await self._enter(request, "sign_in.failed", reason=_reason(error))
            return await self.code_page.show(request, wanted, error)
        await self._enter(request, "sign_in.second_factor", by="passkey")
        return await complete_sign_in(self.guard, request, RedirectResponse(wanted, 303))

    def _refuse_passwords_off(self) -> None:
        """A passkey stands for a password: where only providers decide who comes in, it doesn't."""
        if not self.page.passwords:
            raise PasswordsOff("Sign-in by password or passkey is switched off here.")

    def _refuse_other_stages(self, request: Request) -> None:
        if request.state.agent.stage is not SignInStage.CODE:
            raise NotAllowed("No second factor is asked for.")

    def _holder(self, request: Request) -> str:
        return token_hash(self.guard.cookies.read(request, "form") or "")

    async def _enter(self, request: Request, action: str, **facts: str) -> None:
        agent = request.state.agent
        await self.guard.audit.record(actor_of(request, agent), AuditAct(action=action, subject=agent.id, after=facts))

    async def _enter_failure(
        self, request: Request, error: PasskeyRefused | TooManySignIns | PasskeysUnavailable
    ) -> None:
        subject = error.agent_id if isinstance(error, PasskeyRefused) else ""
        act = AuditAct(action="sign_in.failed", subject=subject, after={"reason": _reason(error)})
        await self.guard.audit.record(Actor(address=network_of(request)), act)


def _reason(error: PasskeyRefused | TooManySignIns | PasskeysUnavailable) -> str:
    return error.fault if isinstance(error, PasskeyRefused) else error.code


def _session_key(session_hash: str) -> str:
    return f"challenge:session:{session_hash[:40]}"


def _json(body: str) -> Response:
    return Response(body, media_type="application/json")
