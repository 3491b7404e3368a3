"""One loop for everything that is claimed by a lease: turns, deliveries, attachments, summaries.

Whatever is to be done is a row with a due time. A source claims some rows for a while (the lease), so that no other
instance does the same meanwhile; a row whose worker vanished is claimed again once its lease has run out. This module
is in `store/` because leases are columns of its tables and `Unavailable` is its error; it knows no table itself.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Protocol

import structlog

from store.errors import Unavailable
from store.models import now
from store.write_feed import Agenda

log = structlog.get_logger()

#: Between looks while something is due that can't be claimed, because another instance is just taking it.
MIN_PAUSE_SECONDS = 0.05
#: Between looks while there is no room, or while the database is away.
WAIT_SECONDS = 1.0
#: After errors that nobody foresaw, one after the other: the pause doubles up to this.
MAX_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """The numbers of one worker. `name` begins its log events.

    `at_once_in_burst` holds while many messages come in. `idle_seconds` is about the time between two looks at what
    nobody announced. What is on its way at cancellation gets `drain_seconds`; then it is cancelled too. `in_lanes`:
    what is stored may make something due that waited behind it. `drops_some`: a claim ends what nobody needs any more,
    so that fewer items than there was room for don't mean that nothing else is due.
    """

    name: str
    at_once: int
    at_once_in_burst: int
    idle_seconds: float
    drain_seconds: float
    in_lanes: bool = False
    drops_some: bool = False


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

    It asks the database only when something is due: what was announced with its time, what it has found out, and, for
    announcements that got lost, what a look now and then finds. It survives a database that is away and every unknown
    error: logged, backed off, tried again.

    `store` stores finished results in one transaction, and again after `Unavailable`; without it `work` has stored
    everything itself. `is_calm` waits a moment and says whether few messages are coming in. `when_full` is called when
    more is due than there is room for, so that other instances take it.
    """

    def __init__(
        self,
        source: LeaseSource[Item, Result],
        limits: WorkerLimits,
        *,
        store: Callable[[Sequence[Result]], Awaitable[None]] | None = None,
        is_calm: Callable[[], Awaitable[bool]] | None = None,
        when_full: Callable[[], None] | None = None,
    ) -> None:
        self.source = source
        self.limits = limits
        self._store = store
        self._is_calm = is_calm
        self._when_full = when_full
        self._news = asyncio.Event()
        self._agenda = Agenda()
        self._next_poll = 0.0
        self._is_full = False
        self._is_guess = False
        self._running: set[asyncio.Task[None]] = set()
        self._finished: list[tuple[Item, Result]] = []
        self._errors = 0

    def wake(self, at: datetime | None = None) -> None:
        """There is something to claim from a certain time on; without one, there may be."""
        if at is None:
            self._next_poll = 0.0
        else:
            self._agenda.add(at)
        self._news.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                await self._wait(await self._round())
        finally:
            await self._drain()

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    async def _round(self) -> float:
        """Look once, whatever happens; seconds until the next look."""
        try:
            seconds = await self._look()
        except Unavailable:
            log.warning(f"{self.limits.name}.database_away")
            self._next_poll = 0.0  # nobody knows what was said meanwhile
            return await self._pause(WAIT_SECONDS * random.uniform(0.5, 1.0))
        except Exception:
            self._errors += 1
            log.exception(f"{self.limits.name}.broke", errors=self._errors)
            return await self._pause(min(MAX_PAUSE_SECONDS, 2.0 ** min(self._errors - 1, 16)))
        self._errors = 0
        return seconds

    async def _pause(self, seconds: float) -> float:
        """Wait without being woken; then look at once, because what was announced hasn't been claimed."""
        await asyncio.sleep(seconds)
        self._news.set()
        return 0.0

    async def _look(self) -> float:
        """Store what finished and start what is due; seconds until the next look."""
        self._news.clear()
        await self._store_finished()
        if monotonic() >= self._next_poll:
            await self._poll()
        time = now()
        if self._agenda.next is None or self._agenda.next > time:
            return self._seconds_until_next()
        room = await self._room()
        if room <= 0:
            self._ask_for_help()
            return WAIT_SECONDS
        return await self._claim(room, time)

    def _ask_for_help(self) -> None:
        """Once each time that there is no room left."""
        if self._when_full is not None and not self._is_full:
            self._when_full()
        self._is_full = True

    async def _claim(self, room: int, time: datetime) -> float:
        was_guess, self._is_guess = self._is_guess, False
        items = await self.source.claim(room)
        self._agenda.drop_until(time)
        self._is_full = False
        self._start(items)
        if len(items) >= room or (items and self.limits.drops_some):
            self._agenda.add(time)  # there may be more
        elif not items and not was_guess:  # another instance has it, or is just taking it
            await self._poll()
            return max(MIN_PAUSE_SECONDS, self._seconds_until_next())
        return self._seconds_until_next()

    async def _poll(self) -> None:
        """Ask when something is due, announced or not."""
        due = await self.source.next_due()
        if due is not None:
            self._agenda.add(due)
        self._next_poll = monotonic() + self.limits.idle_seconds * random.uniform(0.8, 1.2)

    def _seconds_until_next(self) -> float:
        seconds = self._next_poll - monotonic()
        if self._agenda.next is not None:
            seconds = min(seconds, (self._agenda.next - now()).total_seconds())
        return max(0.0, seconds)

    async def _room(self) -> int:
        """How many items may be claimed now. What isn't stored yet counts, so that it doesn't pile up."""
        busy = len(self._running) + len(self._finished)
        if busy >= self.limits.at_once or self._is_calm is None:
            return self.limits.at_once - busy
        return (self.limits.at_once if await self._is_calm() else self.limits.at_once_in_burst) - busy

    def _start(self, items: Sequence[Item]) -> None:
        for item in items:
            task = asyncio.create_task(self._do(item))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._news.set()

    async def _do(self, item: Item) -> None:
        try:
            result = await self.source.work(item)
        except Unavailable:
            log.warning(f"{self.limits.name}.not_stored", **self.source.log_ids(item))
            self._next_poll = 0.0  # to learn when its lease runs out
        except Exception:
            log.exception(f"{self.limits.name}.failed", **self.source.log_ids(item))
            self._next_poll = 0.0
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
        if self.limits.in_lanes:
            self._is_guess = True
            self._agenda.add(now())

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
