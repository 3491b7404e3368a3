"""Stores what agents are to be told with what it tells; costs no statement while no agent has a device."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.notifications.kinds import GRACE, Addressee, NotificationKind, addressees_of, has_mention, mentioned
from store.db import Database
from store.freshness import Freshness
from store.models import Agent, Conversation, Message, Notification, PushDevice, now

#: Who has a device is read again after so long, should the word of a change have been lost.
_KNOWN_FOR_SECONDS = 600.0


class NotificationRecorder:
    """Knows from memory which agents have a device."""

    def __init__(self, db: Database) -> None:
        self._is_fresh = Freshness(db.feed, ("push_devices",), seconds=_KNOWN_FOR_SECONDS)
        self._reachable: frozenset[str] = frozenset()

    async def record(self, session: AsyncSession, conversation: Conversation, lines: Sequence[Message]) -> None:
        """Store what the new `lines` mean to agents who have a device."""
        if not lines:
            return
        reachable = await self._load_reachable(session)
        if not reachable:
            return
        found = [*addressees_of(conversation, lines), *await _load_mentioned(session, lines)]
        for one in found:
            if one.agent_id in reachable:
                wait = GRACE if one.kind is NotificationKind.MESSAGE else timedelta(0)
                session.add(_notification(one, conversation.id, wait))

    async def record_offer(self, session: AsyncSession, agent_id: str, conversation_id: str) -> None:
        """Store that a conversation is offered to an agent, if they have a device."""
        if agent_id in await self._load_reachable(session):
            one = Addressee(agent_id=agent_id, kind=NotificationKind.OFFER, seq=0)
            session.add(_notification(one, conversation_id, timedelta(0)))

    async def _load_reachable(self, session: AsyncSession) -> frozenset[str]:
        if not self._is_fresh:
            mark = self._is_fresh.begin()
            self._reachable = frozenset(await session.scalars(select(PushDevice.agent_id).distinct()))
            self._is_fresh.renew(mark)
        return self._reachable


async def _load_mentioned(session: AsyncSession, lines: Sequence[Message]) -> list[Addressee]:
    notes = [line for line in lines if has_mention(line)]
    if not notes:
        return []
    rows = await session.execute(select(Agent.id, Agent.name).where(Agent.active))
    names = {agent: name for agent, name in rows}
    return [
        Addressee(agent_id=agent, kind=NotificationKind.MENTION, seq=line.seq)
        for line in notes
        for agent in sorted(mentioned(line.text, names) - {line.agent_id or ""})
    ]


def _notification(one: Addressee, conversation_id: str, wait: timedelta) -> Notification:
    return Notification(
        agent_id=one.agent_id,
        conversation_id=conversation_id,
        kind=str(one.kind),
        seq=one.seq,
        due_at=now() + wait,
    )
