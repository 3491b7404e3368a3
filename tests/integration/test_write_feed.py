"""Who hears of what is written: in this process after the commit, in other programs soon after."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from sqlalchemy import delete, func, insert, select, text

from connectors.contract import Channel
from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.sessions import Sessions
from store.clock import CLOCK, SharedClock
from store.db import Database
from store.instances import Instances
from store.models import Contact, Conversation, Lease, Role, RuleSet, Team, Turn, TurnStatus, now
from store.write_feed import Agenda, deleted
from tests.harness import eventually

LATER = timedelta(seconds=30)


async def conversation(db: Database) -> str:
    """The id of a new conversation."""
    async with db.write() as session:
        contact = Contact(channel=Channel.WEBCHAT, account="default", external_id="ida")
        session.add(contact)
        await session.flush()
        new = Conversation(contact_id=contact.id, channel=Channel.WEBCHAT, account="default", chat_id="ida")
        session.add(new)
        await session.flush()
        return new.id


def turn_of(conversation_id: str, due_at: datetime) -> Turn:
    return Turn(conversation_id=conversation_id, epoch=1, first_seq=1, last_seq=1, due_at=due_at)


async def write_and_fail(db: Database, turn: Turn) -> None:
    async with db.write() as session:
        session.add(turn)
        await session.flush()
        raise LookupError


async def test_a_commit_tells_when_a_row_is_due_and_a_rollback_tells_nothing(db: Database) -> None:
    conversation_id, due = await conversation(db), now() + LATER
    heard: list[datetime | None] = []
    with db.feed.listening_for_due("turns", heard.append):
        with pytest.raises(LookupError):
            await write_and_fail(db, turn_of(conversation_id, due))
        assert heard == []
        async with db.write() as session:
            session.add(turn_of(conversation_id, due))
            await session.flush()
            assert heard == [], "nobody looks before it is committed"
        assert heard == [due]
        async with db.write() as session:
            turn = await session.get_one(Turn, (await session.scalars(text("SELECT id FROM turns"))).one())
            turn.status = TurnStatus.RUNNING
        assert heard == [due], "claiming isn't work for anybody"
        async with db.write() as session:
            await session.merge(Turn(id=turn.id, due_at=due + LATER))
        assert heard == [due, due + LATER]


async def test_statements_without_the_orm_are_heard_too(db: Database) -> None:
    heard: list[str] = []
    with db.feed.listening(("teams",), lambda: heard.append("teams")):
        async with db.write() as session:
            await session.execute(insert(Team).values(name="a"))
        async with db.write() as session:
            await session.execute(text("UPDATE teams SET name = 'b'"))
        async with db.write() as session:
            await session.execute(delete(Team))
        async with db.read() as session:
            await session.execute(text("SELECT name FROM teams"))
    assert heard == ["teams"] * 3


async def test_a_session_that_ends_is_told_from_one_that_is_used(db: Database) -> None:
    agent = await add_agent(db, "mia@example.org", "Mia", Role.AGENT)
    heard: list[str] = []
    with db.feed.listening((deleted("agent_sessions"),), lambda: heard.append("ended")):
        async with db.write() as session:
            await session.execute(text("UPDATE agent_sessions SET browser = ''"))
        assert heard == []
        await Sessions(db).end_all(agent.id)
        assert heard == ["ended"]


@asynccontextmanager
async def hearing(db: Database) -> AsyncIterator[None]:
    """As an instance hears other programs."""
    link = db.make_link()
    task = asyncio.create_task(link.run() if link else db.follow_news())
    try:
        if link:

            async def is_linked() -> bool:
                return link.is_linked

            await eventually(is_linked, "the connection that listens")
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_another_program_writes_into_a_shared_table_is_heard(db: Database) -> None:
    other, heard = Database(db.url), list[str]()
    async with hearing(db):
        with (
            db.feed.listening(("rule_sets",), lambda: heard.append("rules")),
            db.feed.listening(("contacts",), lambda: heard.append("contacts")),
        ):
            heard.clear()
            await conversation(other)
            async with other.write() as session:
                session.add(RuleSet(rules={}))

            async def is_heard() -> bool:
                return bool(heard)

            await eventually(is_heard, "the other program's rules")
    assert set(heard) == {"rules"}
    await other.close()


@pytest.mark.postgres
async def test_the_connection_that_listens_comes_back(postgres_url: str) -> None:
    db = Database(postgres_url)
    looks: list[str] = []
    with db.feed.listening(("teams",), lambda: looks.append("look")):
        async with hearing(db):
            before = len(looks)
            async with db.write() as session:
                await session.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                    )
                )

            async def is_back() -> bool:
                return len(looks) > before

            await eventually(is_back, "another look, for what was missed")
    await db.close()


async def test_f19_leases_of_the_dead_end_and_those_of_the_living_stand(db: Database) -> None:
    conversation_id, other, far = await conversation(db), Database(db.url), now() + timedelta(hours=1)
    async with other.write() as session:
        session.add(Lease(name="living", owner=other.name, until=far))
        session.add(Lease(name="dead", owner="staffel-0123456789abcdef", until=far))
        session.add(Lease(name="stranger", owner="another version's", until=far))
        turn = turn_of(conversation_id, now())
        turn.status, turn.lease_owner, turn.lease_until = TurnStatus.RUNNING, "staffel-0123456789abcdef", far
        session.add(turn)
    watching = [asyncio.create_task(Instances(each).run()) for each in (other, db)]

    async def names() -> set[str]:
        async with db.read() as session:
            return set(await session.scalars(text("SELECT name FROM leases")))

    async def is_freed() -> bool:
        return "dead" not in await names()

    await eventually(is_freed, "the end of the dead one's lease")
    async with db.read() as session:
        found = await session.get_one(Turn, turn.id)
        assert found.lease_until is not None
        assert found.lease_until <= now()
    assert await names() == {"living", "stranger"}
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    await other.close()


@pytest.mark.postgres_only
async def test_f19_leases_of_one_that_stands_still_end_too(db: Database) -> None:
    still, far = Database(db.url), now() + timedelta(hours=1)
    async with still.write() as session:  # its connection stays, and asks nothing more
        session.add(Lease(name="still", owner=still.name, until=far))
    watching = asyncio.create_task(Instances(db).run())

    async def is_freed() -> bool:
        async with db.read() as session:
            return not await session.scalar(select(func.count()).select_from(Lease))

    await eventually(is_freed, "the end of its lease", patience=20)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await still.close()


async def test_f3_what_one_held_that_came_and_died_between_two_looks_is_free_too(db: Database) -> None:
    ghost, far = "staffel-00000000000000ff", now() + timedelta(hours=1)
    instances = Instances(db)
    watching = asyncio.create_task(instances.run())

    async def has_looked() -> bool:
        return instances.is_alone

    await eventually(has_looked, "the first look, at nobody else")
    if db.file is not None:  # what a killed process leaves beside the database
        (db.file.with_name(f"{db.file.name}-instances") / ghost).touch()
    async with db.write() as session:
        session.add(Lease(name="ghost", owner=ghost, until=far))

    async def is_freed() -> bool:
        async with db.read() as session:
            return not await session.scalar(select(func.count()).select_from(Lease))

    await eventually(is_freed, "the end of its lease")
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


def test_an_agenda_gives_the_earliest_time_first() -> None:
    agenda, time = Agenda(), now()
    assert agenda.next is None
    for seconds in (3, 1, 2, 1):
        agenda.add(time + timedelta(seconds=seconds))
    assert agenda.next == time + timedelta(seconds=1)
    agenda.drop_until(time + timedelta(seconds=2))
    assert agenda.next == time + timedelta(seconds=3)


@pytest.mark.postgres_only
async def test_f30_an_instance_an_hour_ahead_goes_by_the_databases_clock(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class HourAhead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "HourAhead":
            return super().now(tz) + timedelta(hours=1)

    monkeypatch.setattr("store.clock.datetime", HourAhead)
    monkeypatch.setattr("store.instances.datetime", HourAhead)
    instances, true = Instances(db), datetime.now(UTC)
    assert now() - true > timedelta(minutes=59)
    await instances.set_clock()
    assert abs(now() - true) < timedelta(seconds=2)

    monkeypatch.undo()  # the machine's clock is put right, and the next look notices
    await instances.set_clock()
    assert CLOCK.correction == timedelta()


def test_a_clock_that_is_a_little_off_is_left_alone() -> None:
    clock, time = SharedClock(), datetime.now(UTC)
    clock.set_by(time + timedelta(seconds=0.4), time, time)
    assert clock.correction == timedelta()
    clock.set_by(time + timedelta(seconds=6), time, time + timedelta(seconds=2))
    assert clock.correction == timedelta(seconds=5)
