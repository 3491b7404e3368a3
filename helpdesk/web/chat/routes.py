"""What a customer's page loads: the web chat's one script, and a page of a shop to try it on."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog
from babel.numbers import format_currency
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from helpdesk.installation.profile import CurrentProfile
from helpdesk.web.shared.access import Access, route
from helpdesk.web.shared.pages import WIDGET, Pages
from helpdesk.web.shared.rate_limits import TokenBuckets
from i18n import available_languages, catalog, locale_of
from store.settings import Settings

log = structlog.get_logger()

NEW_PER_MINUTE = 30  # connections from one address
FILES_AT_ONCE = 20  # of one visitor
FILES_PER_MINUTE = 6
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(slots=True)
class SiteAdmission:
    """Who may open a web chat and how much they may ask: pages of the allowed sites, and nobody too often."""

    settings: Settings
    _messages: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=5, per_second=1))
    _suggestions: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=8, per_second=4))
    _signs: TokenBuckets = field(default_factory=lambda: TokenBuckets(burst=20, per_second=2))
    _connections: TokenBuckets = field(
        default_factory=lambda: TokenBuckets(burst=NEW_PER_MINUTE, per_second=NEW_PER_MINUTE / 60)
    )
    _shared: TokenBuckets = field(
        default_factory=lambda: TokenBuckets(burst=10 * NEW_PER_MINUTE, per_second=10 * NEW_PER_MINUTE / 60)
    )
    _uploads: TokenBuckets = field(
        default_factory=lambda: TokenBuckets(burst=FILES_AT_ONCE, per_second=FILES_PER_MINUTE / 60)
    )
    _addresses: TokenBuckets = field(
        default_factory=lambda: TokenBuckets(burst=4 * FILES_AT_ONCE, per_second=4 * FILES_PER_MINUTE / 60)
    )
    warned: bool = False

    def allows_origin(self, origin: str | None) -> bool:
        """The installation's own address, the sites in the settings, and this machine while it serves only itself."""
        if not origin:
            return False
        if origin == self.settings.origin or origin in self.settings.webchat_origins:
            return True
        return self.settings.host in _LOCAL and urlsplit(origin).hostname in _LOCAL

    def connection_wait_seconds(self, client: str, *, is_forwarded: bool) -> float:
        """How long to wait before one more connection from the address `client` is fine; 0 when it is now.

        An installation that serves only its own machine has no limit. Behind a proxy that isn't trusted everybody comes
        from one address: it gets what ten addresses get, and the log says what to set.
        """
        is_forwarded = is_forwarded and not self.settings.trusted_proxies  # a trusted one has given the real address
        if client in _LOCAL and self._is_private and not is_forwarded:
            return 0.0
        is_shared = client in _LOCAL or (is_forwarded and _is_inside(client))
        if is_shared and not self.warned:
            self.warned = True
            log.warning("webchat.proxy_not_trusted", set="STAFFEL_TRUSTED_PROXIES")
        return (self._shared if is_shared else self._connections).take(client)

    @property
    def _is_private(self) -> bool:
        return self.settings.host in _LOCAL and urlsplit(self.settings.origin).hostname in _LOCAL

    def message_wait_seconds(self, visitor: str) -> float:
        """How long to wait before one more message of this visitor, from any tab, is fine; counts it when it is now."""
        return self._messages.take(visitor)

    def upload_wait_seconds(self, visitor: str, client: str) -> float:
        """How long to wait before one more file of this visitor, from this address, is fine; counts it when it is now.

        An address may hand in what four visitors may.
        """
        return self._uploads.take(visitor) or self._addresses.take(client)

    def takes_sign(self, visitor: str) -> bool:
        """Whether one more sign of life of this visitor, from any tab, is fine; counts it."""
        return not self._signs.take(visitor)

    def takes_suggestion(self, visitor: str) -> bool:
        """Whether one more look-up of what this visitor is writing is fine; counts it."""
        return not self._suggestions.take(visitor)


def _is_inside(address: str) -> bool:
    """Whether an address is of our own network, where a proxy may stand: others may say what they like."""
    try:
        return ip_address(address).is_private
    except ValueError:
        return False


class SharedFiles:
    """Static files that other sites' pages may load too: the web chat is made for them."""

    def __init__(self, files: StaticFiles) -> None:
        self._files = GZipMiddleware(files, minimum_size=400)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_SHARED]}
            await send(message)

        await self._files(scope, receive, send_shared)


_SHARED = [
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"cache-control", b"no-cache"),  # asked for with its ETag each time: an upgrade never mixes old and new modules,
]


def _price(amount: str, language: str) -> str:
    return format_currency(Decimal(amount), "EUR", locale=locale_of(language))


def chat_routes(settings: Settings, pages: Pages, profile: CurrentProfile) -> list[BaseRoute]:
    """The doors of this module."""

    async def show_shop(request: Request) -> Response:
        wanted, languages = request.query_params.get("lang"), available_languages("customer")
        language = wanted if wanted in languages else pages.language(request, "customer")
        return pages.render(
            request,
            "chat/demo.html",
            messages=catalog("customer", language),
            language=language,
            languages=languages,
            price=partial(_price, language=language),
            public_url=settings.origin,
            accent=profile.chosen.accent,
            help_centre=settings.help_centre == "on",
        )

    async def script(request: Request) -> Response:
        headers = {name.decode(): value.decode() for name, value in _SHARED}
        return FileResponse(WIDGET / "webchat.js", media_type="text/javascript", headers=headers)

    return [
        route("/webchat.js", script, access=Access.PUBLIC),
        route("/", show_shop, access=Access.PUBLIC),
    ]
