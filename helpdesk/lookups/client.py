"""Asking a service: one HTTP call within three seconds, with a size limit and a circuit breaker; no second try.

Nothing of what is sent or comes back is logged: both are a customer's.
"""

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from circuitbreaker import CircuitBreaker
from starlette.types import ASGIApp

from helpdesk.lookups.definition import LookupDefinition
from helpdesk.observability.breaker import make_breaker
from knowledge.articles.placeholders import PLACEHOLDER
from store.outgoing_addresses import ForbiddenAddress, resolve

SECONDS = 3.0
MAX_ANSWER_BYTES = 64 * 1024
NOTHING_THERE = frozenset({204, 400, 404, 410, 422})
"""Statuses with which services say that they know no such thing, or that it can't be one."""
_USER_AGENT = "Staffel"


class LookupFailure(Exception):
    """No answer came that can be read; `reason` says why in a word, `status` is the HTTP status if there was one."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAnswer:
    """`content` is the decoded JSON; None when the service knows nothing under these values."""

    status: int
    content: Any


class LookupClient:
    """`own_hosts` are the hosts of our own network that may be asked, as `name` or `name:port`.

    `inside` are services that run in this program, by host: they are called without a network.
    """

    def __init__(self, own_hosts: Collection[str] = (), inside: Mapping[str, ASGIApp] | None = None) -> None:
        self._own_hosts = frozenset(host.lower() for host in own_hosts)
        self._inside = {host: httpx.ASGITransport(app) for host, app in (inside or {}).items()}
        self._breakers: dict[str, CircuitBreaker] = {}
        self._client: httpx.AsyncClient | None = None

    async def ask(
        self, definition: LookupDefinition, values: Mapping[str, str], language: str, secret: str
    ) -> ServiceAnswer:
        """What the service says. Raises `LookupFailure`."""
        if any(value.strip() in (".", "..") for value in values.values()):
            return ServiceAnswer(status=404, content=None)  # would climb up the path
        breaker = self._breakers.setdefault(definition.host, make_breaker())
        if breaker.opened:
            raise LookupFailure("breaker_open")
        with breaker:
            return await self._ask(definition, {**values, "language": language}, secret)

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.aclose()

    async def _ask(self, definition: LookupDefinition, values: Mapping[str, str], secret: str) -> ServiceAnswer:
        try:
            async with asyncio.timeout(SECONDS):
                return await self._send(definition, values, secret)
        except TimeoutError:
            raise LookupFailure("too_late") from None
        except ForbiddenAddress:
            raise LookupFailure("forbidden_address") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise LookupFailure(type(error).__name__) from None

    async def _send(self, definition: LookupDefinition, values: Mapping[str, str], secret: str) -> ServiceAnswer:
        url, host, name = await self._place(definition.address, values)
        headers = {"Host": host, "Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": _USER_AGENT}
        if definition.header and secret:
            headers[definition.header] = secret
        body = fill_body(definition.body, values) if definition.method == "POST" else None
        client = self._open(name)
        async with client.stream(
            definition.method, url, json=body, headers=headers, extensions={"sni_hostname": name}
        ) as response:
            return await _read(response)

    async def _place(self, address: str, values: Mapping[str, str]) -> tuple[str, str, str]:
        """The address with the values in it, the Host header, and the name that the certificate has to be of."""
        filled = fill_address(address, values)
        parts = urlsplit(filled)
        name = str(parts.hostname)
        if name in self._inside:
            return filled, name, name
        place = await resolve(parts, own_network=self._is_own(parts.hostname, parts.netloc))
        rest = parts.path + (f"?{parts.query}" if parts.query else "")
        return place.url + rest, place.host, place.name

    def _is_own(self, name: str | None, netloc: str) -> bool:
        return (name or "").lower() in self._own_hosts or netloc.lower() in self._own_hosts

    def _open(self, name: str) -> httpx.AsyncClient:
        if name in self._inside:
            return httpx.AsyncClient(transport=self._inside[name])
        if self._client is None:  # most installations never look anything up
            self._client = httpx.AsyncClient(
                timeout=None,  # noqa: S113 - asyncio.timeout bounds the whole call
                trust_env=False,
                follow_redirects=False,
                limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
            )
        return self._client


def fill_address(address: str, values: Mapping[str, str]) -> str:
    """The address with each value as one piece of a path or query: nothing in it can be read as more."""
    return PLACEHOLDER.sub(lambda found: quote(values.get(found[1], ""), safe=""), address)


def fill_body(body: str, values: Mapping[str, str]) -> Any:
    """The JSON body with the values in its strings."""
    return _filled(json.loads(body or "{}"), values)


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _filled(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    if isinstance(part, str):
        return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), part)
    return part


async def _read(response: httpx.Response) -> ServiceAnswer:
    if response.status_code in NOTHING_THERE:
        return ServiceAnswer(status=response.status_code, content=None)
    if response.status_code != 200:
        reason = "redirect" if response.is_redirect else "status"
        raise LookupFailure(reason, response.status_code)
    body = await _read_at_most(response, MAX_ANSWER_BYTES)
    try:
        text = body.decode(response.charset_encoding or "utf-8")
        return ServiceAnswer(status=200, content=json.loads(text))
    except (ValueError, LookupError, RecursionError):
        raise LookupFailure("malformed", 200) from None


async def _read_at_most(response: httpx.Response, limit: int) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise LookupFailure("packed", response.status_code)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > limit:
            raise LookupFailure("too_large", response.status_code)
    return bytes(body)
