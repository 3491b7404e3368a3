"""Newcomers wait for their turn, are told so, and faults that pass close nothing."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from connectors.webchat import entrance as module
from connectors.webchat import passing_faults
from connectors.webchat.entrance import Entrance, EntranceFull
from connectors.webchat.passing_faults import persist
from connectors.webchat.read_marks import ReadMarks
from helpdesk.web.chat.routes import NEW_PER_MINUTE, SiteAdmission
from store.errors import NotFound, Unavailable
from store.settings import Settings


async def hush(_seconds: int) -> None:
    pass


async def test_f76_newcomers_come_in_in_the_order_in_which_they_came() -> None:
    entrance, came = Entrance(at_once=1), list[int]()

    async def enter(number: int) -> None:
        async with entrance.place(hush):
            came.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(enter(number) for number in range(20)))
    assert came == list(range(20))


async def test_f76_who_waits_is_told_for_how_long_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOLD_AFTER_SECONDS", 0.01)
    monkeypatch.setattr(module, "TELL_EVERY_SECONDS", 0.01)
    entrance, told, is_told_twice = Entrance(at_once=1), list[int](), asyncio.Event()

    async def tell(seconds: int) -> None:
        told.append(seconds)
        if len(told) == 2:
            is_told_twice.set()

    async def wait() -> None:
        async with entrance.place(tell):
            pass

    async with entrance.place(hush):
        waiting = asyncio.create_task(wait())
        async with asyncio.timeout(60):
            await is_told_twice.wait()
    await waiting
    assert min(told) >= 1


async def test_f76_too_many_are_turned_away_at_once() -> None:
    entrance = Entrance(at_once=1, max_waiting=0)
    async with AsyncExitStack() as inside:
        await inside.enter_async_context(entrance.place(hush))
        with pytest.raises(EntranceFull):
            await inside.enter_async_context(entrance.place(hush))


async def test_what_can_not_be_read_now_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing_faults, "MIN_PAUSE_SECONDS", 0.001)
    tries = 0

    async def read() -> None:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise Unavailable("away")

    await persist(read)
    assert tries == 4


async def test_every_other_fault_is_raised() -> None:
    async def read() -> None:
        raise NotFound("gone")

    with pytest.raises(NotFound):
        await persist(read)


async def test_of_many_read_marks_the_last_is_kept() -> None:
    kept, is_kept = list[int](), asyncio.Event()

    async def keep(seq: int) -> None:
        kept.append(seq)
        is_kept.set()

    marks = ReadMarks(keep)
    for seq in (3, 9, 7):
        marks.note(seq)
    running = asyncio.create_task(marks.run())
    await is_kept.wait()
    running.cancel()
    assert kept == [9]


def admission(**settings: Any) -> SiteAdmission:
    return SiteAdmission(Settings(_env_file=None, **settings))


@pytest.mark.parametrize(
    ("settings", "client", "is_forwarded", "taken"),
    [
        ({}, "127.0.0.1", False, None),
        ({"host": "0.0.0.0"}, "9.9.9.9", False, NEW_PER_MINUTE),  # noqa: S104
        ({"host": "0.0.0.0"}, "9.9.9.9", True, NEW_PER_MINUTE),  # noqa: S104 - anybody may write that header
        ({}, "127.0.0.1", True, 10 * NEW_PER_MINUTE),  # a proxy that nobody told us of
        ({"public_url": "https://shop.example"}, "127.0.0.1", False, 10 * NEW_PER_MINUTE),
        ({"trusted_proxies": ["127.0.0.1"]}, "9.9.9.9", True, NEW_PER_MINUTE),
    ],
)
def test_f87_an_address_may_open_so_many_chats_a_minute(
    settings: dict[str, Any], client: str, is_forwarded: bool, taken: int | None
) -> None:
    site = admission(**settings)
    free = sum(not site.connection_wait_seconds(client, is_forwarded=is_forwarded) for _ in range(400))
    assert free == pytest.approx(taken or 400, abs=3)


def test_f87_signs_of_life_have_a_ration() -> None:
    site = admission()
    assert sum(site.takes_sign("v") for _ in range(100)) == pytest.approx(20, abs=1)
    assert site.takes_sign("w")
