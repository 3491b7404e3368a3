"""The baton against a model: whatever agents and customers do, in whatever order, there is one owner and no limbo."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from helpdesk.conversations import Conversations
from helpdesk.handoff.states import TRANSITIONS
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.errors import HelpdeskError
from store.migrate import upgrade_async
from store.models import Agent, Availability, Conversation, Handoff, Message, Promise, Role, now
from store.status import Event, Status
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.harness import inbound_message, settings_for

AGENTS = ("mia", "ben", "ida")
agents = st.sampled_from(AGENTS)
mostly = st.sampled_from((True, True, True, False))  # the owner does something; else somebody else tries to


class BatonModel(RuleBasedStateMachine):
    """The model: `status`, `owner` and `epoch` as the table of transitions has them.

    `acted`: who has done something since the contact's last line; who has not leaves it to the bot, unless it
    `is_answered`.
    """

    loop: asyncio.AbstractEventLoop
    db: Database
    conversations: Conversations
    number = 0
    name: str
    id: str
    status: Status
    owner: str | None
    epoch: int
    acted: set[str]
    is_answered: bool

    def do[T](self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self) -> None:
        BatonModel.number += 1
        self.name = f"visitor {BatonModel.number}"
        self.status, self.owner = Status.BOT, None
        self.acted, self.is_answered = set(), False
        self.id = self.do(
            drive(self.conversations).receive(inbound_message("Wo ist mein Paket?", name=self.name))
        ).conversation_id
        self.epoch = self._real().epoch

    def _real(self) -> Conversation:
        async def read() -> Conversation:
            async with self.db.read() as session:
                return await session.get_one(Conversation, self.id)

        return self.do(read())

    def _try(
        self, event: Event, work: Awaitable[Any], owner: str | None, *, allowed: bool = True, by: str | None = None
    ) -> None:
        """Do it; it works just when the table has a line for it and whoever does it may."""
        after = TRANSITIONS.get((self.status, event)) if allowed else None
        if after is None:
            with pytest.raises(HelpdeskError):
                self.do(work)
            return
        self.do(work)
        self.status, self.owner, self.epoch = after, owner, self.epoch + 1
        self.acted |= {by} if by else set()

    @property
    def is_unread(self) -> bool:
        return not self.is_answered and self.owner not in self.acted

    def _who(self, agent: str, mine: bool) -> str:
        return self.owner if mine and self.owner else agent

    @precondition(lambda self: self.status in {Status.BOT, Status.ASSIGNED})
    @rule()
    def request(self) -> None:
        trigger = Trigger(kind=TriggerKind.ASKED, turns=())
        self._try(Event.REQUEST_HANDOFF, drive(self.conversations).request_handoff(self.id, [trigger]), None)

    @rule(agent=agents)
    def accept(self, agent: str) -> None:
        if self.status == Status.ASSIGNED and self.owner == agent:
            self.do(drive(self.conversations).accept(self.id, agent))  # once more is no harm, and no new owner
            return
        self._try(Event.ACCEPT, drive(self.conversations).accept(self.id, agent), agent, by=agent)

    @rule(first=agents, second=agents)
    def two_accept_at_once(self, first: str, second: str) -> None:
        if self.status not in {Status.BOT, Status.QUEUED} or first == second:
            return

        async def both() -> list[Any]:
            tries = (drive(self.conversations).accept(self.id, agent) for agent in (first, second))
            return await asyncio.gather(*tries, return_exceptions=True)

        won = [isinstance(answer, Conversation) for answer in self.do(both())]
        assert won.count(True) == 1
        self.status, self.owner, self.epoch = Status.ASSIGNED, (first, second)[won.index(True)], self.epoch + 1
        self.acted.add(self.owner)

    @rule(agent=agents, mine=mostly)
    def release(self, agent: str, mine: bool) -> None:
        agent = self._who(agent, mine)
        self._try(
            Event.RELEASE,
            drive(self.conversations).release(self.id, agent),
            None,
            allowed=agent == self.owner,
            by=agent,
        )

    @rule(agent=agents, mine=mostly)
    def return_to_bot(self, agent: str, mine: bool) -> None:
        agent = self._who(agent, mine)
        work = drive(self.conversations).return_to_bot(self.id, agent, "Ersatz ist unterwegs.")
        was_unread = self.is_unread
        self._try(Event.RETURN_TO_BOT, work, None, allowed=agent == self.owner, by=agent)
        self.is_answered = self.is_answered or (self.status == Status.BOT and not was_unread)

    @rule(agent=agents, mine=mostly, to=st.none() | agents)
    def transfer(self, agent: str, mine: bool, to: str | None) -> None:
        agent = self._who(agent, mine)
        event = Event.TRANSFER if to else Event.TRANSFER_TO_QUEUE
        work = drive(self.conversations).transfer(self.id, agent, to)
        self._try(event, work, to, allowed=agent == self.owner and to != agent, by=agent)

    @precondition(lambda self: self.status in {Status.ASSIGNED, Status.RESOLVED})
    @rule(agent=agents, mine=mostly)
    def resolve(self, agent: str, mine: bool) -> None:
        agent = self._who(agent, mine)
        allowed = self.status != Status.ASSIGNED or agent == self.owner
        was_unread = allowed and self.status == Status.ASSIGNED and self.is_unread
        self._try(Event.RESOLVE, drive(self.conversations).resolve(self.id, agent), None, allowed=allowed, by=agent)
        if was_unread:
            self.status, self.epoch = Status.BOT, self.epoch + 1
        elif self.status == Status.RESOLVED:
            self.is_answered = True

    @rule(agent=agents)
    def reopen(self, agent: str) -> None:
        self._try(Event.REOPEN, drive(self.conversations).reopen(self.id, agent), agent, by=agent)

    @precondition(lambda self: self.status != Status.BOT)
    @rule()
    def contact_writes(self) -> None:
        self.do(drive(self.conversations).receive(inbound_message("Und jetzt?", name=self.name)))
        self.acted, self.is_answered = set(), False
        if self.status == Status.RESOLVED:
            self.status, self.epoch = Status.BOT, self.epoch + 1

    @rule()
    def expire(self) -> None:
        expired = self.do(drive(self.conversations).expire(self.id, timedelta(0)))
        assert expired is (self.status == Status.QUEUED)
        if expired:
            self.status, self.epoch = Status.BOT, self.epoch + 1

    @rule(agent=agents, mine=mostly, epoch=st.integers(0, 3))
    def answer(self, agent: str, mine: bool, epoch: int) -> None:
        """An answer goes out just when it comes from the owner, under the epoch of now."""
        agent = self._who(agent, mine)
        work = drive(self.conversations).answer(
            self.id, agent, self.epoch - epoch, "Guten Tag!", f"c{now().timestamp()}"
        )
        if epoch == 0 and agent == self.owner:
            self.do(work)
            self.is_answered = True
            return
        with pytest.raises(HelpdeskError):
            self.do(work)

    @invariant()
    def the_database_is_as_the_model_is(self) -> None:
        real = self._real()
        assert (real.status, real.agent_id, real.epoch) == (self.status, self.owner, self.epoch)

    @invariant()
    def nobody_is_in_limbo(self) -> None:
        """A request is open just while somebody waits or is helped, and whoever waits has a promise with a date."""

        async def look() -> tuple[int, int, int, int]:
            async with self.db.read() as session:
                live = select(func.count()).where(Handoff.conversation_id == self.id, Handoff.ended_at.is_(None))
                owed = select(func.count()).where(
                    Promise.conversation_id == self.id, Promise.kept_at.is_(None), Promise.withdrawn_at.is_(None)
                )
                lines = select(func.count(), func.max(Message.seq)).where(Message.conversation_id == self.id)
                counted, highest = (await session.execute(lines)).one()
                return await session.scalar(live) or 0, await session.scalar(owed) or 0, counted, highest

        live, owed, counted, highest = self.do(look())
        assert live == (self.status in {Status.QUEUED, Status.ASSIGNED})
        assert counted == highest  # the log has no gaps
        if self.status == Status.QUEUED:
            assert owed >= 1 or self._was_answered()

    def _was_answered(self) -> bool:
        """The promise of an answer was kept before the conversation came back to the queue; the watchdog makes anew."""
        return self.do(drive(self.conversations).renew_promise(self.id))


def test_the_baton_is_passed_as_the_model_says(tmp_path: Path, sqlite_url: str) -> None:
    loop = asyncio.new_event_loop()
    db = Database(sqlite_url)
    chosen = settings_for(tmp_path, sqlite_url)

    async def prepare() -> None:
        await upgrade_async(db)
        async with db.write() as session:
            session.add_all(
                Agent(
                    id=name,
                    email=f"{name}@example.com",
                    name=name,
                    role=Role.AGENT,
                    password_hash="",
                    availability=Availability.ONLINE,
                    last_seen_at=now(),
                )
                for name in AGENTS
            )

    try:
        loop.run_until_complete(prepare())
        BatonModel.loop, BatonModel.db, BatonModel.conversations = loop, db, Conversations(db, ChangeHints(), chosen)
        run_state_machine_as_test(
            BatonModel,
            settings=settings(
                max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        loop.run_until_complete(db.close())
        loop.close()
