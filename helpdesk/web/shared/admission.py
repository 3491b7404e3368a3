"""Admission before work: HTTP requests wait for a place, in order, before they cost anything."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from helpdesk.web.shared.error_sentences import ERROR_SENTENCES
from helpdesk.web.shared.errors import answer, make_reference
from helpdesk.web.shared.pages import Pages

#: Whoever watches us is answered whatever the load, and so is our own bot, whose turns customers wait for.
_ALWAYS_ADMITTED = ("/healthz", "/internal/")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionLimits:
    """How many requests are worked on at once, how many of them one address may have here, and for how long each may
    wait for its place."""

    at_once: int = 48
    per_address: int = 200
    wait_seconds: float = 5.0


class AdmissionRefused(Exception):
    """There is no place; `status` is 429 for an address that has too many, 503 when all are taken."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


@dataclass(slots=True)
class RequestPlaces:
    """The places of one instance."""

    limits: AdmissionLimits = field(default_factory=AdmissionLimits)
    _places: asyncio.Semaphore = field(init=False)
    _here: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.limits.at_once)

    @asynccontextmanager
    async def place(self, address: str) -> AsyncIterator[None]:
        """One place until the block ends. Raises `AdmissionRefused`."""
        if self._here[address] >= self.limits.per_address:
            raise AdmissionRefused(429)
        self._here[address] += 1
        try:
            await self._wait()
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._here[address] -= 1
            if not self._here[address]:
                del self._here[address]

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self.limits.wait_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise AdmissionRefused(503) from None


class RequestAdmission:
    """Lets as many requests in as there are places; the others wait, then are told when to come again."""

    def __init__(self, app: ASGIApp, *, pages: Pages, limits: AdmissionLimits | None = None) -> None:
        self._app = app
        self._pages = pages
        self._places = RequestPlaces(limits or AdmissionLimits())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS_ADMITTED):
            await self._app(scope, receive, send)
            return
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            await self._refuse(
                400, "bad_request", scope, receive, send
            )  # no id has it, and PostgreSQL can't look for it
            return
        client = scope.get("client")
        try:
            async with self._places.place(client[0] if client else ""):
                await self._app(scope, receive, send)
        except AdmissionRefused as refusal:
            await self._refuse(refusal.status, "slow_down", scope, receive, send)

    async def _refuse(self, status: int, code: str, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        text = self._pages.messages(request).gettext(ERROR_SENTENCES[code])
        headers = {"Retry-After": str(round(self._places.limits.wait_seconds))} if code == "slow_down" else {}
        await answer(self._pages, request, status, code, text, make_reference(), headers)(scope, receive, send)
