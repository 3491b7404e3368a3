"""How hints get from one instance to the others: through PostgreSQL itself, or through Redis (`redis_relay`)."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from store.postgres_link import PostgresLink

type AcceptHint = Callable[[str], None]

POSTGRES_CHANNEL = "staffel_hints"


class HintRelay(Protocol):
    """Carries hints. `is_linked`: those of the others come in."""

    @property
    def is_linked(self) -> bool:
        """Whether nothing is known to be lost."""
        ...

    def send(self, body: str) -> None:
        """Send soon; nobody waits for it."""
        ...

    async def run(self, accept: AcceptHint) -> None:
        """Hand what comes in to `accept`, one's own included, until cancelled."""
        ...


class PostgresRelay:
    """Through PostgreSQL, on the connection that listens anyway. An instance that is alone sends nothing."""

    def __init__(self, link: PostgresLink, is_alone: Callable[[], bool]) -> None:
        self._link = link
        self._is_alone = is_alone
        self._accept: AcceptHint | None = None
        link.listen(POSTGRES_CHANNEL, self._hear)

    @property
    def is_linked(self) -> bool:
        """Whether nothing is known to be lost."""
        return self._link.is_linked

    def send(self, body: str) -> None:
        """Send soon; nobody waits for it."""
        if not self._is_alone():
            self._link.send(POSTGRES_CHANNEL, body)

    async def run(self, accept: AcceptHint) -> None:
        """Hand what comes in to `accept`, one's own included, until cancelled."""
        self._accept = accept
        await asyncio.Event().wait()

    def _hear(self, body: str) -> None:
        if self._accept is not None:
            self._accept(body)
