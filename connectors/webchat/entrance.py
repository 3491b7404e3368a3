"""Coming in: under load newcomers wait for their turn, in order, so that those who are talking already do not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from math import ceil
from time import monotonic

from starlette.websockets import WebSocketDisconnect

#: Chats that are opened or resumed at the same time. More would be no faster and would slow down everybody else.
AT_ONCE = 2
MAX_WAITING = 4_000
#: Whoever waits is told so again: clients take a silence of ten seconds for a lost connection.
TELL_EVERY_SECONDS = 7.0
TOLD_AFTER_SECONDS = 1.0
FULL_RETRY_SECONDS = 30

Tell = Callable[[int], Awaitable[None]]
"""Called with the seconds that the wait is likely to take."""


class EntranceFull(Exception):
    """So many wait that one more would wait for nothing."""


class Entrance:
    """The one way into the chats of this instance."""

    def __init__(self, *, at_once: int = AT_ONCE, max_waiting: int = MAX_WAITING) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._at_once = at_once
        self._max_waiting = max_waiting
        self._waiting = 0
        self._mean_seconds = 0.05

    @property
    def expected_wait_seconds(self) -> int:
        """How long who comes now will wait, from how long the last ones took; at least one second."""
        return max(1, ceil(self._waiting * self._mean_seconds / self._at_once))

    @asynccontextmanager
    async def place(self, tell: Tell) -> AsyncIterator[None]:
        """A place until the block ends; `tell` is called now and then while it is waited for. Raises `EntranceFull`."""
        await self._wait(tell)
        began = monotonic()
        try:
            yield
        finally:
            self._mean_seconds += 0.1 * (monotonic() - began - self._mean_seconds)
            self._places.release()

    async def _wait(self, tell: Tell) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        if self._waiting >= self._max_waiting:
            raise EntranceFull
        self._waiting += 1
        telling = asyncio.create_task(self._tell_now_and_then(tell))
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
            telling.cancel()

    async def _tell_now_and_then(self, tell: Tell) -> None:
        await asyncio.sleep(TOLD_AFTER_SECONDS)
        with suppress(WebSocketDisconnect, RuntimeError):  # who has gone is noticed when it is their turn
            while True:
                await tell(self.expected_wait_seconds)
                await asyncio.sleep(TELL_EVERY_SECONDS)
