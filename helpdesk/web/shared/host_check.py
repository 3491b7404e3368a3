"""Which names this installation answers to: under another one nothing is reached (DNS rebinding, poisoned links).

It stands before the application and in the server alone, because whoever calls the application itself has no name.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from helpdesk.web.shared.security import is_address

#: Asked by machines under whatever name they know, and telling nothing; `/internal/` wants a secret.
_ANY_NAME = ("/healthz", "/readyz", "/metrics", "/internal/")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - only compared
_MISDIRECTED, _REFUSED = 421, 4403


class HostCheck:
    """Lets requests through whose `Host` is one of ours."""

    def __init__(self, app: ASGIApp, names: Iterable[str], *, any_number: bool = False) -> None:
        self._app = app
        self._names = frozenset(names)
        self._any_number = any_number

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or self._is_ours(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(_REFUSED)(scope, receive, send)
        else:
            told = "Nothing is served under this name. Its address is the one in STAFFEL_PUBLIC_URL.\n"
            await PlainTextResponse(told, _MISDIRECTED)(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        if scope["path"].startswith(_ANY_NAME):
            return True
        hosts = Headers(scope=scope).getlist("host")
        name = host_name(hosts[0]) if len(hosts) == 1 else ""
        return name in self._names or (self._any_number and is_address(name))


def guard_host(app: ASGIApp, *, origin: str, host: str) -> ASGIApp:
    """`app`, reached by its public address, by the address it listens on, and from this machine.

    One that listens everywhere is reached by any number; by names only through its public address.
    """
    public = urlsplit(origin).hostname or ""
    return HostCheck(app, {public.lower(), host.lower(), *_LOOPBACK} - _EVERYWHERE, any_number=host in _EVERYWHERE)


def host_name(host: str) -> str:
    """The name in a `Host` header, in small letters, without port and brackets; empty for one that can't be read."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""
