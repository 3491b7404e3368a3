"""The way to a bot that is a part of the test: an application in this process, or a function that answers."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import httpx

from helpdesk.turns.bot_transport import BotResponse, TransportError


class InProcessTransport:
    """A `BotTransport` over one of httpx's."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._client = httpx.AsyncClient(base_url="http://bot.test", transport=transport, trust_env=False)

    @asynccontextmanager
    async def send(
        self, method: str, path: str, *, headers: Mapping[str, str], seconds: float, body: bytes | None = None
    ) -> AsyncIterator[BotResponse]:
        try:
            async with self._client.stream(
                method, path, content=body, headers=dict(headers), timeout=seconds
            ) as response:
                yield BotResponse(status=response.status_code, chunks=response.aiter_bytes())
        except httpx.HTTPError as error:
            raise TransportError(type(error).__name__) from error

    async def close(self) -> None:
        await self._client.aclose()


def answering(respond: Callable[[httpx.Request], httpx.Response]) -> InProcessTransport:
    """A bot that is one function."""
    return InProcessTransport(httpx.MockTransport(respond))
