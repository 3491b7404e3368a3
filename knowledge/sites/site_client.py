"""Fetching pages of other people's sites: politely, within limits, and never from inside of our own network.

Each name is resolved and judged once, and the number that was judged is called; so it is again after every redirect.
Nothing is sent but the request itself: no cookies, no credentials, and no proxy of the environment is asked.
"""

import asyncio
import random
import zlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from urllib.parse import urlsplit

import httpx

from knowledge.sites.site_address import is_same_site, join_address
from knowledge.sites.site_problems import SiteProblem, SiteProblemKind
from store.outgoing_addresses import ForbiddenAddress, ResolvedAddress, resolve

#: The name that a robots.txt may use for us.
ROBOT = "Staffel"
MAX_REDIRECTS = 5
#: Seconds a site may take for one answer, its last byte included.
ANSWER_SECONDS = 30.0
#: Seconds between two requests, if the site doesn't ask for more.
MIN_DELAY_SECONDS = 1.0
#: The longest pause that a site's Retry-After is waited for.
MAX_DELAY_SECONDS = 120.0
#: How often one page is asked for while the site is busy or stumbles.
MAX_TRIES = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_STUMBLED = frozenset({500, 502, 504})

type Pause = Callable[[float], Awaitable[None]]
#: Raises `SiteProblem` where an address must not be asked for.
type AddressCheck = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStamp:
    """What a site said a page's version is, to ask whether there is another."""

    etag: str = ""
    last_modified: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """The headers of a request that wants nothing if the page is as it was."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResponse:
    """What came. `url` is where it came from in the end; `body` is unpacked, and empty where nothing has changed."""

    url: str
    body: bytes
    media_type: str
    charset: str | None
    stamp: PageStamp
    is_unchanged: bool = False


def allow_every(_url: str) -> None:
    """For what a robots.txt says nothing about: itself."""


class SiteClient:
    """One request at a time, with a pause before each. To be closed.

    `own_hosts` are hosts (`name` or `name:port`) inside of our own network that may be read all the same: nobody but
    whoever runs the installation names them. `pause` sleeps.
    """

    def __init__(
        self,
        *,
        public_url: str,
        own_hosts: Collection[str] = (),
        delay_seconds: float = MIN_DELAY_SECONDS,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.delay_seconds = delay_seconds
        self._own_hosts = frozenset(own_hosts)
        self._pause = pause
        self._next_at = 0.0
        self._agent = f"{ROBOT} (+{public_url})"
        self._client = httpx.AsyncClient(
            timeout=None,  # noqa: S113 - asyncio.timeout bounds the whole call, dribbled bytes included
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
        )

    async def close(self) -> None:
        """Give the connection back."""
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        media_types: Collection[str],
        max_bytes: int,
        stamp: PageStamp | None = None,
        check: AddressCheck = allow_every,
    ) -> SiteResponse:
        """A page, after at most `MAX_REDIRECTS` redirects within its site. Raises `SiteProblem`."""
        first = url
        for _ in range(MAX_REDIRECTS + 1):
            check(url)
            response = await self._ask_patiently(url, max_bytes, stamp or PageStamp())
            if response.status not in _REDIRECTS:
                return _read(url, response, media_types)
            target = join_address(url, response.headers.get("location", ""))
            if target is None or not is_same_site(target, first):
                shown = (target or response.headers.get("location", ""))[:200]
                raise SiteProblem(SiteProblemKind.ELSEWHERE, target=shown)
            url = target
        raise SiteProblem(SiteProblemKind.REDIRECTS)

    async def _ask_patiently(self, url: str, max_bytes: int, stamp: PageStamp) -> "_RawResponse":
        """Again, later, while the site is busy; what it says about when is kept."""
        response = await self._ask(url, max_bytes, stamp)
        for attempt in range(1, MAX_TRIES):
            if response.status not in _BUSY | _STUMBLED:
                break
            wait = _seconds_to_wait(response.headers) or self.delay_seconds * 2.0**attempt
            if wait > MAX_DELAY_SECONDS:
                break
            await self._pause(wait)
            response = await self._ask(url, max_bytes, stamp)
        return response

    async def _ask(self, url: str, max_bytes: int, stamp: PageStamp) -> "_RawResponse":
        await self._pause(max(0.0, self._next_at - monotonic()))
        host = urlsplit(url).netloc
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._fetch(url, max_bytes, stamp)
        except TimeoutError:
            raise SiteProblem(SiteProblemKind.TOO_SLOW, seconds=int(ANSWER_SECONDS)) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise SiteProblem(SiteProblemKind.UNREACHABLE, host=host) from None
        finally:
            self._next_at = monotonic() + self.delay_seconds * random.uniform(1.0, 1.2)

    async def _fetch(self, url: str, max_bytes: int, stamp: PageStamp) -> "_RawResponse":
        """The name is kept for Host and certificate, while the judged number is called."""
        place = await self._resolve(url)
        parts = urlsplit(url)
        headers = {
            "Host": place.host,
            "User-Agent": self._agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8",
            "Accept-Encoding": "gzip",
            **stamp.conditions,
        }
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        async with self._client.stream(
            "GET", f"{place.url}{path}", headers=headers, extensions={"sni_hostname": place.name}
        ) as response:
            self._client.cookies.clear()
            body = await _read_at_most(response, max_bytes) if response.status_code == 200 else b""
            return _RawResponse(status=response.status_code, headers=response.headers, body=body)

    async def _resolve(self, url: str) -> ResolvedAddress:
        parts = urlsplit(url)
        host = str(parts.hostname)
        is_own = host in self._own_hosts or parts.netloc in self._own_hosts
        try:
            return await resolve(parts, own_network=is_own, plain_http=True)
        except ForbiddenAddress:
            raise SiteProblem(SiteProblemKind.INSIDE, host=parts.netloc) from None
        except (OSError, UnicodeError):
            raise SiteProblem(SiteProblemKind.UNKNOWN_HOST, host=host) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _RawResponse:
    """An answer as it came; the body of anything but a 200 isn't read."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def _read(url: str, response: _RawResponse, media_types: Collection[str]) -> SiteResponse:
    """Raises `SiteProblem` for an answer without a page."""
    headers = response.headers
    stamp = PageStamp(etag=headers.get("etag", "")[:500], last_modified=headers.get("last-modified", "")[:100])
    kind, charset = _read_content_type(headers.get("content-type", ""))
    if response.status == 304:
        return SiteResponse(url=url, body=b"", media_type=kind, charset=charset, stamp=stamp, is_unchanged=True)
    _refuse_status(response.status)
    if kind and kind not in media_types:
        raise SiteProblem(SiteProblemKind.KIND, media_type=kind[:80])
    return SiteResponse(url=url, body=response.body, media_type=kind, charset=charset, stamp=stamp)


def _refuse_status(status: int) -> None:
    if status in {404, 410}:
        raise SiteProblem(SiteProblemKind.GONE, status=status)
    if status in {401, 403, 407, 451}:
        raise SiteProblem(SiteProblemKind.SIGN_IN, status=status)
    if status in _BUSY:
        raise SiteProblem(SiteProblemKind.BUSY)
    if status != 200:
        raise SiteProblem(SiteProblemKind.STATUS, status=status)


def _read_content_type(header: str) -> tuple[str, str | None]:
    kind, *fields = (part.strip() for part in header.split(";"))
    charset = next((field[8:].strip("\"' ") for field in fields if field.lower().startswith("charset=")), None)
    return kind.lower(), charset or None


def _seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """What Retry-After asks for: seconds, or a time."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        time = parsedate_to_datetime(value)
        return max(0.0, (time.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


async def _read_at_most(response: httpx.Response, limit: int) -> bytes:
    """The body, unpacked as it comes, so that a small answer can't unfold to a large one. Raises `SiteProblem`."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise SiteProblem(SiteProblemKind.PACKED)
    unpacker = None if packing in {"identity", ""} else zlib.decompressobj(wbits=47)
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            body += chunk if unpacker is None else unpacker.decompress(chunk, limit + 1 - len(body))
            if len(body) > limit:
                raise SiteProblem(SiteProblemKind.TOO_BIG, megabytes=f"{limit / 2**20:.0f}")
    except zlib.error:
        raise SiteProblem(SiteProblemKind.PACKED) from None
    return bytes(body)


def unpack_gzip(raw: bytes, limit: int) -> bytes:
    """A file that was packed before it was put on the site. Raises `SiteProblem`."""
    try:
        unpacked = zlib.decompressobj(wbits=47).decompress(raw, limit + 1)
    except zlib.error:
        raise SiteProblem(SiteProblemKind.PACKED) from None
    if len(unpacked) > limit:
        raise SiteProblem(SiteProblemKind.TOO_BIG, megabytes=f"{limit / 2**20:.0f}")
    return unpacked
