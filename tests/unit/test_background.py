"""Background work goes on for ever: what breaks is begun anew, later each time."""

import asyncio
from time import monotonic

import pytest

from helpdesk.app import background
from helpdesk.app.background import MAX_PAUSE_SECONDS, keep_going, pause_after


async def test_a_task_that_breaks_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "pause_after", lambda failures: 0.001 * failures)
    tries, well = 0, asyncio.Event()

    async def work() -> None:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise KeyError
        well.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(keep_going("work", work))
    async with asyncio.timeout(60):
        await well.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert tries == 4


async def test_a_task_that_has_nothing_to_do_ends() -> None:
    async def work() -> None:
        pass

    await keep_going("work", work)


def test_the_pause_grows_up_to_a_limit_and_instances_do_not_march_in_step() -> None:
    pauses = [pause_after(failures) for failures in range(1, 40)]

    assert max(pauses) <= MAX_PAUSE_SECONDS
    assert pauses[0] <= 1.0 < pauses[5]
    assert len({pause_after(5) for _ in range(10)}) > 1


async def test_memory_is_given_back_when_a_start_has_settled_and_again_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[float] = []
    monkeypatch.setattr(background, "SETTLED_SECONDS", 0.01)
    monkeypatch.setattr(background, "MEMORY_SECONDS", 0.02)
    monkeypatch.setattr(background, "give_back_memory", lambda: given.append(monotonic()))
    task = asyncio.create_task(background.keep_memory_low())
    while len(given) < 3 and not task.done():
        await asyncio.sleep(0.01)
    task.cancel()
    assert given[2] - given[1] >= 0.02
