"""One loop for everything that is claimed by a lease: turns, deliveries, attachments, summaries.

Whatever is to be done is a row with a due time. A source claims some rows for a while (the lease), so that no other
instance does the same meanwhile; a row whose worker vanished is claimed again once its lease has run out. This module
is in `store/` because leases are columns of its tables and `Unavailable` is its error; it knows no table itself.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from store.errors import Unavailable
from store.models import now

log = structlog.get_logger()

#: Between looks while something is due that can't be claimed, because another instance is just taking it.
MIN_PAUSE_SECONDS = 0.05
#: After errors that nobody foresaw, one after the other: the pause doubles up to this.
MAX_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """The numbers of one worker. `name` begins its log events.

    `at_once_in_burst` holds while many messages come in. `idle_seconds` is the longest time between two looks at what
    nobody announced. What is on its way at cancellation gets `drain_seconds`; then it is cancelled too.
    """

    name: str
    at_once: int
    at_once_in_burst: int
    idle_seconds: float
    drain_seconds: float


class LeaseSource[Item, Result](Protocol):
    """What is to be done: how it is claimed, how one piece is done, and when the next is due.

    Each method may raise `Unavailable` or an unknown error: then it is called again, or the lease runs out.
    """

    async def claim(self, limit: int) -> Sequence[Item]:
        """Take up to `limit` due items (at least 1) in one transaction; nobody else gets them while the lease lasts."""

    async def work(self, item: Item) -> Result:
        """Do one item, with no transaction open; what is returned is passed to the worker's `store`."""

    async def next_due(self) -> datetime | None:
        """When the next item can be claimed, now or past included; `None` if there is none. Never later than true."""

    def log_ids(self, item: Item) -> Mapping[str, str | int]:
        """The ids that name an item in the log: never what a customer wrote."""


class LeaseWorker[Item, Result]:
    """Claims what is due, works on several items at once, and keeps what finished until it is stored.

    It survives a database that is away and every unknown error: logged, backed off, tried again.

    `store` stores finished results in one transaction, and again after `Unavailable`; without it `work` has stored
    everything itself. `is_calm` waits a moment and says whether few messages are coming in.
    """

    def __init__(
        self,
        source: LeaseSource[Item, Result],
        limits: WorkerLimits,
        *,
        store: Callable[[Sequence[Result]], Awaitable[None]] | None = None,
        is_calm: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self.source = source
        self.limits = limits
        self._store = store
        self._is_calm = is_calm
        self._news = asyncio.Event()
        self._news.set()
        self._running: set[asyncio.Task[None]] = set()
        self._finished: list[tuple[Item, Result]] = []
        self._errors = 0

    def wake(self) -> None:
        """There may be something to claim."""
        self._news.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                await self._wait(await self._round())
        finally:
            await self._drain()

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    async def _round(self) -> float:
        """Look once, whatever happens; seconds until the next look."""
        try:
            seconds = await self._look()
        except Unavailable:
            log.warning(f"{self.limits.name}.database_away")
            return await self._pause(self.limits.idle_seconds)
        except Exception:
            self._errors += 1
            log.exception(f"{self.limits.name}.broke", errors=self._errors)
            return await self._pause(min(MAX_PAUSE_SECONDS, 2.0 ** min(self._errors - 1, 16)))
        self._errors = 0
        return seconds

    async def _pause(self, seconds: float) -> float:
        """Wait without being woken; then look at once, because what was announced hasn't been claimed."""
        await asyncio.sleep(seconds)
        self.wake()
        return 0.0

    async def _look(self) -> float:
        """Store what finished and start what is due; seconds until the next look."""
        announced = self._news.is_set()
        self._news.clear()
        await self._store_finished()
        room = await self._room()
        if room <= 0:
            return self.limits.idle_seconds
        if not announced and (seconds := await self._until_next()) > 0:
            return seconds
        items = await self.source.claim(room)
        self._start(items)
        if items:
            self.wake()  # there may be more
            return 0.0
        return max(MIN_PAUSE_SECONDS, await self._until_next())

    async def _room(self) -> int:
        """How many items may be claimed now. What isn't stored yet counts, so that it doesn't pile up."""
        busy = len(self._running) + len(self._finished)
        if busy >= self.limits.at_once or self._is_calm is None:
            return self.limits.at_once - busy
        return (self.limits.at_once if await self._is_calm() else self.limits.at_once_in_burst) - busy

    async def _until_next(self) -> float:
        """Seconds until something is due, at most `idle_seconds`."""
        due = await self.source.next_due()
        idle = self.limits.idle_seconds
        return idle if due is None else min(idle, max(0.0, (due - now()).total_seconds()))

    def _start(self, items: Sequence[Item]) -> None:
        for item in items:
            task = asyncio.create_task(self._do(item))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake()

    async def _do(self, item: Item) -> None:
        try:
            result = await self.source.work(item)
        except Unavailable:
            log.warning(f"{self.limits.name}.not_stored", **self.source.log_ids(item))
        except Exception:
            log.exception(f"{self.limits.name}.failed", **self.source.log_ids(item))
        else:
            if self._store is not None:
                self._finished.append((item, result))

    async def _store_finished(self) -> None:
        """Store all results together; if that breaks for an unknown reason, each alone. Raises `Unavailable`."""
        batch = tuple(self._finished)
        if self._store is None or not batch:
            return
        try:
            await self._store([result for _, result in batch])
        except Unavailable:
            raise
        except Exception:
            log.exception(f"{self.limits.name}.batch_not_stored", results=len(batch))
            for item, result in batch:
                await self._store_alone(self._store, item, result)
        else:
            del self._finished[: len(batch)]

    async def _store_alone(
        self, store: Callable[[Sequence[Result]], Awaitable[None]], item: Item, result: Result
    ) -> None:
        """Store the oldest result. One that can't be stored at all is given up: its lease runs out."""
        try:
            await store([result])
        except Unavailable:
            raise
        except Exception:
            log.exception(f"{self.limits.name}.result_not_stored", **self.source.log_ids(item))
        del self._finished[0]

    async def _drain(self) -> None:
        """Wait for what is on its way, and store what came of it."""
        if self._running:
            await asyncio.wait(self._running, timeout=self.limits.drain_seconds)
        late = tuple(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._store_finished()
        except Unavailable:
            log.warning(f"{self.limits.name}.not_stored", results=len(self._finished))
