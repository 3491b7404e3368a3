"""Offers: the right agent is asked, one at a time, and nobody is overrun."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from helpdesk.app import AppComponents
from helpdesk.conversations import Conversations
from helpdesk.conversations.offers import clear_offer
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.queue.dispatch import Dispatcher
from store.db import Database
from store.errors import NotFound
from store.models import Agent, Availability, Handoff, Promise, PromiseKind, Team, TeamMember, now
from tests.conversation_driver import drive
from tests.harness import eventually, inbound_message, settings_for

LATE = timedelta(minutes=1)


class Room:
    """A database with agents and customers, and nobody at work but the test."""

    def __init__(self, db: Database, home: Path) -> None:
        self.db = db
        self.settings = settings_for(home, db.url)
        self.live = ChangeHints()
        self.conversations = Conversations(db, self.live, self.settings)
        self.dispatcher = Dispatcher(db, self.live, self.settings)

    async def hire(self, name: str, **values: Any) -> str:
        """An agent who is there."""
        row: dict[str, Any] = {"email": f"{name}@example.com", "name": name, "role": "agent", "password_hash": ""}
        here = {"availability": Availability.ONLINE, "last_seen_at": now()}
        async with self.db.write() as session:
            agent = Agent(**(row | here | values))
            session.add(agent)
            await session.flush()
            return agent.id

    async def wait(self, name: str, **values: Any) -> str:
        """A customer in the queue; returns the conversation."""
        received = await drive(self.conversations).receive(inbound_message("Hello.", name=name))
        await drive(self.conversations).request_handoff(received.conversation_id, [])
        if values:
            await self.change(received.conversation_id, **values)
        return received.conversation_id

    async def handoff(self, conversation_id: str) -> Handoff:
        async with self.db.read() as session:
            found = await session.scalar(select(Handoff).where(Handoff.conversation_id == conversation_id))
            assert found
            return found

    async def change(self, conversation_id: str, **values: Any) -> None:
        async with self.db.write() as session:
            await session.execute(update(Handoff).where(Handoff.conversation_id == conversation_id).values(**values))

    async def change_agent(self, agent_id: str, **values: Any) -> None:
        async with self.db.write() as session:
            await session.execute(update(Agent).where(Agent.id == agent_id).values(**values))

    async def agent(self, agent_id: str) -> Agent:
        async with self.db.read() as session:
            return await session.get_one(Agent, agent_id)

    async def time_out(self, conversation_id: str) -> None:
        await self.change(conversation_id, offered_until=now() - timedelta(seconds=1))


@pytest.fixture
def room(tmp_path: Path, db: Database) -> Room:
    return Room(db, tmp_path)


async def test_who_waits_is_offered_to_an_agent_for_thirty_seconds(room: Room) -> None:
    mia, waiting = await room.hire("mia", languages=["de"]), await room.wait("anna")

    assert await room.dispatcher.look() == 1
    handoff = await room.handoff(waiting)
    assert handoff.offered_to == mia
    assert handoff.offered_at
    assert handoff.offered_until == handoff.offered_at + timedelta(seconds=30)
    assert handoff.offered_because == ("waited", "speaks", "only_free")
    assert await room.dispatcher.look() == 0


async def test_an_offer_that_is_let_pass_goes_to_the_next_agent(room: Room) -> None:
    mia, waiting = await room.hire("mia"), await room.wait("anna")
    await room.dispatcher.look()
    ben = await room.hire("ben")
    await room.time_out(waiting)

    assert await room.dispatcher.look() == 1
    handoff = await room.handoff(waiting)
    assert (handoff.offered_to, handoff.declined_by) == (ben, (mia,))
    assert (await room.agent(mia)).missed_offers == 1


async def test_a_no_asks_the_next_agent_at_once_and_is_no_missed_offer(room: Room) -> None:
    mia, waiting = await room.hire("mia"), await room.wait("anna")
    await room.dispatcher.look()
    ben = await room.hire("ben")
    await room.dispatcher.decline(waiting, mia)

    assert await room.dispatcher.look() == 1
    assert (await room.handoff(waiting)).offered_to == ben
    assert (await room.agent(mia)).missed_offers == 0


async def test_nobody_can_decline_what_is_taken(room: Room) -> None:
    mia, waiting = await room.hire("mia"), await room.wait("anna")
    await drive(room.conversations).accept(waiting, mia)
    with pytest.raises(NotFound):
        await room.dispatcher.decline(waiting, mia)


async def test_when_everybody_has_said_no_they_are_asked_again_after_a_pause(room: Room) -> None:
    mia, waiting = await room.hire("mia"), await room.wait("anna")
    await room.dispatcher.look()
    await room.dispatcher.decline(waiting, mia)
    assert await room.dispatcher.look() == 0

    await room.change(waiting, offered_at=now() - timedelta(minutes=3))
    assert await room.dispatcher.look() == 1
    assert (await room.handoff(waiting)).offered_to == mia


async def test_an_offer_to_an_agent_who_has_gone_is_taken_back_and_is_not_their_no(room: Room) -> None:
    mia, waiting = await room.hire("mia"), await room.wait("anna")
    await room.dispatcher.look()
    ben = await room.hire("ben")
    await room.change_agent(mia, availability=Availability.PAUSED)

    await room.dispatcher.look()
    handoff = await room.handoff(waiting)
    assert (handoff.offered_to, handoff.declined_by) == (ben, ())


async def test_an_agent_without_a_free_place_gets_no_offer(room: Room) -> None:
    mia = await room.hire("mia", capacity=1)
    await drive(room.conversations).accept(await room.wait("anna"), mia)
    await room.wait("bert")
    assert await room.dispatcher.look() == 0


@pytest.mark.parametrize(
    "away", [{"availability": "paused"}, {"last_seen_at": None}, {"active": False}, {"last_seen_at": now() - LATE * 2}]
)
async def test_who_is_not_there_gets_no_offer(room: Room, away: dict[str, object]) -> None:
    await room.hire("mia", **away)
    await room.wait("anna")
    assert await room.dispatcher.look() == 0


async def test_a_handoff_finds_its_team_and_the_teams_agent(room: Room) -> None:
    ben, mia = await room.hire("ben"), await room.hire("mia")
    async with room.db.write() as session:
        returns, others = Team(name="Returns", topics=("returns",)), Team(name="Others")
        session.add_all([returns, others])
        await session.flush()
        session.add(TeamMember(team_id=returns.id, agent_id=mia))
        session.add(TeamMember(team_id=others.id, agent_id=ben))
    waiting = await room.wait("anna", topic="returns", team_id=None)

    await room.dispatcher.look()
    handoff = await room.handoff(waiting)
    assert (handoff.team_id, handoff.offered_to) == (returns.id, mia)


async def test_a_call_that_was_promised_for_tomorrow_is_not_offered_today(room: Room) -> None:
    await room.hire("mia")
    waiting = await room.wait("anna")
    promise = Promise(
        conversation_id=waiting, kind=PromiseKind.CALLBACK, text="call", due_at=now() + timedelta(hours=20)
    )
    async with room.db.write() as session:
        session.add(promise)
    assert await room.dispatcher.look() == 0

    async with room.db.write() as session:
        await session.execute(update(Promise).values(due_at=now() + timedelta(hours=1)))
    assert await room.dispatcher.look() == 1


async def test_accepting_ends_the_offer_and_coming_back_makes_it_everybodys(room: Room) -> None:
    mia, waiting = await room.hire("mia"), await room.wait("anna", declined_by=["x"])
    await room.dispatcher.look()
    async with room.db.write() as session:
        handoff = await session.scalar(select(Handoff).where(Handoff.conversation_id == waiting))
        assert handoff
        clear_offer(handoff, accepted_by=mia)
    kept = await room.handoff(waiting)
    assert (kept.offered_to, kept.offered_until, kept.declined_by) == (None, None, ())
    assert kept.queued_at
    assert kept.queued_at > kept.asked_at


async def test_two_instances_at_once_make_each_offer_once_and_nobody_is_overrun(room: Room) -> None:
    other = Dispatcher(room.db if room.db.is_sqlite else Database(room.db.url), ChangeHints(), room.settings)
    agents = [await room.hire(f"agent{number}", capacity=2) for number in range(4)]
    for number in range(12):
        await room.wait(f"customer{number}")
    for agent in agents[:2]:
        async with room.db.read() as session:
            free = await session.scalar(select(Handoff.conversation_id).where(Handoff.accepted_at.is_(None)).limit(1))
        assert free
        await drive(room.conversations).accept(free, agent)

    made = 0
    for _ in range(5):
        made += sum(await asyncio.gather(*(each.look() for each in (room.dispatcher, other) * 3)))
    async with room.db.read() as session:
        offered = list(await session.scalars(select(Handoff.offered_to).where(Handoff.offered_to.is_not(None))))
    assert made == len(offered) == 4
    assert set(Counter(offered).values()) == {1}
    if other.db is not room.db:
        await other.db.close()


async def test_accepting_and_offering_at_once_leaves_nothing_owned_and_offered(room: Room) -> None:
    agents = [await room.hire(f"agent{number}", capacity=9) for number in range(6)]
    waiting = [await room.wait(f"customer{number}") for number in range(6)]
    taken = [drive(room.conversations).accept(conversation, agents[0]) for conversation in waiting]
    await asyncio.gather(*taken, *(room.dispatcher.look() for _ in range(6)))
    for conversation in waiting:
        handoff = await room.handoff(conversation)
        assert handoff.accepted_by == agents[0]
        assert handoff.offered_at is None or handoff.accepted_at is None or handoff.offered_at <= handoff.accepted_at


@pytest.mark.sqlite_only
async def test_the_running_program_makes_offers_by_itself(parts: AppComponents, tmp_path: Path) -> None:
    room = Room(parts.db, tmp_path)
    mia = await room.hire("mia")
    received = await parts.inbox.receive(inbound_message("Hello."))
    await drive(parts.conversations).request_handoff(received.conversation_id, [])

    async def offered() -> bool:
        return (await room.handoff(received.conversation_id)).offered_to == mia

    await eventually(offered, "the offer")
