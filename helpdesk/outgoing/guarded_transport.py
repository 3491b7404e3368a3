"""A transport for httpx that goes only where `store.outgoing_addresses` lets it, and reads only so much.

For libraries and callers that want a whole HTTP client: each request's address is judged anew, and what was judged is
what is called. Redirects and proxies are the client's to refuse.
"""

from collections.abc import AsyncIterator, Collection
from urllib.parse import urlsplit

import httpx

from store.outgoing_addresses import resolve


class AnswerTooLarge(httpx.TransportError):
    """More came than is read."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """`own_hosts` are the hosts of our own network that may be called, as `name` or `name:port`."""

    def __init__(self, own_hosts: Collection[str] = (), *, max_bytes: int) -> None:
        self._own_hosts = frozenset(host.lower() for host in own_hosts)
        self._max_bytes = max_bytes
        self._inner = httpx.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it. Raises `ForbiddenAddress`, `OSError` and what httpx raises."""
        parts = urlsplit(str(request.url))
        own = (parts.hostname or "").lower() in self._own_hosts or parts.netloc.lower() in self._own_hosts
        place = await resolve(parts, own_network=own)
        request.headers["Host"] = place.host
        request.headers["Accept-Encoding"] = "identity"
        request.extensions = {**request.extensions, "sni_hostname": place.name}
        request.url = httpx.URL(place.url + (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise AnswerTooLarge("What is packed may be of any size.")
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - the inner transport is asynchronous
        response.stream = _LimitedStream(response.stream, self._max_bytes)
        return response

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._inner.aclose()


class _LimitedStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, limit: int) -> None:
        self._inner = inner
        self._left = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._left -= len(chunk)
            if self._left < 0:
                raise AnswerTooLarge("The answer is larger than any that is read.")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
