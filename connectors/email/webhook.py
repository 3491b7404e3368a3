"""The route for mails that a provider or a mail server of one's own hands in: whole messages, signed.

`X-Staffel-Signature` is `v1=` and the hexadecimal HMAC-SHA256 of the timestamp, a dot, and the body. It is checked
before anything reads the body as a mail.
"""

import asyncio
import hmac
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from time import time

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

log = logging.getLogger(__name__)

PATH = "/email/inbound"
TIMESTAMP_HEADER, SIGNATURE_HEADER = "X-Staffel-Timestamp", "X-Staffel-Signature"
MAX_BYTES = 20 * 1024 * 1024
MAX_SKEW_SECONDS = 300
READ_WITHIN = 60.0  # seconds
#: Of all bodies that are being read, and of those from one address: whoever sends slowly holds what has come, no place.
MAX_HELD_BYTES = 8 * MAX_BYTES
MAX_HELD_BYTES_OF_ONE = 4 * MAX_BYTES

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v1=([0-9a-f]{64})")


class MailTooLarge(Exception):
    """More than `MAX_BYTES` have come."""


class NoRoom(Exception):
    """Too much is being read already."""


class BodyBudget:
    """Counts the bytes of bodies in memory, in all and by network address."""

    def __init__(self, in_all: int = MAX_HELD_BYTES, of_one: int = MAX_HELD_BYTES_OF_ONE) -> None:
        self._in_all, self._of_one = in_all, of_one
        self._held: Counter[str] = Counter()

    @asynccontextmanager
    async def reading(self, address: str) -> AsyncIterator[Callable[[int], None]]:
        """What counts further bytes of one body, and raises `NoRoom`; they are given back when it is over."""
        held = 0

        def add(size: int) -> None:
            nonlocal held
            if self._held.total() + size > self._in_all or self._held[address] + size > self._of_one:
                raise NoRoom
            self._held[address] += size
            held += size

        try:
            yield add
        finally:
            self._held[address] -= held
            if not self._held[address]:
                del self._held[address]


class MailWebhook:
    """Reads, checks the signature, stores and acknowledges. Without a secret there is no route to speak of: 404."""

    def __init__(self, secret: str, store: Callable[[bytes], Awaitable[None]]) -> None:
        self._secret = secret.encode()
        self._store = store
        self._budget = BodyBudget()

    def route(self) -> Route:
        """Where providers deliver."""
        return Route(PATH, self._serve, methods=["POST"])

    async def _serve(self, request: Request) -> Response:
        if not self._secret:
            return Response(status_code=404)
        timestamp = request.headers.get(TIMESTAMP_HEADER, "")
        signature = _SIGNATURE.fullmatch(request.headers.get(SIGNATURE_HEADER, ""))
        if signature is None or not _is_fresh(timestamp):
            return Response(status_code=401)
        async with self._budget.reading(request.client.host if request.client else "") as add:
            try:
                body = await _read(request, add)
            except MailTooLarge:
                return Response(status_code=413)
            except NoRoom:
                return _later()
            except (ClientDisconnect, TimeoutError):
                return Response(status_code=408)
            if not hmac.compare_digest(sign(self._secret, timestamp, body), signature[1]):
                return Response(status_code=401)
            return await self._keep(body)

    async def _keep(self, body: bytes) -> Response:
        try:
            await self._store(body)
        except Exception as error:  # who delivers keeps the mail and tries again
            log.warning("email: a mail wasn't stored (%s)", type(error).__name__)
            return _later()
        return Response(status_code=200)


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """The signature that belongs to a body."""
    return hmac.new(secret, timestamp.encode() + b"." + body, sha256).hexdigest()


def _is_fresh(timestamp: str) -> bool:
    return _TIMESTAMP.fullmatch(timestamp) is not None and abs(time() - int(timestamp)) <= MAX_SKEW_SECONDS


async def _read(request: Request, add: Callable[[int], None]) -> bytes:
    length = request.headers.get("content-length", "")
    if _TIMESTAMP.fullmatch(length) and int(length) > MAX_BYTES:
        raise MailTooLarge
    body = bytearray()
    async with asyncio.timeout(READ_WITHIN):
        async for piece in request.stream():
            add(len(piece))
            body += piece
            if len(body) > MAX_BYTES:
                raise MailTooLarge
    return bytes(body)


def _later() -> Response:
    return Response(status_code=503, headers={"Retry-After": "5"})
