"""Asking the translation service: one call with a time limit, a size limit and a circuit breaker; no second try."""

import asyncio
from dataclasses import dataclass, field

import httpx

from helpdesk.observability.breaker import make_breaker
from helpdesk.rewording.addresses import find_place
from helpdesk.rewording.endpoint import EndpointError, EndpointTimeout, LanguageModelClient, Target
from helpdesk.translation.services import (
    TranslationApi,
    TranslationRequest,
    deepl_call,
    libretranslate_call,
    model_messages,
    read_deepl,
    read_libretranslate,
)
from store.errors import HelpdeskError
from store.outgoing_addresses import ForbiddenAddress

WITHIN_SECONDS = 6.0
MAX_ANSWER_BYTES = 256 * 1024
_REASONS = {401: "key", 403: "key", 429: "busy", 456: "quota"}


class TranslationFailed(HelpdeskError):
    """No translation came. `code` says why; it holds neither text nor key."""

    status = 502

    def __init__(self, reason: str) -> None:
        super().__init__(f"The translation service gave no translation: {reason}.", code=f"translation_{reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationService:
    """Whom to ask, as the settings have it."""

    form: TranslationApi
    url: str
    key: str = field(default="", repr=False)
    model: str = ""
    own_network: bool = False


class TranslationClient:
    """Asks a service."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._models = LanguageModelClient()
        self._breaker = make_breaker()

    async def translate(
        self, service: TranslationService, request: TranslationRequest, *, within: float = WITHIN_SECONDS
    ) -> str:
        """The translation. Raises `TranslationFailed`."""
        if service.form is TranslationApi.MODEL:
            return await self._ask_model(service, request, within)
        if self._breaker.opened:
            raise TranslationFailed("down")
        with self._breaker:
            return await self._ask(service, request, within)

    async def _ask_model(self, service: TranslationService, request: TranslationRequest, within: float) -> str:
        target = Target(url=service.url, key=service.key, model=service.model, own_network=service.own_network)
        try:
            text = await self._models.ask(target, model_messages(request), within=within)
        except EndpointTimeout:
            raise TranslationFailed("late") from None
        except EndpointError as error:
            status = str(error).removeprefix("http_")
            raise TranslationFailed(_reason(int(status)) if status.isdigit() else "down") from None
        if not text:
            raise TranslationFailed("form")
        return text

    async def _ask(self, service: TranslationService, request: TranslationRequest, within: float) -> str:
        make, read = (
            (deepl_call, read_deepl)
            if service.form is TranslationApi.DEEPL
            else (libretranslate_call, read_libretranslate)
        )
        path, headers, body = make(request, service.key)
        try:
            async with asyncio.timeout(within):
                answer = await self._post(service, path, headers, body)
        except TimeoutError:
            raise TranslationFailed("late") from None
        except ForbiddenAddress:
            raise TranslationFailed("address") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
            raise TranslationFailed("down") from None
        text = read(answer)
        if not text:
            raise TranslationFailed("form")
        return text

    async def _post(
        self, service: TranslationService, path: str, headers: dict[str, str], body: dict[str, object]
    ) -> bytes:
        """The name is kept for Host and certificate, while the judged number is called."""
        place = await find_place(service.url, own_network=service.own_network)
        async with self._open().stream(
            "POST",
            f"{place.url}{path}",
            json=body,
            headers={"Host": place.host, "Accept": "application/json", "Accept-Encoding": "identity", **headers},
            extensions={"sni_hostname": place.name},
        ) as response:
            if response.status_code != 200:
                raise TranslationFailed(_reason(response.status_code))
            found = bytearray()
            async for chunk in response.aiter_raw():
                found += chunk
                if len(found) > MAX_ANSWER_BYTES:
                    raise TranslationFailed("form")
            return bytes(found)

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.aclose()
        await self._models.close()

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:  # most installations never ask, and its certificates take 25 ms to load
            self._client = httpx.AsyncClient(
                timeout=None,  # noqa: S113 - asyncio.timeout bounds the whole call
                trust_env=False,
                follow_redirects=False,
                limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
            )
        return self._client


def _reason(status: int) -> str:
    return _REASONS.get(status, "down" if status >= 500 else "refused")
