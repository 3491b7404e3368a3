"""Redis between instances: it may be slow, refuse or fall silent, and nobody waits for it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, cast

import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, BusyLoadingError, OutOfMemoryError, ReadOnlyError, RedisError

from helpdesk.observability import redis_relay
from helpdesk.observability.redis_relay import SEND_LIMIT_SECONDS, RedisRelay
from tests.harness import eventually
from tests.services import private_redis


class TroubledRedis:
    """Takes hints only from the second on; nobody can listen."""

    def __init__(self, trouble: RedisError | None) -> None:
        self.trouble = trouble
        self.asked = 0
        self.published: list[str] = []

    async def publish(self, _channel: str, body: str) -> None:
        self.asked += 1
        if self.asked > 1:
            self.published.append(body)
        elif self.trouble is None:
            await asyncio.Event().wait()
        else:
            raise self.trouble

    def pubsub(self, **_: Any) -> None:
        raise RedisError


SECRET = "s" * 40


@asynccontextmanager
async def running(relay: RedisRelay, accept: Callable[[str], None]) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run(accept))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def is_passed_on(redis: TroubledRedis) -> float:
    """Seconds until the second hint is out, whatever became of the first."""
    relay = RedisRelay(cast("Redis", redis), SECRET)
    began = monotonic()
    async with running(relay, print):
        relay.send("first")
        relay.send("second")
        assert monotonic() - began < SEND_LIMIT_SECONDS / 2, "whoever has something to tell waits for nothing"

        async def is_out() -> bool:
            return redis.published == [relay.signed("second")]

        await eventually(is_out, "the second hint")
        assert not relay.is_linked
    return monotonic() - began


async def test_f15_a_redis_that_takes_its_time_holds_up_the_next_hint_for_a_moment_only() -> None:
    assert await is_passed_on(TroubledRedis(None)) >= SEND_LIMIT_SECONDS * 0.9


@pytest.mark.parametrize("trouble", [OutOfMemoryError, ReadOnlyError, BusyLoadingError, AuthenticationError])
async def test_f17_a_redis_that_refuses_is_a_redis_that_is_away(
    trouble: type[RedisError], capsys: pytest.CaptureFixture[str]
) -> None:
    await is_passed_on(TroubledRedis(trouble("no")))

    assert trouble.__name__ in capsys.readouterr().out


@pytest.mark.redis
async def test_f18_a_redis_that_has_fallen_silent_is_noticed_and_heard_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_relay, "HEARTBEAT_SECONDS", 0.2)
    heard: list[str] = []
    with private_redis() as (url, process):
        async with Redis.from_url(url, socket_timeout=15, socket_connect_timeout=1) as redis:
            relay = RedisRelay(redis, SECRET)

            async def hears() -> bool:
                relay.send("x")
                return bool(heard)

            async def is_lost() -> bool:
                return not relay.is_linked

            async with running(relay, heard.append):
                await eventually(hears, "a hint")
                await asyncio.sleep(3 * redis_relay.HEARTBEAT_SECONDS)
                assert relay.is_linked, "a silence in which questions are answered is none"
                process.send_signal(signal.SIGSTOP)
                await eventually(is_lost, "the silence to be noticed")
                process.send_signal(signal.SIGCONT)
                heard.clear()
                await eventually(hears, "a hint after the silence")
    assert set(heard) == {"x"}


@pytest.mark.redis
async def test_what_others_say_on_a_shared_redis_is_not_believed(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []
    with private_redis() as (url, _):
        async with Redis.from_url(url) as redis:
            relay, other = RedisRelay(redis, SECRET), RedisRelay(redis, "o" * 40)
            assert relay.channel != other.channel

            async def hears() -> bool:
                for forged in ("x", "0" * 64 + " x", other.signed("x"), "ä ö", ""):
                    await redis.publish(relay.channel, forged)
                relay.send("ours")
                return bool(heard)

            async with running(relay, heard.append):
                await eventually(hears, "a hint")
    assert set(heard) == {"ours"}
    assert "live.hint_forged" in capsys.readouterr().out
