"""One POST to an address that somebody has entered: never to our own inside, never longer than it may take.

The address is judged anew each time, and what was judged is what is called (`store.outgoing_addresses`). Redirects and
the proxies of the environment are not followed. Nothing of what comes back is read but status and `Retry-After`.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from store.outgoing_addresses import ForbiddenAddress, resolve

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
MAX_RETRY_AFTER_SECONDS = 3600


class PostFailure(Exception):
    """No answer came; `reason` says why in a word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAnswer:
    """The status that came back, and in how many seconds one may come again, if that was said."""

    status: int
    retry_after: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether it was taken."""
        return 200 <= self.status < 300


class OutgoingPost:
    """`own_hosts` are the hosts of our own network that may be called, as `name` or `name:port`."""

    def __init__(self, own_hosts: Collection[str] = ()) -> None:
        self._own_hosts = frozenset(host.lower() for host in own_hosts)
        self._client: httpx.AsyncClient | None = None

    async def send(self, address: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
        """What the other side said. Raises `PostFailure`."""
        import httpx

        try:
            async with asyncio.timeout(CONNECT_SECONDS + READ_SECONDS):
                return await self._send(address, body, headers)
        except (TimeoutError, httpx.TimeoutException):
            raise PostFailure("too_late") from None
        except ForbiddenAddress:
            raise PostFailure("forbidden_address") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
            raise PostFailure("unreachable" if isinstance(error, OSError | httpx.ConnectError) else "broken") from None

    async def check(self, address: str) -> None:
        """Raises `ForbiddenAddress`, `OSError` or `UnicodeError` for an address that is never called."""
        parts = urlsplit(address)
        await resolve(parts, own_network=self._is_own(parts.hostname, parts.netloc))

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.aclose()

    async def _send(self, address: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
        parts = urlsplit(address)
        place = await resolve(parts, own_network=self._is_own(parts.hostname, parts.netloc))
        url = place.url + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        async with self._open().stream(
            "POST",
            url,
            content=body,
            headers={**headers, "Host": place.host, "User-Agent": "Staffel"},
            extensions={"sni_hostname": place.name},
        ) as response:
            return PostAnswer(status=response.status_code, retry_after=_seconds(response.headers.get("retry-after")))

    def _is_own(self, name: str | None, netloc: str) -> bool:
        return (name or "").lower() in self._own_hosts or netloc.lower() in self._own_hosts

    def _open(self) -> "httpx.AsyncClient":
        if self._client is None:  # most installations never call anybody
            import httpx

            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
                trust_env=False,
                follow_redirects=False,
                limits=httpx.Limits(max_connections=20, max_keepalive_connections=4),
            )
        return self._client


def _seconds(value: str | None) -> int | None:
    """`Retry-After` in seconds; a date isn't read."""
    return min(int(value), MAX_RETRY_AFTER_SECONDS) if value and value.strip().isdecimal() else None
