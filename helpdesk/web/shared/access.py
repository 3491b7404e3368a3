"""The one mechanism that decides who may come in by which door. Every route says its `Access`; a test checks that.

The order is always the same: who is it, may they, and did the page that sends this come from us?
"""

import hmac
from collections.abc import Awaitable, Callable, Collection, Iterable
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from helpdesk.accounts.keys import find_key
from helpdesk.accounts.sessions import Sessions, SignedInAgent
from helpdesk.web.shared.cookies import Cookies
from store.db import Database
from store.errors import HelpdeskError, NotAllowed, SignInRequired

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
SECRET_HEADER = "X-Staffel-Secret"  # noqa: S105 - a header's name
REFUSED = 4403
SIGNED_OUT = 4401

Endpoint = Callable[[Request], Awaitable[Response]]
SocketEndpoint = Callable[[WebSocket], Awaitable[None]]


class Access(StrEnum):
    """Whom a door is for."""

    PUBLIC = "public"  # anybody; what changes something needs a form that we have shown
    VISITOR = "visitor"  # customers and channels: the connector checks token, origin or signature itself
    INTERNAL = "internal"  # our own bot, by shared secret
    AGENT = "agent"  # whoever is signed in
    ADMIN = "admin"  # signed in as admin
    API = "api"  # a program with a key


class ForeignRequest(NotAllowed):
    """The request wasn't sent by a page of ours, or by one that has grown too old."""

    code = "foreign_request"


class GuardedRoute(Route):
    """A route that knows whom it is for."""

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        access: Access,
        methods: Collection[str],
        name: str,
        max_body: int | None = None,
    ) -> None:
        super().__init__(path, endpoint, methods=list(methods), name=name, max_body_size=max_body)
        self.access = access


class GuardedWebSocketRoute(WebSocketRoute):
    """A WebSocket route that knows whom it is for."""

    def __init__(self, path: str, endpoint: SocketEndpoint, *, access: Access, name: str) -> None:
        super().__init__(path, endpoint, name=name)
        self.access = access


class Guard:
    """Checks requests. One lives in `app.state.guard`; without it every guarded route fails closed."""

    def __init__(self, *, db: Database, sessions: Sessions, cookies: Cookies, origin: str, bot_secret: str) -> None:
        self._db = db
        self.sessions = sessions
        self.cookies = cookies
        self._origin = origin
        self._bot_secret = bot_secret
        self._checks: dict[Access, Callable[[Request], Awaitable[None]]] = {
            Access.PUBLIC: self._admit_public,
            Access.VISITOR: self._admit_visitor,
            Access.INTERNAL: self._admit_internal,
            Access.AGENT: self._admit_agent,
            Access.ADMIN: self._admit_admin,
            Access.API: self._admit_api,
        }

    async def admit(self, request: Request, access: Access) -> None:
        """Return when the request may go on. Raises `SignInRequired` or `NotAllowed`."""
        await self._checks[access](request)

    async def admit_socket(self, socket: WebSocket, access: Access) -> None:
        """The same for a WebSocket before it opens; a socket of staff needs our own `Origin`. Raises likewise."""
        if access in {Access.PUBLIC, Access.VISITOR}:
            return
        if not socket.headers.get("origin") or not self._is_same_origin(socket):
            raise ForeignRequest("The socket was opened by another site.")
        agent = await self.who(socket)
        _check_role(agent, access)
        socket.state.agent = agent

    async def who(self, connection: HTTPConnection) -> SignedInAgent | None:
        """The agent whose session cookie came along."""
        return await self.sessions.find(self.cookies.read(connection, "agent"))

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

    async def _admit_agent(self, request: Request) -> None:
        await self._admit_staff(request, Access.AGENT)

    async def _admit_admin(self, request: Request) -> None:
        await self._admit_staff(request, Access.ADMIN)

    async def _admit_staff(self, request: Request, access: Access) -> None:
        agent = await self.who(request)
        _check_role(agent, access)
        request.state.agent = agent
        if agent is None or request.method in SAFE_METHODS:
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
    access: Access,
    methods: Collection[str] = ("GET",),
    max_body: int | None = None,
) -> GuardedRoute:
    """A route whose endpoint runs only for those it is for. Staff are in `request.state.agent`.

    `max_body` is how many bytes a request may have where that differs from the rest.
    """

    async def door(request: Request) -> Response:
        guard: Guard = request.app.state.guard
        try:
            await guard.admit(request, access)
        except SignInRequired:
            if access is not Access.API and request.method in SAFE_METHODS and wants_page(request):
                return RedirectResponse(_sign_in_address(request), 303)
            raise
        return await endpoint(request)

    return GuardedRoute(path, door, access=access, methods=methods, name=_name(endpoint), max_body=max_body)


def websocket_route(path: str, endpoint: SocketEndpoint, *, access: Access) -> GuardedWebSocketRoute:
    """A WebSocket route; whoever may not come in is refused before it opens. Staff are in `socket.state.agent`."""

    async def door(socket: WebSocket) -> None:
        guard: Guard = socket.app.state.guard
        try:
            await guard.admit_socket(socket, access)
        except HelpdeskError as error:
            await socket.close(SIGNED_OUT if isinstance(error, SignInRequired) else REFUSED)
            return
        await endpoint(socket)

    return GuardedWebSocketRoute(path, door, access=access, name=_name(endpoint))


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


def wants_page(request: HTTPConnection) -> bool:
    """Whether a person looks at the answer, rather than a program."""
    return "text/html" in request.headers.get("accept", "") and "/api/" not in request.url.path


def _check_role(agent: SignedInAgent | None, access: Access) -> None:
    if agent is None:
        raise SignInRequired("Please sign in.")
    if access not in {Access.AGENT, Access.ADMIN}:
        raise NotAllowed("This door isn't for staff.")
    if access is Access.ADMIN and not agent.is_admin:
        raise NotAllowed("Only admins may do this.")


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
