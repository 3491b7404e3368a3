"""Two instances of helpdesk on one PostgreSQL: with Redis at once, without Redis a little later, never wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import func, select

from helpdesk.app import AppComponents
from helpdesk.observability.change_hints import ConversationChange, topic_of
from store.errors import Conflict
from store.models import Turn
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import (
    conversation_of,
    eventually,
    hire,
    inbound_message,
    log_of,
    run_helpdesk,
    said_by,
    settings_for,
)
from tests.services import private_redis

pytestmark = pytest.mark.postgres


@asynccontextmanager
async def two(
    tmp_path: Path, url: str, bot: FakeBot, redis_url: str = ""
) -> AsyncIterator[tuple[AppComponents, AppComponents]]:
    settings = settings_for(tmp_path, url, redis_url=redis_url, turn_deadline=60.0)  # nobody is hurried by other work
    async with run_helpdesk(settings, bot) as first, run_helpdesk(settings, bot) as second:
        yield first, second


async def hears_of(listener: AppComponents, speaker: AppComponents, within: float) -> None:
    """`listener` hears of a message that `speaker` received."""
    received = await drive(speaker.conversations).receive(inbound_message("hello there."))
    async with listener.live.subscribe(topic_of(received.conversation_id)) as subscription:
        await drive(speaker.conversations).receive(inbound_message("are you there?"))
        async with asyncio.timeout(within):
            while not isinstance(await subscription.next(), ConversationChange):
                pass


@pytest.mark.redis
async def test_with_redis_the_other_instance_hears_at_once(tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    async with two(tmp_path, postgres_url, FakeBot(), redis_url) as (first, second):
        await hears_of(first, second, within=15)


async def test_f14_without_redis_the_other_instance_catches_up_from_the_database(
    tmp_path: Path, postgres_url: str
) -> None:
    async with two(tmp_path, postgres_url, FakeBot()) as (first, second):
        await hears_of(first, second, within=30)


async def test_f13_with_redis_away_everything_still_works(tmp_path: Path, postgres_url: str) -> None:
    nobody_there = "redis://127.0.0.1:1/0"
    async with two(tmp_path, postgres_url, FakeBot(), nobody_there) as (first, second):
        await hears_of(first, second, within=30)


@pytest.mark.redis
async def test_f14_redis_killed_in_the_middle_costs_some_seconds(tmp_path: Path, postgres_url: str) -> None:
    with private_redis() as (redis_url, process):
        async with two(tmp_path, postgres_url, FakeBot(), redis_url) as (first, second):
            await hears_of(first, second, within=15)
            process.kill()
            await hears_of(first, second, within=30)


@pytest.mark.redis
async def test_f16_redis_holds_nothing_that_could_be_lost(tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    async with (
        Redis.from_url(redis_url) as redis,
        two(tmp_path, postgres_url, FakeBot(), redis_url) as (first, second),
    ):
        await hears_of(first, second, within=15)
        assert await redis.dbsize() == 0


async def test_f67_copies_at_both_instances_are_one_message_and_one_answer(tmp_path: Path, postgres_url: str) -> None:
    async with two(tmp_path, postgres_url, FakeBot()) as instances:
        copies = [instances[n % 2].inbox.receive(inbound_message("Where is it?", id_="same")) for n in range(10)]
        receipts = await asyncio.gather(*copies)
        conversation_id = receipts[0].conversation_id

        async def answered() -> bool:
            return len(await said_by(instances[0], conversation_id, "bot")) == 2

        await eventually(answered, "the answer")
        assert len({receipt.seq for receipt in receipts}) == 1
        assert await said_by(instances[0], conversation_id, "contact") == ["Where is it?"]


async def test_both_instances_work_on_turns_and_none_is_done_twice(tmp_path: Path, postgres_url: str) -> None:
    bot = FakeBot()
    async with two(tmp_path, postgres_url, bot) as (first, second):
        visitors = [f"visitor {number}" for number in range(20)]
        receipts = await asyncio.gather(
            *(
                (first if number % 2 else second).inbox.receive(inbound_message(f"Question {name}?", name=name))
                for number, name in enumerate(visitors)
            )
        )

        async def all_answered() -> bool:
            texts = [await said_by(first, receipt.conversation_id, "bot") for receipt in receipts]
            return all(len(text) == 2 for text in texts)

        await eventually(all_answered, "twenty answers")
        asked = [turn["turn_id"] for turn in bot.turns]
        assert len(asked) == len(set(asked)) == 20
        async with first.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Turn)) == 20


async def test_f81_two_agents_at_two_instances_never_both_own_a_conversation(tmp_path: Path, postgres_url: str) -> None:
    async with two(tmp_path, postgres_url, FakeBot()) as (first, second):
        mia, jonas = await hire(first, "Mia"), await hire(first, "Jonas")
        for round_ in range(25):
            received = await drive(first.conversations).receive(inbound_message("Hello.", name=f"visitor {round_}"))
            outcomes = await asyncio.gather(
                drive(first.conversations).accept(received.conversation_id, mia),
                drive(second.conversations).accept(received.conversation_id, jonas),
                return_exceptions=True,
            )
            assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
            conversation = await conversation_of(first, received.conversation_id)
            accepted = [line for line in await log_of(first, conversation.id) if line.event == "accept"]
            assert [line.agent_id for line in accepted] == [conversation.agent_id]
