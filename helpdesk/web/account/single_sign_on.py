"""Signing in with a provider: away to it, back from it, and out of it again."""

from dataclasses import dataclass
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from helpdesk.accounts.errors import TooManySignIns
from helpdesk.accounts.throttle import count_attempts, forgive, provider_key
from helpdesk.audit import Actor, AuditAct
from helpdesk.channels.secrets import Vault
from helpdesk.single_sign_on.admission import StaffAdmission
from helpdesk.single_sign_on.errors import BadAnswer, NoSuchProvider, ProviderAway, ProviderRefused
from helpdesk.single_sign_on.id_token import identity_of
from helpdesk.single_sign_on.provider_client import ProviderClient
from helpdesk.single_sign_on.providers import Provider, ProviderStore
from helpdesk.single_sign_on.ticket import MAX_AGE, Ticket, close_ticket, new_ticket, open_ticket
from helpdesk.web.account.forms import client_address
from helpdesk.web.account.next_page import safe_next
from helpdesk.web.account.sign_in_page import SignInPage
from helpdesk.web.shared.access import Access, Guard, route
from helpdesk.web.shared.acts import network_of
from store.errors import HelpdeskError
from store.models import Agent, now

log = structlog.get_logger()

PATH = "/signin/with/{provider}"
#: Answers that one network address may bring in a quarter of an hour, beside those that sign somebody in.
MAX_ANSWERS = 30


def single_sign_on_routes(
    *,
    providers: ProviderStore,
    client: ProviderClient,
    admission: StaffAdmission,
    guard: Guard,
    page: SignInPage,
    origin: str,
) -> list[BaseRoute]:
    """The routes of this module. `origin` is the address that providers know this installation by."""
    vault = Vault(guard.cookies.secret_key)
    doors = _SingleSignOnPages(providers, client, admission, guard, page, vault, origin)
    return [
        route(PATH, doors.begin, access=Access.PUBLIC),
        route(f"{PATH}/back", doors.complete, access=Access.PUBLIC),
        route(f"{PATH}/out", doors.leave, access=Access.PUBLIC),
    ]


@dataclass(frozen=True, slots=True)
class _SingleSignOnPages:
    providers: ProviderStore
    client: ProviderClient
    admission: StaffAdmission
    guard: Guard
    page: SignInPage
    vault: Vault
    origin: str

    async def begin(self, request: Request) -> Response:
        """Away to the provider, with what its answer is held against in a cookie of this browser."""
        wanted = safe_next(request.query_params.get("next"))
        try:
            provider = await self.providers.load_current(_id(request))
            ticket = new_ticket(provider.id, wanted, now())
            address = await self.client.authorization_address(provider, ticket, self._back(provider))
        except (NoSuchProvider, ProviderAway) as error:
            return await self._page(request, error, wanted)
        response = RedirectResponse(address, 303)
        closed = close_ticket(self.vault, ticket)
        self.guard.cookies.write(response, _cookie(ticket.state), closed, seconds=int(MAX_AGE.total_seconds()))
        return response

    async def complete(self, request: Request) -> Response:
        """Back from the provider: whoever it vouches for is signed in, once, in the browser that began it."""
        state = request.query_params.get("state", "")[:100]
        network = provider_key(client_address(request))
        try:
            await count_attempts(self.providers.db, [network], at=now(), limit=MAX_ANSWERS)
            provider = await self.providers.load_current(_id(request))
            ticket = self._ticket(request, provider, state)
            agent, with_factor = await self._admit(request, provider, ticket)
        except HelpdeskError as error:
            response = await self._refused(request, error)
            self.guard.cookies.remove(response, _cookie(state))
            return response
        await forgive(self.providers.db, clear="", refund=network)
        response = await self._signed_in(request, agent, provider, ticket, with_factor=with_factor)
        self.guard.cookies.remove(response, _cookie(state))
        return response

    async def leave(self, request: Request) -> Response:
        """On to the provider's own page for signing out, and back from there."""
        try:
            provider = await self.providers.load_current(_id(request))
            address = await self.client.sign_out_address(provider, f"{self.origin}/signin")
        except (NoSuchProvider, ProviderAway) as error:
            return await self._page(request, error, safe_next(None))
        return RedirectResponse(address or "/signin", 303)

    def _ticket(self, request: Request, provider: Provider, state: str) -> Ticket:
        kept = self.guard.cookies.read(request, _cookie(state))
        return open_ticket(self.vault, kept, provider_id=provider.id, state=state, at=now())

    async def _admit(self, request: Request, provider: Provider, ticket: Ticket) -> tuple[Agent, bool]:
        """The agent, and whether a second factor was shown at the provider."""
        answer = request.query_params
        if not self.client.accepts_issuer(provider, answer.get("iss")):
            raise BadAnswer("iss of the answer")
        if "error" in answer or not answer.get("code"):
            raise ProviderRefused("The provider let nobody in.", provider=provider.name)
        claims = await self.client.load_claims(provider, ticket, answer["code"], self._back(provider))
        who = identity_of(claims, provider.definition)
        actor, language = Actor(address=network_of(request)), self.page.pages.language(request)
        return await self.admission.admit(provider, who, actor, language=language), who.with_factor

    async def _signed_in(
        self, request: Request, agent: Agent, provider: Provider, ticket: Ticket, *, with_factor: bool
    ) -> Response:
        token = await self.guard.sessions.start(
            agent.id,
            browser=request.headers.get("user-agent", ""),
            address=client_address(request),
            replaces=self.guard.cookies.read(request, "agent"),
            with_factor=with_factor,
            provider_id=provider.id,
        )
        actor = Actor(kind="agent", id=agent.id, name=agent.name, address=network_of(request))
        facts = {"provider": provider.name, "second_factor": "yes" if with_factor else "no"}
        await self.guard.audit.record(actor, AuditAct(action="sign_in.provider", subject=agent.id, after=facts))
        # By way of the sign-in page, which knows what is outstanding.
        response = RedirectResponse(f"/signin?next={quote(ticket.wanted, safe='/')}", 303)
        is_complete = await self.guard.sessions.find(token) is not None
        self.guard.cookies.sign_in(response, token, agent.id, is_complete=is_complete)
        return response

    async def _refused(self, request: Request, error: HelpdeskError) -> Response:
        """Nobody is signed in; the audit log keeps why, for an admin whom they ask."""
        if not isinstance(error, TooManySignIns):
            facts = {"reason": error.code, "detail": _reason(error), "provider": await self._name(request)}
            act = AuditAct(action="sign_in.failed", after=facts)
            await self.guard.audit.record(Actor(address=network_of(request)), act)
        return await self._page(request, error, safe_next(None))

    async def _page(self, request: Request, error: HelpdeskError, wanted: str) -> Response:
        """The sign-in page with what went wrong."""
        error.details.setdefault("provider", await self._name(request))
        log.info("single_sign_on.refused", provider=_id(request), code=error.code, reason=_reason(error))
        return await self.page.show(request, wanted, error=error)

    async def _name(self, request: Request) -> str:
        return next((name for one, name in await self.providers.list_names() if one == _id(request)), "")

    def _back(self, provider: Provider) -> str:
        """Each provider has a way back of its own, so that no answer is taken for another's (RFC 9207, section 4)."""
        return redirect_address(self.origin, provider.id)


def redirect_address(origin: str, provider_id: str) -> str:
    """What is entered at the provider as the application's redirect URI."""
    return f"{origin}/signin/with/{provider_id}/back"


def _id(request: Request) -> str:
    return str(request.path_params["provider"])[:32]


def _reason(error: HelpdeskError) -> str:
    return error.reason if isinstance(error, BadAnswer | ProviderAway) else error.code


def _cookie(state: str) -> str:
    """One for each sign-in on its way, so that two tabs don't disturb each other."""
    return f"sso_{''.join(character for character in state[:12] if character.isalnum())}"
