"""Does what agents have held, once it can't be undone any more, whichever windows are open by then."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update

from helpdesk.conversations import Conversations
from helpdesk.conversations.answers.held_answers import give_back, load_held
from helpdesk.conversations.held_resolutions import finish
from helpdesk.conversations.lookups import lock_conversation
from store.errors import HelpdeskError, NotFound, Unavailable
from store.lease_worker import WorkerLimits
from store.models import HeldAction, now

log = structlog.get_logger()

HELD_LIMITS = WorkerLimits(name="held_actions", at_once=4, at_once_in_burst=4, idle_seconds=30.0, drain_seconds=10.0)
_LEASE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAction:
    """A held action whose time has come."""

    id: str
    conversation_id: str
    agent_id: str


class HeldActionQueue:
    """A `LeaseSource`. An agent's actions in a conversation are done in their order."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def claim(self, limit: int) -> Sequence[DueAction]:
        """Take due actions; while the lease lasts they can still be undone if nobody has begun."""
        time = now()
        due = select(HeldAction.id).where(HeldAction.due_at <= time).order_by(HeldAction.due_at).limit(limit)
        async with self._conversations.db.write() as session:
            rows = await session.execute(
                update(HeldAction)
                .where(HeldAction.id.in_(due.with_for_update(skip_locked=True)))
                .values(due_at=time + _LEASE)
                .returning(HeldAction.id, HeldAction.conversation_id, HeldAction.agent_id, HeldAction.created_at)
            )
            found = sorted(rows, key=lambda row: (row.created_at, row.id))
        return [DueAction(id=row.id, conversation_id=row.conversation_id, agent_id=row.agent_id) for row in found]

    async def work(self, item: DueAction) -> None:
        """Do it, and what the agent has held before it; each in a transaction of its own."""
        while (first := await self._find_first(item)) is not None:
            try:
                async with self._conversations.open(item.conversation_id) as c:
                    held = await c.session.get(HeldAction, first)
                    if held is not None:  # else it was undone a moment ago
                        await finish(c, held)
            except Unavailable:
                raise
            except HelpdeskError as error:
                await self._give_back(item, first, error)
            self._conversations.live.agent_work_changed(item.agent_id, item.conversation_id)

    async def _find_first(self, item: DueAction) -> str | None:
        """The oldest thing that the agent holds there; None when what was claimed is done."""
        async with self._conversations.db.read() as session:
            held = [each.id for each in await load_held(session, item.conversation_id, item.agent_id)]
        return held[0] if item.id in held else None

    async def _give_back(self, item: DueAction, held_id: str, error: HelpdeskError) -> None:
        with suppress(NotFound):  # erased meanwhile
            async with self._conversations.db.write() as session:
                await lock_conversation(session, item.conversation_id)
                held = await session.get(HeldAction, held_id)
                if held is not None:
                    await give_back(session, held, error)
        log.info("held_actions.returned", conversation=item.conversation_id, reason=error.code)

    async def next_due(self) -> datetime | None:
        """When the next one can be done."""
        async with self._conversations.db.read() as session:
            return await session.scalar(select(func.min(HeldAction.due_at)))

    def log_ids(self, item: DueAction) -> Mapping[str, str | int]:
        """Of which conversation."""
        return {"conversation": item.conversation_id}
