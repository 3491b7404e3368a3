"""Keeps those who wait informed: web chat shows place and wait at any time, other channels say it when it matters."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlalchemy import select

from connectors.contract import Channel
from helpdesk.conversations import Conversations
from helpdesk.conversations.waiting.waiting_room import tell_progress
from helpdesk.notices.current_notices import CurrentNotices
from helpdesk.queue.queue_notices import QueueNotices
from store.errors import NotFound, Unavailable
from store.models import Conversation, Handoff
from store.status import Status

log = structlog.get_logger()

EVERY = 10.0  # seconds between looks while somebody waits
POLL = 30.0  # seconds between looks while nobody does
MAX_WAITING = 500  # of those who wait, the ones next in line: it is them that things change for


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePosition:
    """Who waits where."""

    conversation_id: str
    channel: Channel
    order: int


class QueueUpdates:
    """Looks at the whole queue at once, and speaks only to those whose place has changed."""

    def __init__(self, conversations: Conversations, notices: CurrentNotices | None = None) -> None:
        self.conversations = conversations
        self._notices = QueueNotices(conversations, notices) if notices else None
        self._known: dict[str, int] = {}
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Look now and then, and when somebody begins to wait, until cancelled."""
        with self.conversations.db.feed.listening(("handoffs", "notices"), self._news.set):
            while True:
                self._news.clear()
                try:
                    await self.look()
                except Unavailable:
                    log.warning("progress.database_away")
                await self._pause()

    async def _pause(self) -> None:
        if self._known:
            await asyncio.sleep(EVERY)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL * random.uniform(0.8, 1.2)):
                await self._news.wait()

    async def look(self) -> int:
        """Tell whoever should hear of it; how many messages that were."""
        places = await self._places()
        moved = [place for place in places if self._known.get(place.conversation_id) != place.order]
        self._known = {place.conversation_id: place.order for place in places}
        for place in moved:
            if place.channel == Channel.WEBCHAT:
                self.conversations.live.changed(place.conversation_id)
        told = await self._notices.look() if self._notices and places else 0
        for place in places:
            if place.channel != Channel.WEBCHAT and place.channel.is_live:
                with suppress(NotFound):  # erased meanwhile
                    async with self.conversations.open(place.conversation_id) as c:
                        told += await tell_progress(c)
        return told

    async def _places(self) -> list[QueuePosition]:
        async with self.conversations.db.read() as session:
            rows = await session.execute(
                select(Conversation.id, Conversation.channel)
                .join(Handoff, (Handoff.conversation_id == Conversation.id) & Handoff.ended_at.is_(None))
                .where(Conversation.status == Status.QUEUED)
                .order_by(Handoff.urgency.desc(), Handoff.asked_at)
                .limit(MAX_WAITING)
            )
            return [
                QueuePosition(conversation_id=conversation_id, channel=channel, order=order)
                for order, (conversation_id, channel) in enumerate(rows)
            ]
