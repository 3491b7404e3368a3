"""Somebody who is asked later whether it is settled: what they write, and what is known of the question."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from connectors.contract import Address, Channel, InboundMessage, Tap
from helpdesk.conversations import Conversations
from helpdesk.conversations.follow_ups.asking import tend_follow_up
from helpdesk.conversations.follow_ups.cards import FollowUpCard, load_newest_card
from helpdesk.conversations.follow_ups.planning import (
    FollowUpPlan,
    plan_follow_up,
)
from store.models import (
    Contact,
    Conversation,
    FollowUp,
    Message,
    now,
)
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive

YES_AT, NO_AT, NEVER_AT = 0, 1, 2
QUESTION = "Mia möchte gern wissen: Hat sich Ihr Anliegen erledigt?"


class Customer:
    """Somebody on one channel, and the helpdesk that they write to."""

    def __init__(self, conversations: Conversations, channel: Channel = Channel.TELEGRAM, name: str = "42") -> None:
        self.conversations = conversations
        self.db = conversations.db
        self.address = Address(channel=channel, account="bot", chat_id=name)
        self.id = ""
        self._count = 0

    async def writes(self, text: str = "", tap: Tap | None = None) -> int:
        self._count += 1
        external_id = f"{self.address.chat_id}:{self._count}"
        received = await drive(self.conversations).receive(
            InboundMessage(
                address=self.address, contact_id=self.address.chat_id, external_id=external_id, text=text, tap=tap
            )
        )
        self.id = received.conversation_id
        return received.seq

    async def taps(self, choice: int) -> int:
        card = await self.card()
        return await self.writes(tap=Tap(seq=card.asked_seq or 0, choice=choice))

    async def is_helped_by(self, agent: str, *, resolved: bool = True) -> None:
        await self.writes("Mein Tisch wackelt.")
        driver = drive(self.conversations)
        trigger = Trigger(kind=TriggerKind.ASKED, turns=(2,), text="Mein Tisch wackelt.")
        await driver.request_handoff(self.id, [trigger])
        epoch = (await driver.accept(self.id, agent)).epoch
        await driver.answer(self.id, agent, epoch, "Ziehen Sie die Schrauben nach.", "1")
        if resolved:
            await driver.resolve(self.id, agent)

    async def plan(self, agent: str, days: int = 5, text: str = "") -> FollowUp:
        day = now().date() + timedelta(days=days)
        async with self.conversations.open(self.id) as c:
            return await plan_follow_up(c, agent, FollowUpPlan(day=day, text=text))

    async def tend(self, at: datetime, conversations: Conversations | None = None) -> bool:
        async with (conversations or self.conversations).open(self.id) as c:
            return await tend_follow_up(c, at)

    async def is_asked(self, agent: str, days: int = 5, text: str = "") -> FollowUpCard:
        planned = await self.plan(agent, days, text)
        await self.tend(planned.due_at)
        return await self.card()

    async def card(self) -> FollowUpCard:
        async with self.db.read() as session:
            found = await load_newest_card(session, self.id)
        assert found
        return found

    async def conversation(self) -> Conversation:
        async with self.db.read() as session:
            return await session.get_one(Conversation, self.id)

    async def lines(self) -> list[Message]:
        async with self.db.read() as session:
            found = await session.scalars(
                select(Message).where(Message.conversation_id == self.id).order_by(Message.seq)
            )
            return list(found)

    async def last_said(self) -> str:
        return [line.text for line in await self.lines() if line.kind == "outgoing"][-1]

    async def is_(self, **fields: object) -> None:
        """Change what is known of the contact."""
        async with self.db.write() as session:
            await session.execute(update(Contact).values(**fields))
