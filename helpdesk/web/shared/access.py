"""The one mechanism that decides who may come in by which door. Every route says its `Access`, one for staff the
`Capability` that it needs (which role has which: `helpdesk.accounts.roles`); a test checks that.

The order is always the same: who is it, may they, and did the page that sends this come from us?
"""

import hmac
from collections.abc import Awaitable, Callable, Collection, Iterable
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy import Select, select
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from helpdesk.accounts.keys import KeyHolder, find_key
from helpdesk.accounts.roles import Capability, home_of
from helpdesk.accounts.sessions import Sessions, SignedInAgent
from helpdesk.audit import AuditLog
from helpdesk.conversations.visibility import load_visible
from helpdesk.web.shared.acts import act_of, actor_of, program_of, reading_of
from helpdesk.web.shared.cookies import Cookies
from store.db import Database
from store.errors import HelpdeskError, NotAllowed, SignInRequired
from store.models import Conversation, Promise, Role

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
SECRET_HEADER = "X-Staffel-Secret"  # noqa: S105 - a header's name
START = "/desk"  # where the brand and a sign-in lead to; who may not read it begins elsewhere
REFUSED = 4403
SIGNED_OUT = 4401

Endpoint = Callable[[Request], Awaitable[Response]]
SocketEndpoint = Callable[[WebSocket], Awaitable[None]]


class Access(StrEnum):
    """Whom a door is for."""

    PUBLIC = "public"  # anybody; what changes something needs a form that we have shown
    VISITOR = "visitor"  # customers and channels: the connector checks token, origin or signature itself
    INTERNAL = "internal"  # our own bot, by shared secret
    PARTIAL = "partial"  # whose password was right, even while the second factor is outstanding
    STAFF = "staff"  # who is signed in, in a role that has the route's capability
    AGENT = "agent"  # as a route for staff that needs `answers`
    ADMIN = "admin"  # as a route for staff that needs `accounts`
    API = "api"  # a program with a key


#: What routes need that don't say it themselves; tests refuse such routes.
_UNSAID = {Access.AGENT: Capability.ANSWERS, Access.ADMIN: Capability.ACCOUNTS}


class ForeignRequest(NotAllowed):
    """The request wasn't sent by a page of ours, or by one that has grown too old."""

    code = "foreign_request"


class WrongRole(NotAllowed):
    """Somebody is signed in whose role doesn't have what the route needs."""

    code = "wrong_role"

    def __init__(self, role: Role, capability: Capability) -> None:
        super().__init__(f"The role {role} may not do this; it needs {capability}.")
        self.role = role


class GuardedRoute(Route):
    """A route that knows whom it is for."""

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        access: Access,
        capability: Capability | None,
        methods: Collection[str],
        name: str,
        max_body: int | None = None,
    ) -> None:
        super().__init__(path, endpoint, methods=list(methods), name=name, max_body_size=max_body)
        self.access = access
        self.capability = capability


class GuardedWebSocketRoute(WebSocketRoute):
    """A WebSocket route that knows whom it is for."""

    def __init__(
        self, path: str, endpoint: SocketEndpoint, *, access: Access, capability: Capability | None, name: str
    ) -> None:
        super().__init__(path, endpoint, name=name)
        self.access = access
        self.capability = capability


class Guard:
    """Checks requests. One lives in `app.state.guard`; without it every guarded route fails closed."""

    def __init__(
        self,
        *,
        db: Database,
        sessions: Sessions,
        cookies: Cookies,
        origin: str,
        bot_secret: str,
        audit: AuditLog | None = None,
    ) -> None:
        self._db = db
        self.audit = audit or AuditLog(db)
        self.sessions = sessions
        self.cookies = cookies
        self._origin = origin
        self._bot_secret = bot_secret
        self._checks: dict[Access, Callable[[Request], Awaitable[None]]] = {
            Access.PUBLIC: self._admit_public,
            Access.VISITOR: self._admit_visitor,
            Access.INTERNAL: self._admit_internal,
            Access.PARTIAL: self._admit_partial,
            Access.API: self._admit_api,
        }

    async def admit(self, request: Request, access: Access, capability: Capability | None = None) -> None:
        """Return when the request may go on. Raises `SignInRequired` or `NotAllowed`."""
        if capability is not None:
            await self._admit_page_of(_check_role(await self.who(request), capability), request)
        else:
            await self._checks[access](request)

    async def admit_to(self, request: Request, subject: str | Select[str]) -> None:
        """Return when the conversation is one that the agent may read; reading somebody else's is entered once an hour.

        Raises `NotFound`.
        """
        agent: SignedInAgent = request.state.agent
        async with self._db.read() as session:
            conversation_id, owner = await load_visible(session, subject, agent.id)
        if owner != agent.id and request.method in SAFE_METHODS:
            await self.audit.record_reading(actor_of(request, agent), reading_of(conversation_id))

    async def admit_program(self, request: Request, holder: KeyHolder, conversation_id: str) -> None:
        """Return when a program may read this conversation, or it isn't there. Raises `NotFound`."""
        async with self._db.read() as session:
            if await session.get(Conversation, conversation_id) is None:
                return  # what was sent is looked at first
            _, owner = await load_visible(session, conversation_id, holder.agent_id)
        if request.method in SAFE_METHODS and (owner is None or owner != holder.agent_id):
            await self.audit.record_reading(program_of(request, holder), reading_of(conversation_id))

    async def enter(self, request: Request, path: str, capability: Capability, response: Response) -> None:
        """Enter what a request has changed or taken out into the audit log."""
        if act := act_of(request, path, capability, response):
            await self.audit.record(actor_of(request, request.state.agent), act)

    async def admit_socket(self, socket: WebSocket, access: Access, capability: Capability | None = None) -> None:
        """The same for a WebSocket before it opens; a socket of staff needs our own `Origin`. Raises likewise."""
        if access in {Access.PUBLIC, Access.VISITOR}:
            return
        if not socket.headers.get("origin") or not self._is_same_origin(socket):
            raise ForeignRequest("The socket was opened by another site.")
        if capability is None:
            raise NotAllowed("This door isn't for staff.")
        socket.state.agent = _check_role(await self.who(socket), capability)

    async def who(self, connection: HTTPConnection) -> SignedInAgent | None:
        """The agent whose session cookie came along."""
        return await self.sessions.find(self.cookies.read(connection, "agent"))

    async def who_partial(self, connection: HTTPConnection) -> SignedInAgent | None:
        """The same, and whoever still has the second factor before them: `stage` says so."""
        return await self.sessions.find_partial(self.cookies.read(connection, "agent"))

    async def _admit_public(self, request: Request) -> None:
        if request.method in SAFE_METHODS:
            return
        self._check_origin(request)
        if not self.cookies.is_form_token(request, await _given_token(request)):
            raise _foreign()

    async def _admit_visitor(self, request: Request) -> None:
        """Nothing to check here: the connector does, before it reads on."""

    async def _admit_internal(self, request: Request) -> None:
        given = request.headers.get(SECRET_HEADER, "")
        if not self._bot_secret or not hmac.compare_digest(given.encode(), self._bot_secret.encode()):
            raise NotAllowed("This address is for Staffel's own bot.")

    async def _admit_partial(self, request: Request) -> None:
        agent = await self.who_partial(request)
        if agent is None:
            raise SignInRequired("Please sign in.")
        await self._admit_page_of(agent, request)

    async def _admit_page_of(self, agent: SignedInAgent, request: Request) -> None:
        request.state.agent = agent
        if request.method in SAFE_METHODS:
            return
        self._check_origin(request)
        if not hmac.compare_digest((await _given_token(request)).encode(), agent.csrf_token.encode()):
            raise _foreign()

    async def _admit_api(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        holder = await find_key(self._db, key) if scheme.lower() == "bearer" and key else None
        if holder is None:
            raise SignInRequired("A key is needed: send it as Authorization: Bearer …")
        request.state.api_key = holder

    def _check_origin(self, request: Request) -> None:
        if not self._is_same_origin(request):
            raise _foreign()

    def _is_same_origin(self, connection: HTTPConnection) -> bool:
        """Browsers say where a request comes from; a page of another site can't change what they say."""
        given = connection.headers.get("origin")
        if given is None:
            return connection.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
        return given == self._origin or urlsplit(given).netloc == connection.headers.get("host")


def route(
    path: str,
    endpoint: Endpoint,
    *,
    access: Access | Capability,
    methods: Collection[str] = ("GET",),
    max_body: int | None = None,
) -> GuardedRoute:
    """A route whose endpoint runs only for those it is for. Staff are in `request.state.agent`.

    A capability as `access` is a route for staff whose role has it. `max_body` is how many bytes a request may have
    where that differs from the rest.
    """
    kind, capability = _requirement(access)

    async def door(request: Request) -> Response:
        guard: Guard = request.app.state.guard
        try:
            await guard.admit(request, kind, capability)
        except SignInRequired:
            if kind is not Access.API and request.method in SAFE_METHODS and wants_page(request):
                return RedirectResponse(_sign_in_address(request), 303)
            raise
        except WrongRole as refusal:
            if path == START and wants_page(request):
                return RedirectResponse(home_of(refusal.role), 303)
            raise
        if capability is not None and (subject := _conversation_of(path, request)) is not None:
            await guard.admit_to(request, subject)
        response = await endpoint(request)
        if capability is not None:
            await guard.enter(request, path, capability, response)
        return response

    return GuardedRoute(
        path, door, access=kind, capability=capability, methods=methods, name=_name(endpoint), max_body=max_body
    )


def websocket_route(path: str, endpoint: SocketEndpoint, *, access: Access | Capability) -> GuardedWebSocketRoute:
    """A WebSocket route; whoever may not come in is refused before it opens. Staff are in `socket.state.agent`."""
    kind, capability = _requirement(access)

    async def door(socket: WebSocket) -> None:
        guard: Guard = socket.app.state.guard
        try:
            await guard.admit_socket(socket, kind, capability)
        except HelpdeskError as error:
            await socket.close(SIGNED_OUT if isinstance(error, SignInRequired) else REFUSED)
            return
        await endpoint(socket)

    return GuardedWebSocketRoute(path, door, access=kind, capability=capability, name=_name(endpoint))


def declare(routes: Iterable[BaseRoute], access: Access) -> list[BaseRoute]:
    """Say whom ready-made routes are for, such as a connector's or the static files'; they check for themselves."""
    if access not in {Access.PUBLIC, Access.VISITOR}:
        raise ValueError(f"{access} needs a check: build the route with route(…, access={access})")
    declared = list(routes)
    for item in declared:
        item.access = access  # type: ignore[attr-defined]
    return declared


def access_of(item: BaseRoute) -> Access | None:
    """Whom a route says it is for; `None` when it doesn't say."""
    found: Any = getattr(item, "access", None)
    return found if isinstance(found, Access) else None


def capability_of(item: BaseRoute) -> Capability | None:
    """What a route for staff needs; `None` for the others, and where it doesn't say."""
    found: Any = getattr(item, "capability", None)
    return found if isinstance(found, Capability) else None


def wants_page(request: HTTPConnection) -> bool:
    """Whether a person looks at the answer, rather than a program."""
    return "text/html" in request.headers.get("accept", "") and "/api/" not in request.url.path


def _conversation_of(path: str, request: Request) -> str | Select[str] | None:
    """The query for the conversation that a route is about."""
    if "/conversations/{id}" in path:
        return str(request.path_params["id"])
    if "/promises/{id}" in path:
        return select(Promise.conversation_id).where(Promise.id == str(request.path_params["id"]))
    return None


def _requirement(access: Access | Capability) -> tuple[Access, Capability | None]:
    if isinstance(access, Capability):
        return Access.STAFF, access
    if access is Access.STAFF:
        raise ValueError("A route for staff names the capability that it needs.")
    return access, _UNSAID.get(access)


def _check_role(agent: SignedInAgent | None, capability: Capability) -> SignedInAgent:
    if agent is None:
        raise SignInRequired("Please sign in.")
    if not agent.may(capability):
        raise WrongRole(agent.role, capability)
    return agent


async def _given_token(request: Request) -> str:
    header = request.headers.get(CSRF_HEADER)
    if header is not None:
        return header
    if not request.headers.get("content-type", "").startswith(FORM_TYPES):
        return ""
    form = await request.form(max_files=0, max_fields=50, max_part_size=128 * 1024)
    field = form.get(CSRF_FIELD)
    return field if isinstance(field, str) else ""


def _foreign() -> ForeignRequest:
    return ForeignRequest(
        "The page has grown too old, or the request came from another site. Reload the page and try again."
    )


def _sign_in_address(request: Request) -> str:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/signin?next={quote(here, safe='/')}"


def _name(endpoint: Callable[..., object]) -> str:
    return str(getattr(endpoint, "__name__", type(endpoint).__name__))
