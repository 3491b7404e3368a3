"""What every answer carries, whoever gives it: security headers; and whose address a request really comes from.

The limit on bodies is Starlette's own: `Starlette(max_body_size=MAX_BODY)` counts streamed bytes too.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000  # bytes

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws: wss:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # not "no-referrer": with that, browsers send our own forms with Origin: null
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HSTS = "max-age=31536000; includeSubDomains"
#: Whatever stands below these may be about one person: neither a proxy nor a shared computer keeps it.
_PERSONAL_PATHS = (
    "/signin",
    "/forgotten",
    "/invitation",
    "/desk",
    "/admin",
    "/account",
    "/api/",
    "/continue/",
    "/mail/",
    "/transcript/",
    "/webchat/",
)

Network = IPv4Network | IPv6Network


class SecurityHeaders:
    """Adds the headers that an answer doesn't have yet; what may be personal is kept out of every cache."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = _HEADERS | ({"Strict-Transport-Security": _HSTS} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_PERSONAL_PATHS):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class TrustedProxies:
    """Takes the client's address and scheme from `X-Forwarded-…`, if and only if the peer is a proxy we trust."""

    def __init__(self, app: ASGIApp, *, proxies: Iterable[str]) -> None:
        self._app = app
        self._trusted = [ip_network(proxy, strict=False) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._trusted and scope["type"] in {"http", "websocket"} and scope.get("client"):
            scope = self._corrected(scope)
        await self._app(scope, receive, send)

    def _corrected(self, scope: Scope) -> Scope:
        peer, port = scope["client"]
        if not is_in(peer, self._trusted):
            return scope
        headers = Headers(scope=scope)
        client = client_address(peer, headers.getlist("x-forwarded-for"), self._trusted)
        scheme = headers.get("x-forwarded-proto", "").strip().lower()
        corrected = {**scope, "client": (client, port if client == peer else 0)}
        if scheme in {"http", "https"}:
            secure = scheme == "https"
            corrected["scheme"] = ("wss" if secure else "ws") if scope["type"] == "websocket" else scheme
        return corrected


def client_address(peer: str, forwarded: Iterable[str], trusted: list[Network]) -> str:
    """The last address that one of our proxies vouches for; what stands before it anybody may have invented."""
    chain = [part.strip() for header in forwarded for part in header.split(",") if part.strip()]
    address = peer
    while chain and is_in(address, trusted):
        candidate = chain.pop()
        if not is_address(candidate):
            break
        address = candidate
    return address


def is_address(text: str) -> bool:
    """Whether a text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_in(address: str, networks: list[Network]) -> bool:
    """Whether an address is in one of these networks."""
    return is_address(address) and any(ip_address(address) in network for network in networks)
