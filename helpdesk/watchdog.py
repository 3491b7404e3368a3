"""Nobody is left in limbo: finds conversations whose agent has gone, and brings them back to the front of the queue."""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import or_, select

from helpdesk import metrics
from helpdesk.conversations import ONLINE_FOR, Conversations
from helpdesk.errors import Conflict, Unavailable
from helpdesk.models import Agent, Conversation, now
from helpdesk.status import Status

log = structlog.get_logger()

EVERY = 10.0  # seconds between looks


class Watchdog:
    """An agent has gone when the account is closed, or when desk and conversation have been silent for `patience`.

    An agent who never had a desk open answers through the API and is not watched for silence.
    """

    def __init__(self, conversations: Conversations, *, patience: timedelta = ONLINE_FOR) -> None:
        self.conversations = conversations
        self.patience = patience

    async def run(self) -> None:
        """Look now and then until cancelled."""
        while True:
            try:
                await self.look()
            except Unavailable:
                log.warning("watchdog.database_away")
            await asyncio.sleep(EVERY)

    async def look(self) -> int:
        """Bring back what has lost its agent; how many conversations that were."""
        released = 0
        for conversation_id, agent_id in await self._abandoned():
            try:
                await self.conversations.release(conversation_id, agent_id, lost=True)
            except Conflict:
                continue  # the agent, a colleague or another instance was quicker
            released += 1
            metrics.AGENTS_LOST.inc()
            log.info("watchdog.agent_lost", conversation=conversation_id, agent=agent_id)
        return released

    async def _abandoned(self) -> list[tuple[str, str]]:
        silent_since = now() - self.patience
        silent = (Agent.last_seen_at < silent_since) & (Conversation.changed_at < silent_since)
        async with self.conversations.db.read() as session:
            rows = await session.execute(
                select(Conversation.id, Agent.id)
                .join(Agent, Agent.id == Conversation.agent_id)
                .where(Conversation.status == Status.ASSIGNED, or_(Agent.active.is_(False), silent))
            )
            return [(conversation_id, agent_id) for conversation_id, agent_id in rows]
