"""The worker with leases, over a source in memory: what it claims, keeps, tries again and finishes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from store import lease_worker
from store.errors import Unavailable
from store.lease_worker import LeaseWorker, WorkerLimits
from store.models import now

AWAY = Unavailable("away")
LIMITS = WorkerLimits(name="letters", at_once=3, at_once_in_burst=1, idle_seconds=0.05, drain_seconds=5.0)


@dataclass
class Letters:
    """Letters that are due at a time. Errors in the lists are raised one by one, each once."""

    due: dict[str, datetime] = field(default_factory=dict)
    leased: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    unneeded: set[str] = field(default_factory=set)
    stored: list[str] = field(default_factory=list)
    claim_errors: list[Exception] = field(default_factory=list)
    work_errors: list[Exception] = field(default_factory=list)
    store_errors: list[Exception] = field(default_factory=list)
    unstorable: set[str] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    at_work: int = 0
    most_at_work: int = 0
    claims: int = 0
    looks: int = 0

    def add(self, *names: str, after_seconds: float = 0.0) -> None:
        self.due |= dict.fromkeys(names, now() + timedelta(seconds=after_seconds))

    def log_ids(self, item: str) -> dict[str, str | int]:
        return {"letter": item}

    async def claim(self, limit: int) -> Sequence[str]:
        assert limit >= 1
        self.claims += 1
        _raise_next(self.claim_errors)
        free = [name for name, due in self.due.items() if due <= now() and name not in self.leased | self.locked][
            :limit
        ]
        self.leased |= set(free)
        for name in self.unneeded.intersection(free):
            del self.due[name]
        return [name for name in free if name not in self.unneeded]

    async def work(self, item: str) -> str:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await self.gate.wait()
            if self.work_errors:
                self.leased.discard(item)  # the lease has run out at once
                _raise_next(self.work_errors)
            return item
        finally:
            self.at_work -= 1

    async def store(self, results: Sequence[str]) -> None:
        _raise_next(self.store_errors)
        if self.unstorable & set(results):
            raise ValueError("this one can't be stored")
        self.stored += results
        for name in results:
            del self.due[name]

    async def next_due(self) -> datetime | None:
        self.looks += 1
        return min((due for name, due in self.due.items() if name not in self.leased), default=None)


def _raise_next(errors: list[Exception]) -> None:
    if errors:
        raise errors.pop(0)


@pytest.fixture
def letters() -> Letters:
    source = Letters()
    source.gate.set()
    return source


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease_worker, "MAX_PAUSE_SECONDS", 0.05)


@asynccontextmanager
async def running(
    letters: Letters, limits: WorkerLimits = LIMITS, *, is_calm: Callable[[], Awaitable[bool]] | None = None
) -> AsyncIterator[LeaseWorker[str, str]]:
    worker = LeaseWorker(letters, limits, store=letters.store, is_calm=is_calm)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


async def test_what_is_due_is_worked_on_and_stored(letters: Letters) -> None:
    letters.add("a", "b", "c", "d", "e")
    async with running(letters):
        await until(lambda: not letters.due)

    assert sorted(letters.stored) == ["a", "b", "c", "d", "e"]
    assert letters.most_at_work <= LIMITS.at_once


async def test_no_more_than_the_limit_at_once(letters: Letters) -> None:
    letters.gate.clear()
    letters.add("a", "b", "c", "d", "e")
    async with running(letters) as worker:
        await until(lambda: letters.at_work == LIMITS.at_once)
        worker.wake()
        await asyncio.sleep(3 * LIMITS.idle_seconds)
        assert letters.at_work == LIMITS.at_once
        letters.gate.set()
        await until(lambda: not letters.due)


async def test_fewer_at_once_while_many_messages_come_in(letters: Letters) -> None:
    async def is_calm() -> bool:
        return False

    letters.gate.clear()
    letters.add("a", "b", "c")
    async with running(letters, is_calm=is_calm):
        await until(lambda: letters.at_work == 1)
        await asyncio.sleep(3 * LIMITS.idle_seconds)
        assert letters.at_work == LIMITS.at_once_in_burst
        letters.gate.set()
        await until(lambda: not letters.due)
    assert letters.most_at_work == LIMITS.at_once_in_burst


async def test_what_nobody_announced_is_found_and_what_is_announced_is_claimed_at_once(letters: Letters) -> None:
    async with running(letters) as worker:
        await until(lambda: letters.looks >= 2)
        letters.add("unannounced")
        await until(lambda: letters.stored == ["unannounced"])
        letters.add("announced")
        worker.wake()
        await until(lambda: letters.stored == ["unannounced", "announced"])


async def test_what_is_due_behind_something_that_nobody_needs_waits_for_no_look(letters: Letters) -> None:
    letters.add("a", "unneeded", "b", "c", "d")
    letters.unneeded = {"unneeded"}
    async with running(letters, replace(LIMITS, idle_seconds=60.0, drops_some=True)):
        await until(lambda: not letters.due)
    assert sorted(letters.stored) == ["a", "b", "c", "d"]


async def test_it_waits_until_the_next_is_due(letters: Letters) -> None:
    letters.add("later", after_seconds=0.02)
    async with running(letters):
        await until(lambda: letters.stored == ["later"])


async def test_idle_it_only_looks_and_never_claims(letters: Letters) -> None:
    async with running(letters):
        await until(lambda: letters.looks >= 5)
        assert letters.claims == 0


async def test_what_is_announced_with_its_time_costs_one_claim_and_no_look(letters: Letters) -> None:
    async with running(letters, replace(LIMITS, idle_seconds=60.0)) as worker:
        await until(lambda: letters.looks == 1)
        letters.add("later", after_seconds=0.02)
        letters.add("much later", after_seconds=0.2)
        for due in letters.due.values():
            worker.wake(due)
        await until(lambda: letters.stored == ["later", "much later"])
    assert letters.claims <= 4  # and once after each result, which may have held something up


async def test_others_are_asked_once_while_there_is_no_room(letters: Letters) -> None:
    asked = 0

    def ask() -> None:
        nonlocal asked
        asked += 1

    letters.gate.clear()
    letters.add("a", "b", "c", "d")
    worker = LeaseWorker(letters, LIMITS, store=letters.store, when_full=ask)
    task = asyncio.create_task(worker.run())
    await until(lambda: asked == 1)
    worker.wake()
    await asyncio.sleep(0.05)
    assert (asked, letters.at_work) == (1, LIMITS.at_once)
    letters.gate.set()
    await until(lambda: not letters.due)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_another_instance_is_just_taking_is_not_asked_for_without_a_pause(letters: Letters) -> None:
    async with running(letters):
        letters.locked = {"a"}
        letters.add("a")
        await asyncio.sleep(0.3)
        assert 1 < letters.claims < 10
        letters.locked.clear()
        await until(lambda: letters.stored == ["a"])


async def test_a_database_that_is_away_is_waited_for(letters: Letters) -> None:
    letters.claim_errors = [AWAY, AWAY]
    letters.add("a")
    with capture_logs() as logs:
        async with running(letters):
            await until(lambda: letters.stored == ["a"])

    assert [line["event"] for line in logs] == ["letters.database_away"] * 2


async def test_an_unknown_error_is_logged_backed_off_and_tried_again(letters: Letters) -> None:
    letters.claim_errors = [ValueError("first"), KeyError("second")]
    letters.add("a")
    with capture_logs() as logs:
        async with running(letters):
            await until(lambda: letters.stored == ["a"])

    assert [(line["event"], line["errors"]) for line in logs] == [("letters.broke", 1), ("letters.broke", 2)]


@pytest.mark.parametrize(("error", "event"), [(AWAY, "letters.not_stored"), (ValueError("?"), "letters.failed")])
async def test_work_that_breaks_is_logged_with_its_ids_and_done_again(
    letters: Letters, error: Exception, event: str
) -> None:
    letters.work_errors = [error]
    letters.add("a")
    with capture_logs() as logs:
        async with running(letters):
            await until(lambda: letters.stored == ["a"])

    assert [(line["event"], line["letter"]) for line in logs] == [(event, "a")]


async def test_a_result_that_can_not_be_stored_now_is_kept_and_stored_later(letters: Letters) -> None:
    letters.store_errors = [AWAY, AWAY]
    letters.add("a")
    async with running(letters):
        await until(lambda: letters.stored == ["a"])
    assert letters.most_at_work == 1  # it wasn't done again


async def test_a_result_that_can_not_be_stored_at_all_stops_no_other(letters: Letters) -> None:
    letters.gate.clear()
    letters.unstorable = {"b"}
    letters.add("a", "b", "c")
    with capture_logs() as logs:
        async with running(letters):
            await until(lambda: letters.at_work == 3)
            letters.gate.set()
            await until(lambda: sorted(letters.stored) == ["a", "c"])

    assert [line["letter"] for line in logs if line["event"] == "letters.result_not_stored"] == ["b"]


async def test_unstored_results_do_not_pile_up(letters: Letters) -> None:
    letters.store_errors = [AWAY] * 1_000
    letters.add(*"abcdefgh")
    async with running(letters):
        await until(lambda: letters.at_work == 0 and len(letters.leased) > 0)
        await asyncio.sleep(3 * LIMITS.idle_seconds)
        assert len(letters.leased) == LIMITS.at_once
        letters.store_errors.clear()
        await until(lambda: not letters.due)


async def test_cancelled_it_waits_for_what_is_on_its_way(letters: Letters) -> None:
    letters.gate.clear()
    letters.add("a")
    async with running(letters):
        await until(lambda: letters.at_work == 1)
        asyncio.get_running_loop().call_later(0.05, letters.gate.set)

    assert letters.stored == ["a"]


async def test_cancelled_it_does_not_wait_for_ever(letters: Letters) -> None:
    letters.gate.clear()
    letters.add("a")
    async with running(letters, replace(LIMITS, drain_seconds=0.01)):
        await until(lambda: letters.at_work == 1)

    assert letters.stored == []
    assert letters.at_work == 0
