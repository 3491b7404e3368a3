"""How requests reach the bot: what `RasaClient` needs of HTTP, and nothing more."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


class TransportError(Exception):
    """The request or its answer got lost; the message is the name of what happened, for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotResponse:
    """The beginning of an answer; `chunks` are its body, in bytes, as they come. They may raise `TransportError`."""

    status: int
    chunks: AsyncIterator[bytes]


class BotTransport(Protocol):
    """Carries requests to the bot's channel."""

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str], seconds: float, body: bytes | None = None
    ) -> AbstractAsyncContextManager[BotResponse]:
        """The answer to one request, within `seconds`; `body` is JSON. Raises `TransportError`."""
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...
