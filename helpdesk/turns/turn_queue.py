"""The turns that are due, as a worker gets them: claimed by lease, answered step by step, several at a time."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import func, select

from connectors.contract import Channel
from helpdesk.turns.claim import ClaimedTurn, claim_turns
from helpdesk.turns.turn import TurnTools, answer_turn
from store.db import Database
from store.lease_worker import WorkerLimits
from store.models import Turn, TurnStatus, new_id
from store.settings import Settings


def turn_limits(settings: Settings) -> WorkerLimits:
    """As many turns at once as the settings say; in a burst no fewer, only later. Those begun are finished."""
    return WorkerLimits(
        name="turns",
        at_once=settings.turn_workers,
        at_once_in_burst=settings.turn_workers,
        idle_seconds=15.0,
        drain_seconds=settings.lease,
    )


class TurnQueue:
    """What customers wrote and nobody has answered, each conversation one turn at a time. A `LeaseSource`."""

    def __init__(self, db: Database, tools: TurnTools, *, lease_seconds: float, name: str | None = None) -> None:
        self.db = db
        self.tools = tools
        self.lease_seconds = lease_seconds
        self.name = name or new_id()

    def log_ids(self, item: ClaimedTurn) -> dict[str, str | int]:
        """Which turn of which conversation."""
        return {"turn": item.turn_id, "conversation": item.conversation_id}

    async def next_due(self) -> datetime | None:
        """When a turn has settled, or the lease of a vanished worker has run out."""
        pending = select(func.min(Turn.due_at)).where(Turn.status == TurnStatus.PENDING)
        leased = select(func.min(Turn.lease_until)).where(Turn.status == TurnStatus.RUNNING)
        async with self.db.read() as session:
            row = (await session.execute(select(pending.scalar_subquery(), leased.scalar_subquery()))).one()
        return min(filter(None, row), default=None)

    async def claim(self, limit: int) -> Sequence[ClaimedTurn]:
        """Take the turns that have been due longest."""
        return await claim_turns(self.db, self.name, self.lease_seconds, limit)

    async def work(self, item: ClaimedTurn) -> None:
        """Answer a turn and store the reply; the contact sees meanwhile that somebody writes."""
        say = partial(
            self.tools.conversations.live.typing,
            item.conversation_id,
            author="bot",
            name=self.tools.settings().bot_name,
            follows=Channel(item.channel).shows_the_log,
        )
        say(on=True)
        try:
            await answer_turn(item, self.tools)
        finally:
            say(on=False)
