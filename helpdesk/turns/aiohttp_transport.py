"""HTTP to the bot over aiohttp, whose requests cost a fraction of httpx's; loaded with the first one.

docs/decisions/0028-http-to-the-bot.md says why here and nowhere else.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from helpdesk.turns.bot_transport import BotResponse, TransportError

#: Seconds until a bot that can't be reached counts as away.
CONNECT_SECONDS = 2.0
#: Shorter than Sanic keeps an idle connection (5 s), so that none is used in the moment in which it is closed.
IDLE_SECONDS = 4.0
_JSON = {"Content-Type": "application/json"}


class AiohttpTransport:
    """A `BotTransport` over connections that stay open. To be made where the event loop runs."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    @asynccontextmanager
    async def send(
        self, method: str, path: str, *, headers: Mapping[str, str], seconds: float, body: bytes | None = None
    ) -> AsyncIterator[BotResponse]:
        """As `BotTransport` has it. No redirect is followed, and no proxy of the environment's is asked."""
        try:
            async with self._session.request(
                method,
                URL(self._url + path, encoded=True),
                data=body,
                headers=headers if body is None else {**headers, **_JSON},
                timeout=aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS),
                allow_redirects=False,
            ) as response:
                yield BotResponse(status=response.status, chunks=response.content.iter_any())
        except TimeoutError as error:
            raise TransportError("TimeoutError") from error
        except aiohttp.ClientError as error:
            raise TransportError(type(error).__name__) from error

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()
